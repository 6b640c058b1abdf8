"""Closing a window right after an edit: what is on its way is waited for, what is typed is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from shiboken6 import isValid

from tests.contract.keyboard_desk import Desk, opened_desk


@pytest.fixture
def desk(qapp: Any, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Desk]:
    yield from opened_desk(tmp_path, wait_until)


def test_an_edit_on_its_way_is_waited_for(desk: Desk) -> None:
    desk.at(1, "name")
    desk.press("F2")
    desk.press("A", "Control")
    desk.type("typed")
    desk.press("Return")
    assert desk.view.has_edits()
    made = desk.window.cards.made
    desk.window.close()
    desk.wait(lambda: not isValid(desk.window) or desk.window.isHidden())
    assert desk.stored("select name from items where id = 2") == "typed"
    assert "question" not in made


def test_what_is_only_typed_is_asked_about(desk: Desk) -> None:
    desk.at(1, "name")
    desk.type("typed")
    desk.wait(lambda: not desk.view.handle.is_busy)
    desk.window.close()
    desk.wait(lambda: "question" in desk.window.cards.made and desk.window.cards.question().isVisible())
    assert desk.window.isVisible()
    desk.press("Escape")
    assert desk.stored("select name from items where id = 2") == "item 02"
