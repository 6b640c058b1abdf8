"""The sections of items: their values and counts, asked for as groups of the rows that are shown."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.tables.query import Aggregate, Sort
from layouts.node import Formula
from widgets.filter import is_column
from widgets.text import text_of

if TYPE_CHECKING:
    from widgets.items.view import ItemView

#: With more sections than this none have headings: they would be nearly as many as the rows.
MOST = 20_000
#: What the section's expression is called in queries, and the count of its rows.
_NAME, _COUNT = "row_section", "row_count"


class Sections:
    """One view's sections.

    Attributes:
        texts: What their headings say.
        starts: The first row of each.
    """

    def __init__(self, view: ItemView) -> None:
        self._view = view
        formula = view.node.get("section")
        self._text = formula.text.strip() if isinstance(formula, Formula) else ""
        self.texts: list[str] = []
        self.counts: list[int] = []
        self.starts: list[int] = []
        self._path = ""
        self._cancel: Callable[[], None] = lambda: None

    def take_schema(self) -> None:
        """Put the rows in the order of their sections."""
        view = self._view
        schema = view.handle.schema
        if not self._text or schema is None:
            return
        is_plain = is_column(schema, self._text)
        reference = schema.reference(self._text) if schema.column(self._text) is not None else None
        self._path = self._text if is_plain else _NAME
        if reference is not None and len(reference.via) == 1:
            self._path = f"{reference.name}:label"
        if not is_plain:
            view.rows.computed = {_NAME: self._text}
        own = tuple(key for key in view.wanted_sort() if key.column != self._path)
        view.rows.sort = (Sort(self._path), *(own or view.handle.sort))

    def ask(self) -> None:
        """Ask for the sections of the rows that are shown now."""
        if not self._path:
            return
        self._cancel()
        query = msgspec.structs.replace(
            self._view.rows.query(), columns=None, group=(self._path,),
            aggregates=(Aggregate("count", "", _COUNT),), sort=(Sort(self._path),),
        )  # fmt: skip
        handle, if_there = self._view.handle, self._view.rows.if_there

        def take_count(answer: Any) -> None:
            if isinstance(answer, Exception):
                self._take(answer)
            else:
                self._cancel = handle.fetch(query, 0, MOST + 1, if_there(self._take))

        # Beside the pages, which would wait for the groups of millions of rows.
        self._cancel = handle.prepare(query, lambda _share: None, if_there(take_count))

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._view.condition.take_failure(answer)
            return
        values = answer.columns[self._path]
        if len(values) > MOST:
            values = []
        counts = [int(count) for count in answer.columns[_COUNT]] if values else []
        self.texts, self.counts = [text_of(value) or "—" for value in values], counts
        self.starts = [0, *accumulate(counts)][:-1] if counts else []
        self._view.follow.take_sections()


