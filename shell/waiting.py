"""The window of an app that still comes from its server: a loading page, then the app, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.tables.contract import Source
from kernel.words import say
from layouts.node import Layout
from shell.agents.open import first_agents
from shell.app import AppInfo, OpenError, StateListener
from shell.boot import continue_boot
from shell.fetching import Fetch
from shell.loading import LoadingPage
from shell.loop import run_loop, show
from shell.session import Session
from widgets import gui_thread


class WaitingApp:
    """Stands for an app that is not here yet; implements :class:`shell.app.OpenedApp`."""

    state = "connecting"

    def __init__(self, target: str, title: str = "", icon: str = "") -> None:
        name = target.partition("@")[0]
        self.info = AppInfo(name=name, key=f"waiting-{target}", title=title or name, icon=icon)

    def read_file(self, path: str) -> bytes | None:
        """No file is here yet."""
        return None

    def source(self, name: str = "") -> Source:
        """No table is here yet."""
        raise OpenError(say("{name} is not here yet", name=self.info.name))

    def remembered_table(self, source: str, table: str) -> None:
        """No table is here yet."""

    def on_state(self, listener: StateListener) -> Disposer:
        """It stays as it is."""
        listener(self.state)
        return lambda: None

    def on_release(self, listener: Callable[[], None]) -> Disposer:
        """It stays as it is."""
        return lambda: None

    def refresh(self) -> None:
        """The fetch is under way."""

    def close(self) -> None:
        """Nothing to let go of."""


class Waiting(QObject):
    """Shows the window and goes on booting in it when the app is there.

    Args:
        fetch: Opens the app.
        session: Of the boot.
        rest: What else was in the boot queue.
    """

    def __init__(self, fetch: Fetch, session: Session, rest: Sequence[Any]) -> None:
        super().__init__()
        self._fetch, self._session, self._rest = fetch, session, tuple(rest)
        gui_thread.prepare()
        self._unwatch: Disposer = lambda: None
        self._is_trying = True
        session.app = WaitingApp(fetch.target, *_listed(fetch.target, session))
        session.layout = Layout(title=session.app.info.title)
        show(session)
        session.loop = lambda: run_loop(session)
        self._window = session.windows[-1]
        self._window.retry = self._again
        self._window.disposers.add(lambda: self._unwatch())
        self.setParent(self._window)
        self._show_page()

    def follow(self) -> None:
        """Wait for the try that is under way."""
        self._fetch.then(self._arrived)

    def start(self) -> None:
        """Begin a try."""
        self._fetch.start(self._arrived)

    def _arrived(self) -> None:
        """In the thread of the fetch."""
        gui_thread.hand(self._take)

    def _hear(self, state: str) -> None:
        if state == "online" and not self._is_trying and self._window in self._window.desk.windows:
            self._again()

    def _watch(self) -> None:
        """Try again by itself when the server that was away answers."""
        servers = self._session.servers
        if not servers.is_online:
            self._unwatch = servers.on_state(gui_thread.listener(self._hear))

    def _again(self) -> None:
        self._unwatch()
        self._is_trying = True
        self._show_page()
        self.start()

    def _show_page(self) -> None:
        window = self._window
        fetch = self._fetch
        title, server = self._session.app.info.title, fetch.target.partition("@")[2]
        text = say("Getting {title} …", title=title)
        if server:
            text = say("Getting {title} from {server} …", title=title, server=server)
        window.show_page(LoadingPage(window.theme, text, lambda: fetch.progress, fetch.cancel, window))

    def _take(self) -> None:
        fetch, session, window = self._fetch, self._session, self._window
        self._is_trying = False
        if window not in window.desk.windows:  # closed meanwhile
            if fetch.app is not None:
                fetch.app.close()
            return
        title = session.app.info.title
        if fetch.is_cancelled:
            kept = OpenError(say("What has come already is kept for the next try"))
            window.show_problem(say("{title} was not fetched", title=title), [kept], ("download", "muted"))
            return
        if fetch.error is not None or fetch.app is None:
            window.show_problem(say("{title} cannot be opened", title=title), [fetch.error])
            self._watch()
            return
        session.app, session.waiting = fetch.app, window
        self._claim()
        try:
            continue_boot((*first_agents(fetch.app), *fetch.app.info.entry, *self._rest), session)
        except EspalierError as error:
            window.show_problem(
                say("{title} cannot be shown", title=title), list(getattr(error, "problems", None) or [error])
            )


    def _claim(self) -> None:
        """Have the app by its whole name, too: the server of a bare one is only known now."""
        from shell.single import OpenElsewhereError, claim_for
        from shell.single_window import answer

        with suppress(OpenElsewhereError):  # it was opened twice at once by two names
            claim_for(self._session, self._session.app, self._fetch.target)
        answer(self._window)


def _listed(target: str, session: Session) -> tuple[str, str]:
    """Title and icon of an app that is not here, as its server's list has them; empty when that is not here either."""
    from shell.target import parse_name

    name, servers = parse_name(target), session.servers
    for server in [name.server] if name.server else servers.names():
        for entry in servers.delivery(server).cached_apps():
            if entry.name == name.app:
                return entry.title, entry.icon
    return "", ""


def wait_in_window(fetch: Fetch, session: Session, rest: Sequence[Any], *, is_under_way: bool) -> None:
    """Show a window that waits; begins the try unless it is under way."""
    waiting = Waiting(fetch, session, rest)
    if is_under_way:
        waiting.follow()
    else:
        waiting.start()
