"""Where the layouts of a command line's path are: a layout file stands in an app's folder, or alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from kernel.error import EspalierError
from layouts.library import files_beside, is_within, place_of


class PathError(EspalierError):
    """A path that holds no layout."""


class LayoutPlace(NamedTuple):
    """A folder whose files are read, the layouts in it that are meant, and whether it is an app, with its sources."""

    folder: Path
    layouts: tuple[str, ...]
    is_app: bool
    sources: dict[str, Any] = {}

    def read_file(self, path: str) -> bytes | None:
        """A file of the folder or of the libraries beside it, or None; nothing else is read."""
        place = place_of(self.folder, path)
        return place.read_bytes() if is_within(self.folder, place) and place.is_file() else None

    def list_files(self) -> list[str]:
        """The layouts of the folder and of the libraries beside it."""
        own = [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.kdl")]
        return [*own, *files_beside(self.folder)]


def find_layouts(text: str) -> LayoutPlace:
    """What ``FILE|DIR`` means: the layout file, or the layouts that an app's boot queue names.

    Raises:
        PathError: there is no such file, or nothing to look at in it.
        AppError: the folder's app.toml is wrong.
    """
    path = Path(text).expanduser()
    if path.is_dir() or path.name == "app.toml":
        return _of_app(path if path.is_dir() else path.parent)
    if not path.is_file():
        raise PathError(f"there is no file or folder {text}")
    return LayoutPlace(path.parent, (path.name,), False)


def _of_app(folder: Path) -> LayoutPlace:
    place = LayoutPlace(folder, (), (folder / "app.toml").is_file())
    if not place.is_app:
        layouts = tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.kdl")))
        if not layouts:
            raise PathError(f"{folder} holds no app.toml and no layouts")
        return place._replace(layouts=layouts)
    from layouts.app_manifest import read_app

    app = read_app(place.read_file)
    named = [app.entry[index + 1] for index, agent in enumerate(app.entry[:-1]) if agent == "layout"]
    return place._replace(layouts=tuple(dict.fromkeys(named)) or (app.layout,), sources=app.sources)
