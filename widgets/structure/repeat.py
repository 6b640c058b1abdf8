"""The kind ``repeat``: its children once for each row of a table, kept by the row's key.

Many rows are built in slices of a frame's time, in their order from the first on, so that nobody waits for the last. A
row that goes while it holds what is typed stays until that is written or taken back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from shiboken6 import isValid

from kernel.tables.change import Key
from kernel.tables.query import Query, parse_sort
from kernel.words import say
from layouts.node import Formula, Node, Template
from widgets.filter import LiveFilter
from widgets.scope import Scope
from widgets.structure.structure import Structure

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.handle import TableHandle
    from widgets.patch import Stale
    from widgets.region import Part, Region
    from widgets.structure.unwritten import Unwritten


#: Rows that are there at once, seconds for each slice of those that come after them, and ms between slices.
FIRST_ROWS, SLICE_S, BETWEEN_MS = 20, 0.012, 0


class Repeat(Structure):
    """Reads the rows that it shows, and again after every change of them."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        node, context = self.node, self.region.context
        self._row_name = str(node.get("as") or "row")
        self._limit = int(node.get("limit") or 100)
        self._columns = tuple(sorted(set(_columns(node, self._row_name))))
        self._keys: list[Key] = []
        self._scopes: list[Scope] = []
        self._filter: tuple[str, dict[str, Any]] = ("", {})
        self._cancel: Callable[[], None] | None = None
        self._is_stale = False
        self._waiting: Unwritten | None = None
        #: Shows a row at each step.
        self._work: Iterator[None] = iter(())
        self._timer = QTimer(self.region.host.widget)
        self._timer.setInterval(BETWEEN_MS)
        self._timer.timeout.connect(lambda: self._go_on())
        self._handle: TableHandle = context.tables[str(node.get("table"))]
        given = node.get("filter")
        self._live = LiveFilter(given if isinstance(given, Formula) else None, context.scope, self._take_filter)
        for signal, slot in (
            (self._handle.changed, self._reread),
            (self._handle.base_changed, self._reread),
            (self._handle.schema_changed, self._take_schema),
        ):
            signal.connect(slot)
            self.disposers.add(lambda signal=signal, slot=slot: signal.disconnect(slot))
        self.disposers.add(self._live.dispose)
        self.disposers.add(self._give_up)
        self.disposers.add(self._end_work)
        self._take_schema()

    def patch(self, node: Node, stale: Stale) -> bool:
        """Other children are patched in every row; another table, filter or order needs a new repeat."""
        from widgets.patch import patch_region

        if node.properties != self.node.properties:
            return False
        self.part.node = node
        columns = tuple(sorted(set(_columns(node, self._row_name))))
        for scope in self._scopes:
            for name in _ids(node):
                scope.declare(name)
        for region in self._row_regions():
            patch_region(region, node.children, stale)
        if columns != self._columns:
            self._columns = columns
            self._reread()
        return True

    def lost(self, node: Node, stale: Stale) -> Iterator[QWidget]:
        """What goes in every row."""
        from widgets.patch import lost_widgets

        if node.properties != self.node.properties:
            yield from super().lost(node, stale)
            return
        for region in self._row_regions():
            yield from lost_widgets(region, node.children, stale)

    def _row_regions(self) -> list[Region]:
        return [part.region for part in self.region.parts[: len(self._keys)] if part.region is not None]

    def _take_schema(self) -> None:
        if self._handle.schema is not None:
            self._live.set_schema(self._handle.schema)

    def _take_filter(self, text: str, parameters: dict[str, Any]) -> None:
        self._filter = (text, parameters)
        self._reread()

    def _reread(self, *_: Any) -> None:
        if self._cancel is not None:
            # One question under way is let finish; many changes then cost one more, not one each.
            self._is_stale = True
            return
        if self._handle.schema is None:
            return
        text, parameters = self._filter
        sort = parse_sort(str(self.node.get("sort") or ""))
        query = self._handle.merge(Query(text, parameters, sort, self._columns))
        self._cancel = lambda: None
        cancel = self._handle.fetch(query, 0, self._limit + 1, self._take)
        if self._cancel is not None:
            self._cancel = cancel

    def _give_up(self) -> None:
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel()

    def _take(self, answer: Any) -> None:
        self._cancel = None
        self._show_answer(answer)
        if self._is_stale and not self.region.is_gone:
            self._is_stale = False
            self._reread()

    def _show_answer(self, answer: Any) -> None:
        self._drop_notes()
        if isinstance(answer, Exception):
            self._work = iter(())
            from widgets.grid.notice import sentence

            self._note("message", sentence(answer), level="error")
            return
        count = min(len(answer), self._limit)
        is_more = len(answer) > self._limit and "limit" not in self.node.properties
        self._work = self._show(answer.keys[:count], [answer.row(index) for index in range(count)], is_more)
        self._go_on(FIRST_ROWS)

    def _go_on(self, least: int = 1) -> None:
        """Show rows for the time of a slice, at least so many; the rest comes in later turns of the event loop."""
        self._timer.stop()
        work, end = self._work, time.perf_counter() + SLICE_S
        for count, _ in enumerate(work, 1):
            if self._work is not work:  # what a row's widgets did has brought another answer, or an end
                return
            if count >= least and time.perf_counter() >= end:
                self._timer.start()
                return

    def _end_work(self) -> None:
        self._work = iter(())
        if isValid(self._timer):
            self._timer.stop()
            self._timer.deleteLater()

    def _show(self, keys: list[Key], rows: list[dict[str, Any]], is_more: bool) -> Iterator[None]:
        """Make the regions those of ``keys``, in that order, a row a step; who stays is moved and told its row."""
        given = dict(zip(keys, rows, strict=True))
        for at in reversed(range(len(self._keys))):
            if self._keys[at] not in given and not self._must_wait(at):
                self.region.remove(at)
                del self._keys[at], self._scopes[at]
        present = set(self._keys)
        for at, key in enumerate(self._with_waiting(keys)):
            # What a row's widgets do may take the whole repeat away.
            if self.region.is_gone:
                return
            if key not in present:
                self._insert(at, key, given[key])
                yield
                continue
            before = self._keys.index(key, at)
            if before != at:
                self.region.move(before, at)
                self._keys.insert(at, self._keys.pop(before))
                self._scopes.insert(at, self._scopes.pop(before))
            if key in given:
                self._scopes[at].publish(self._row_name, given[key])
        if is_more:
            self._note(
                "label", say("Only the first {limit:,} are shown", limit=self._limit), tone="muted", style="caption"
            )

    def _must_wait(self, at: int) -> bool:
        """Whether a row that is to go holds what is typed and not written; it is then looked at again."""
        from widgets.structure.unwritten import Unwritten, holds_edits

        region = self.region.parts[at].region
        if region is None or not holds_edits(region.widgets()):
            return False
        if self._waiting is None:
            self._waiting = Unwritten(self._look_again, self.region.context, self.region.host.widget)
            self.disposers.add(self._waiting.wait())
        return True

    def _look_again(self) -> bool:
        """Whether no row holds edits any more; those that have to go do so then."""
        from widgets.structure.unwritten import holds_edits

        if any(holds_edits(region.widgets()) for region in self._row_regions()):
            return False
        self._waiting = None
        self._reread()
        return True

    def _with_waiting(self, keys: list[Key]) -> list[Key]:
        """The keys of all rows that are shown: those that stay for their edits behind the row that was before them."""
        found, before = list(keys), None
        known = set(keys)
        for key in self._keys:
            if key not in known:
                found.insert(found.index(before) + 1 if before is not None else 0, key)
            before = key
        return found

    def _insert(self, at: int, key: Key, row: dict[str, Any]) -> None:
        scope = Scope(self.region.context.scope)
        for name in (self._row_name, *_ids(self.node)):
            scope.declare(name)
        scope.publish(self._row_name, row)
        self._keys.insert(at, key)
        self._scopes.insert(at, scope)
        context = self.region.context.within(scope)
        context.rows = {**context.rows, self._row_name: (self._handle, key)}
        region = self.region.insert_region(at, self.node, context)
        region.fill(self.node.children)

    def _note(self, kind: str, text: str, **properties: Any) -> None:
        where = self.node.where
        self.region.insert(len(self.region.parts), Node(kind, "", {"text": text, **properties}, [], where))

    def _drop_notes(self) -> None:
        for at in reversed(range(len(self._keys), len(self.region.parts))):
            self.region.remove(at)


def _columns(node: Node, row_name: str) -> Iterator[str]:
    """The paths of the row that the children read; those of a repeat within that calls its row alike are its own."""
    for child in node.children:
        for value in child.properties.values():
            for formula in value.parts if isinstance(value, Template) else (value,):
                if isinstance(formula, Formula):
                    heads = (name.partition(".") for name in formula.names)
                    yield from (path for head, _, path in heads if head == row_name and path)
        if child.kind != "repeat" or child.get("as", "row") != row_name:
            yield from _columns(child, row_name)


def _ids(node: Node) -> Iterator[str]:
    """The ids of all that stands inside."""
    for child in node.children:
        if child.id:
            yield child.id
        yield from _ids(child)
