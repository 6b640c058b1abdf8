"""An app folder under work: what changes in it is shown in its windows at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kernel.error import EspalierError
from shell.live.folder_watch import FolderWatch

if TYPE_CHECKING:
    from shell.session import Session
    from shell.window import Window

#: Endings of files whose change the widgets show; scripts are read anew when they run next.
_SHOWN = (".kdl", ".toml", ".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp")


class Developing:
    """Follows the folder of one session.

    Args:
        folder: Of the app.
        session: Its boot; its windows follow.
    """

    def __init__(self, folder: Path, session: Session) -> None:
        self._folder = folder
        self._session = session
        self._watch: FolderWatch | None = FolderWatch(folder, self.take)
        #: What changed since the windows showed it last.
        self._unshown: set[str] = set()

    def stop(self) -> None:
        """Follow it no more."""
        if self._watch is not None:
            self._watch.deleteLater()
            self._watch = None

    def take(self, paths: set[str]) -> None:
        """Show what changed: layouts and pictures at once, scripts at their next run, app.toml by opening it anew."""
        from shell.reload import reload_window

        if any(path.endswith(".py") for path in paths):
            self._session.forget_scripts()
        if "app.toml" in paths and not self._open_again():
            return
        self._unshown |= {path for path in paths if path.endswith(_SHOWN)}
        if not self._unshown:
            return
        shown = [reload_window(window, is_quiet=True, changed=set(self._unshown)) for window in self._windows()]
        if all(shown):
            self._unshown = set()

    def _windows(self) -> list[Window]:
        from shell.desk import desk_of
        from shell.qt import make_application

        desk = desk_of(make_application(), self._session.config)
        return [window for window in desk.windows if window.session is self._session]

    def _open_again(self) -> bool:
        """Take a changed app.toml: another title, other sources. A wrong one is told, and the app stays as it was."""
        from layouts.problem import Problem
        from shell.app_local import LocalApp

        session, windows = self._session, self._windows()
        try:
            app = LocalApp(self._folder)
        except EspalierError as error:
            problems = [Problem(*one) for one in getattr(error, "problems", ())] or [error]
            for window in windows:
                window.cards.show_problems("app.toml cannot be used; this is the last good version", problems)
            return False
        before, session.app = session.app, app
        session.forget_scripts()
        for window in windows:
            window.adopt()
        if before is not None:
            before.close()
        return True
