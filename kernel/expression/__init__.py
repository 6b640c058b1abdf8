"""Expressions: a checked subset of Python's, evaluated by closures or translated to SQL, never ``eval``.

``parse("customer.name contains find.text")`` answers an :class:`Expression`; its ``evaluate(read)`` asks
``read`` for each name. See :data:`FUNCTIONS` for what may be called.
"""

from kernel.expression.error import ExpressionError
from kernel.expression.expression import Expression
from kernel.expression.function import FUNCTIONS, Function
from kernel.expression.parser import parse
from kernel.expression.template import parse_template

__all__ = ["FUNCTIONS", "Expression", "ExpressionError", "Function", "parse", "parse_template"]
