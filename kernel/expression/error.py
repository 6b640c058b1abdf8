"""What is wrong with an expression, and where in its text."""

from __future__ import annotations

from kernel.error import EspalierError, Where


class ExpressionError(EspalierError):
    """An expression is not in the language, or names something unknown.

    Attributes:
        offset: Position in the expression's text of what is wrong, in characters from 0.
        column: The same counted from 1.
    """

    def __init__(self, message: str, where: Where | None = None, offset: int = 0, *, hint: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.offset = offset

    @property
    def column(self) -> int:
        """The position counted from 1."""
        return self.offset + 1
