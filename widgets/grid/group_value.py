"""Values of groups as words, and as plain data to be remembered."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kernel.tables.outline.row import Path
from kernel.words import mark, say
from widgets.grid.shown_text import LONGEST, shown_text

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn

EMPTY = mark("(empty)")
#: Type name in what is remembered → how it is read back.
_READ = {
    "decimal": Decimal, "date": datetime.date.fromisoformat, "datetime": datetime.datetime.fromisoformat,
    "time": datetime.time.fromisoformat,
}  # fmt: skip


def value_words(value: Any, column: GridColumn | None) -> str:
    """A group's value as its line says it; years and other formulas as bare numbers."""
    if value is None or value == "":
        return say(EMPTY)
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, str):
        has_words = column is not None and column.column is not None and column.column.words
        return shown_text(column.write(value) if column is not None and has_words else value[:LONGEST])
    if column is not None and column.labelled is None:
        return column.write(value)
    if isinstance(value, datetime.date | datetime.time | float):
        from widgets.grid.column import _any_writer

        return _any_writer("")(value)
    return str(value)


def write_path(path: Path) -> list[Any] | None:
    """Plain data; None where a value cannot be written so."""
    written: list[Any] = []
    for value in path:
        if value is None or isinstance(value, bool | int | float | str):
            written.append(value)
        elif isinstance(value, Decimal):
            written.append({"decimal": str(value)})
        elif isinstance(value, datetime.date | datetime.time):
            written.append({type(value).__name__: value.isoformat()})
        else:
            return None
    return written


def read_path(written: Any) -> Path | None:
    """What was written; None for what cannot be read."""
    try:
        return tuple(_read(value) for value in written)
    except (TypeError, ValueError, KeyError, ArithmeticError):
        return None


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(name, text)] = value.items()
    return _READ[name](text)
