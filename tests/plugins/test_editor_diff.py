"""Comparing: what differs comes together again; the view marks it, counts it and goes there by keys."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from plugins.scintilla.difference import changes, inline_rows, rows, within
from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press

LAYOUT = """layout 1
window {
    state old ""
    state new ""
    diff-view id=it before="{old}" after="{new}" language=python title="What changed"
}
"""


@pytest.mark.parametrize("seed", range(60))
def test_the_stretches_make_both_texts_again(seed: int) -> None:
    chance = random.Random(seed)
    letters = "abcdefgh" if seed % 2 else [str(number) for number in range(40)]
    before = [chance.choice(letters) for _ in range(chance.randrange(40))]
    after = list(before)
    for _ in range(chance.randrange(8)):
        place = chance.randrange(len(after) + 1)
        if chance.random() < 0.5:
            after.insert(place, chance.choice(letters))
        elif after:
            del after[min(place, len(after) - 1)]
    found = changes(before, after)
    assert [line for one in found for line in before[one.start : one.stop]] == before
    assert [line for one in found for line in after[one.first : one.last]] == after
    assert all(before[one.start : one.stop] == after[one.first : one.last] for one in found if one.is_equal)
    assert all(one.is_equal != other.is_equal for one, other in zip(found, found[1:], strict=False))
    assert sum(one.stop - one.start for one in found if one.is_equal) >= (len(before) if before == after else 0)
    for made in (rows(found), inline_rows(found)):
        assert [row.before for row in made if row.before is not None] == list(range(len(before)))
        assert [row.after for row in made if row.after is not None] == list(range(len(after)))


def test_a_hundred_thousand_lines_are_compared_at_once() -> None:
    before = [f"line {number}" for number in range(100_000)]
    after = [*before[:500], "new", *before[500:70_000], *before[70_010:]]
    assert [one[1:] for one in changes(before, after) if not one.is_equal] == [
        (500, 500, 500, 501), (70_000, 70_010, 70_001, 70_001),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("x = 200", "x = 240", ["200"], ["240"]), ("one two", "one three two", [], ["three "]),
        ("same", "same", [], []), ("abc", "xyz", [], []), ("größe = 1", "größe = 2", ["1"], ["2"]),
        ("a" * 5000, "a" * 5001, [], []),
    ],
)  # fmt: skip
def test_parts_of_lines(before: str, after: str, left: list[str], right: list[str]) -> None:
    one, other = within(before, after)
    assert [before[start:stop] for start, stop in one] == left
    assert [after[start:stop] for start, stop in other] == right


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    made = EditorDesk(tmp_path_factory.mktemp("diff"), LAYOUT)
    yield made
    made.close()


@pytest.fixture
def view(desk: EditorDesk) -> Any:
    """Forty lines with three differences."""
    before = [f"line {number}" for number in range(40)]
    after = [*before[:5], "new", *before[5:20], "line twenty", *before[21:35], *before[36:]]
    desk.window.scope.publish("old", "\n".join(before))
    desk.window.scope.publish("new", "\n".join(after))
    it = desk.window.context.widgets["it"]
    it.set_inline(False)
    spin_until(lambda: len(it.starts) == 3 and it.index < 0)
    it.sides[1].host.view.setFocus()
    it.sides[1].go_to_line(0)
    return it


def test_differences_are_counted_and_stand_beside_each_other(view: Any) -> None:
    assert view.count.text() == "3 differences" and view.accessibleName() == "What changed"
    left, right = view.sides
    assert left.line_count == right.line_count == 41
    assert (left.line_text(5), right.line_text(5)) == (b"", b"new")
    assert (left.line_text(21), right.line_text(21)) == (b"line 20", b"line twenty")
    assert (left.line_text(36), right.line_text(36)) == (b"line 35", b"")


def test_keys_go_from_difference_to_difference(view: Any) -> None:
    def line() -> int:
        return view.sides[1].line_of(view.sides[1].caret)

    places = []
    for _ in range(4):
        press("F7")
        places.append(line())
    assert places == [5, 21, 36, 5]
    press("Shift+F7")
    assert line() == 36 and view.count.text() == "Difference 3 of 3"


def test_both_sides_scroll_together(view: Any) -> None:
    from plugins.scintilla.host import SCI

    view.resize(600, 200)
    view.sides[0].send(SCI.SCI_SETFIRSTVISIBLELINE, 12)
    spin_until(lambda: view.sides[1].send(SCI.SCI_GETFIRSTVISIBLELINE) == 12)


def test_texts_stand_below_each_other(view: Any) -> None:
    view.toggle_inline()
    spin_until(lambda: not view.sides[0].isVisibleTo(view))
    assert view.sides[1].line_count == 42
    assert [view.sides[1].line_text(line) for line in (21, 22)] == [b"line 20", b"line twenty"]
    view.toggle_inline()


def test_neither_side_can_be_edited_and_tab_goes_on(view: Any) -> None:
    text = view.sides[1].data()
    press("x", "Delete", "Tab")
    assert view.sides[1].data() == text and not view.sides[1].host.view.hasFocus()


def test_equal_texts_are_said_to_be_equal(view: Any, desk: EditorDesk) -> None:
    desk.window.scope.publish("new", desk.window.scope.read("old"))
    spin_until(lambda: view.count.text() == "The texts are equal")
    view.step(1)
    assert view.index == -1
