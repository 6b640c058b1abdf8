"""Keystroke triples of the shell with the keymap ``default``: where the person is, keys, what is so then; by real key
events in one window.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk
from tests.shell.test_grid_keys import press

_TABLE = Path(__file__).parent / "shell_keys.txt"


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    yield from opened_desk(tmp_path_factory.mktemp("shell-keys"), spin_until)


def triples() -> list[tuple[str, str, str]]:
    """Where the person is, keys, what is so then."""
    found, before = [], ""
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("["):
            before = line[1:-1]
        elif line and not line.startswith("#"):
            keys, _, after = line.partition("\t")
            found.append((before, keys, after))
    return found


def begin(desk: Desk, before: str) -> None:
    """Everything as it was at first; then to a view, and a cell of it."""
    from shell.panes import end_all

    end_all(desk.window)
    name, _, cell = before.partition(" ")
    while desk["pages"].reopen():
        pass
    desk.page(0)
    desk.window.messages.dismiss()
    desk.enter(desk[name])
    desk.view.go(*map(int, (cell or "0,0").split(",")))


def state(desk: Desk) -> str:
    """View with the focus, cell of the list, page, second views, what fills the window or lies over it."""
    from shell.focus import around
    from shell.panes import panes_of
    from shell.zoom import zoomed

    focus, window = desk.focus(), desk.window
    panes = panes_of(window)
    where = next((one.node.id for one in around(focus, window) if hasattr(one, "node") and one.node.id), "")
    if panes.around(focus) is not None:
        where = f"second {panes.panes.index(panes.around(focus)) + 1}"
    over = sorted(name for name, card in window.cards.made.items() if name in _CARDS and card.isVisible())
    pages = desk["pages"]
    parts = [
        where or type(focus).__name__, f"{desk.view.current_row},{desk.view.current_column}",
        pages.tabs()[pages.current()].title, str(len(panes.panes)), "zoom" if zoomed(window) else "", *over,
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


_CARDS = ("palette", "line", "tour", "key tester", "question")


def test_keys_of_the_shell(desk: Desk) -> None:
    found = triples()
    assert len(found) >= 60
    for before, keys, after in found:
        begin(desk, before)
        press(desk, keys)
        spin_until(lambda before=before, keys=keys, after=after: (before, keys, state(desk)) == (before, keys, after))
        press(desk, "Escape Escape")
