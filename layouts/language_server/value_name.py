"""Written values → the places in them that speak of something, one reader for each type of property."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from kernel.expression import FUNCTIONS
from layouts.action import assignment, is_function
from layouts.kdl import Value
from layouts.kdl.syntax import place_in
from layouts.kinds.kind import Property
from layouts.known import find_path
from layouts.language_server.expression_name import DottedName, names_in, parts_of_template
from layouts.language_server.symbol import Names, Occurrence, Symbol
from layouts.language_server.table_name import Tables
from layouts.reference import APP_NAMES

_SORT_KEY = re.compile(r"\s*-?\s*([^\s,][^,]*?)\s*(?:,|$)")
_KEYWORDS = ("#true", "#false", "#null")


class Surrounding(NamedTuple):
    """What is around a node.

    Attributes:
        component: Whose body this is; empty outside.
        table: Whose columns are meant (see :mod:`layouts.language_server.table_name`).
        rows: The rows of repeats around, by name.
        given: Of a component: param → the text that its first use gives it.
        parent: The name of the node that it stands in.
    """

    component: str = ""
    table: str = ""
    rows: dict[str, Symbol] = {}
    given: dict[str, str] = {}
    parent: str = ""


class ValueNames:
    """Finds the names in values, and keeps them in ``occurrences``."""

    def __init__(self, names: Names, tables: Tables, occurrences: list[Occurrence]) -> None:
        self._names = names
        self._tables = tables
        self._occurrences = occurrences
        self._readers: dict[str, Callable[[Property, Value, Surrounding], None]] = {
            "text": self._text, "row": self._row, "sort": self._sort, "action": self._action,
            "column": lambda row, value, around: self._path(value, value.value, 0, around),
            "keys": self._expression, "figures": self._expression, "choice": self._choice, "name": self._name,
            "any": lambda row, value, around: None,
            "table": lambda row, value, around: self._whole("table", value, self._names.tables.get(value.value)),
            "command": self._command, "icon": lambda row, value, around: self._whole("icon", value, None),
            "source": lambda row, value, around: self._whole("source", value, None),
        }  # fmt: skip
        for type in ("expression", "binding", "filter", "integer", "number", "boolean"):
            self._readers[type] = self._expression

    def read(self, row: Property, value: Value, around: Surrounding) -> None:
        """Keep the names of one property's value."""
        if not isinstance(value.value, str):
            return
        inside = self._names.components.get(around.component)
        if value.style == "word" and inside is not None and value.value in inside.params:
            self._whole("param", value, inside.params[value.value])
            return
        if row.name == "class" and "{" not in value.value:
            for match in re.finditer(r"\S+", value.value):
                self._tell("class", value, match.start(), match[0])
            return
        reader = self._readers.get(row.type)
        if reader is not None:
            reader(row, value, around)

    def tell_whole(
        self, role: str, value: Value, symbol: Symbol | None, *, is_declaration: bool = False, of: str = ""
    ) -> None:
        """Keep a value that is one name."""
        self._tell(role, value, 0, value.value, symbol, of=of, is_declaration=is_declaration)

    def _whole(self, role: str, value: Value, symbol: Symbol | None, of: str = "") -> None:
        self._tell(role, value, 0, value.value, symbol, of=of)

    def _tell(
        self,
        role: str,
        value: Value,
        offset: int,
        name: str,
        symbol: Symbol | None = None,
        *,
        of: str = "",
        is_declaration: bool = False,
    ) -> None:
        where = place_in(value, offset)
        self._occurrences.append(Occurrence(role, name, where, len(name), symbol, is_declaration, of))

    def _text(self, row: Property, value: Value, around: Surrounding) -> None:
        for offset, text in parts_of_template(value.value):
            self._names_of(value, text, offset, around._replace(table="") if row.type != "row" else around)

    def _row(self, row: Property, value: Value, around: Surrounding) -> None:
        if "{" in value.value:
            self._text(row, value, around)
        else:
            self._expression(row, value, around)

    def _expression(self, row: Property, value: Value, around: Surrounding) -> None:
        self._names_of(value, value.value, 0, around)

    def _choice(self, row: Property, value: Value, around: Surrounding) -> None:
        if value.value not in row.choices:
            self._expression(row, value, around)

    def _name(self, row: Property, value: Value, around: Surrounding) -> None:
        if row.name == "for":
            self._whole("id", value, self._names.id(value.value, around.component))
        elif row.name == "event":
            self._whole("event", value, None, of=around.parent)

    def _sort(self, row: Property, value: Value, around: Surrounding) -> None:
        for match in _SORT_KEY.finditer(value.value):
            self._path(value, match[1], match.start(1), around)

    def _command(self, row: Property, value: Value, around: Surrounding) -> None:
        self._command_at(value, value.value, 0, around)

    def _command_at(self, value: Value, name: str, offset: int, around: Surrounding) -> None:
        declared = self._names.commands.get(name)
        room, dot, _ = name.partition(".")
        shown = self._names.tables.get(room) or self._names.id(room, around.component)
        if declared is None and dot and shown is not None:
            self._tell(shown.role, value, offset, room, shown)
        else:
            self._tell("command", value, offset, name, declared)

    def _action(self, row: Property, value: Value, around: Surrounding) -> None:
        text: str = value.value
        if assignment(text):
            self._names_of(value, text, 0, around)
        elif is_function(text):
            start = len(text) - len(text.lstrip())
            module, _, function = text.strip().partition(":")
            self._tell("script", value, start, module)
            self._tell("script", value, start + len(module) + 1, function, of=module)
        else:
            self._run(value, text, around)

    def _run(self, value: Value, text: str, around: Surrounding) -> None:
        """A command with its arguments."""
        words = list(re.finditer(r"\S+", text))
        if words and "{" not in words[0][0]:
            self._command_at(value, words[0][0], words[0].start(), around)
            if words[0][0] == "dialog.open" and len(words) > 1:
                symbol = self._names.id(words[1][0], around.component)
                self._tell("id", value, words[1].start(), words[1][0], symbol)
        for offset, part in parts_of_template(text):
            self._names_of(value, part, offset, around)

    def _names_of(self, value: Value, text: str, start: int, around: Surrounding) -> None:
        for name in names_in(text):
            self._name_in(value, name._replace(offset=name.offset + start), around)

    def _name_in(self, value: Value, name: DottedName, around: Surrounding) -> None:
        """One dotted name of an expression."""
        head, dot, rest = name.text.partition(".")
        if name.is_call and not dot:
            if head in FUNCTIONS:
                self._tell("function", value, name.offset, head)
            return
        table = name.inside.partition(".")[0] if name.inside else around.table
        source = self._tables.source(table, around.component)
        if source and find_path(self._tables.schemas, source, name.text):
            self._path_of(value, name.text, name.offset, source)
            return
        symbol = self._names.head(head, around.component, around.rows)
        if symbol is None and name.text in APP_NAMES:
            self._tell("member", value, name.offset, name.text, of="app")
            return
        if symbol is None and (name.inside or around.table):
            return
        self._tell(symbol.role if symbol else "id", value, name.offset, head, symbol)
        if symbol is not None and dot:
            self._member(value, rest, name.offset + len(head) + 1, symbol, around)

    def _member(self, value: Value, rest: str, offset: int, symbol: Symbol, around: Surrounding) -> None:
        """What is asked of a widget, a table or a row."""
        first, dot, behind = rest.partition(".")
        if symbol.role == "row":
            self._path_of(value, rest, offset, self._tables.source(symbol.table, around.component))
        elif symbol.role in ("id", "table"):
            self._tell("member", value, offset, first, of=symbol.role)
            if first == "current" and dot:
                source = self._tables.source(symbol.table, around.component)
                self._path_of(value, behind, offset + len(first) + 1, source)

    def _path(self, value: Value, text: str, offset: int, around: Surrounding) -> None:
        self._path_of(value, text, offset, self._tables.source(around.table, around.component))

    def _path_of(self, value: Value, text: str, offset: int, source: str) -> None:
        """A path to a column: each step with the table that it is of."""
        for step in text.partition(":")[0].split("."):
            if not source:
                return
            self._tell("column", value, offset, step, of=source)
            offset += len(step) + 1
            source = self._tables.behind(source, step)
