"""One server over one project: started, restarted with growing pauses, switched off when it dies again and again.

It knows files and their versions, not how they are shown. Everything is on the GUI thread and returns at once.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from plugins.api import VERSION, listener, say
from plugins.scintilla.language_client import protocol
from plugins.scintilla.language_client.capabilities import initialize
from plugins.scintilla.language_client.connection import Connection
from plugins.scintilla.language_client.document import FULL, NONE, Document, uri_of
from plugins.scintilla.language_client.hearing import Hearing
from plugins.scintilla.language_client.server_table import ServerRow, program_of
from plugins.scintilla.language_client.watching import FileWatch

#: Seconds until it must have answered ``initialize``; deadlines in a row that are missed before it counts as hung.
START_S, MOST_LATE = 30.0, 3
#: It is off after so many deaths within so many seconds; the pauses before it is started again, in ms.
MOST_DEATHS, WITHIN_S = 4, 180.0
PAUSES_MS = (500, 2_000, 5_000)
#: Lines of the server's messages that are kept.
LOG_LINES = 400


class Server(QObject):
    """One server.

    Attributes:
        state: ``starting``, ``ready``, ``waiting`` (until it is started again) or ``off``.
        reason: Why it is not ready.
        encoding: The units of characters that were agreed on.
        can: What the server can, by the protocol's names.
        documents: Address → open file.
        progress: What it works on, by token.
    """

    changed = Signal()
    ready = Signal()
    diagnosed = Signal(object)
    wants_hints = Signal()
    wants_problems = Signal()
    wants_colors = Signal()

    def __init__(self, row: ServerRow, root: Path, parent: QObject, edit: Callable[..., Any]) -> None:
        super().__init__(parent)
        self.row, self.root = row, root
        self.state, self.reason = "starting", ""
        self.encoding = "utf-16"
        self.can: dict[str, Any] = {}
        self.documents: dict[str, Document] = {}
        self.progress: dict[int | str, protocol.ProgressValue] = {}
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self.edit = edit
        self.hearing = Hearing(self)
        self.connection: Connection | None = None
        self._watch: FileWatch | None = None
        self._patterns: list[str] = []
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.start)

    # -- life -----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the process."""
        command = program_of(self.row)
        if command is None:
            self._rest("off", say("{program} is not installed", program=self.row.command[0]))
            return
        self._rest("starting", "")
        self.connection = Connection(
            self, command, str(self.root), _environment(self.row), self.hearing.hear, self._hear_end
        )
        params = initialize(os.getpid(), str(VERSION), uri_of(self.root), self.root.name, self.row.options)
        self.connection.ask(
            "initialize", params, protocol.Initialized, self._take_initialized, self._hear_no_start, START_S
        )

    def restart(self) -> None:
        """Start it anew, whatever was before."""
        self._deaths.clear()
        self.stop()
        self.start()

    def stop(self) -> None:
        """End the process, and start no other."""
        self._again.stop()
        if self.connection is not None:
            self.connection.close()
            self.connection.deleteLater()
            self.connection = None
        for document in self.documents.values():
            document.version = 0
        self._rest("off", say("it was stopped"))

    def kill(self) -> None:
        """The program ends now."""
        self.watch_files([])
        if self.connection is not None:
            self.connection.channel.kill()

    def _take_initialized(self, found: protocol.Initialized) -> None:
        assert self.connection is not None
        self.can = found.capabilities
        self.encoding = str(self.can.get("positionEncoding") or "utf-16")
        if self.encoding not in ("utf-8", "utf-16", "utf-32"):
            self._hear_end(say("it counts letters as {units}", units=self.encoding))
            return
        self.connection.tell("initialized")
        if self.row.settings:
            self.connection.tell("workspace/didChangeConfiguration", {"settings": self.row.settings})
        self._rest("ready", "")
        self.ready.emit()

    def _hear_no_start(self, why: str) -> None:
        self._hear_end(say("it did not start: {reason}", reason=why))

    def _hear_end(self, why: str) -> None:
        """The process is gone, or as good as gone."""
        if self.connection is None:
            return
        self.log.extend(self.connection.channel.log)
        self.log.append(why)
        self.connection.give_up()
        self.connection.deleteLater()
        self.connection = None
        self.progress.clear()
        for document in self.documents.values():
            document.version = 0
        now = time.monotonic()
        self._deaths.append(now)
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < WITHIN_S:
            self._rest("off", say("it ended {count} times: {reason}", count=MOST_DEATHS, reason=why))
            return
        self._rest("waiting", why)
        self._again.start(PAUSES_MS[min(len(self._deaths), len(PAUSES_MS)) - 1])

    def _rest(self, state: str, reason: str) -> None:
        self.state, self.reason = state, reason
        if state != "ready":
            self.can = {}
            self.hearing.forget()
            self.watch_files([])
        self.changed.emit()

    def watch_files(self, patterns: list[str]) -> None:
        """Tell it of files that change and fit these patterns."""
        if patterns == self._patterns:
            return
        self._patterns = patterns
        if self._watch is not None:
            self._watch.stop()
        self._watch = FileWatch(self.root, patterns, listener(self._tell_changes)) if patterns else None

    def _tell_changes(self, changes: list[dict[str, Any]]) -> None:
        if self.connection is not None and self.state == "ready":
            self.connection.tell("workspace/didChangeWatchedFiles", {"changes": changes})

    # -- files ----------------------------------------------------------------------------------------------------

    @property
    def sync_kind(self) -> int:
        """How texts are told."""
        sync = self.can.get("textDocumentSync")
        kind = sync.get("change", NONE) if isinstance(sync, dict) else sync
        return kind if kind in (FULL, 2) else NONE

    def open(self, document: Document, text: bytes) -> None:
        """A file is shown; told when the server is ready."""
        self.documents[document.uri] = document
        if self.state == "ready" and self.connection is not None and not document.version:
            self.connection.tell("textDocument/didOpen", document.opened(text))

    def change(self, document: Document, text: bytes) -> None:
        """Its text is this now."""
        if self.state != "ready" or self.connection is None or not document.version:
            return
        params = document.changed(text, self.sync_kind, self.encoding)
        if params is not None:
            self.connection.tell("textDocument/didChange", params)

    def save(self, document: Document) -> None:
        """It was written."""
        sync = self.can.get("textDocumentSync")
        wants = sync.get("save") if isinstance(sync, dict) else None
        if self.connection is None or not document.version or wants in (None, False):
            return
        params: dict[str, Any] = {"textDocument": document.name}
        if isinstance(wants, dict) and wants.get("includeText"):
            params["text"] = document.sent.decode()
        self.connection.tell("textDocument/didSave", params)

    def close(self, document: Document) -> None:
        """It is shown no more."""
        self.documents.pop(document.uri, None)
        if self.connection is not None and document.version:
            self.connection.tell("textDocument/didClose", {"textDocument": document.name})
        document.version = 0

    # -- questions ------------------------------------------------------------------------------------------------

    def has(self, provider: str) -> bool:
        """Whether it can do something (``hoverProvider``)."""
        return self.state == "ready" and (bool(self.can.get(provider)) or provider in self.hearing.registered())

    def options(self, provider: str) -> dict[str, Any]:
        """What it said of it."""
        found = self.can.get(provider) or self.hearing.registered().get(provider)
        return found if isinstance(found, dict) else {}

    def ask(
        self, method: str, params: Any, kind: Any, done: Callable[[Any], Any],
        failed: Callable[[str], Any] | None = None, **more: float,
    ) -> int:  # fmt: skip
        """Send a request, see :meth:`Connection.ask`; 0 where it cannot be sent, which ``failed`` is told."""
        if self.state != "ready" or self.connection is None:
            if failed is not None:
                failed(self.reason or say("{server} is starting", server=self.row.name))
            return 0

        def late(why: str) -> None:
            if failed is not None:
                failed(why)
            if self.connection is not None and self.connection.late >= MOST_LATE:
                self._hear_end(say("it answers nothing any more"))

        return self.connection.ask(method, params, kind, done, late, **more)

    def cancel(self, number: int) -> None:
        """Give a request up."""
        if self.connection is not None and number:
            self.connection.cancel(number)

    def decode(self, raw: msgspec.Raw, kind: Any) -> Any:
        """A record of a message of the server; None, and a line in the log, where it is none."""
        try:
            return msgspec.json.decode(raw, type=kind)
        except msgspec.DecodeError as error:
            self.log.append(f"{kind}: {error}")
            return None


def _environment(row: ServerRow) -> dict[str, str]:
    """The variables of the process; ours finds the same code that runs here."""
    found = dict(os.environ)
    if row.is_ours:
        import plugins.api

        code = str(Path(plugins.api.__file__).parents[1])
        found["PYTHONPATH"] = os.pathsep.join(filter(None, (code, found.get("PYTHONPATH", ""))))
    return found
