"""A filter of a layout, alive: its text with the present values of the outer names that it reads.

Names that the table knows as columns are left to the table; the rest are read from the scope and watched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from kernel.disposer import Disposer
from kernel.tables.schema import Schema
from layouts.node import Formula
from widgets.scope import Scope

#: The filter that no row passes, used while a row that the filter needs is not there.
NOTHING = "false"
_CURRENT = re.compile(r"^(.+?)\.current(\..+)?$")


class LiveFilter:
    """Keeps (filter text, parameters) up to date with the scope.

    Args:
        formula: The filter; None or an empty text lets every row through.
        scope: Where outer names are read and watched.
        changed: Called with the text and the parameters, at once when a schema is known and after each change.
    """

    def __init__(
        self, formula: Formula | str | None, scope: Scope, changed: Callable[[str, dict[str, Any]], None]
    ) -> None:
        if isinstance(formula, str):
            from kernel.expression import parse

            formula = Formula(formula, parse(formula).names) if formula else None
        self._formula = formula
        self._scope = scope
        self._changed = changed
        self._outer: tuple[str, ...] = ()
        self._watch: Disposer | None = None
        self.text = ""
        self.parameters: dict[str, Any] = {}

    def set_schema(self, schema: Schema) -> None:
        """Tell the columns; evaluates at once."""
        self.dispose()
        names = self._formula.names if self._formula else ()
        self._outer = tuple(name for name in names if not is_column(schema, name))
        if self._outer:
            self._watch = self._scope.watch(self._outer, self._evaluate)
        self._evaluate(is_first=True)

    def dispose(self) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch()
            self._watch = None

    def _evaluate(self, is_first: bool = False) -> None:
        text = self._formula.text if self._formula else ""
        parameters = {name: _read(self._scope, name) for name in self._outer}
        if any(_has_no_row(self._scope, name) for name in self._outer):
            text, parameters = NOTHING, {}
        elif "" in parameters.values() and _is_certain(text, parameters):
            text, parameters = "", {}
        if is_first or (text, parameters) != (self.text, self.parameters):
            self.text, self.parameters = text, parameters
            self._changed(text, parameters)


def _is_certain(text: str, parameters: dict[str, Any]) -> bool:
    """Whether every row passes: millions of them are not looked at for a search box that is empty."""
    from kernel.expression import parse
    from kernel.expression.certain import is_certain

    return is_certain(parse(text), parameters)


def is_column(schema: Schema, name: str) -> bool:
    """Whether the table itself knows the name: a column, or a path that starts at a reference."""
    if schema.column(name) is not None:
        return True
    head, dot, _ = name.partition(".")
    return bool(dot) and schema.reference(head) is not None


def _read(scope: Scope, name: str) -> Any:
    """The name's value; the text of a box that has not been built yet is empty."""
    value = scope.read(name)
    return "" if value is None and name.endswith(".text") else value


def _has_no_row(scope: Scope, name: str) -> bool:
    match = _CURRENT.match(name)
    return match is not None and scope.read(f"{match.group(1)}.current") is None
