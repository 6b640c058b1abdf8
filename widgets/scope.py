"""The names that expressions of a window read, and who is told when one changes. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kernel.disposer import Disposer


class Scope:
    """Dotted names → values, with watchers.

    A name is published whole (``publish("find.text", "a")``); a watcher of ``find`` or of ``find.text.x``
    hears it too, since either contains the other. Reading an unknown name answers None.
    """

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self._watchers: dict[int, tuple[tuple[str, ...], Callable[[], None]]] = {}
        self._next = 0

    def publish(self, name: str, value: Any) -> None:
        """Set a name's value and tell its watchers when it differs from before."""
        if name in self._values and _is_same(self._values[name], value):
            return
        self._values[name] = value
        for names, listener in list(self._watchers.values()):
            if any(_overlap(name, watched) for watched in names):
                listener()

    def read(self, name: str) -> Any:
        """The value of a dotted name: the longest published part, then items or attributes of its value.

        A callable that is published (``orders.sum``) is answered as it is.
        """
        head, rest = name, ""
        while head not in self._values:
            if "." not in head:
                return None
            head, _, tail = head.rpartition(".")
            rest = f"{tail}.{rest}" if rest else tail
        return _within(self._values[head], rest)

    def copy(self) -> Scope:
        """The names and values of now, without watchers; for other threads."""
        taken = Scope()
        taken._values = dict(self._values)
        return taken

    def watch(self, names: Iterable[str], listener: Callable[[], None]) -> Disposer:
        """Call ``listener`` after any of the names changed."""
        token = self._next
        self._next += 1
        self._watchers[token] = (tuple(names), listener)
        return lambda: self._watchers.pop(token, None) and None


def _within(value: Any, path: str) -> Any:
    """What stands at ``path`` in nested dicts; a key may have dots itself, and the longest one wins."""
    if not path:
        return value
    if not isinstance(value, dict):
        return None
    if path in value:
        return value[path]
    head, rest = path, ""
    while "." in head:
        head, _, tail = head.rpartition(".")
        rest = f"{tail}.{rest}" if rest else tail
        if head in value:
            return _within(value[head], rest)
    return None


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(other + ".") or other.startswith(one + ".")


def _is_same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other
