"""Watches that set each other off in a circle: found, stopped, and told once with the places of all of them.

What a watch gives a state is there at once; what it gives a cell comes back later, after a write and a read, and what
its script writes later still. So rounds are counted across turns of the event loop, for watches that can come back to
themselves, until a watch has nothing to change any more or all of them rest. What a script writes is known once it has
done so: the watch that ran it leads there from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from kernel.expression import parse
from kernel.words import say
from layouts.action import assignment
from layouts.node import Formula, Node, Template

if TYPE_CHECKING:
    from widgets.context import Context
    from widgets.structure.watch import Watch

#: Writes of one watch that change something, before it is taken for a circle.
MOST_ROUNDS = 30
#: After so many ms without a write the counting begins anew.
REST_MS = 5_000


class Circles:
    """The watches of one window.

    Attributes:
        acting: The watch whose action is being done, None outside of one.
    """

    def __init__(self, context: Context) -> None:
        self.acting: Watch | None = None
        self._context = context
        self._watches: list[Watch] = []
        self._rounds: dict[Watch, int] = {}
        self._told: set[tuple[str, ...]] = set()
        #: What scripts and commands of a watch have written: states, ``table.column``.
        self._written: dict[Watch, set[str]] = {}
        #: Watches whose scripts wrote something since they were set off last.
        self._is_late: set[Watch] = set()
        self._rest = QTimer()
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rounds.clear)

    def add(self, watch: Watch) -> None:
        """A watch came."""
        self._watches.append(watch)

    def remove(self, watch: Watch) -> None:
        """A watch went."""
        self._watches.remove(watch)
        self._rounds.pop(watch, None)
        self._written.pop(watch, None)
        self._is_late.discard(watch)

    def begin(self, watch: Watch) -> None:
        """A watch was set off; a round, where its script wrote something that leads back to it."""
        if watch in self._is_late:
            self._is_late.discard(watch)
            self.note(watch, is_change=True)

    def note_script(self, watch: Watch, names: Iterable[str]) -> None:
        """The script of a watch is about to write these: states, ``table.column``."""
        self._is_late.add(watch)
        self._written.setdefault(watch, set()).update(names)

    @contextmanager
    def going_on(self, watch: Watch) -> Iterator[None]:
        """What happens within happens because of a watch that acted before."""
        before, self.acting = self.acting, watch
        try:
            yield
        finally:
            self.acting = before

    def note_written(self, watch: Watch, name: str) -> None:
        """A command of a watch gives a name a value."""
        self._written.setdefault(watch, set()).add(name)

    def may_act(self, watch: Watch) -> bool:
        """Whether it has not gone round too often; told when it has."""
        if self._rounds.get(watch, 0) < MOST_ROUNDS:
            return True
        self.tell(watch)
        return False

    def note(self, watch: Watch, *, is_change: bool) -> None:
        """A watch wrote something; where nothing became another, the circle has come to its end by itself."""
        if not is_change:
            self._rounds.clear()
            return
        if watch in self._rounds or self.circle(watch):
            self._rounds[watch] = self._rounds.get(watch, 0) + 1
            self._rest.start()

    def tell(self, watch: Watch) -> None:
        """Say which watches go in a circle with this one, once for each circle."""
        places = [str(one.node.where) for one in self.circle(watch)] or [str(watch.node.where)]
        known = tuple(sorted(places))
        if known not in self._told:
            self._told.add(known)
            text = say("A watch was stopped: it sets what it watches, in a circle")
            self._context.reporter.report("error", text, " → ".join([*places, places[0]]))

    def circle(self, watch: Watch) -> list[Watch]:
        """The watches on the shortest way from one back to itself, it first; none when there is no such way."""
        ways, seen = [[watch]], {watch}
        while ways:
            way = ways.pop(0)
            for other in self._watches:
                if not self._leads(way[-1], other.node):
                    continue
                if other is watch:
                    return way
                if other not in seen:
                    seen.add(other)
                    ways.append([*way, other])
        return []

    def _leads(self, one: Watch, other: Node) -> bool:
        """Whether what a watch sets may be what another one watches; a cell may be that of any view of its table."""
        run = one.node.get("run")
        found = assignment(run.text) if isinstance(run, Formula) else None
        targets = {*([found[0]] if found is not None else ()), *self._written.get(one, ())}
        return any(self._sets(target, other) for target in targets)

    def _sets(self, target: str, other: Node) -> bool:
        is_cell, column = "." in target, target.rpartition(".")[2]
        for name in _names(other):
            if name == target or name.startswith(f"{target}.") or target.startswith(f"{name}."):
                return True
            head = name.partition(".")[0]
            if is_cell and (head in self._context.tables or name.rpartition(".")[2] == column):
                return True
        return False


def _names(node: Node) -> tuple[str, ...]:
    """What a watch reads."""
    value = node.get("value")
    if isinstance(value, Template):
        return tuple(name for part in value.parts if isinstance(part, Formula) for name in part.names)
    return value.names if isinstance(value, Formula) else parse(str(value)).names


def circles_of(context: Context) -> Circles:
    """The one of a window; made on first use."""
    root = context.root
    if root.circles is None:
        root.circles = Circles(root)
    return root.circles
