"""What may be written in an expression of a layout: columns, names of the window, functions, operators, values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kernel.expression.completion import complete
from kernel.expression.function import AGGREGATES
from kernel.tables.schema import Schema
from layouts.language_server.analysis import Analysis
from layouts.language_server.documentation import column_text, symbol_text
from layouts.language_server.item import Item, as_value
from layouts.language_server.symbol import Symbol
from layouts.reference import APP_NAMES, WINDOW_NAMES

#: Kind of widget → what expressions ask of it; a view of rows has those of grid.
MEMBERS: dict[str, tuple[str, ...]] = {
    "search": ("text",),
    "grid": ("current", "selection.count", "count"),
    "input": ("value",),
}
_EMPTY = Schema("", ())
_VIEWS = ("grid", "tree", "list", "cards", "pivot", "calendar", "board", "timeline", "map", "record")


class ExpressionCompletion:
    """Offers within one expression.

    Args:
        analyses: What the layout names, the one that counts most last.
        component: The component whose body it is in, or empty.
        table: Whose columns the expression knows; empty for none.
        rows: Rows of repeats around: name → table.
    """

    def __init__(self, analyses: Sequence[Analysis], component: str, table: str, rows: Mapping[str, str]) -> None:
        self._analyses = analyses
        self._component = component
        self._table = table
        self._rows = rows

    def items(self, text: str, start: int, quote: str) -> list[Item]:
        """The offers at the end of ``text``.

        Args:
            text: The expression up to the cursor.
            start: Where it begins in the file.
            quote: The quote that it stands in; without one an offer must be a plain word.
        """
        source, schema = self._schema(self._table)
        lookup = self._analyses[-1].tables.lookup(source)
        found = complete(text, len(text), _EMPTY, lookup)
        column = schema.column(found.value_of) if schema and found.value_of else None
        if column is not None:
            found = complete(text, len(text), Schema("", (column,)), lookup)
        partial = found.partial
        at = start + found.start
        items = [
            Item(one.text, one.kind, _inside(one.text, quote), at, one.doc)
            for one in found.items
            if one.kind != "column" and (quote or one.kind not in ("operator", "function", "value"))
        ]
        if text[found.start :][:1] in ("'", '"') or any(one.kind == "operator" for one in found.items):
            return items
        head, dot, rest = partial.partition(".")
        if not dot:
            return [*self._heads(at, quote), *self._columns(source, at, quote), *items]
        behind = at + len(partial) - len(rest.rpartition(".")[2])
        return [*self._behind(head, rest.rpartition(".")[0], behind), *self._steps(source, partial, at)]

    def _schema(self, table: str) -> tuple[str, Schema | None]:
        for analysis in reversed(self._analyses):
            source = analysis.tables.source(table, self._component)
            if source:
                return source, analysis.tables.schemas.get(source)
        return "", None

    def _heads(self, at: int, quote: str) -> list[Item]:
        """Names that may begin a path: widgets, tables, params, rows."""
        found = {symbol.name: symbol for symbol in self._symbols()}
        items = [
            Item(name, symbol.role, as_value(name, quote), at, symbol.node.name, symbol_text(symbol))
            for name, symbol in found.items()
            if name.isidentifier()
        ]
        items += [Item(name, "row", name, at, f"a row of {table}") for name, table in self._rows.items()]
        words = dict.fromkeys(name.partition(".")[0] for name in APP_NAMES)
        return [*items, *(Item(word, "word", word, at) for word in words)]

    def _symbols(self) -> Iterator[Symbol]:
        for analysis in self._analyses:
            yield from analysis.names.tables.values()
            yield from analysis.names.ids.values()
            component = analysis.names.components.get(self._component)
            if component is not None:
                yield from component.ids.values()
                yield from component.params.values()

    def _columns(self, source: str, at: int, quote: str) -> list[Item]:
        schema = self._analyses[-1].tables.schemas.get(source)
        if schema is None:
            return []
        columns = [
            Item(one.name, "column", as_value(one.name, quote), at, one.type, column_text(one, source))
            for one in schema.columns
            if one.name.isidentifier()
        ]
        known = {item.label for item in columns}
        return columns + [
            Item(one.name, "reference", as_value(one.name, quote), at, f"a row of {one.table}")
            for one in schema.references
            if one.name not in known
        ]

    def _steps(self, source: str, partial: str, at: int) -> list[Item]:
        """Columns behind references of the expression's own table."""
        *steps, last = partial.split(".")
        for step in steps:
            source = self._analyses[-1].tables.behind(source, step)
        return self._columns(source, at + len(partial) - len(last), ".")

    def _behind(self, head: str, path: str, at: int) -> list[Item]:
        """What may follow ``head.path.``."""
        if head in ("app", "window"):
            said = [*APP_NAMES, *WINDOW_NAMES]
            names = [name.removeprefix(f"{head}.") for name in said if name.startswith(f"{head}.")]
            return [Item(name, "member", name, at) for name in names]
        if head in self._rows:
            return self._of_table(self._rows[head], path, at)
        symbol = next((one for one in reversed(list(self._symbols())) if one.name == head), None)
        if symbol is None:
            return []
        if path.partition(".")[0] == "current":
            return self._of_table(symbol.table, path.partition(".")[2], at)
        if path:
            return []
        if symbol.role == "table":
            return [Item(one, "function", f"{one}(" if one != "count" else one, at) for one in AGGREGATES]
        kind = symbol.node.name
        names = MEMBERS["grid"] if kind in _VIEWS else MEMBERS.get(kind, ("value", "text"))
        return [Item(name, "member", name, at, kind) for name in names]

    def _of_table(self, table: str, path: str, at: int) -> list[Item]:
        source, _ = self._schema(table)
        for step in path.split(".") if path else ():
            source = self._analyses[-1].tables.behind(source, step)
        return self._columns(source, at, ".")


def _inside(text: str, quote: str) -> str:
    """A value of an expression as it stands within a layout's text, which has double quotes as a rule."""
    is_text = text[:1] == '"' and quote == '"'
    return "'" + text[1:-1].replace("'", "\\\\'") + "'" if is_text else text
