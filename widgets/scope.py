"""The names that expressions of a window read, and who is told when one changes. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from kernel.disposer import Disposer

Listener = Callable[[], None]
_UNSET = object()


class Scope:
    """Dotted names → values, with watchers.

    A name is published whole (``publish("find.text", "a")``). Who watches ``find`` hears of it; who watches
    ``orders.current.city`` hears of ``orders.current`` only when the city in it is another. Reading an unknown name
    answers None.

    Args:
        outer: The scope around this one, where names are looked up that are not declared here.
    """

    #: What is done once, when all who watch have been told.
    behind: ClassVar[list[Callable[[], None]]] = []

    def __init__(self, outer: Scope | None = None) -> None:
        self.outer = outer
        self._values: dict[str, Any] = {}
        self._own: set[str] = set()
        self._watched = _Branch()
        self._next = 0
        self._alive: dict[int, Listener] = {}
        self._depth = 0
        self._due: dict[int, None] = {}
        #: Expression → what all that show it share; kept by :mod:`widgets.binding`.
        self.cells: dict[Any, Any] = {}
        #: Name → has it kept fresh (the time) until the disposer that it answers is called.
        self.fresh: dict[str, Callable[[], Disposer]] = {}
        #: What tells texts → token → who is told; kept by :mod:`widgets.shown`.
        self.texts: dict[Any, dict[int, Any]] = {}

    def declare(self, name: str) -> None:
        """Make the first part of a dotted name this scope's own, whatever the outer one calls so."""
        self._own.add(name)

    def publish(self, name: str, value: Any) -> None:
        """Set a name's value and tell those who watch what is another in it."""
        if not self._is_own(name):
            assert self.outer is not None
            self.outer.publish(name, value)
            return
        before = self._values.get(name, _UNSET)
        if before is not _UNSET and _is_same(before, value):
            return
        self._values[name] = value
        with self.together():
            self._due.update(dict.fromkeys(self._concerned(name, None if before is _UNSET else before, value)))

    def forget(self, name: str) -> None:
        """Take back all that was published under a name; who watches it reads None from then on."""
        if not self._is_own(name):
            return
        under = [one for one in self._values if one == name or one.startswith(f"{name}.")]
        with self.together():
            for one in under:
                self.publish(one, None)
        for one in under:
            self._values.pop(one, None)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Publish several names; each watcher is told once, behind the last."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if not self._depth:
                self._tell()

    def read(self, name: str) -> Any:
        """The value of a dotted name: the longest published part, then items or attributes of its value.

        A callable that is published (``orders.sum``) is answered as it is.
        """
        if not self._is_own(name):
            assert self.outer is not None
            return self.outer.read(name)
        if name in self._values:
            return self._values[name]
        head, rest = name, ""
        while head not in self._values:
            if "." not in head:
                return None
            head, _, tail = head.rpartition(".")
            rest = f"{tail}.{rest}" if rest else tail
        return within(self._values[head], rest)

    def copy(self) -> Scope:
        """The names and values of now, without watchers; for other threads."""
        taken = Scope(self.outer.copy() if self.outer is not None else None)
        taken._values, taken._own = dict(self._values), set(self._own)
        return taken

    def watch(self, names: Iterable[str], listener: Listener) -> Disposer:
        """Call ``listener`` after any of the names changed."""
        own, others = [], []
        for name in names:
            (own if self._is_own(name) else others).append(name)
        token = self._next
        self._next += 1
        self._alive[token] = listener
        paths = [name.split(".") for name in own]
        for path in paths:
            self._watched.add(path, token)
        away = self.outer.watch(others, listener) if others and self.outer is not None else None
        fresh = [self.fresh[name]() for name in own if name in self.fresh]

        def dispose() -> None:
            if self._alive.pop(token, None) is None:
                return
            for path in paths:
                self._watched.drop(path, token)
            for stop in fresh:
                stop()
            if away is not None:
                away()

        return dispose

    def glance(self, name: str) -> Any:
        """The value of a name that may be one nobody watches; the time is that of now."""
        stop = self.watch((name,), lambda: None)
        try:
            return self.read(name)
        finally:
            stop()

    @property
    def watchers(self) -> int:
        """How many watch."""
        return len(self._alive)

    def _is_own(self, name: str) -> bool:
        return self.outer is None or name.partition(".")[0] in self._own

    def _concerned(self, name: str, before: Any, value: Any) -> list[int]:
        """The watchers of the name, of what it is part of, and of what is another in it."""
        branch, found = self._watched, []
        for part in name.split("."):
            inner = branch.inner.get(part)
            if inner is None:
                return found
            branch = inner
            found += branch.tokens
        # A row that came or went is another in all its parts, empty ones too.
        is_another = (before is None) != (value is None)
        waiting = [(branch, "", name)]
        while waiting:
            branch, path, full = waiting.pop()
            for part, inner in branch.inner.items():
                below, whole = f"{path}.{part}" if path else part, f"{full}.{part}"
                if whole in self._values:
                    continue
                # NOTE: a part may stand for nothing by itself, in a name with dots of its own, so go on below it.
                if inner.tokens and (is_another or not _is_same(within(before, below), within(value, below))):
                    found += inner.tokens
                if inner.inner:
                    waiting.append((inner, below, whole))
        return found

    def _tell(self) -> None:
        """Call who is due, in the order of their watching; what they publish in turn is told behind it."""
        due, self._due = self._due, {}
        try:
            for token in sorted(due):
                listener = self._alive.get(token)
                if listener is not None:
                    listener()
        finally:
            while self.behind:
                self.behind.pop()()


class _Branch:
    """Watchers by the parts of the names that they watch."""

    __slots__ = ("inner", "tokens")

    def __init__(self) -> None:
        self.inner: dict[str, _Branch] = {}
        self.tokens: dict[int, None] = {}

    def add(self, path: list[str], token: int) -> None:
        branch = self
        for part in path:
            branch = branch.inner.setdefault(part, _Branch())
        branch.tokens[token] = None

    def drop(self, path: list[str], token: int) -> None:
        branches = [self]
        for part in path:
            inner = branches[-1].inner.get(part)
            if inner is None:
                return
            branches.append(inner)
        branches[-1].tokens.pop(token, None)
        for part, outer, inner in zip(reversed(path), reversed(branches[:-1]), reversed(branches[1:]), strict=True):
            if inner.inner or inner.tokens:
                return
            del outer.inner[part]


def within(value: Any, path: str) -> Any:
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
            return within(value[head], rest)
    return None


def _is_same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and one == other)
