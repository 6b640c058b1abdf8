"""What names mean inside a component: parameters, renamed ids, slots."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from kernel.tables.schema import title_of
from layouts.kdl import SyntaxNode, Value

_TOKEN = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\W\d]\w*(?:\.[^\W\d]\w*)*|\.\w+|.""", re.DOTALL)

#: Stands for the value of a parameter while a component that nobody uses is checked.
UNKNOWN = Value(None, None, "unknown")  # type: ignore[arg-type]


class Environment(NamedTuple):
    """The surroundings of a node in the expansion.

    Attributes:
        component: Name of the component whose body this is, empty outside.
        params: Parameter → value.
        renames: Id in the body → id in the window.
        slots: Slot → (nodes, their own environment).
        chain: Names of the components around, outermost first.
    """

    component: str = ""
    params: dict[str, Value] = {}
    renames: dict[str, str] = {}
    slots: dict[str, tuple[list[SyntaxNode], Any]] = {}
    chain: tuple[str, ...] = ()

    def value(self, value: Value) -> Value:
        """The value, or the parameter's when it is a bare word that names one."""
        if value.style == "word" and self.params:
            return self.params.get(value.value, value)
        return value

    def expression(self, text: str) -> str:
        """The expression with parameters filled in and ids renamed."""
        if not self.params and not self.renames:
            return text
        return "".join(self._token(token) for token in _TOKEN.findall(text))

    def _token(self, token: str) -> str:
        head, _, rest = token.partition(".")
        if head in self.params:
            return _spliced(self.params[head], rest)
        if rest and head in self.renames:
            return f"{self.renames[head]}.{rest}"
        return token


def _spliced(value: Value, rest: str) -> str:
    """A parameter's value inside an expression; a bare word stays a name, ``.label`` is its heading."""
    if value.style == "unknown":
        return "null"
    if isinstance(value.value, str):
        if rest == "label":
            return repr(title_of(re.split(r"[.:]", value.value)[-1] or value.value))
        if value.style == "word":
            return f"{value.value}.{rest}" if rest else value.value
        return repr(value.value)
    return {"#true": "true", "#false": "false", "#null": "null"}.get(value.source, f"({value.source})")
