"""Problems that a server tells when it is asked (since version 3.17 of the protocol), asked for after pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from plugins.scintilla.language_client.protocol import DiagnosticReport, PublishedDiagnostics

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: A pause of the typing before they are asked for, in ms.
PAUSE_MS = 350
_CAN = "diagnosticProvider"


class Pulls(QObject):
    """The questions of one text for its problems."""

    def __init__(self, served: ServedText) -> None:
        super().__init__(served)
        self._served, self._code = served, served.code
        #: Server → the name of its last answer, for which it may say that nothing is other.
        self._known: dict[Server, str] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look)
        self._code.edited.connect(self._pause.start)

    def start(self) -> None:
        """Ask after a pause; what was answered before counts no more."""
        self._known.clear()
        self._pause.start()

    def end(self) -> None:
        """The text is served no more."""
        self._pause.stop()
        self._code.edited.disconnect(self._pause.start)

    def look(self) -> None:
        """Ask now."""
        for server in self._served.servers:
            if server.has(_CAN):
                self._ask(server)

    def _ask(self, server: Server) -> None:
        options, served = server.options(_CAN), self._served
        params = {name: value for name, value in (
            ("identifier", options.get("identifier")), ("previousResultId", self._known.get(server)),
        ) if value}  # fmt: skip

        def take(found: DiagnosticReport) -> None:
            self._known[server] = found.result_id or ""
            document = served.servers[server]
            self._tell(server, document.uri, found, document.version)
            for uri, other in (found.related_documents or {}).items():
                self._tell(server, uri, other, None)

        slot = f"problems {server.row.name}"
        served.ask(slot, server, "textDocument/diagnostic", params, DiagnosticReport, take)

    def _tell(self, server: Server, uri: str, found: DiagnosticReport, version: int | None) -> None:
        if found.kind == "full":
            server.diagnosed.emit(PublishedDiagnostics(uri, found.items or [], version))
