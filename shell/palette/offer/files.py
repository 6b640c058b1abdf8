"""Files of the app, of its folder or release; what they hold is shown before they are opened."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.open_file import is_open_database
from kernel.words import say
from plugins.palette import PaletteAsked as Asked
from plugins.palette import PaletteItem as Item
from plugins.palette import PalettePreview as Preview

if TYPE_CHECKING:
    from kernel.code.tree import FileTree
    from shell.app import OpenedApp
    from shell.window import Window

#: How many files are listed; bytes of one that are shown before it is opened.
MOST, _SHOWN = 200_000, 4_000
#: Folders that hold nothing that people write.
LEFT_OUT = frozenset((".git", "__pycache__", ".venv", "node_modules", ".mypy_cache", ".ruff_cache", ".pytest_cache"))
#: End of a name → icon.
_ICONS = {"kdl": "layout", "py": "code", "toml": "settings", "sqlite": "database", "md": "document", "po": "globe"}


def begin(window: Window):
    """What lists the files, on a thread."""
    app = window.app

    def gather(asked: Asked) -> Iterator[Item]:
        for count, path in enumerate(files_of(app.tree(), asked)):
            if count >= MOST:
                return
            folder, _, name = path.rpartition("/")
            yield Item(
                f"file {path}", name, partial(_open, window, path), "", icon_of(name), detail=folder,
                preview=partial(preview, app, path),
            )  # fmt: skip

    return gather


def files_of(tree: FileTree, asked: Asked) -> Iterator[str]:
    """The paths of all files of a tree, those of a folder before those of folders in it. Blocks: called on threads."""
    waiting = [""]
    while waiting:
        folder = waiting.pop(0)
        asked.check()
        for name, is_folder in sorted(tree.entries(folder).items()):
            path = f"{folder}/{name}" if folder else name
            if not is_folder:
                yield path
            elif name not in LEFT_OUT:
                waiting.append(path)


def icon_of(name: str) -> str:
    """The icon of a file by its name."""
    return _ICONS.get(name.rpartition(".")[2].lower(), "file")


def _open(window: Window, path: str) -> None:
    window.registry.run("file.edit", path=path)


def preview(app: OpenedApp, path: str) -> Preview:
    """The first lines of a file of the app. Blocks: called on threads."""
    folder = getattr(app, "folder", None)
    if folder is not None and is_open_database(place := Path(folder) / path):
        return _size(path, place.stat().st_size)  # closing it again would let go of SQLite's locks
    content = app.read_file(path)
    if content is None:
        return Preview(path, text=say("This file is gone."))
    head = content[:_SHOWN]
    if b"\0" in head:
        return _size(path, len(content))
    return Preview(path, text=head.decode("utf-8", "replace"))


def _size(path: str, size: int) -> Preview:
    return Preview(path, ((say("Size"), say("{count} bytes", count=f"{size:,}")),))
