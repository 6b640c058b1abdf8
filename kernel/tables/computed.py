"""Computed columns of a query, put into the expressions that name them; the same for every source."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kernel.expression import Expression, ExpressionError, parse
from kernel.expression.rebuilt import inlined, name_tree, rebuilt
from kernel.tables.error import TableError

#: Computed columns that may build on one another.
MOST_LEVELS = 100


class Computed:
    """The computed columns of one query.

    Args:
        texts: ``Query.computed``: name → expression text.
        is_own: Whether a text is a path of the table itself; such a name goes before a computed one.
    """

    def __init__(self, texts: Mapping[str, str], is_own: Callable[[str], bool]) -> None:
        self._texts = texts
        self._is_own = is_own
        self._known: dict[str, Expression] = {}

    def find(self, name: str) -> Expression | None:
        """The computed column of that name with all others put in, or None when there is none.

        Raises:
            TableError: it leads back to itself; the message names the way.
            ExpressionError: its text, or one that it builds on, is no expression; the message names the column.
        """
        return None if name not in self._texts or self._is_own(name) else self._find(name, ())

    def expression(self, text: str) -> Expression:
        """The expression of a text, or of a path of the table, without a name of a computed column in it.

        Raises:
            TableError, ExpressionError: as :meth:`find`, or the text is no expression.
        """
        return self._inlined(text, ())

    def _find(self, name: str, way: tuple[str, ...]) -> Expression:
        if name in way:
            chain = " → ".join([*way[way.index(name) :], name])
            raise TableError(f"the computed column {name} leads back to itself: {chain}")
        if len(way) >= MOST_LEVELS:
            raise TableError(f"more than {MOST_LEVELS} computed columns build on one another, up to {name}")
        if name not in self._known:
            try:
                self._known[name] = self._inlined(self._texts[name], (*way, name))
            except ExpressionError as error:
                is_told = error.message.startswith("computed column ")
                message = error.message if is_told else f"computed column {name}: {error.message}"
                raise ExpressionError(message, error.where, error.offset, hint=error.hint) from error
        return self._known[name]

    def _inlined(self, text: str, way: tuple[str, ...]) -> Expression:
        if self._is_own(text):
            return rebuilt(name_tree(text), text)
        if text in self._texts:
            return self._find(text, way)
        expression = parse(text)
        named = [name for name in expression.names if name in self._texts and not self._is_own(name)]
        return inlined(expression, {name: self._find(name, way) for name in named})
