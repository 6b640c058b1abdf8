"""The rows that a reference may lead to, by label and by key: for values that come as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kernel.tables.error import TableError
from kernel.tables.query import Query
from kernel.tables.schema import Reference, Schema

#: Rows read at once, and rows that are held at most.
PAGE, MOST = 5000, 500_000
#: So many different texts are looked for one by one in a table of more than ``FEW_ROWS`` rows.
FEW_TEXTS, FEW_ROWS = 100, 20_000


class LookupMap:
    """Answers the key for a text; for threads that may wait.

    Args:
        table: The referenced table.
        reference: The reference, of one column.
        title: What to call the column in messages.
    """

    def __init__(self, table: Any, reference: Reference, title: str) -> None:
        self._table, self._title = table, title
        self._column = reference.columns[0]
        self._labels: dict[str, list[Any]] = {}
        self._keys: dict[str, Any] = {}

    def prepare(self, texts: Iterable[str], report: Callable[[], None]) -> None:
        """Read what the texts may mean.

        Raises:
            TableError: the table cannot be read, or is too large for so many texts.
        """
        wanted = {text.strip() for text in texts} - {""}
        if not wanted:
            return
        count = self._table.count(Query())
        schema = self._table.schema
        if count > FEW_ROWS and len(wanted) <= FEW_TEXTS:
            for text in sorted(wanted):
                report()
                self._search(schema, text)
            return
        if count > MOST:
            raise TableError(f"{self._title}: too many different rows to look up at once", hint="paste fewer rows")
        columns = tuple(dict.fromkeys((self._column, *schema.label)))
        for start in range(0, count, PAGE):
            report()
            self._keep(schema, self._table.fetch(Query(columns=columns), start, start + PAGE))

    def _search(self, schema: Schema, text: str) -> None:
        from widgets.editor.lookup import label_query

        self._keep(schema, self._table.fetch(label_query(schema, text, (self._column,)), 0, PAGE))

    def _keep(self, schema: Schema, block: Any) -> None:
        from widgets.editor.lookup import label_text

        for index in range(len(block)):
            row = block.row(index)
            key = row[self._column]
            self._keys[str(key)] = key
            found = self._labels.setdefault(label_text(schema, row).lower(), [])
            if key not in found:
                found.append(key)

    def find(self, text: str) -> Any:
        """The key of the row with that label, else with that key.

        Raises:
            ValueError: there is none, or there are several.
        """
        plain = text.strip()
        found = self._labels.get(plain.lower(), [])
        if len(found) == 1:
            return found[0]
        if plain in self._keys:
            return self._keys[plain]
        if found:
            raise ValueError(f"{self._title}: several rows are called “{plain}”; give the key")
        raise ValueError(f"{self._title}: there is no row “{plain[:80]}”")
