"""Commands for rows that are named by their table and key: to go to one, read it and write it from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.error import EspalierError
from kernel.tables.change import Key, Update
from kernel.tables.query import Query
from kernel.tables.schema import title_of
from kernel.words import say
from shell.action.table import Column as ColumnName
from shell.action.table import Table as TableName
from shell.action.table import column_of, list_of, schema_of
from shell.command import Later, Rest
from widgets.grid.notice import sentence

if TYPE_CHECKING:
    from kernel.tables.schema import Column


def select(window: Any, table: TableName, key: Rest) -> None:
    """Go to the row of a table's list that has a key; the parts of a key of several columns stand side by side."""
    view = list_of(window, table)
    view.go_to(_key_of(schema_of(view), key))


def go(window: Any, table: TableName, number: int) -> None:
    """Go to a row of a table's list by its place, from 1; -1 is the last one."""
    view = list_of(window, table)
    total = view.rows.cache.count or 0
    place = number - 1 if number > 0 else total + number
    if not 0 <= place < total:
        raise EspalierError(say("there is no row {number}", number=number), hint=say("there are {total}", total=total))
    view.go(place)


def read(window: Any, table: TableName, column: ColumnName = "") -> Later:
    """Answers the current row of a table's list: a value, or all of them, a line for each column."""
    view = list_of(window, table)
    schema, later = schema_of(view), Later()
    _current(view)
    columns = (column_of(view, column),) if column else tuple(one.name for one in schema.columns)

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            later.fail(answer)
        elif not len(answer):
            later.fail(EspalierError(say("the row is not there any more")))
        elif column:
            later.tell(_text(answer.columns[columns[0]][0]))
        else:
            later.tell("\n".join(f"{name}\t{_text(answer.columns[name][0])}" for name in columns))

    query = Query(keys=(view.current_key,), columns=columns)
    view.handle.call(lambda opened: opened.fetch(query, 0, 1), take)  # of the table itself, not what is remembered
    return later


def set_value(window: Any, table: TableName, column: ColumnName, value: Rest) -> None:
    """Write a value into the current row of a table's list, as text as one types it; nothing at all empties it."""
    from kernel.tables.clip_text import ClipCell
    from widgets.grid.cell_read import CellReader

    view = list_of(window, table)
    schema, path = schema_of(view), column_of(view, column)
    found = schema.column(path)
    if found is None or found.is_generated or found.read_only_reason:
        reason = found.read_only_reason if found is not None else ""
        raise EspalierError(reason or say("{column} cannot be written here", column=column))
    if reason := view.why_not("edit"):
        raise EspalierError(reason)
    label = found.label or title_of(found.name)
    try:
        new = CellReader(_Written(found, label), True, None).read(ClipCell(value), None, None)
    except ValueError as error:
        raise EspalierError(str(error)) from error
    block, index = _current(view)
    change = Update(view.current_key, block.versions[index], {found.name: new})
    view.handle.commit([change], lambda answer: _tell(window, answer), say("Edit {text}", text=label))


class _Written(NamedTuple):
    """What :class:`widgets.grid.cell_read.CellReader` asks of a column, also of one that no list shows."""

    column: Column
    label: str


def _tell(window: Any, answer: Any) -> None:
    if isinstance(answer, Exception):
        window.messages.report("error", say("Nothing was written"), sentence(answer))


def _current(view: Any) -> tuple[Any, int]:
    """The block and place in it of the current row.

    Raises:
        EspalierError: there is none.
    """
    row = view.rows.cache.row_of(view.current_key) if view.current_key is not None else None
    found = view.rows.cache.find(row) if row is not None else None
    if found is None:
        raise EspalierError(say("there is no current row"), hint=say("choose a row first"))
    page, index = found
    return page.block, index


def _key_of(schema: Any, text: str) -> Key:
    """The key that a text means."""
    from shell.line.words import closed_words

    names = schema.key
    words = [text] if len(names) == 1 else [word.text for word in closed_words(text)]
    if len(words) != len(names):
        raise EspalierError(say("a key of it is {names}", names=", ".join(names)))
    return tuple(_part(schema.column(name), word) for name, word in zip(names, words, strict=True))


def _part(column: Any, text: str) -> Any:
    if column is not None and column.type in ("integer", "reference") and text.lstrip("-").isdigit():
        return int(text)
    return text


def _text(value: Any) -> str:
    return "" if value is None else str(value)
