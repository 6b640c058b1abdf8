"""Places that were left: back and forward lead through them in their order, and nothing is lost on the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shell.place.trail import LONGEST, Trail


class Person:
    """Goes about places that are numbers; some are gone meanwhile."""

    def __init__(self, gone: set[int]) -> None:
        self.trail: Trail[int] = Trail()
        self.here, self.gone = 0, gone

    def visit(self, place: int) -> None:
        if place != self.here:
            self.trail.leave(self.here)
            self.here = place

    def go(self, place: int) -> bool:
        if place in self.gone:
            return False
        self.here = place
        return True

    def back(self) -> bool:
        return self.trail.back(self.here, self.go)

    def forward(self) -> bool:
        return self.trail.forward(self.here, self.go)


@given(st.lists(st.integers(0, 6), max_size=40))
def test_back_to_the_beginning_and_forward_to_the_end(places: list[int]) -> None:
    person = Person(set())
    for place in places:
        person.visit(place)
    end, seen = person.here, [person.here]
    while person.back():
        seen.append(person.here)
    assert person.here == 0 and all(a != b for a, b in zip(seen, seen[1:], strict=False))
    way = [person.here]
    while person.forward():
        way.append(person.here)
    assert person.here == end and way == seen[::-1]


@given(st.lists(st.integers(1, 6), max_size=20), st.sets(st.integers(1, 6)))
def test_places_that_are_gone_are_passed_over(places: list[int], gone: set[int]) -> None:
    person = Person(gone)
    for place in places:
        person.visit(place)
    while person.back():
        assert person.here not in gone
    assert person.here == 0


def test_going_on_gives_up_what_was_ahead_and_a_trail_has_an_end() -> None:
    person = Person(set())
    for place in (1, 2, 3):
        person.visit(place)
    assert person.back() and person.back() and person.here == 1
    person.visit(9)
    assert not person.forward() and person.here == 9
    assert person.back() and person.here == 1 and person.back() and person.here == 0 and not person.back()
    for place in range(1, 3 * LONGEST):
        person.visit(place)
    assert len(person.trail.behind) == LONGEST
