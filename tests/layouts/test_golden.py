"""The trees of the layouts that are shipped, beside the texts that they are known to have.

``python -m tests.layouts.test_golden`` writes the texts anew; what changes in them is for people to read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from layouts.dump import dump
from layouts.kinds.table import BUILT_IN
from layouts.load import load_layout

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden"
#: Name → folder with a main.kdl.
FOLDERS = {"home": ROOT / "resources" / "home"} | {
    path.name: path for path in sorted((ROOT / "resources" / "apps").iterdir()) if (path / "main.kdl").is_file()
}


def reader(folder: Path) -> Callable[[str], bytes | None]:
    """Files of a folder by their names."""
    return lambda name: (folder / name).read_bytes() if (folder / name).is_file() else None


def tree(folder: Path) -> str:
    """The dump of the layout in a folder, with the kinds of the plugins that are shipped."""
    from plugins.registry import contributed_kinds
    from shell.kinds import known_names

    kinds = {**BUILT_IN, **contributed_kinds()}
    return dump(load_layout("main.kdl", reader(folder), kinds=kinds, known=known_names()), kinds)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_tree_is_what_it_was(name: str) -> None:
    assert tree(FOLDERS[name]) == (GOLDEN / f"{name}.kdl").read_text(encoding="utf-8")


def test_there_is_a_text_for_each() -> None:
    assert {path.stem for path in GOLDEN.glob("*.kdl")} == set(FOLDERS)


if __name__ == "__main__":
    for one, place in FOLDERS.items():
        (GOLDEN / f"{one}.kdl").write_text(tree(place), encoding="utf-8")
