"""For commands of plugins that edit tables of the page: which table is meant, and what is said of what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.tables.query import Query
from kernel.words import say

if TYPE_CHECKING:
    from kernel.tables.change import Change
    from plugins.workplace import Workplace
    from widgets.handle import TableHandle

#: Rows that are looked through for those that are meant: tables of devices and the like.
MOST_ROWS = 10_000

Row = dict[str, Any]


def page_table(place: Workplace, name: str, column: str = "") -> TableHandle:
    """The page's table that its source calls so, also where the layout calls it otherwise.

    Args:
        place: The window.
        name: The source's name for it.
        column: One that it has, where other sources have a table of that name too.

    Raises:
        EspalierError: the page has none.
    """
    for handle in place.tables.values():
        schema = handle.schema
        if schema is None or schema.name != name:
            continue
        if not column or column in {one.name for one in schema.columns}:
            return handle
    raise EspalierError(say("this page has no table {name}", name=name),
                        hint=say('the layout declares it: table {name} source="{name}"', name=name))


def edit_table(
    place: Workplace, handle: TableHandle, changes: Sequence[Change], title: str, said: Callable[[Any], str]
) -> None:
    """Write changes, and tell what ``said`` makes of the answer, or why they are refused."""

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            place.message("error", str(answer))
        elif text := said(answer):
            place.message("success", text)

    handle.commit(list(changes), take, title)


def edit_rows(
    place: Workplace,
    handle: TableHandle,
    change: Callable[[tuple[Any, ...], Row], Change | None],
    title: str,
    said: str = "",
    nothing: str = "",
) -> None:
    """Write the changes that ``change`` makes of (key, row), None for a row that stays.

    Args:
        place: The window.
        handle: The table.
        change: Asked for each row, in their order.
        title: What the edit is called.
        said: What is told when it is done; empty for nothing.
        nothing: What is told when no row is changed; empty for nothing.
    """

    asked: list[Any] = []

    def take(answer: Any) -> None:
        if asked:
            return  # a table that remembers answers twice
        asked.append(answer)
        if isinstance(answer, Exception):
            place.message("error", str(answer))
            return
        rows = [dict(zip(answer.columns, values, strict=True)) for values in zip(*answer.columns.values(), strict=True)]
        made = [change(tuple(key), row) for key, row in zip(answer.keys, rows, strict=True)]
        changes = [one for one in made if one is not None]
        if changes:
            edit_table(place, handle, changes, title, lambda _answer: said)
        elif nothing:
            place.message("info", nothing)

    handle.fetch(Query(), 0, MOST_ROWS, take)
