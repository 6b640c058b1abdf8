"""A cell's value as the clipboard holds it: so that spreadsheets read numbers as numbers and dates as dates."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kernel.tables.clip_text import ClipCell
from widgets.format import writer

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn


def clip_cell(column: GridColumn, value: Any) -> ClipCell:
    """The value that the column shows, as a cell.

    Numbers have the locale's point and no separators, dates and times are in ISO order, which spreadsheets read in
    every language, switches are TRUE and FALSE; a reference is its label.
    """
    if value is None:
        return ClipCell("")
    if isinstance(value, bool):
        return ClipCell("TRUE" if value else "FALSE")
    if isinstance(value, int | float | Decimal):
        text = writer("decimal")(value)
        return ClipCell(text, str(value) if math.isfinite(value) else "")
    if isinstance(value, datetime.datetime):
        return ClipCell(value.isoformat(sep=" "))
    if isinstance(value, datetime.date | datetime.time):
        return ClipCell(value.isoformat())
    return ClipCell(value if isinstance(value, str) else column.write(value))
