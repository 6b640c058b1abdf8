"""Syntax tree → closures, checking on the way: what has no row in the table of nodes is refused."""

from __future__ import annotations

import _ast as ast  # of C; the one of Python adds a millisecond to a start, and nothing that is used here
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from kernel.expression.error import ExpressionError
from kernel.expression.expression import Read
from kernel.expression.function import AGGREGATES, FUNCTIONS
from kernel.expression.operation import ARITHMETIC, COMPARISONS, arithmetic, truth
from kernel.words import mark

Run = Callable[[Read], Any]
#: Levels of nesting in an expression.
MAX_DEPTH = 100
#: Operator that only calculates with bits → what was probably meant.
_OTHERWISE = {"BitAnd": mark("write and"), "BitOr": mark("write or")}
_CONSTANTS = {"true": True, "false": False, "null": None}
_negate = arithmetic(lambda zero, value: zero - value)


class Compiler:
    """Compiles one tree; ``names`` collects what it reads.

    Args:
        text: The whole text, for names that are kept as written.
        source: What the tree was parsed from; it begins at ``shift`` of ``text``.
        words: Position in ``text`` → infix word.
    """

    def __init__(self, text: str, source: str, shift: int, words: dict[int, str]) -> None:
        self.names: set[str] = set()
        self._text = text
        self._source = source
        self._bytes = source.encode(errors="surrogatepass")
        self._shift = shift
        self._words = words
        self._depth = 0

    def compile(self, node: ast.expr) -> Run:
        """The closure of a node.

        Raises:
            ExpressionError: the node or something in it is not in the language.
        """
        handler = _NODES.get(type(node).__name__)
        if handler is None:
            raise self._error(mark(f"{_called(node)} is not possible in an expression"), node)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._error(mark("the expression is nested too deeply"), node)
        try:
            return handler(self, node)
        finally:
            self._depth -= 1

    def _offset(self, byte: int) -> int:
        return len(self._bytes[:byte].decode(errors="surrogatepass")) + self._shift

    def _error(self, message: str, node: ast.expr, hint: str = "") -> ExpressionError:
        return ExpressionError(message, offset=self._offset(node.col_offset), hint=hint)

    def _constant(self, node: ast.Constant) -> Run:
        if not isinstance(node.value, bool | int | float | str | None):
            raise self._error(mark(f"{_called(node)} is not possible in an expression"), node)
        value = node.value
        return lambda read: value

    def _name(self, node: ast.Name | ast.Attribute) -> Run:
        if isinstance(node, ast.Name) and node.id in _CONSTANTS:
            value = _CONSTANTS[node.id]
            return lambda read: value
        return self._read(self._dotted(node), node)

    def _dotted(self, node: ast.expr) -> str:
        parts: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise self._error(mark("a dot may only follow a name"), node)
        return ".".join([inner.id, *reversed(parts)])

    def _read(self, name: str, node: ast.expr) -> Run:
        self.names.add(name)
        node.path = name  # type: ignore[attr-defined]
        return lambda read: read(name)

    def _call(self, node: ast.Call) -> Run:
        if node.keywords:
            raise self._error(mark("arguments are given without names"), node)
        if isinstance(node.func, ast.Attribute):
            return self._aggregate(node, node.func)
        if not isinstance(node.func, ast.Name):
            raise self._error(mark("only functions of the language can be called"), node)
        name = node.func.id
        if name == "col":
            if len(node.args) != 1 or not isinstance(node.args[0], ast.Constant) or type(node.args[0].value) is not str:
                raise self._error(mark('col takes one text: col("Unit Price")'), node)
            return self._read(node.args[0].value, node)
        function = FUNCTIONS.get(name)
        if function is None:
            from kernel.nearest import did_you_mean

            raise self._error(mark(f"there is no function {name}"), node, did_you_mean(name, FUNCTIONS))
        if len(node.args) < function.least or 0 <= function.most < len(node.args):
            raise self._error(mark(f"{name} has the wrong number of arguments"), node, function.doc)
        arguments = [self.compile(argument) for argument in node.args]
        python = function.python
        return lambda read: python(*[argument(read) for argument in arguments])

    def _aggregate(self, node: ast.Call, called: ast.Attribute) -> Run:
        if called.attr not in AGGREGATES or len(node.args) > 1:
            raise self._error(
                mark(f"there is no function {called.attr} of a table"), node, mark(f"known: {', '.join(AGGREGATES)}")
            )
        table = self._dotted(called.value)
        inner = ""
        if node.args:
            Compiler(self._text, self._source, self._shift, self._words).compile(node.args[0])
            start, stop = node.args[0].col_offset, node.args[0].end_col_offset or 0
            inner = " ".join(self._text[self._offset(start) : self._offset(stop)].split())
        return self._read(f"{table}.{called.attr}({inner})" if inner else f"{table}.{called.attr}", node)

    def _compare(self, node: ast.Compare) -> Run:
        operands = [node.left, *node.comparators]
        tests = []
        for index, operator in enumerate(node.ops):
            name = type(operator).__name__
            if name == "Is":
                # NOTE: the parser answers one shared object for all Is operators; each word needs its own.
                if not hasattr(operator, "word"):
                    operator = node.ops[index] = ast.Is()
                name = self._word(operands[index], operands[index + 1], operator)
            if name not in COMPARISONS:
                raise self._error(mark("is and is not are written == and !="), operands[index])
            tests.append(COMPARISONS[name])
        runs = [self.compile(operand) for operand in operands]
        if len(tests) == 1:
            test, left, right = tests[0], runs[0], runs[1]
            return lambda read: test(left(read), right(read))

        def chain(read: Read) -> bool:
            before = runs[0](read)
            for test, run in zip(tests, runs[1:], strict=True):
                after = run(read)
                if not test(before, after):
                    return False
                before = after
            return True

        return chain

    def _word(self, left: ast.expr, right: ast.expr, operator: ast.cmpop) -> str:
        """The infix word between two operands, or ``Is``."""
        start, stop = self._offset(left.end_col_offset or 0), self._offset(right.col_offset)
        word = next((word for place, word in self._words.items() if start <= place < stop), "Is")
        operator.word = word  # type: ignore[attr-defined]
        return word

    def _arithmetic(self, node: ast.BinOp) -> Run:
        apply = ARITHMETIC.get(type(node.op).__name__)
        if apply is None:
            hint = _OTHERWISE.get(type(node.op).__name__, "")
            raise self._error(mark("only + - * / // and % calculate"), node, hint)
        left, right = self.compile(node.left), self.compile(node.right)
        exact = _exact(node, apply)
        if exact is not None:
            node.exact = exact  # type: ignore[attr-defined]
            value = float(exact)
            return lambda read: value
        return lambda read: apply(left(read), right(read))

    def _unary(self, node: ast.UnaryOp) -> Run:
        operand = self.compile(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda read: not truth(operand(read))
        if isinstance(node.op, ast.USub):
            return lambda read: _negate(0, operand(read))
        if isinstance(node.op, ast.UAdd):
            return operand
        raise self._error(mark("~ is not possible in an expression"), node)

    def _logic(self, node: ast.BoolOp) -> Run:
        runs = [self.compile(value) for value in node.values]
        is_or = isinstance(node.op, ast.Or)

        def decide(read: Read) -> Any:
            value = None
            for run in runs:
                value = run(read)
                if truth(value) is is_or:
                    break
            return value

        return decide

    def _choice(self, node: ast.IfExp) -> Run:
        test, yes, no = self.compile(node.test), self.compile(node.body), self.compile(node.orelse)
        return lambda read: yes(read) if truth(test(read)) else no(read)

    def _list(self, node: ast.List | ast.Tuple) -> Run:
        items = [self.compile(item) for item in node.elts]
        return lambda read: [item(read) for item in items]


#: Syntax node → what compiles it.
_NODES: dict[str, Callable[[Compiler, Any], Run]] = {
    "Constant": Compiler._constant,
    "Name": Compiler._name,
    "Attribute": Compiler._name,
    "Call": Compiler._call,
    "Compare": Compiler._compare,
    "BinOp": Compiler._arithmetic,
    "UnaryOp": Compiler._unary,
    "BoolOp": Compiler._logic,
    "IfExp": Compiler._choice,
    "List": Compiler._list,
    "Tuple": Compiler._list,
}

def _exact(node: ast.BinOp, apply: Callable[[Any, Any], Any]) -> Decimal | None:
    """What numbers with a point make together, as they are written: ``1 - 0.07`` is 0.93 and no sum of floats."""
    left, right = _literal(node.left), _literal(node.right)
    if left is None or right is None or (type(left) is int and type(right) is int):
        return None
    value = apply(*(Decimal(repr(one)) if isinstance(one, float) else Decimal(one) for one in (left, right)))
    return value if isinstance(value, Decimal) and value.is_finite() and math.isfinite(float(value)) else None


def _literal(node: ast.expr) -> int | float | Decimal | None:
    """The finite number that stands there, or is calculated of such; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        inner = _literal(node.operand)
        return -inner if inner is not None and isinstance(node.op, ast.USub) else inner
    value = node.value if isinstance(node, ast.Constant) else getattr(node, "exact", None)
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None


_NAMES = {
    "Lambda": mark("a function of one's own"), "Subscript": mark("an index in brackets"),
    "JoinedStr": mark("an f-text"), "NamedExpr": mark("an assignment"), "ListComp": mark("a loop"),
    "GeneratorExp": mark("a loop"), "SetComp": mark("a loop"), "DictComp": mark("a loop"),
    "Dict": mark("a dictionary"), "Set": mark("a set"), "Await": "await", "Yield": "yield",
    "Starred": mark("a star"), "Constant": mark("this literal"),
}


def _called(node: ast.expr) -> str:
    return _NAMES.get(type(node).__name__, type(node).__name__)
