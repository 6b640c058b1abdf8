"""What a server says by itself: problems, progress, lines for the log, wishes. One table of what is heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from plugins.scintilla.language_client import protocol
from plugins.scintilla.language_client.connection import METHOD_NOT_FOUND, REQUEST_FAILED
from plugins.scintilla.language_client.document import uri_of
from plugins.scintilla.language_client.protocol import Message
from plugins.scintilla.language_client.watching import patterns_of

if TYPE_CHECKING:
    from plugins.scintilla.language_client.server import Server

#: Method that a server registers → the capability that it has by that.
PROVIDERS = {
    "textDocument/completion": "completionProvider", "textDocument/hover": "hoverProvider",
    "textDocument/formatting": "documentFormattingProvider",
    "textDocument/rangeFormatting": "documentRangeFormattingProvider",
    "textDocument/rename": "renameProvider", "textDocument/codeAction": "codeActionProvider",
    "textDocument/diagnostic": "diagnosticProvider",
    "textDocument/semanticTokens": "semanticTokensProvider", "textDocument/foldingRange": "foldingRangeProvider",
    "textDocument/inlayHint": "inlayHintProvider", "workspace/symbol": "workspaceSymbolProvider",
    "workspace/executeCommand": "executeCommandProvider",
}  # fmt: skip
#: What is answered to requests whose answer comes later.
_LATER = object()
WATCHED = "workspace/didChangeWatchedFiles"
LEVELS = {1: "error", 2: "warning", 3: "info", 4: "log"}
#: Registrations that are kept at most.
_MOST = 500


class Hearing:
    """The server's own messages."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._registered: dict[str, tuple[str, Any]] = {}
        self._told: dict[str, Callable[[Message], None]] = {
            "textDocument/publishDiagnostics": self._diagnostics,
            "$/progress": self._progress,
            "window/logMessage": self._log,
            "window/showMessage": self._log,
        }
        self._asked: dict[str, Callable[[Message], Any]] = {
            "workspace/configuration": self._configuration,
            "workspace/applyEdit": self._apply,
            "workspace/workspaceFolders": lambda _: [{"uri": uri_of(server.root), "name": server.root.name}],
            "client/registerCapability": self._register,
            "client/unregisterCapability": self._unregister,
            "window/workDoneProgress/create": lambda _: None,
            "window/showMessageRequest": self._question,
            "workspace/inlayHint/refresh": lambda _: server.wants_hints.emit(),
            "workspace/diagnostic/refresh": lambda _: server.wants_problems.emit(),
            "workspace/semanticTokens/refresh": lambda _: server.wants_colors.emit(),
        }

    def hear(self, message: Message) -> None:
        """Act on one message; requests are answered."""
        assert message.method is not None
        if message.id is None:
            told = self._told.get(message.method)
            if told is not None:
                told(message)
            return
        connection = self._server.connection
        answer = self._asked.get(message.method)
        if connection is None:
            return
        if answer is None:
            connection.refuse(message.id, METHOD_NOT_FOUND, f"{message.method} is not known here")
            return
        try:
            said = answer(message)
            if said is not _LATER:
                connection.answer(message.id, said)
        except ValueError as error:
            connection.refuse(message.id, REQUEST_FAILED, str(error))

    def registered(self) -> dict[str, Any]:
        """Capability → its options, of what was registered after the start."""
        return {PROVIDERS.get(method, method): options or True for method, options in self._registered.values()}

    def forget(self) -> None:
        """The process is another one."""
        self._registered.clear()

    def _record(self, message: Message, kind: Any) -> Any:
        found = self._server.decode(message.params, kind)
        if found is None:
            raise ValueError("the parameters are not as they should be")
        return found

    def _diagnostics(self, message: Message) -> None:
        found = self._server.decode(message.params, protocol.PublishedDiagnostics)
        if found is not None:
            self._server.diagnosed.emit(found)

    def _progress(self, message: Message) -> None:
        found = self._server.decode(message.params, protocol.Progress)
        value = self._server.decode(found.value, protocol.ProgressValue) if found is not None else None
        if value is None or not value.kind:
            return
        now = self._server.progress
        if value.kind == "end":
            now.pop(found.token, None)
        elif found.token in now or len(now) < _MOST:
            value.title = value.title or now.get(found.token, value).title
            now[found.token] = value
        self._server.changed.emit()

    def _log(self, message: Message) -> None:
        found = self._server.decode(message.params, protocol.LogMessage)
        if found is not None:
            self._server.log.append(f"{LEVELS.get(found.type, 'log')}: {found.message[:2000]}")

    def _question(self, message: Message) -> None:
        """Questions are noted and not answered: nothing is done in a person's name that they were not asked."""
        self._log(message)

    def _configuration(self, message: Message) -> list[Any]:
        wish = self._record(message, protocol.ConfigurationWish)
        return [_section(self._server.row.settings, one.section or "") for one in wish.items]

    def _apply(self, message: Message) -> Any:
        wish, connection = self._record(message, protocol.ApplyEdit), self._server.connection

        def done(failure: str) -> None:
            if connection is not None and self._server.connection is connection:
                reason = {"failureReason": failure} if failure else {}
                connection.answer(message.id, {"applied": not failure, **reason})

        self._server.edit(self._server, wish, done)
        return _LATER

    def _register(self, message: Message) -> None:
        for one in self._record(message, protocol.Registrations).registrations:
            if len(self._registered) < _MOST:
                self._registered[one.id] = (one.method, one.register_options)
        self._server.watch_files(patterns_of([more for method, more in self._registered.values() if method == WATCHED]))
        self._server.changed.emit()

    def _unregister(self, message: Message) -> None:
        for one in self._record(message, protocol.Registrations).unregisterations:
            self._registered.pop(one.id, None)
        self._server.watch_files(patterns_of([more for method, more in self._registered.values() if method == WATCHED]))


def _section(settings: Any, name: str) -> Any:
    """A part of the settings by its dotted name; None where there is none."""
    for part in name.split(".") if name else ():
        settings = settings.get(part) if isinstance(settings, dict) else None
    return settings
