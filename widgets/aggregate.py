"""Aggregate names of expressions (``orders.count``, ``orders.sum(total)``): asked when wanted, kept fresh."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.disposer import Disposer, Disposers
from kernel.tables.query import Aggregate, Query

if TYPE_CHECKING:
    from widgets.context import Context

_PATTERN = re.compile(r"(?P<table>[^.()]+)\.(?P<function>count|sum|average|minimum|maximum)(\((?P<of>.*)\))?")


def is_aggregate(name: str, context: Context) -> bool:
    """Whether a name of an expression is an aggregate over a declared table."""
    match = _PATTERN.fullmatch(name)
    return match is not None and match["table"] in context.tables


class Aggregates:
    """Publishes wanted aggregates of the window's tables to its scope and refreshes them as rows change."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._wanted: dict[str, int] = {}
        self._running: dict[str, Any] = {}
        self._stale: set[str] = set()
        self._connected: dict[str, Disposer] = {}
        self._asking: dict[str, list[Callable[[], None]]] = {}

    def want(self, name: str) -> Disposer:
        """Keep the aggregate published until the disposer is called."""
        self._wanted[name] = self._wanted.get(name, 0) + 1
        if self._wanted[name] == 1:
            table = name.split(".", 1)[0]
            if table not in self._connected:
                self._connected[table] = self._connect(table)
            self._ask(name)
        return lambda: self._drop(name)

    def is_known(self, name: str) -> bool:
        """Whether it is kept published, and was answered."""
        return name in self._wanted and self._context.scope.read(name) is not None

    def ask_once(self, name: str, done: Callable[[], None]) -> None:
        """Publish the aggregate, call ``done``, and keep it no longer than others want it."""
        drop = self.want(name)
        self._asking.setdefault(name, []).extend((done, drop))
        if name not in self._running:
            self._ask(name)

    def rebase(self, tables: set[str]) -> None:
        """Ask other handles for the aggregates of these tables: their names stand for others now."""
        for table in tables & self._connected.keys():
            self._connected.pop(table)()
            for name in [name for name in self._running if name.split(".", 1)[0] == table]:
                self._running.pop(name)()
            wanted = [name for name in self._wanted if name.split(".", 1)[0] == table]
            if wanted and table in self._context.tables:
                self._connected[table] = self._connect(table)
                for name in wanted:
                    self._ask(name)

    def close(self) -> None:
        """Stop asking and listening."""
        bag = Disposers()
        for disposer in (*self._connected.values(), *self._running.values()):
            bag.add(disposer)
        self._connected, self._running, self._wanted = {}, {}, {}
        bag()

    def _drop(self, name: str) -> None:
        left = self._wanted.get(name, 0) - 1
        if left > 0:
            self._wanted[name] = left
        else:
            self._wanted.pop(name, None)

    def _connect(self, table: str) -> Disposer:
        handle = self._context.tables[table]

        def refresh(*_: Any) -> None:
            for name in self._wanted:
                if name.split(".", 1)[0] == table:
                    self._ask(name)

        handle.changed.connect(refresh)
        handle.base_changed.connect(refresh)

        def disconnect() -> None:
            handle.changed.disconnect(refresh)
            handle.base_changed.disconnect(refresh)

        return disconnect

    def _ask(self, name: str) -> None:
        if name in self._running:
            # NOTE: a query under way is let finish; many changes then cost one more query, not one each.
            self._stale.add(name)
            return
        match = _PATTERN.fullmatch(name)
        assert match is not None
        handle = self._context.tables[match["table"]]
        function, of = match["function"], match["of"] or ""
        self._running[name] = lambda: None
        if function == "count" and not of:
            cancel = handle.count(handle.merge(Query()), lambda answer: self._answer(name, answer))
        else:
            merged = handle.merge(Query(aggregates=(Aggregate(function, of, "value"),)))
            query = msgspec.structs.replace(merged, sort=())  # the one row of an aggregate has no order
            cancel = handle.fetch(query, 0, 1, lambda answer: self._answer(name, _first(answer)), is_idle=True)
        if name in self._running:
            self._running[name] = cancel

    def _answer(self, name: str, answer: Any) -> None:
        self._running.pop(name, None)
        if name not in self._wanted:
            return
        if isinstance(answer, Exception):
            # The table's own views show the error and offer what to do; an amount that is not known stays empty.
            answer = None
        self._context.scope.publish(name, answer)
        for done in self._asking.pop(name, ()):
            done()
        if name in self._stale:
            self._stale.discard(name)
            self._ask(name)


def _first(answer: Any) -> Any:
    if isinstance(answer, Exception) or not len(answer.columns.get("value", ())):
        return answer if isinstance(answer, Exception) else None
    return answer.columns["value"][0]
