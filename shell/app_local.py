"""An app that is a folder of this machine: ``app.toml``, layouts, scripts, and its databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.digest import sha256_of
from kernel.disposer import Disposer
from kernel.open_file import read_bytes
from kernel.tables.contract import Source
from shell.app import DEFAULT_ENTRY, AppInfo, OpenError, Sources, StateListener
from shell.watch import Watch

if TYPE_CHECKING:
    from kernel.code.tree import FileTree
    from layouts.app_brought import Brought


class LocalApp:
    """The app in ``folder``; implements :class:`shell.app.OpenedApp`.

    Args:
        folder: Holds ``app.toml``.
        data: Where databases with a relative path are made; the folder itself when None.

    Attributes:
        database: The database that was opened, when the app was made for it.

    Raises:
        OpenError: there is no app in the folder.
        EspalierError: its app.toml is wrong; names the place.
    """

    state = "local"

    def __init__(self, folder: Path, data: Path | None = None) -> None:
        self.folder = Path(folder).absolute()
        self.database: Path | None = None
        if not (self.folder / "app.toml").is_file():
            raise OpenError(f"{folder} holds no app", hint="an app is a folder with an app.toml")
        self.info = _read_info(self.folder, self.read_file)
        place = None if data is None else data / self.info.key
        self._watch = Watch()
        #: What was brought, and the state of the files that say so: looking through large wheels takes a second.
        self._brought: tuple[list[Any], Brought] | None = None
        self._sources = Sources(self.info.sources, lambda name: self._opened(name, place))

    def read_file(self, path: str) -> bytes | None:
        """See :meth:`shell.app.OpenedApp.read_file`; read are the folder and the libraries beside it, nothing else."""
        try:
            place = (self.folder / path).resolve()
            if not place.is_relative_to(self.folder.resolve()) or not place.is_file():
                return self._shared_file(path) if path.startswith("libraries/") else None
            return read_bytes(place)
        except ValueError:  # a path with a NUL in it names nothing
            return None
        except RuntimeError as error:  # links in a circle, as Python 3.11 and 3.12 say it
            raise OpenError(f"{path} of {self.folder} cannot be read: its links go in a circle") from error
        except OSError as error:
            raise OpenError(f"{path} of {self.folder} cannot be read: {error.strerror or error}") from error

    def tree(self) -> FileTree:
        """See :meth:`shell.app.OpenedApp.tree`."""
        from kernel.code.tree import FolderTree

        return FolderTree(self.folder, self.read_file)

    def _shared_file(self, path: str) -> bytes | None:
        from layouts.library import is_within, place_of

        place = place_of(self.folder, path)
        return read_bytes(place) if is_within(self.folder, place) and place.is_file() else None

    def list_files(self) -> list[str]:
        """The layouts that the app's layouts may take."""
        from layouts.library import files_beside

        own = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.kdl"))
        return [*own, *files_beside(self.folder)]

    def brought(self) -> Brought:
        """See :meth:`shell.app.OpenedApp.brought`: looked through now, as a server would when it publishes them."""
        from layouts.app_brought import WHEELS, brought_by
        from layouts.app_manifest import APP_FILE, read_app

        app = read_app(self.read_file)
        wheels = [f"{WHEELS}{path.name}" for path in sorted((self.folder / WHEELS).glob("*.whl"))]
        described = [one for value in app.libraries.values() for one in (value if isinstance(value, list) else [value])]
        paths = [APP_FILE, *wheels, *(str(one.get("file", "")) for one in described if isinstance(one, dict))]
        states = [(path, _state(self.folder / path)) for path in paths]
        if self._brought is None or self._brought[0] != states:
            self._brought = (states, brought_by(app, wheels, self.read_file))
        return self._brought[1]

    def need_file(self, path: str) -> bytes:
        """The bytes of a file that must be there.

        Raises:
            KeyError: there is none.
        """
        content = self.read_file(path)
        if content is None:
            raise KeyError(path)
        return content

    def source(self, name: str = "") -> Source:
        """See :meth:`shell.app.OpenedApp.source`."""
        return self._sources.get(name)

    def remembered_table(self, source: str, table: str) -> None:
        """See :meth:`shell.app.OpenedApp.remembered_table`; folders remember nothing."""

    def on_state(self, listener: StateListener) -> Disposer:
        """See :meth:`shell.app.OpenedApp.on_state`; the state never changes."""
        listener(self.state)
        return lambda: None

    def on_release(self, listener: Callable[[], None]) -> Disposer:
        """See :meth:`shell.app.OpenedApp.on_release`; a folder is read anew at each opening."""
        return lambda: None

    def refresh(self) -> None:
        """Nothing: the folder is what it is."""

    def close(self) -> None:
        """Close the databases."""
        self._watch.close()
        self._sources.close()

    def _opened(self, name: str, data: Path | None) -> Source:
        source = _open_source(self, name, data)
        if hasattr(source, "poll"):
            self._watch.add(source)
        return source


def _state(path: Path) -> tuple[int, int] | None:
    """A file's time and size; None when there is none."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size


def folder_key(folder: Path) -> str:
    """The key of an app in a folder: its name and a short hash of where it is."""
    place = str(Path(folder).absolute())
    return f"{Path(place).name}-{sha256_of(place.encode()).hex()[:8]}"


def _read_info(folder: Path, read_file: Callable[[str], bytes | None]) -> AppInfo:
    from layouts.app_manifest import read_app

    app = read_app(read_file)
    return AppInfo(
        name=app.name,
        key=folder_key(folder),
        title=app.title or app.name,
        version=app.version,
        icon=app.icon,
        doc=app.doc,
        entry=tuple(app.entry) or DEFAULT_ENTRY,
        sources=app.sources,
    )


def _open_source(app: LocalApp, name: str, data: Path | None) -> Source:
    """Open a source. A database that stands in the app's folder is used there, else it lives below ``data``."""
    from kernel.tables.source import open_source, stands_in

    description: dict[str, Any] = dict(app.info.sources[name])
    base = app.folder
    if data is not None and not stands_in(app.folder, description):
        base = data
        base.mkdir(parents=True, exist_ok=True)
    return open_source(description, base, app.need_file)
