"""Closing a window right after an edit: what is on its way is waited for, what is typed is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from shiboken6 import isValid

from shell.closing import end_all
from shell.state import UNWRITTEN, State
from shell.unwritten import tell_unwritten
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


def test_when_it_is_ended_nobody_is_asked_and_what_was_typed_is_told_at_the_next_start(desk: Desk, qapp: Any) -> None:
    desk.at(1, "name")
    desk.type("typed")
    desk.wait(lambda: not desk.view.handle.is_busy)
    window, made = desk.window, desk.window.cards.made
    state, told = window.state, []
    end_all(qapp)
    assert window.is_closing and "question" not in made
    assert desk.stored("select name from items where id = 2") == "item 02"
    again = State(state.path)
    assert again.recall(UNWRITTEN) == ["items 2, Name: typed"]
    next_window = SimpleNamespace(
        state=again,
        remembering=SimpleNamespace(save=again.save),
        messages=SimpleNamespace(report=lambda level, text, detail: told.append((level, text, detail))),
    )
    tell_unwritten(next_window)
    tell_unwritten(next_window)
    assert told == [("warning", "Espalier was ended before this was written", "items 2, Name: typed")]
    assert State(state.path).recall(UNWRITTEN) is None


def test_an_edit_on_its_way_is_waited_for_when_it_is_ended(desk: Desk, qapp: Any) -> None:
    desk.at(1, "name")
    desk.press("F2")
    desk.press("A", "Control")
    desk.type("typed")
    desk.press("Return")
    assert desk.view.has_edits()
    window = desk.window
    end_all(qapp)
    desk.wait(lambda: not isValid(window) or window.is_closing)
    assert desk.stored("select name from items where id = 2") == "typed"
    assert State(window.state.path).recall(UNWRITTEN) is None


def test_what_is_typed_in_forms_and_new_rows_is_kept_also_where_it_is_no_value(desk: Desk, qapp: Any) -> None:
    desk.at(2, "name")
    desk.wait(lambda: desk["edit"].row.key == (3,) and not desk["edit"].row.is_loading)
    field = desk.field("amount")
    desk.enter(field.editor)
    desk.press("A", "Control")
    desk.type("x1")
    desk.view.add_row()
    desk.wait(lambda: desk.view.editing.draft is not None)
    column = next(column for column in desk.view.columns if column.path == "name")
    desk.view.editing.draft.put(column, "a new one", "")
    path = desk.window.state.path
    end_all(qapp)
    assert sorted(State(path).recall(UNWRITTEN)) == ["items 3, Amount: x1", "items new row, Name: a new one"]
