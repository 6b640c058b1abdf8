"""What is open in the editor, the apps that it belongs to, and checks behind the typing."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from layouts.app_manifest import APP_FILE
from layouts.language_server.app import App, Snapshot
from layouts.language_server.surroundings import Surroundings
from layouts.library import FOLDER, library_of, names_in, path_at
from layouts.problem import Problem

#: Seconds without typing before files are checked.
DEBOUNCE_S = 0.15


class State:
    """The open files and their apps. All of it is called on the event loop; checks run on a thread of their own.

    Args:
        around: The program.
        publish: Called with an app, the files as they were, and what is wrong with them.
        fail: Called with the text of an error of ours.

    Attributes:
        texts: Path → text of each open file.
    """

    def __init__(
        self,
        around: Surroundings,
        publish: Callable[[App, Snapshot, list[Problem]], None],
        fail: Callable[[str], None],
    ) -> None:
        self.around = around
        self.texts: dict[Path, str] = {}
        self._publish = publish
        self._fail = fail
        self._apps: dict[Path, App] = {}
        self._changes: dict[Path, int] = {}
        self._waiting: dict[Path, asyncio.TimerHandle] = {}
        self._tasks: dict[Path, asyncio.Task[None]] = {}
        self._ready: dict[Path, asyncio.Event] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="check")

    def app_of(self, path: Path) -> App:
        """The app of a file: the nearest folder above it with an app.toml, else the file's own folder.

        A file of a library belongs to an app that uses the library, one that is known already before others.
        """
        folder = next((one for one in path.parents if self._is_app(one)), None)
        return self.app_in(self._user_of(path) or folder or path.parent)

    def _user_of(self, path: Path) -> Path | None:
        """The folder of an app that uses the library of a file."""
        root = next((one for one in path.parents if one.name == FOLDER and (one.parent / "apps").is_dir()), None)
        if root is None or path.parent == root:
            return None
        name = path.relative_to(root).parts[0]
        folders = sorted((root.parent / "apps").iterdir(), key=lambda one: (one not in self._apps, one))
        return next((one for one in folders if self._is_app(one) and name in self._libraries_of(one)), None)

    def _libraries_of(self, folder: Path) -> set[str]:
        """The libraries that the layouts of an app name, those that others of them take left out."""
        paths = folder.rglob("*.kdl")
        texts = (self.texts[path].encode() if path in self.texts else path.read_bytes() for path in paths)
        return {name for text in texts for name in names_in(text)}

    def apps_with(self, path: Path) -> list[App]:
        """The apps that a file or folder belongs to: those beside a library for what is in it."""
        root = next((one for one in path.parents if one.name == FOLDER and (one.parent / "apps").is_dir()), None)
        if root is None:
            return [self.app_of(path / APP_FILE if path.is_dir() and self._is_app(path) else path)]
        folders = [one for one in sorted((root.parent / "apps").iterdir()) if self._is_app(one)]
        return [self.app_in(folder) for folder in folders]

    def app_in(self, folder: Path) -> App:
        """The app of a folder."""
        if folder not in self._apps:
            self._apps[folder] = App(folder, self.around)
            self._ready[folder] = asyncio.Event()
        return self._apps[folder]

    def _is_app(self, folder: Path) -> bool:
        return folder / APP_FILE in self.texts or (folder / APP_FILE).is_file()

    def apps(self) -> list[App]:
        """The apps that are known."""
        return list(self._apps.values())

    async def ready(self, path: Path) -> tuple[App, Snapshot]:
        """The app of a file and its files now, once it was looked at for the first time."""
        app = self.app_of(path)
        if not self._ready[app.folder].is_set():
            if app.folder not in self._tasks:
                self.look_at(app, 0)
            await self._ready[app.folder].wait()
        return app, app.snapshot(self.texts)

    def changed(self, path: Path) -> None:
        """A file is another; one of a library is so for every app that is known beside it."""
        users = [app for app in self.apps() if library_of(path_at(app.folder, path))]
        for app in {self.app_of(path), *users}:
            self.look_at(app, DEBOUNCE_S)

    def look_at(self, app: App, delay_s: float) -> None:
        """Check an app, once nothing has changed for ``delay_s`` seconds."""
        folder = app.folder
        self._changes[folder] = self._changes.get(folder, 0) + 1
        if folder in self._waiting:
            self._waiting.pop(folder).cancel()
        if folder not in self._tasks:
            self._waiting[folder] = asyncio.get_running_loop().call_later(delay_s, self._start, app)

    def _start(self, app: App) -> None:
        self._waiting.pop(app.folder, None)
        self._tasks[app.folder] = asyncio.create_task(self._check(app))

    async def _check(self, app: App) -> None:
        change, now = self._changes[app.folder], app.snapshot(self.texts)
        try:
            problems = await asyncio.get_running_loop().run_in_executor(self._thread, app.check, now)
            if change == self._changes[app.folder]:
                self._publish(app, now, problems)
        except Exception:
            self._fail(f"{app.folder} could not be checked:\n{traceback.format_exc()}")
        finally:
            self._tasks.pop(app.folder, None)
            self._ready[app.folder].set()
            if change != self._changes[app.folder]:
                self.look_at(app, DEBOUNCE_S)

    async def check_twice(self, app: App, before: Snapshot, after: Snapshot) -> tuple[list[Problem], list[Problem]]:
        """What is wrong with two states of an app, behind the checks that run."""
        loop = asyncio.get_running_loop()
        fresh = App(app.folder, self.around)
        return (
            await loop.run_in_executor(self._thread, fresh.check, before),
            await loop.run_in_executor(self._thread, fresh.check, after),
        )

    def close(self) -> None:
        """Begin no further check."""
        for timer in self._waiting.values():
            timer.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)
