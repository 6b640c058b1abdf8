"""The rows that a reference may lead to, by label and by key: for values that come as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from kernel.tables.error import TableError
from kernel.tables.query import Query
from kernel.tables.schema import Reference, Schema
from kernel.words import mark, say

#: Rows read at once, and rows that are held at most.
PAGE, MOST = 5000, 500_000
#: So many different texts are looked for one by one in a table of more than ``FEW_ROWS`` rows.
FEW_TEXTS, FEW_ROWS = 100, 20_000


class Candidates(NamedTuple):
    """The rows that a text may mean in a reference of several columns: the row's other values decide.

    Attributes:
        title: What to call the column in messages.
        text: What was given.
        via: The columns of the reference.
        keys: What these hold for each row.
        is_own: Whether the text is the last column's value alone, so that the others stay as they are.
    """

    title: str
    text: str
    via: tuple[str, ...]
    keys: list[tuple[Any, ...]]
    is_own: bool

    def chosen(self, present: Mapping[str, Any], fixed: Iterable[str]) -> dict[str, Any]:
        """Column → value of the one row that fits.

        Args:
            present: What the columns hold.
            fixed: Those that stay as they are.

        Raises:
            ValueError: none fits, or several do.
        """
        kept = set(self.via[:-1]) if self.is_own else set(fixed)
        rows = [dict(zip(self.via, key, strict=True)) for key in self.keys]
        found = [row for row in rows if all(row[name] == present[name] for name in self.via if name in kept)]
        # Of several with the same name the one beside which the row stands already is meant.
        near = [row for row in found if all(row[name] == present[name] for name in self.via[:-1])]
        if len(found) == 1 or len(near) == 1:
            return (found if len(found) == 1 else near)[0]
        if found:
            raise ValueError(f"{self.title}: several rows are called “{self.text}”; choose one in the cell")
        raise ValueError(f"{self.title}: there is no row “{self.text[:80]}”{' that fits here' if rows else ''}")


class LookupMap:
    """Answers the key for a text; for threads that may wait.

    Args:
        table: The referenced table.
        reference: The reference.
        title: What to call the column in messages.
    """

    def __init__(self, table: Any, reference: Reference, title: str) -> None:
        self._table, self._title, self._reference = table, title, reference
        self._columns = reference.columns
        self._labels: dict[str, list[Any]] = {}
        self._keys: dict[str, list[Any]] = {}

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
            raise TableError(
                say("{title}: too many different rows to look up at once", title=self._title),
                hint=say("paste fewer rows"),
            )
        columns = tuple(dict.fromkeys((*self._columns, *schema.label)))
        for start in range(0, count, PAGE):
            report()
            self._keep(schema, self._table.fetch(Query(columns=columns), start, start + PAGE))

    def _search(self, schema: Schema, text: str) -> None:
        from widgets.editor.lookup import label_query

        self._keep(schema, self._table.fetch(label_query(schema, text, self._columns), 0, PAGE))

    def _keep(self, schema: Schema, block: Any) -> None:
        from widgets.editor.lookup import label_text

        for index in range(len(block)):
            row = block.row(index)
            whole = tuple(row[name] for name in self._columns)
            key = whole if len(whole) > 1 else whole[0]
            keys = self._keys.setdefault(str(whole[-1]), [])
            if key not in keys:
                keys.append(key)
            found = self._labels.setdefault(label_text(schema, row).lower(), [])
            if key not in found:
                found.append(key)

    def find(self, text: str) -> Any:
        """The key of the row with that label, else with that key; of a reference of several columns its candidates.

        Raises:
            ValueError: there is none, or there are several.
        """
        plain = text.strip()
        found, keys = self._labels.get(plain.lower(), []), self._keys.get(plain, [])
        if len(self._columns) > 1:
            return Candidates(self._title, plain, self._reference.via, found or keys, not found and bool(keys))
        if len(found) == 1:
            return found[0]
        if keys:
            return keys[0]
        if found:
            text = mark("{title}: several rows are called “{value}”; give the key")
        else:
            text = mark("{title}: there is no row “{value}”")
        raise ValueError(say(text, title=self._title, value=plain[:80]))
