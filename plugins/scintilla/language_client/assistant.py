"""The client as one of the editor's assistants: which servers serve a text, started when it is shown.

One for the process. It is added when the first file is shown that a server may know, and goes with the plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from shiboken6 import isValid

from plugins.api import (
    CallTip,
    Completion,
    Context,
    Disposer,
    EspalierError,
    OpenText,
    Place,
    add_assistant,
    at_unload,
    option,
    say,
    watch_option,
)
from plugins.scintilla.language_client.channel import kill_all
from plugins.scintilla.language_client.consent import FOLDERS, Consent
from plugins.scintilla.language_client.document import Document, path_of
from plugins.scintilla.language_client.protocol import ApplyEdit, PublishedDiagnostics
from plugins.scintilla.language_client.served import ServedText
from plugins.scintilla.language_client.server import Server
from plugins.scintilla.language_client.server_table import (
    APP_FILE,
    BUILT_IN,
    LANGUAGE_IDS,
    ServerRow,
    read_servers,
    root_of,
    rows_for,
)

#: A server without files ends after this time, in ms: closing and opening a file again finds it there.
LINGER_MS = 30_000
#: Lists of problems take in news after this time, in ms.
LIST_MS = 200


class Client(QObject):
    """All servers of this process.

    Attributes:
        servers: (name, root) → server.
        problems: File → server's name → the problems that it told, of files that are not shown too.
        rows: The servers that are known, those of the person before the built-in ones.
    """

    triggers = ""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.servers: dict[tuple[str, Path], Server] = {}
        self.problems: dict[Path, dict[str, PublishedDiagnostics]] = {}
        self.rows: list[ServerRow] = [*_rows_of_person(), *BUILT_IN]
        self.consent = Consent()
        self._texts: dict[int, ServedText] = {}
        self._unwatch: Disposer | None = None
        self._idle = QTimer(self, singleShot=True, interval=LINGER_MS)
        self._idle.timeout.connect(self._stop_idle)
        self._listing = QTimer(self, singleShot=True, interval=LIST_MS)
        self._listing.timeout.connect(self._renew_lists)

    @property
    def languages(self) -> Sequence[str]:
        """Names of all languages that a known server knows."""
        return sorted({language for row in self.rows for language in row.languages})

    # -- an assistant, see kernel.assist --------------------------------------------------------------------------

    def open_text(self, text: OpenText) -> None:
        """Join a file to its servers; texts that are no files have none."""
        if getattr(text, "file", None) is not None:
            self._texts[id(text)] = ServedText(self, text)  # type: ignore[arg-type]
            if self._unwatch is None:
                self._unwatch = watch_option(FOLDERS, lambda _: self._join_all())

    def change_text(self, text: OpenText) -> None:
        """Tell the servers what is other."""
        if (served := self._texts.get(id(text))) is not None:
            served.flush()

    def close_text(self, text: OpenText) -> None:
        """It is shown no more."""
        served = self._texts.pop(id(text), None)
        if served is not None:
            served.close()
            self._idle.start()
            self._leave_options()

    def complete(self, text: OpenText, place: Place, done: Callable[[Sequence[Completion]], Any]) -> None:
        """What the servers know may stand there."""
        served = self._texts.get(id(text))
        done(()) if served is None else served.complete(place, done)

    def call_tip(self, text: OpenText, place: Place, done: Callable[[CallTip | None], Any]) -> None:
        """How what is called there is called."""
        served = self._texts.get(id(text))
        done(None) if served is None else served.call_tip(place, done)

    # -- servers --------------------------------------------------------------------------------------------------

    def take_app(self, context: Context) -> None:
        """Know the servers that an app names for its files, besides."""
        data = context.read_file(APP_FILE)
        if not data:
            return
        try:
            found = read_servers(data.decode("utf-8", "replace"), APP_FILE, "app")
        except EspalierError as error:
            context.reporter.report("warning", str(error), error.hint or "")
            return
        self.rows.extend(row for row in found if row not in self.rows)

    def servers_for(self, served: ServedText) -> list[Server]:
        """The servers of a file, started; who needs the person's word first is asked for, and joined later."""
        text, found = served.text, []
        assert text.file is not None
        for row in rows_for(self.rows, text.language, text.file):
            root = root_of(row, text.file)
            server = self.servers.get((row.name, root))
            if server is not None:
                found.append(server)
            elif self.consent.is_given(row, root):
                found.append(self._start(row, root))
            elif text.bar is not None:
                self.consent.ask(text.bar, row, root, self._join_all)
        return found

    def document(self, server: Server, text: Any) -> Document:
        """The file as a server knows it, shared by all editors that show it."""
        made = Document(text.file, LANGUAGE_IDS.get(text.language, text.language))
        return server.documents.get(made.uri, made)

    def texts(self) -> list[ServedText]:
        """All files that are shown."""
        return list(self._texts.values())

    def _start(self, row: ServerRow, root: Path) -> Server:
        server = Server(row, root, self, self._apply)
        self.servers[row.name, root] = server
        server.diagnosed.connect(lambda found: self._take_problems(server, found))
        server.changed.connect(lambda: self._hear_changed(server))
        server.wants_hints.connect(lambda: [served.inlays.start() for served in self.texts()])
        server.wants_problems.connect(lambda: [served.pulls.start() for served in self.texts()])
        server.wants_colors.connect(lambda: [served.tokens.start() for served in self.texts()])
        server.ready.connect(lambda: self._hear_ready(server))
        server.start()
        return server

    def _leave_options(self) -> None:
        """Follow none while there is no text."""
        if not self._texts and self._unwatch is not None:
            self._unwatch()
            self._unwatch = None

    def _join_all(self) -> None:
        for served in self.texts():
            served.join()

    def _hear_ready(self, server: Server) -> None:
        for served in self.texts():
            served.hear_ready(server)

    def _hear_changed(self, server: Server) -> None:
        if server.state != "ready":
            self._forget_problems(server)
        for served in self.texts():
            served.show_state()

    def _take_problems(self, server: Server, found: PublishedDiagnostics) -> None:
        path = path_of(found.uri)
        if path is None:
            return
        told = self.problems.setdefault(path, {})
        told[server.row.name] = found
        if not found.diagnostics:
            del told[server.row.name]
        for served in self.texts():
            if served.text.file == path:
                served.show_problems(server, found)
        self._listing.start()

    def _renew_lists(self) -> None:
        from plugins.scintilla.language_client.problems import renew

        for served in self.texts():
            renew(served)

    def _forget_problems(self, server: Server) -> None:
        for told in self.problems.values():
            told.pop(server.row.name, None)
        for served in self.texts():
            served.forget_problems(server)

    def _apply(self, server: Server, wish: ApplyEdit, done: Callable[[str], Any]) -> None:
        """What a server wishes: texts that are shown are changed at once, all else is shown to the person first."""
        from plugins.scintilla.language_client.renaming import offer_edit

        mine = [one for one in self.texts() if server in one.servers]
        if not mine:
            done(say("none of its files is shown"))
            return
        served = max(mine, key=lambda one: (one.code.host.view.hasFocus(), one.pane.isVisible()))
        title = say("{server} would like: {what}", server=server.row.name, what=wish.label or say("to change files"))
        at_once = {one.text.file for one in self.texts() if one.text.file is not None}
        offer_edit(served, server, wish.edit, title, done, at_once)

    def _stop_idle(self) -> None:
        for key, server in list(self.servers.items()):
            if not server.documents:
                self._forget_problems(server)
                server.stop()
                server.deleteLater()
                del self.servers[key]

    def end(self) -> None:
        """The plugin goes: so do all servers."""
        for served in self.texts():
            served.close()
        self._texts.clear()
        self._leave_options()
        for server in self.servers.values():
            server.stop()
        self.servers.clear()
        self.deleteLater()

    def kill(self) -> None:
        """The program ends."""
        kill_all()


_client: list[Client] = []


def client() -> Client | None:
    """The one of this process, where there is one."""
    return _client[0] if _client and isValid(_client[0]) else None


def bring(context: Context) -> Client:
    """The client, made and added to the assistants at the first call; knows the servers of the context's app."""
    found = client()
    if found is None:
        application = QCoreApplication.instance()
        assert application is not None
        found = Client(application)
        found.take_app(context)
        _client[:] = [found]
        application.aboutToQuit.connect(found.kill)
        made = found
        remove = add_assistant(made)

        def go() -> None:
            remove()
            made.end()
            _client.clear()

        at_unload("scintilla", go)
    else:
        found.take_app(context)
    return found


def _rows_of_person() -> list[ServerRow]:
    """The servers of the file that the person names."""
    name = str(option("scintilla.language-servers-file") or "")
    if not name:
        return []
    path = Path(name).expanduser()
    return read_servers(path.read_text("utf-8"), str(path), "person")
