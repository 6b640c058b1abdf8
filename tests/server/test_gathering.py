"""Many changes as few events, in their order and with nothing lost."""

from __future__ import annotations

import random
from collections.abc import Callable

from kernel.tables.change import Key, TableChange
from server.gathering import AT_ONCE, MOST_KEYS, Gathered, Sum


class Bench:
    """A channel whose clock is turned by hand."""

    def __init__(self) -> None:
        self.events: list[TableChange | None] = []
        self.later: list[Callable[[], None]] = []
        self.gathered = Gathered(self.events.append, lambda seconds, callback: self.later.append(callback))

    def turn(self) -> None:
        """The moment is over."""
        self.later.pop(0)()


def updated(*keys: int) -> TableChange:
    return TableChange("t", updated=tuple((key,) for key in keys))


def test_the_first_go_at_once_and_the_rest_together() -> None:
    bench = Bench()
    for number in range(AT_ONCE + 50):
        bench.gathered.add(updated(number))
    assert bench.events == [updated(number) for number in range(AT_ONCE)] and len(bench.later) == 1
    bench.turn()
    assert bench.events[AT_ONCE:] == [updated(*range(AT_ONCE, AT_ONCE + 50))]
    bench.gathered.add(updated(7))
    assert len(bench.events) == AT_ONCE + 1, "a burst goes on"
    bench.turn()
    bench.turn()
    assert bench.events[-1] == updated(7) and not bench.later
    bench.gathered.add(updated(8))
    assert bench.events[-1] == updated(8), "after silence the next goes at once"


def test_fetch_again_overtakes_what_waits() -> None:
    bench = Bench()
    for number in range(AT_ONCE + 2):
        bench.gathered.add(updated(number))
    bench.gathered.add(None)
    bench.turn()
    assert bench.events[AT_ONCE:] == [None]


def test_a_sum_is_what_one_sees_who_looked_before_and_looks_after() -> None:
    chance = random.Random(5)
    for _ in range(300):
        rows = {(key,) for key in range(4)}
        before, whole, touched = set(rows), Sum("t"), set[Key]()
        for _ in range(chance.randrange(1, 9)):
            key = (chance.randrange(8),)
            touched.add(key)
            if key not in rows:
                rows.add(key)
                whole.add(TableChange("t", inserted=(key,)))
            elif chance.random() < 0.5:
                rows.discard(key)
                whole.add(TableChange("t", deleted=(key,)))
            else:
                whole.add(TableChange("t", updated=(key,)))
        change = whole.change() or TableChange("t")
        assert set(change.inserted) == rows - before and set(change.deleted) == before - rows
        assert set(change.updated) <= rows & before
        assert touched & rows & before >= set(change.updated)


def test_too_many_keys_are_everything() -> None:
    whole = Sum("t")
    whole.add(updated(*range(MOST_KEYS)))
    assert not whole.change().is_everything  # type: ignore[union-attr]
    whole.add(updated(MOST_KEYS))
    assert whole.change() == TableChange("t", is_everything=True)
