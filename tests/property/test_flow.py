"""Places of items: every item is found where it is said to be, whatever sections and columns there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from widgets.items.flow import Flow


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    count = draw(st.integers(0, 60))
    starts = sorted({0, *draw(st.lists(st.integers(0, 60), max_size=8))}) if draw(st.booleans()) else []
    return Flow(count, draw(st.integers(1, 5)), draw(st.integers(1, 40)), draw(st.integers(0, 30)), starts)


@given(flows())
def test_items_are_where_they_are_found(flow: Flow) -> None:
    places = [flow.place(item) for item in range(flow.count)]
    assert len(set(places)) == flow.count
    for item, (top, column) in enumerate(places):
        assert 0 <= top <= flow.height - flow.line and 0 <= column < flow.per_line
        assert flow.item_at(top, column) == flow.item_at(top + flow.line - 1, column) == item
        assert item in flow.between(top, top + 1)
    assert list(flow.between(0, flow.height)) == list(range(flow.count))
    assert flow.item_at(-1) == flow.item_at(flow.height) == -1


@given(flows())
def test_headings_hide_no_item(flow: Flow) -> None:
    for section, start in enumerate(flow.starts):
        top = flow.heading_top(section)
        assert flow.place(start)[0] == top + flow.heading
        assert flow.section_of(start) == flow.section_at(top) == section
        if flow.heading:
            assert flow.item_at(top) == -1


@given(flows(), st.integers(-6, 6))
def test_steps_keep_to_the_column_and_come_to_an_end(flow: Flow, lines: int) -> None:
    for item in range(flow.count):
        to = flow.step(item, lines)
        assert 0 <= to < flow.count
        top, column = flow.place(item)
        there, other = flow.place(to)
        assert other <= column
        assert there >= top if lines >= 0 else there <= top
    if flow.count:
        assert flow.place(flow.step(0, 100))[0] == flow.place(flow.count - 1)[0]
        assert flow.place(flow.step(flow.count - 1, -100))[0] == flow.place(0)[0]
