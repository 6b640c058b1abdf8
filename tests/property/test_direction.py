"""The next view in a direction: one that lies there, straight ahead first, and the way back leads back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shell.direction import WAYS, Box, nearest

SIDES = st.integers(0, 200)
BOXES = st.builds(lambda x, y, w, h: Box(x, y, x + w + 1, y + h + 1), SIDES, SIDES, SIDES, SIDES)


@given(BOXES, st.lists(BOXES, max_size=8), st.sampled_from(sorted(WAYS)))
def test_what_is_found_lies_that_way(here: Box, others: list[Box], way: str) -> None:
    at = nearest(here, others, way)
    if at < 0:
        return
    axis, step = WAYS[way]
    found = others[at]
    assert found[axis + 2] > here[axis + 2] if step > 0 else found[axis] < here[axis]


@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_in_a_table_of_views_every_step_leads_to_the_neighbour(columns: int, rows: int, data: st.DataObject) -> None:
    places = [(x, y) for x in range(columns) for y in range(rows)]
    boxes = [Box(x * 100, y * 60, x * 100 + 96, y * 60 + 56) for x, y in places]
    x, y = data.draw(st.sampled_from(places))
    for way, (axis, step) in WAYS.items():
        wanted = (x + step, y) if axis == 0 else (x, y + step)
        others = [box for box, place in zip(boxes, places, strict=True) if place != (x, y)]
        at = nearest(boxes[places.index((x, y))], others, way)
        assert (others[at] if at >= 0 else None) == (boxes[places.index(wanted)] if wanted in places else None)


def test_straight_ahead_goes_before_near_and_aside() -> None:
    here, ahead, aside = Box(0, 0, 100, 100), Box(300, 20, 400, 80), Box(110, 150, 200, 200)
    assert nearest(here, [aside, ahead], "right") == 1
    assert nearest(here, [aside], "right") == 0
    assert nearest(here, [ahead, aside], "down") == 1
    assert nearest(here, [ahead, aside], "up") == -1
