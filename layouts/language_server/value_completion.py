"""What may be written as a property's value, one function for each type of property."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kernel.tables.schema import Schema
from layouts.kinds.kind import Property
from layouts.language_server.analysis import Analysis
from layouts.language_server.app import Snapshot
from layouts.language_server.documentation import column_text, command_text, symbol_text
from layouts.language_server.expression_completion import ExpressionCompletion
from layouts.language_server.item import Item, as_value
from layouts.language_server.place import Place
from layouts.language_server.script_name import functions_of, module_name
from layouts.language_server.surroundings import Surroundings
from layouts.language_server.symbol import Names, Symbol
from layouts.reference import icon_names

#: Kinds of offers that name one value.
_BINDABLE = ("id", "row", "param", "member", "column", "reference")
_FIGURES = ("count()", "sum(", "average(", "minimum(", "maximum(")


class ValueCompletion:
    """Offers for one value.

    Args:
        analysis, whole: What the layout names now, and when it last had no syntax problem.
        around: The program.
        now: The app's files.
        place: The cursor.
        component: The component whose body it is in, or empty.
        table: Whose columns are meant there.
        rows: Rows of repeats around: name → table.
    """

    def __init__(
        self,
        analysis: Analysis,
        whole: Analysis,
        around: Surroundings,
        now: Snapshot,
        place: Place,
        component: str,
        table: str,
        rows: Mapping[str, str],
    ) -> None:
        self._analyses = (whole, analysis)
        self._around = around
        self._now = now
        self._place = place
        self._component = component
        self._table = table
        self._rows = rows
        self._readers: dict[str, Callable[[Property], list[Item]]] = {
            "choice": self._choice, "boolean": self._boolean, "table": self._tables, "column": self._columns,
            "command": self._commands, "icon": self._icons, "sort": self._sort, "action": self._action,
            "text": self._text, "row": self._row, "name": self._name, "id": self._name, "source": self._sources,
            "figures": self._figures,
        }  # fmt: skip
        self._readers["binding"] = lambda row: [
            one for one in self._expression(place.partial, place.start) if one.kind in _BINDABLE
        ]
        for type in ("expression", "filter", "integer", "number", "keys"):
            self._readers[type] = lambda row: self._expression(place.partial, place.start)

    def items(self, row: Property) -> list[Item]:
        """The offers for a property."""
        reader = self._classes if row.name == "class" else self._readers.get(row.type)
        if reader is None and row.choices:
            reader = self._choice
        params = [
            self._item(name, "param", symbol_text(symbol))
            for analysis in self._analyses
            for name, symbol in self._params(analysis.names).items()
        ]
        found = [*(reader(row) if reader else ()), *(() if self._place.quote else params)]
        return list({(item.label, item.kind): item for item in found}.values())

    def _params(self, names: Names) -> Mapping[str, Symbol]:
        component = names.components.get(self._component)
        return component.params if component else {}

    def _item(self, text: str, kind: str, doc: str = "", detail: str = "") -> Item:
        return Item(text, kind, as_value(text, self._place.quote), self._place.start, detail, doc)

    def _choice(self, row: Property) -> list[Item]:
        found = [self._item(one, "value") for one in row.choices]
        can_be_expression = row.type == "choice" and self._place.quote
        return found + (self._expression(self._place.partial, self._place.start) if can_be_expression else [])

    def _classes(self, row: Property) -> list[Item]:
        """Words that style rules and widgets have as classes."""
        partial = self._place.partial.rpartition(" ")[2]
        start = self._place.start + len(self._place.partial) - len(partial)
        places = (place for one in self._analyses for place in one.occurrences)
        names = {place.name for place in places if place.role == "class"} - {partial}
        return [Item(name, "value", as_value(name, self._place.quote), start) for name in sorted(names)]

    def _boolean(self, row: Property) -> list[Item]:
        if self._place.quote:
            return self._expression(self._place.partial, self._place.start)
        words = [Item(word, "value", word, self._place.start) for word in ("#true", "#false")]
        return words + self._expression(self._place.partial, self._place.start)

    def _tables(self, row: Property) -> list[Item]:
        return [
            self._item(name, "table", symbol_text(symbol))
            for one in self._analyses
            for name, symbol in one.names.tables.items()
        ]

    def _sources(self, row: Property) -> list[Item]:
        schemas = self._analyses[1].tables.schemas
        return [
            self._item(name, "table", schema.doc, schema.title)
            for name, schema in schemas.items()
            if name.partition("/")[2] not in schemas
        ]

    def _schema(self) -> tuple[str, Schema | None]:
        for analysis in reversed(self._analyses):
            source = analysis.tables.source(self._table, self._component)
            if source:
                return source, analysis.tables.schemas.get(source)
        return "", None

    def _columns(self, row: Property) -> list[Item]:
        """Columns of the table, or behind the references that are typed already."""
        return self._paths(self._place.partial, self._place.start)

    def _paths(self, partial: str, start: int) -> list[Item]:
        source, schema = self._schema()
        steps = partial.split(".")
        for step in steps[:-1]:
            source = self._analyses[1].tables.behind(source, step)
            schema = self._analyses[1].tables.schemas.get(source)
        if schema is None:
            return []
        start += len(partial) - len(steps[-1])
        quote = self._place.quote or ("." if len(steps) > 1 else "")
        items = [
            Item(one.name, "column", as_value(one.name, quote), start, one.type, column_text(one, source))
            for one in schema.columns
        ]
        named = {item.label for item in items}
        return items + [
            Item(one.name, "reference", as_value(one.name, quote), start, f"a row of {one.table}")
            for one in schema.references
            if one.name not in named
        ]

    def _sort(self, row: Property) -> list[Item]:
        partial = self._place.partial
        key = partial.rpartition(",")[2]
        bare = key.lstrip(" -")
        return self._paths(bare, self._place.start + len(partial) - len(bare))

    def _figures(self, row: Property) -> list[Item]:
        partial = self._place.partial
        if "(" in partial.rpartition(",")[2]:
            inner = partial.rpartition("(")[2]
            return self._expression(inner, self._place.start + len(partial) - len(inner))
        word = partial.rpartition(",")[2].lstrip()
        start = self._place.start + len(partial) - len(word)
        quote = self._place.quote
        return [Item(one, "function", one if quote else f'"{one}', start) for one in _FIGURES]

    def _commands(self, row: Property) -> list[Item]:
        return [*self._declared_commands(), *self._known_commands()]

    def _declared_commands(self) -> list[Item]:
        return [
            self._item(name, "command", symbol_text(symbol), "command of the app")
            for one in self._analyses
            for name, symbol in one.names.commands.items()
        ]

    def _known_commands(self) -> list[Item]:
        around = self._around.commands
        return [self._item(name, "command", command_text(name, one), one.title) for name, one in around.items()]

    def _icons(self, row: Property) -> list[Item]:
        return [self._item(name, "icon") for name in sorted(icon_names())]

    def _action(self, row: Property) -> list[Item]:
        partial = self._place.partial
        if "=" in partial:
            return self._expression(partial.rpartition("=")[2].lstrip(), self._place.start, is_tail=True)
        if partial.startswith("dialog.open "):
            return self._names_of(("dialog", "sheet", "wizard"), partial)
        functions = []
        for path in self._now.paths(".py"):
            content = self._now.read_file(path)
            module = module_name(path)
            for name, (_, parameters, doc) in functions_of(path, (content or b"").decode("utf-8", "replace")).items():
                functions.append(self._item(f"{module}:{name}", "function", doc, f"({parameters})"))
        states = self._names_of(("state",), "")
        return [*functions, *self._declared_commands(), *states, *self._known_commands()]

    def _names_of(self, kinds: tuple[str, ...], partial: str) -> list[Item]:
        """Ids of widgets of some kinds."""
        word = partial.rpartition(" ")[2]
        start = self._place.start + len(partial) - len(word)
        return [
            Item(name, "id", as_value(name, self._place.quote), start, symbol.node.name)
            for one in self._analyses
            for name, symbol in one.names.ids.items()
            if symbol.node.name in kinds
        ]

    def _name(self, row: Property) -> list[Item]:
        if row.name != "for" and row.type != "id":
            return []
        ids = {name: symbol for one in self._analyses for name, symbol in one.names.ids.items()}
        inside = self._analyses[1].names.components.get(self._component)
        ids |= inside.ids if inside else {}
        return [self._item(name, "id", "", symbol.node.name) for name, symbol in ids.items()]

    def _text(self, row: Property) -> list[Item]:
        """Inside of braces an expression."""
        partial = self._place.partial
        opened = partial.rfind("{")
        if opened < 0 or "}" in partial[opened:] or partial[:opened].endswith("{"):
            return []
        inner = partial[opened + 1 :]
        is_row = row.type == "row"
        return self._expression(inner, self._place.start + opened + 1, table=self._table if is_row else "")

    def _row(self, row: Property) -> list[Item]:
        if "{" in self._place.partial:
            return self._text(row)
        return self._expression(self._place.partial, self._place.start)

    def _expression(self, text: str, start: int, table: str | None = None, *, is_tail: bool = False) -> list[Item]:
        if is_tail:
            start = self._place.start + len(self._place.partial) - len(text)
        offering = ExpressionCompletion(
            self._analyses, self._component, self._table if table is None else table, self._rows
        )
        return offering.items(text, start, self._place.quote)
