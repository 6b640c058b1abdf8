"""Rows that a person's own edits took out of order or filter: they stay where they stand until all are read again.

Nothing jumps away from under the hand. While some stay, what is done with rows goes by the keys on screen, since places
in the source are others by now; and no page is read beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.tables.block import Block
from kernel.tables.change import Key
from kernel.tables.query import Query
from kernel.words import say, say_count

if TYPE_CHECKING:
    from widgets.listing.rows import Rows


class Staying:
    """Which rows stay.

    Attributes:
        gone: Keys of those that pass the filter no more.
        moved: Keys of those that stand elsewhere in the order.
        stood: Key → the values of the order that the row has its place by.
    """

    def __init__(self) -> None:
        self.gone: set[Key] = set()
        self.moved: set[Key] = set()
        self.stood: dict[Key, list[Any]] = {}

    def __bool__(self) -> bool:
        return bool(self.gone or self.moved)

    def __contains__(self, key: object) -> bool:
        return key in self.gone or key in self.moved

    def take(self, gone: Iterable[Key], moved: Iterable[Key], passing: Iterable[Key]) -> bool:
        """Note rows that left, that moved, and that pass the filter by now; answers whether anything is new.

        A row that passes and has not moved belongs where it stands, whatever it was before.
        """
        before = self.gone, self.moved
        self.gone = self.gone.difference(passing).union(gone)
        self.moved = self.moved.difference(passing).union(moved) - self.gone
        return before != (self.gone, self.moved)

    def forget(self) -> None:
        """All rows stand where they belong."""
        self.gone, self.moved, self.stood = set(), set(), {}

    def word(self, key: Key | None) -> str:
        """What is said of one row; empty for one that belongs where it is."""
        if key in self.gone:
            return say("no longer passes the filter")
        return say("stands elsewhere in the order") if key in self.moved else ""

    def text(self) -> str:
        """What is said of all of them, a sentence."""
        gone, moved = len(self.gone), len(self.moved)
        parts = []
        if gone:
            parts.append(say_count("{count:,} row no longer passes the filter",
                                   "{count:,} rows no longer pass the filter", gone))  # fmt: skip
        if moved:
            parts.append(
                say_count("{count:,} stands elsewhere in the order", "{count:,} stand elsewhere in the order", moved)
                if gone else say_count("{count:,} row stands elsewhere in the order",
                                       "{count:,} rows stand elsewhere in the order", moved)
            )  # fmt: skip
        stay = say_count("It stays here until you refresh.", "They stay here until you refresh.", gone + moved)
        return f"{', '.join(parts)}. {stay}"


class Standing:
    """A table whose rows are read from where a grid shows them: by their keys, as far as it has them.

    Args:
        table: The table, or what is read by place.
        places: Place → key of the rows on screen and around it.
    """

    def __init__(self, table: Any, places: dict[int, Key]) -> None:
        self._table, self._places = table, places

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """The rows that are shown at these places."""
        keys = [self._places[place] for place in range(start, stop) if place in self._places]
        if len(keys) < stop - start:
            return self._table.fetch(query, start, stop)
        own = msgspec.structs.replace(query, filter="", sort=(), keys=tuple(keys))
        block = self._table.fetch(own, 0, len(keys))
        at = {tuple(key): index for index, key in enumerate(block.keys)}
        order = [at[key] for key in keys if key in at]
        columns = {name: [values[index] for index in order] for name, values in block.columns.items()}
        versions = [block.versions[index] for index in order]
        return Block(start, columns, [block.keys[index] for index in order], versions)


def standing(rows: Rows) -> Callable[[Any], Any]:
    """Table → what the rows on screen are read from by place, as they stand now."""
    from widgets.listing.cache import PAGE

    places = {
        number * PAGE + index: tuple(key)
        for number, page in rows.cache.pages.items()
        for index, key in enumerate(page.block.keys)
    }
    return lambda table: Standing(table, places)


def left_text(rows: int, written: int) -> str:
    """What is said of rows that were written and left the filter without staying, a sentence."""
    if written == 1:
        return say("The row is saved. It passes the filter no longer")
    words = say("row passes") if rows == 1 else say("rows pass")
    return say("{rows:,} of the {value:,} written {words} the filter no longer", rows=rows, value=written, words=words)


def tell_left(rows: Rows, query: Query, keys: tuple[Key, ...]) -> None:
    """Ask how many of the rows that were written pass the filter no more; ``Rows.left`` says it."""
    if not query.filter:
        return
    wanted = msgspec.structs.replace(query, keys=keys, sort=(), columns=())

    def take(answer: Any) -> None:
        if not isinstance(answer, Exception) and answer < len(keys):
            rows.left.emit(len(keys) - answer, len(keys))

    rows.handle.count(wanted, rows.if_there(take))
