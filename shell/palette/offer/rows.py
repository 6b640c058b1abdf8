"""Rows of the app's tables by what is typed, within a time: each word in one of the texts, or a number as the key."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from kernel.tables.error import InterruptedCallError, TableError
from kernel.tables.interrupt import Interrupt, current, interruptible
from kernel.tables.query import Query, Sort
from kernel.tables.schema import Schema, title_of
from kernel.words import say, say_again
from plugins.palette import PaletteAsked as Asked
from plugins.palette import PaletteItem as Item
from plugins.palette import PalettePreview as Preview
from shell.palette.offer.tables import table_names
from shell.palette.place import show_row, tables_of

if TYPE_CHECKING:
    from shell.app import OpenedApp
    from shell.window import Window

#: Seconds for all tables together, and for one of them; rows of one; columns of texts that are looked through.
BUDGET_S, _ONE_S, _ROWS, _COLUMNS = 2.0, 0.5, 8, 12
#: The state's name of the rows that were gone to, and how many.
_RECENT, _MOST_KEPT = "palette.rows", 20
#: How many tables that cannot be read are named.
_FAILED = 3


def begin(window: Window):
    """What looks rows up, on a thread: tables that the layout declares first, then all others."""
    app, declared = window.app, list(tables_of(window))

    def gather(asked: Asked) -> Iterator[Item]:
        until = time.monotonic() + BUDGET_S
        late: list[str] = []
        failed: list[Item] = []
        for source, table in _ordered(app, declared):
            asked.check()
            left = min(until - time.monotonic(), _ONE_S)
            try:
                if left <= 0:
                    raise InterruptedCallError("the time is over")
                with _within(left):
                    found = list(rows_of(app, source, table, asked.text))
            except InterruptedCallError:
                asked.check()
                late.append(title_of(table))
                continue
            except TableError as error:
                failed.append(Item(f"rows failed {source}/{table}", title_of(table), lambda: None, "", "warning",
                                   reason=say_again(error.message)))  # fmt: skip
                continue
            for key, label, detail in found:
                yield _item(window, app, source, table, key, label, detail)
        yield from failed[:_FAILED]
        if late:
            names = ", ".join(late[:3]) + ("…" if len(late) > 3 else "")
            yield Item("rows late", say("Not looked through to the end: {names}", names=names), lambda: None, "",
                       "clock", reason=say("Type more letters, or search in the table itself"))  # fmt: skip

    return gather


def _ordered(app: OpenedApp, first: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from first
    yield from (one for one in table_names(app) if one not in first)


def _item(window: Window, app: OpenedApp, source: str, table: str, key: Any, label: str, detail: str) -> Item:
    name = f"row {source}/{table} {json.dumps(key, default=str)}"
    return Item(
        name, label, partial(_show, window, source, table, key, label), title_of(table), "form", detail=detail,
        preview=partial(_preview, app, source, table, key),
    )  # fmt: skip


def _show(window: Window, source: str, table: str, key: Any, label: str) -> None:
    """Go to a row, and remember it among those of last time."""
    row = [source, table, list(key), label]
    kept = [one for one in _kept(window) if one[:3] != row[:3]]
    with contextlib.suppress(TypeError, ValueError):  # a key that JSON has no word for is not remembered
        json.dumps(row)
        window.state.remember(_RECENT, [row, *kept][:_MOST_KEPT])
    show_row(window, source, table, key)


def recent_rows(window: Window) -> Iterator[Item]:
    """The rows that were gone to from the palette, the last one first."""
    for source, table, key, label in _kept(window):
        yield _item(window, window.app, source, table, tuple(key), label, "")


def _kept(window: Window) -> list[list[Any]]:
    kept = window.state.recall(_RECENT, [])
    rows = kept if isinstance(kept, list) else []
    return [row for row in rows if isinstance(row, list) and len(row) == 4 and isinstance(row[2], list)]


def rows_of(app: OpenedApp, source: str, table: str, text: str, most: int = _ROWS) -> Iterator[tuple[Any, str, str]]:
    """Key, label and a quieter text of the rows that fit. Blocks: called on threads.

    Raises:
        TableError: the table cannot be read.
    """
    found = app.source(source).table(table)
    schema = found.schema
    query = row_query(schema, text)
    if query is None:
        return
    block = found.fetch(query, 0, most)
    names = schema.label or schema.key
    words = text.lower().split()
    for place, key in enumerate(block.keys):
        row = block.row(place)
        label = " ".join(str(row[name]) for name in names if row.get(name) not in (None, ""))
        yield key, label or " ".join(map(str, key)), _where_found(row, names, words)


def _where_found(row: dict[str, Any], names: tuple[str, ...], words: list[str]) -> str:
    """The values beside the label in which a word stands; without words the first ones."""
    others = [str(value) for name, value in row.items() if name not in names and value is not None]
    hits = [text for text in others if not words or any(word in text.lower() for word in words)]
    return " · ".join(one if len(one) <= 60 else f"{one[:57]}…" for one in hits[:2])


def row_query(schema: Schema, text: str) -> Query | None:
    """Rows in whose texts each word stands, or whose key it is; without words the first ones, None when none can be."""
    from widgets.editor.lookup import column_text

    texts = list(dict.fromkeys([
        *(name for name in schema.label if _is_text(schema, name)),
        *(one.name for one in schema.columns if one.type == "text"),
    ]))[:_COLUMNS]  # fmt: skip
    parts, parameters = [], {}
    for index, word in enumerate(text.split()):
        tests = [f"{column_text(name)} contains typed.word{index}" for name in texts]
        if texts:
            parameters[f"typed.word{index}"] = word
        for name in schema.key:
            column = schema.column(name)
            if column is not None and column.type == "integer" and word.isdecimal() and len(word) < 19:
                tests.append(f"{column_text(name)} == typed.number{index}")
                parameters[f"typed.number{index}"] = int(word)
        if not tests:
            return None
        parts.append(f"({' or '.join(tests)})")
    order = tuple(Sort(name) for name in schema.label if schema.column(name) is not None)
    columns = tuple(dict.fromkeys([*(name for name in schema.key if schema.column(name)), *schema.label, *texts]))
    return Query(filter=" and ".join(parts), parameters=parameters, sort=order, columns=columns)


def _is_text(schema: Schema, name: str) -> bool:
    column = schema.column(name)
    return column is not None and column.type in ("text", "longtext")


@contextlib.contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Within the block calls of this thread end after some seconds, or when nobody waits any more.

    Raises:
        InterruptedCallError: they did.
    """
    outer, own = current(), Interrupt()
    timer = threading.Timer(seconds, own.set)
    timer.daemon = True
    timer.start()
    try:
        with outer.stopping(own.set) if outer is not None else contextlib.nullcontext(), interruptible(own):
            yield
    finally:
        timer.cancel()


def _preview(app: OpenedApp, source: str, table: str, key: Any) -> Preview:
    found = app.source(source).table(table)
    schema = found.schema
    block = found.fetch(Query(keys=(tuple(key),)), 0, 1)
    if not len(block):
        return Preview(title_of(table), text=say("This row is gone."))
    row = block.row(0)
    fields = tuple(
        (column.label or title_of(column.name), _shown(row.get(column.name))) for column in schema.columns
        if row.get(column.name) not in (None, "")
    )  # fmt: skip
    return Preview(schema.title or title_of(table), fields)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return say("Yes") if value else say("No")
    if isinstance(value, bytes):
        return say("{count} bytes", count=len(value))
    text = str(value)
    return text if len(text) <= 400 else f"{text[:397]}…"
