"""An app folder under work: what changes in it is shown in its windows at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QFileSystemWatcher

from kernel.error import EspalierError
from kernel.words import say
from layouts.library import FOLDER, beside
from shell.live.folder_watch import FolderWatch

if TYPE_CHECKING:
    from shell.live.plugin_reload import PluginWatch
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
        #: Whether app.toml is another than the app that is shown was opened with.
        self._is_manifest_due = False
        session.before_reload = self._take_manifest
        self._watches = [FolderWatch(folder, self.take)]
        self._plugins = self._watch_plugins()
        #: What changed since the windows showed it last.
        self._unshown: set[str] = set()
        self._libraries, self._shared = beside(folder), None
        self._around = QFileSystemWatcher()
        if self._libraries is not None:
            self._around.addPath(str(self._libraries.parent))
            self._around.directoryChanged.connect(lambda _path: self._look_for_libraries(is_later=True))
            self._look_for_libraries()

    def stop(self) -> None:
        """Follow it no more."""
        self._session.before_reload = None
        self._around.deleteLater()
        while self._watches:
            self._watches.pop().deleteLater()
        if self._plugins is not None:
            self._plugins.stop()

    def _watch_plugins(self) -> PluginWatch | None:
        """Follow the person's folders of plugins, where there are any."""
        if not self._session.config["plugins.folders"]:
            return None
        from shell.live.plugin_reload import PluginWatch

        return PluginWatch(self._session.config, self._tell_plugin)

    def _tell_plugin(self, title: str, problems: list[Any]) -> None:
        for window in self._windows():
            window.cards.show_problems(title, problems)

    def take(self, paths: set[str]) -> None:
        """Show what changed: layouts and pictures at once, scripts at their next run, app.toml by opening it anew."""
        from shell.reload import reload_window

        if any(path.endswith(".py") for path in paths):
            self._session.forget_scripts()
        self._is_manifest_due |= "app.toml" in paths
        problems = self._open_again() if self._is_manifest_due else []
        self._unshown |= {path for path in paths if path.endswith(_SHOWN)}
        if self._unshown:
            shown = [reload_window(window, is_quiet=True, changed=set(self._unshown)) for window in self._windows()]
            self._unshown = set() if all(shown) else self._unshown
        self._tell(problems)

    def _look_for_libraries(self, *, is_later: bool = False) -> None:
        """Follow the libraries beside the app once there are some; their folder may come and go."""
        is_there = self._libraries.is_dir()
        if is_there and self._shared is None:
            self._shared = FolderWatch(self._libraries, self._take_shared)
            self._watches.append(self._shared)
            if is_later:
                self._take_shared(self._shared.paths())
        elif not is_there and self._shared is not None:
            self._watches.remove(self._shared)
            self._shared.deleteLater()
            self._shared = None

    def _take_shared(self, paths: set[str]) -> None:
        """Show what changed in the libraries beside the app."""
        self.take({f"{FOLDER}/{path}" for path in paths if not path.endswith((".py", ".toml"))})

    def _take_manifest(self) -> bool:
        """Take an app.toml that waited, because a person reloads; answers whether it can be used."""
        problems = self._open_again() if self._is_manifest_due else []
        self._tell(problems)
        return not problems

    def _tell(self, problems: list[Any]) -> None:
        """Say what is wrong with app.toml; it stays told while layouts change."""
        for window in self._windows() if problems else ():
            window.cards.show_problems(say("app.toml cannot be used; this is the last good version"), problems)

    def _windows(self) -> list[Window]:
        from shell.desk import desk_of
        from shell.qt import make_application

        desk = desk_of(make_application(), self._session.config)
        return [window for window in desk.windows if window.session is self._session and window.main is None]

    def _open_again(self) -> list[Any]:
        """Take a changed app.toml: another title, other sources; tried again later while edits stand in its way.

        Returns:
            What is wrong with it; the app then stays as it was.
        """
        from layouts.problem import Problem
        from shell.app_local import LocalApp
        from shell.focus import has_edits

        session, windows = self._session, self._windows()
        try:
            app = LocalApp(self._folder)
        except EspalierError as error:
            return [Problem(*one) for one in getattr(error, "problems", ())] or [error]
        # The tables of its sources are opened anew, so that nothing typed in their views would stay.
        dirty = [window for window in windows if has_edits(window)]
        for window in dirty:
            key = window.registry.key("app.reload")
            text = say("app.toml is another; write your edits or take them back, then reload ({key})", key=key)
            window.messages.report("info", text)
        if dirty:
            app.close()
            return []
        self._is_manifest_due = False
        before, session.app = session.app, app
        session.forget_scripts()
        for window in windows:
            window.adopt()
        if before is not None:
            before.close()
        return []
