"""A checked expression: its text, the names that it reads, and its closure."""

from __future__ import annotations

import _ast as ast  # of C; the one of Python adds a millisecond to a start, and nothing that is used here
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kernel.expression.sql import Call, Resolve

Read = Callable[[str], Any]


class Expression:
    """Built by :func:`kernel.expression.parse`; immutable, usable from any thread.

    Attributes:
        text: What was parsed.
        names: The dotted names that it reads, sorted, each once.
        tree: The checked syntax tree; infix words stand in it as ``ast.Is`` with an attribute ``word``.
    """

    __slots__ = ("_run", "names", "text", "tree")

    def __init__(self, text: str, names: tuple[str, ...], run: Callable[[Read], Any], tree: ast.expr) -> None:
        self.text = text
        self.names = names
        self.tree = tree
        self._run = run

    def evaluate(self, read: Read) -> Any:
        """The value, with ``read(dotted name)`` giving each name's; only what ``read`` raises is raised."""
        return self._run(read)

    def to_sql(self, resolve: Resolve, call: Call | None = None) -> tuple[str, list[Any]]:
        """The expression as an SQL condition (1 or 0, never NULL) and its parameters.

        Args:
            resolve: Answers a :class:`kernel.expression.sql.Field` or ``Constant`` for a name.
            call: Makes SQL of a part that has none of its own, by calling back into Python.

        Raises:
            ExpressionError: a part has no SQL with the same results and there is no ``call``.
        """
        from kernel.expression.sql import translate

        return translate(self, resolve, call)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"
