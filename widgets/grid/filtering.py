"""What rows a grid shows: the layout's filter with the search, and over it the person's filters of columns and the
expression line, joined by ``and``. One part that is wrong changes nothing; the last good filter stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from kernel.error import EspalierError
from kernel.expression import parse
from kernel.expression.parser import MAX_LENGTH
from kernel.words import say

if TYPE_CHECKING:
    from widgets.grid.column import GridColumn
    from widgets.grid.grid import Grid

#: Whose part it is: (``row`` | ``values`` | ``expression``, column id or empty).
Owner = tuple[str, str]


class Part(NamedTuple):
    """One filter: expression text, and the values of its outer names."""

    text: str
    parameters: dict[str, Any] = {}


class Filters(QObject):
    """The filters of one grid; ``changed`` after the person's own parts became others."""

    changed = Signal()

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._base = Part("")
        self.parts: dict[Owner, Part] = {}

    def set_base(self, text: str, parameters: dict[str, Any]) -> None:
        """Take the layout's filter; shows other rows."""
        self._base = Part(text, parameters)
        self._apply()

    def set_part(self, owner: Owner, text: str, parameters: dict[str, Any] | None = None) -> None:
        """Take, replace or (by an empty text) drop one part; shows other rows.

        Raises:
            EspalierError: it is no filter together with the others; nothing has changed.
        """
        part = Part(text, dict(parameters or {}))
        if part == self.parts.get(owner, Part("")):
            return
        parts = {name: one for name, one in self.parts.items() if name != owner}
        if text:
            parts[owner] = part
            whole = self.joined([self._base, *parts.values()])
            if len(whole.text) > MAX_LENGTH - 200:
                raise EspalierError(say("all filters together are too long"), hint=say("clear one of them"))
            parse(whole.text)
        self.parts = parts
        self._apply()
        self.changed.emit()

    def clear(self) -> None:
        """Drop every part of the person's."""
        if self.parts:
            self.parts = {}
            self._apply()
            self.changed.emit()

    def is_filtered(self, column: GridColumn) -> bool:
        """Whether a part belongs to the column."""
        return any(owner[1] == column.id and column.id for owner in self.parts)

    def without(self, *owners: Owner) -> Part:
        """All parts but some, joined: what a list of values is counted under."""
        return self.joined([self._base, *(part for owner, part in self.parts.items() if owner not in owners)])

    @staticmethod
    def joined(parts: list[Part]) -> Part:
        """One part that lets through what all of them do."""
        texts = [part.text for part in parts if part.text]
        text = " and ".join(f"({one})" for one in texts) if len(texts) > 1 else "".join(texts)
        return Part(text, {name: value for part in parts for name, value in part.parameters.items()})

    def _apply(self) -> None:
        self._grid.rows.set_filter(*self.without())
