"""What an item says of its row: a column, an expression, or a text with {expressions}; read from a page's row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.expression import parse
from kernel.tables.schema import Schema
from layouts.node import Formula, Template
from widgets.filter import is_column
from widgets.format import column_writer, writer
from widgets.scope import Scope
from widgets.text import text_of

Read = Callable[[str], Any]


class RowText:
    """One text over rows.

    Args:
        value: A Formula or Template of the layout, or a plain text.
        schema: The table; names that it does not know are the window's.
        scope: Where those are read.

    Attributes:
        paths: What a page of rows needs for it.
        outer: Names of the window that it reads.
    """

    def __init__(self, value: Any, schema: Schema, scope: Scope) -> None:
        self._scope, self._value, self._schema = scope, value, schema
        self.paths: dict[str, None] = {}
        self.outer: list[str] = []
        parts = value.parts if isinstance(value, Template) else (value,)
        self._parts = [self._part(part, schema) for part in parts if part is not None]

    def read_in(self, scope: Scope) -> RowText:
        """The same text with its outer names read elsewhere."""
        return RowText(self._value, self._schema, scope)

    def _part(self, part: Any, schema: Schema) -> Any:
        """A text, or a function from a row to one."""
        if not isinstance(part, Formula):
            return str(part)
        expression = parse(part.text)
        own = {name for name in expression.names if is_column(schema, name)}
        self.paths.update(dict.fromkeys(name for name in expression.names if name in own))
        self.outer += [name for name in expression.names if name not in own]
        if part.text.strip() in own:
            return self._column(part.text.strip(), schema)

        def compute(read: Read) -> Any:
            return expression.evaluate(lambda name: read(name) if name in own else self._scope.read(name))

        return compute, text_of

    def _column(self, path: str, schema: Schema) -> Any:
        """A column alone is written as the table says, a reference by its label."""
        column, reference = schema.column(path), schema.chosen_by(path)
        if column is None:
            return (lambda read: read(path)), text_of
        if reference is not None:
            label = f"{reference.name}:label"
            self.paths[label] = None
            write = writer(column.type, column.format)
            shown = lambda value: value if isinstance(value, str) else write(value)  # noqa: E731
            return (lambda read: read(label) or read(path)), shown
        return (lambda read: read(path)), column_writer(column)

    def value(self, read: Read) -> Any:
        """The value when it is one expression, else the text."""
        if len(self._parts) == 1 and not isinstance(self._parts[0], str):
            return self._parts[0][0](read)
        return self.text(read)

    def text(self, read: Read) -> str:
        """What it says of the row that ``read`` reads."""
        texts = [part if isinstance(part, str) else part[1](part[0](read)) for part in self._parts]
        if len(texts) > 1 and not all(texts):
            texts = _without_idle_signs(texts, [isinstance(part, str) for part in self._parts])
        return "".join(texts)


def _without_idle_signs(texts: list[str], are_fixed: list[bool]) -> list[str]:
    """The texts without the signs between two of which one is empty: no dot before or behind nothing."""
    kept: list[str] = []
    has_value, waiting = False, ""
    for at, (text, is_fixed) in enumerate(zip(texts, are_fixed, strict=True)):
        if is_fixed and at and not any(map(str.isalnum, text)):
            waiting = waiting or text
        elif text:
            kept += [waiting if has_value else "", text]
            has_value, waiting = True, ""
    return kept
