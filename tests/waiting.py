"""Waiting for what another thread or process brings about: without luck, and with a word about what never came."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any, TypeVar

#: Seconds that a test waits for what must come. It costs nothing where it comes; slow machines need it.
PATIENCE_S = 60.0
#: Seconds between two looks.
LOOK_S = 0.02

Answer = TypeVar("Answer")


def wait_for(predicate: Callable[[], Answer], timeout_s: float = PATIENCE_S) -> Answer:
    """The predicate's first true answer, polled for; fails after ``timeout_s`` seconds and says what never came."""
    end = time.monotonic() + timeout_s
    while not (answer := predicate()):
        assert time.monotonic() < end, never_came(predicate, timeout_s)
        time.sleep(LOOK_S)
    return answer


def never_came(predicate: Callable[[], object], timeout_s: float) -> str:
    """Where a predicate stands, how it is written, and what the names in it stand for."""
    found = getattr(predicate, "__code__", None)
    if found is None:
        return f"not within {timeout_s:g} s: {_in_short(predicate)}"
    place = f"{found.co_filename}:{found.co_firstlineno}"
    names = [f"{name} = {_in_short(value)}" for name, value in _closed_over(predicate).items()]
    return "\n    ".join([f"not within {timeout_s:g} s: {place}", *_source(predicate), *names])


def _source(predicate: Callable[[], object]) -> list[str]:
    try:
        return [line.strip() for line in inspect.getsourcelines(predicate)[0]]
    except (OSError, TypeError):  # made by a program
        return []


def _closed_over(predicate: Callable[[], object]) -> dict[str, Any]:
    try:
        return dict(inspect.getclosurevars(predicate).nonlocals)
    except (TypeError, ValueError):  # no function, or a name that has no value any more
        return {}


def _in_short(value: Any) -> str:
    """A value; of a window its state, what its bar says and its messages."""
    said = getattr(getattr(value, "messages", None), "history", None)
    if said is None:
        return f"{value!r:.300}"
    pill = getattr(getattr(value, "bar", None), "pill", None)
    shown = pill.text() if pill is not None and not pill.isHidden() else ""
    state = getattr(getattr(value, "app", None), "state", "")
    return f"{type(value).__name__} {state} {shown!r} {[message.text for message in said]}"
