"""Matching, ranking and what the palette finds."""

from __future__ import annotations

import subprocess
import sys

import pytest

from shell.palette.item import Item, find
from shell.palette.match import match
from shell.palette.ranking import Ranking
from shell.state import State
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("nr", "New row", "Next pane from there"),
        ("row", "New row", "Arrow down"),
        ("dt", "Dark theme", "Edit"),
        ("show", "Show all keys", "The shadow shown"),
    ],
)
def test_word_starts_and_runs_come_first(query, better, worse):
    one, other = match(query, better), match(query, worse)
    assert one is not None
    assert other is None or one.score > other.score


def test_positions_are_those_of_the_letters():
    found = match("nr", "New row")
    assert found.positions == (0, 4)
    assert match("xyz", "New row") is None
    assert match("", "New row").positions == ()


def test_letters_that_change_their_length_do_not_shift_positions():
    found = match("in", "İstanbul inn")
    assert found is None or all(0 <= at < len("İstanbul inn") for at in found.positions)


def _items(*titles: str) -> list[Item]:
    return [Item(title.lower().replace(" ", "."), title, lambda: None, "Commands") for title in titles]


def _titles(found) -> list[str]:
    return [one.item.title for one in found]


def test_typing_errors_are_forgiven_only_when_nothing_fits():
    items = _items("Delete the row", "Dark theme")
    assert _titles(find("drak thmee", items, lambda _id: 0))[:1] == ["Dark theme"]
    assert _titles(find("dark", items, lambda _id: 0)) == ["Dark theme"]
    assert find("qqqqqqqq", items, lambda _id: 0) == []


def test_rapidfuzz_is_not_loaded_while_the_matcher_finds_something():
    code = (
        "import sys; from shell.palette.item import Item, find;"
        "find('dark', [Item('a', 'Dark theme', None)], lambda _id: 0);"
        "sys.exit('rapidfuzz' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=PATIENCE_S).returncode == 0


def test_use_lifts_an_entry_and_fades(tmp_path):
    now = [1_000_000.0]
    state = State(tmp_path / "state.json")
    ranking = Ranking(state, clock=lambda: now[0])
    for _ in range(3):
        ranking.use("theme.dark")
    state.save()
    again = Ranking(State(tmp_path / "state.json"), clock=lambda: now[0])
    assert again.weight("theme.dark") == pytest.approx(3)
    assert again.weight("never") == 0
    now[0] += 14 * 24 * 3600
    assert again.weight("theme.dark") == pytest.approx(1.5)
    items = _items("Theme light", "Theme dark")
    assert _titles(find("theme", items, lambda name: 3.0 if name == "theme.dark" else 0))[0] == "Theme dark"


def test_an_empty_query_shows_sections_with_the_used_on_top():
    items = [*_items("One", "Two"), Item("x", "Off", lambda: None, reason="Not now")]
    found = find("", items, lambda name: 1.0 if name == "two" else 0)
    assert [(one.item.title, one.heading) for one in found] == [("Two", "Used lately"), ("One", "Commands")]


def test_a_damaged_state_is_told_and_ignored(tmp_path):
    file = tmp_path / "state.json"
    file.write_text('{"palette.use": ')
    state = State(file)
    assert "state.json" in state.problem and state.recall("palette.use") is None
    state.remember("palette.use", {"a": "nonsense"})
    state.save()
    assert Ranking(State(file)).weight("a") == 0
