"""What a pasted cell means in a column: the column's own editor reads texts the same way."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.check import fit, problem_of
from kernel.tables.clip_text import ClipCell
from kernel.words import say, say_again
from widgets.editor.parse import PARSERS
from widgets.format import column_writer
from widgets.grid.clip_value import clip_cell
from widgets.grid.lookup_map import Candidates, LookupMap

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn

#: Texts of which a reader remembers what they mean.
_REMEMBERED = 20_000
#: Day 0 of the numbers that spreadsheets keep for dates.
_DAY_ZERO = datetime.datetime(1899, 12, 30)
_NUMBERS = {"decimal": Decimal, "real": float, "integer": int}


class Value(NamedTuple):
    """A value to be written as it is.

    Attributes:
        others: Column → what other columns of the reference hold beside it, where it is one of several columns.
    """

    value: Any
    others: tuple[tuple[str, Any], ...] = ()


class Kept:
    """Stands for a cell that stays as it is."""


KEPT = Kept()


class CellReader:
    """Reads the cells of one column.

    Args:
        column: The column.
        is_open: Whether it can be edited here.
        lookup: The rows of its reference, when it has one.
    """

    def __init__(self, column: GridColumn, is_open: bool, lookup: LookupMap | None) -> None:
        self.column, self._is_open, self._lookup = column, is_open, lookup
        self._known: dict[ClipCell, Any] = {}

    def read(self, cell: ClipCell | Value, present: Any, shown: Any) -> Any:
        """The value that is meant, or :data:`KEPT`; of a reference of several columns the rows that may be meant.

        Args:
            cell: What is to be written.
            present: The value that is stored.
            shown: The value that the cell shows, such as a label.

        Raises:
            ValueError: it cannot stand there; says why in a sentence.
        """
        if not self._is_open:
            return self._keep(cell, present, shown)
        if isinstance(cell, Value):
            return self._checked(cell.value)
        if cell not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[cell] = self._outcome(cell)
        found = self._known[cell]
        if isinstance(found, ValueError):
            raise found
        return found

    def _outcome(self, cell: ClipCell) -> Any:
        try:
            return self._checked(self._parse(cell))
        except ValueError as error:
            return error

    def _keep(self, cell: ClipCell | Value, present: Any, shown: Any) -> Kept:
        """A column that cannot be edited may be pasted over with what it says already."""
        column = self.column
        same = [present] if isinstance(cell, Value) else [clip_cell(column, shown).text, column.write(shown), ""]
        if (cell.value if isinstance(cell, Value) else cell.text) not in same:
            raise ValueError(say("{label} cannot be edited", label=column.label))
        return KEPT

    def _checked(self, value: Any) -> Any:
        if isinstance(value, Candidates):
            return value
        column = self.column.column
        assert column is not None
        if value is None and column.is_required:
            raise ValueError(say("{label} is required", label=self.column.label))
        if problem := problem_of(column, value):
            raise ValueError(say_again(problem))
        return fit(column, value)

    def _parse(self, cell: ClipCell) -> Any:
        column, label = self.column.column, self.column.label
        assert column is not None
        text = cell.text
        if column.type in ("text", "longtext") and self._lookup is None and not column.choices:
            return text if text or column.is_required else None
        if not text.strip():
            return None
        if self._lookup is not None:
            return self._lookup.find(text)
        if column.choices:
            return self._choice(text)
        if column.type == "blob":
            raise ValueError(say("{label} holds files, which cannot be pasted as text", label=label))
        return self._typed(column.type, cell)

    def _choice(self, text: str) -> Any:
        column = self.column.column
        assert column is not None
        write, plain = column_writer(column), text.strip().lower()
        for value in column.choices:
            if plain in (write(value).lower(), str(value).lower()):
                return value
        raise ValueError(
            say("{label} must be one of {text}", label=self.column.label, text=", ".join(map(write, column.choices)))
        )

    def _typed(self, kind: str, cell: ClipCell) -> Any:
        if cell.number and kind in _NUMBERS:
            exact = Decimal(cell.number)
            if kind != "integer" or exact == exact.to_integral_value():
                return _NUMBERS[kind](exact)
        try:
            return PARSERS[kind](cell.text.strip(), self.column.label)
        except ValueError:
            if not cell.number or kind not in ("date", "datetime"):
                raise
            try:
                moment = _DAY_ZERO + datetime.timedelta(days=float(cell.number))
            except OverflowError:
                raise ValueError(say("{label} must be a date", label=self.column.label)) from None
            return moment.date() if kind == "date" else moment.replace(microsecond=0)
