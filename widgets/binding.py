"""Tracked values: a Formula or Template of a layout kept up to date through the window's scope."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer, Disposers
from kernel.expression import Expression, parse
from layouts.node import Formula, Template
from widgets.aggregate import Aggregates, is_aggregate
from widgets.context import Context
from widgets.shown import UNSET, Shown, is_same
from widgets.text import text_of

if TYPE_CHECKING:
    from widgets.clock import Clock

_parse = functools.lru_cache(maxsize=2048)(parse)
#: Names of the time, which goes on while somebody reads them.
_OF_CLOCK = ("now", "today")


def bind(
    value: Any, context: Context, setter: Callable[[Any], None], local: Mapping[str, Any] | None = None
) -> Disposer:
    """Give ``setter`` the value now and after every change of a name that it reads.

    Args:
        value: A Formula or Template, or a literal, which is given once.
        local: Names of a row, looked up before the window's (its changes are not watched).

    Returns:
        A disposer that ends the watching.
    """
    if isinstance(value, Formula):
        expression = _parse(value.text)
        names, compute = expression.names, lambda read: expression.evaluate(read)
    elif isinstance(value, Template):
        parts = [part if isinstance(part, str) else _parse(part.text) for part in value.parts]
        names = tuple({name for part in parts if isinstance(part, Expression) for name in part.names})
        compute = functools.partial(_filled, parts, context)
    else:
        setter(value)
        return _nothing
    return _track(value, names, compute, context, setter, local or {})


def evaluate(value: Any, context: Context, local: Mapping[str, Any] | None = None) -> Any:
    """The value once, untracked; arguments as for :func:`bind`."""
    answer: list[Any] = []
    bind(value, context, answer.append, local)()
    return answer[-1]


def _track(
    value: Formula | Template,
    names: tuple[str, ...],
    compute: Callable[[Callable[[str], Any]], Any],
    context: Context,
    setter: Callable[[Any], None],
    local: Mapping[str, Any],
) -> Disposer:
    if not local and not any(name in _OF_CLOCK or is_aggregate(name, context) for name in names):
        return _share(value, names, compute, context, setter)
    bag = Disposers()
    last: list[Any] = [UNSET]

    def read(name: str) -> Any:
        return local[name] if name in local else context.scope.read(name)

    def refresh() -> None:
        found = compute(read)
        if not is_same(last[0], found):
            last[0] = found
            setter(found)

    outer = [name for name in names if name not in local]
    for name in outer:
        if name in _OF_CLOCK:
            bag.add(clock_of(context).want())
        elif is_aggregate(name, context):
            bag.add(aggregates_of(context).want(name))
    refresh()
    if outer:
        bag.add(context.scope.watch(outer, refresh))
    return bag


def _share(
    value: Formula | Template,
    names: tuple[str, ...],
    compute: Callable[[Callable[[str], Any]], Any],
    context: Context,
    setter: Callable[[Any], None],
) -> Disposer:
    """Track by what all that show the expression share."""
    cells = context.scope.cells
    held = cells.get(value)
    shown = held[0] if held is not None else Shown(compute, context.scope)
    token = shown.add(setter)
    if value not in cells:
        cells[value] = (shown, context.scope.watch(names, shown.refresh) if names else _nothing)

    def dispose() -> None:
        if shown.drop(token) and shown.is_idle:
            cells.pop(value)[1]()

    return dispose


def _filled(parts: list[str | Expression], context: Context, read: Callable[[str], Any]) -> str:
    """The template's text; empty while a count in it is not known, for the words around it would say nothing."""
    texts = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        else:
            aggregates = [name for name in part.names if is_aggregate(name, context)]
            if any(name.endswith(".count") and read(name) is None for name in aggregates):
                return ""
            texts.append(text_of(part.evaluate(read), is_grouped=_is_amount(part, aggregates, context)))
    return "".join(texts)


def _is_amount(part: Expression, aggregates: list[str], context: Context) -> bool:
    """Whether an aggregate is in the value itself, and not just in what chooses it, as in the parts of plurals."""
    if not aggregates or type(part.tree).__name__ != "IfExp":
        return bool(aggregates)
    import ast

    inside = (node for node in ast.walk(part.tree.body) if isinstance(node, ast.Attribute | ast.Call))
    return any(is_aggregate(ast.unparse(node), context) for node in inside)


def aggregates_of(context: Context) -> Aggregates:
    """The window's aggregates; made on first use."""
    root = context.root
    if root.aggregates is None:
        root.aggregates = Aggregates(root)
        root.disposers.add(root.aggregates.close)
    return root.aggregates


def clock_of(context: Context) -> Clock:
    """What keeps the window's time; made on first use."""
    from widgets.clock import Clock

    root = context.root
    if root.clock is None:
        root.clock = Clock(root.scope)
        root.disposers.add(root.clock.close)
    return root.clock


def _nothing() -> None:
    """The disposer of a literal."""
