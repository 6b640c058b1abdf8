"""Doing an action of a layout: a command, a script's function, or an assignment (see :mod:`layouts.action`)."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from kernel.words import say
from layouts.action import assignment
from layouts.node import Formula, Template
from widgets.aggregate import is_aggregate
from widgets.binding import aggregates_of, evaluate
from widgets.text import text_of

if TYPE_CHECKING:
    from widgets.context import Context


def act(action: str | Formula | Template, context: Context) -> None:
    """Do it; what goes wrong is told to the person.

    Args:
        action: As the node tree holds it: an assignment is a Formula, a command with {expressions} a Template.
        context: Where its names are read.
    """
    if not isinstance(action, Formula):
        context.commands.act(text_of(evaluate(action, context)))
        return
    found = assignment(action.text)
    assert found is not None
    target, text = found
    from kernel.expression import parse

    value = Formula(text, parse(text).names)
    amounts = [name for name in value.names if is_aggregate(name, context)]
    unknown = [name for name in amounts if not aggregates_of(context).is_known(name)]
    if unknown:
        _assign_when_known(target, value, unknown, context)
    else:
        assign(target, evaluate(value, context), context)


def _assign_when_known(target: str, value: Formula, unknown: list[str], context: Context) -> None:
    """Ask for the sums and counts in a value, and assign once all of them were answered."""
    aggregates = aggregates_of(context)
    waiting = set(unknown)
    watch = acting_watch(context)

    def take(name: str) -> None:
        waiting.discard(name)
        if not waiting:
            assign(target, evaluate(value, context), context, watch)

    for name in unknown:
        aggregates.ask_once(name, functools.partial(take, name))


def acting_watch(context: Context) -> Any:
    """The watch whose action is done now, or None."""
    circles = context.root.circles
    return circles.acting if circles is not None else None


def assign(name: str, value: Any, context: Context, watch: Any = None) -> None:
    """Give a state, or a cell of a row, a value. A cell is written at once, and can be undone like any edit.

    Args:
        name: The state or cell.
        value: Its value.
        context: Where its name is read.
        watch: The watch that asked for it, where it has been acting before.
    """
    head, dot, rest = name.partition(".")
    is_later, watch = watch is not None, watch or acting_watch(context)
    if watch is not None:
        context.root.circles.note_written(watch, name)
    if watch is not None and (dot or is_later):
        context.root.circles.note(watch, is_change=context.scope.read(name) != value)
    if not dot:
        context.scope.publish(name, value)
        return
    view = context.views.get(head)
    if head in context.rows:
        handle, key = context.rows[head]
    elif view is not None and rest.startswith("current."):
        handle, key, rest = view.handle, view.current_key, rest.removeprefix("current.")
    else:
        context.reporter.report(
            "error", say("{name} cannot be given a value", name=name), say("only states and cells of current rows can")
        )
        return
    if key is None:
        context.reporter.report("info", say("No row is chosen"))
        return
    from kernel.tables.change import Update

    def take(answer: Any) -> None:
        if isinstance(answer, Exception):
            context.reporter.report("error", say("{rest} was not written: {answer}", rest=rest, answer=answer))

    handle.commit([Update(key, "", {rest: value})], take)
