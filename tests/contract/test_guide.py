"""The guide's chapter about making an app, taken at its word: its app is right, and so is each piece put into it."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from layouts.app_check import check_app, shipped_surface

GUIDE = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
CHAPTER = GUIDE[GUIDE.index("\n## Make an app\n") : GUIDE.index("\n## Scripts, wheels and libraries\n")]
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", CHAPTER, re.DOTALL)
FIRST = {language: text for language, text in reversed(BLOCKS)}
PIECES = [text for language, text in BLOCKS if language == "kdl"][1:]
#: What stands around the pieces: those of the chapter's first layout that they speak of.
HEAD = FIRST["kdl"][: FIRST["kdl"].index("window {")]


def app_with(layout: str) -> dict[str, str]:
    return {"app.toml": FIRST["toml"], "schema.sql": FIRST["sql"], "main.kdl": layout,
            "scripts/done.py": FIRST["python"]}  # fmt: skip


def problems(layout: str) -> list[str]:
    """What ``espalier check`` says, scripts aside that a piece only names."""
    files = app_with(layout)
    found = check_app(list(files), lambda path: files[path].encode() if path in files else None, shipped_surface())
    return [str(one) for one in found if "the app has no script notes" not in one.message]


def test_the_app_of_the_chapter_is_right() -> None:
    assert problems(FIRST["kdl"]) == []
    with sqlite3.connect(":memory:") as database:
        database.executescript(FIRST["sql"])
    database.close()
    compile(FIRST["python"], "done.py", "exec")


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.splitlines()[0][:40])
def test_each_piece_is_right_where_it_is_put(piece: str) -> None:
    has_list, has_find = "id=list" in piece, "id=find" in piece
    rest = "" if has_list else "grid tasks id=list\n"
    rest += "" if has_find else "search id=find\n"
    if "window {" in piece:
        layout = f"{HEAD}{piece}"
    elif piece.startswith("style"):
        dressed = 'label "1" class=amount; row class=hero { label "2" }; button class=loud text=A run="app.quit"'
        layout = f"{HEAD}{piece}window {{ {rest} {dressed} }}"
    else:
        layout = f"{HEAD}window {{\n{rest}{piece}}}\n"
    assert problems(layout) == []
