"""Columns of the mirror: those that there are, and making those that are asked for, behind or at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.error import EspalierError
from kernel.tables import mirroring
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.query import Query, Sort
from kernel.tables.sqlite.known import Kept
from kernel.tables.sqlite.landmark import find_landmarks, is_in_row_order
from kernel.tables.sqlite.mirror.column import Column
from kernel.tables.sqlite.mirror.text import TextColumn
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.part_row import MisfitError

if TYPE_CHECKING:
    from kernel.tables.sqlite.codec import Codec
    from kernel.tables.sqlite.connection import Connections, Reader
    from kernel.tables.sqlite.landmark import Landmarks
    from kernel.tables.sqlite.plan import Plan, Term

log = logging.getLogger("espalier.tables")
#: Seconds between two readings of a column behind: what is written all the time is not read for nothing.
PERIOD_S = 30.0
#: Reader → a plan of the table on it.
PlanOf = Callable[..., "Plan"]
Mirror = Column | TextColumn


class Wanted(NamedTuple):
    """A column of the table itself.

    Attributes:
        name: Its name; empty for the row's number.
        codec: Its codec.
        is_text: Whether its texts are wanted to look for others in them.
    """

    name: str
    codec: Codec | None = None
    is_text: bool = False


ROW_NUMBER = Wanted("")


def own_column(plan: Plan, term: Term | None) -> Wanted | None:
    """The one column of the table itself that a term stands for."""
    if term is None or term.is_label or len(term.columns) != 1 or term.columns[0][0] != f"t0.{quote(term.names[0])}":
        return None
    return Wanted(term.names[0], term.columns[0][1])


def is_mirrored(landmarks: Landmarks | None) -> bool:
    """Whether columns of a table of that size are mirrored at all."""
    return mirroring.folder is not None and landmarks is not None and landmarks.count >= mirroring.many_rows


def known_column(reader: Reader, table: str, wanted: Wanted) -> Mirror | None:
    """A column, if it was made before and fits."""
    return reader.known.find(_name(table, wanted)) or None


def keep(reader: Reader, plan: Plan, wanted: Wanted, make: Callable[[], Mirror]) -> None:
    """Keep a column; when it does not fit, that is kept."""
    used = plan.used()
    column: Mirror | None
    try:
        column = make()
    except MisfitError:
        column = None
    size = 0 if column is None else column.memory
    used = None if used is None else used | ({(plan.shape.schema.name, wanted.name)} if wanted.name else set())
    reader.known.keep(_name(plan.shape.schema.name, wanted), Kept(column or False, size, used))


def columns(connections: Connections, reader: Reader, plan_of: PlanOf, wanted: Sequence[Wanted]) -> list[Any] | None:
    """These columns; None when one does not fit, or is not there yet: then it is made behind."""
    plan = plan_of(reader)
    table = plan.shape.schema.name
    found = [reader.known.find(_name(table, one)) for one in wanted]
    if False in found:
        return None
    missing = [one for one, column in zip(wanted, found, strict=True) if column is None]
    if missing and mirroring.is_waited_for:
        for one in missing:
            make(connections, reader, plan_of, one)
        made = [known_column(reader, table, one) for one in wanted]
        return None if None in made else made
    if missing:
        if connections.behind is None:
            connections.behind = Behind(connections)
        connections.behind.wish(table, plan_of, missing)
        return None
    return found


def make(connections: Connections, reader: Reader, plan_of: PlanOf, wanted: Wanted) -> None:
    """Read a column and keep it, unless it is there."""
    from kernel.tables.sqlite.scan import Scan

    plan = plan_of(reader)
    if reader.known.find(_name(plan.shape.schema.name, wanted)) is not None:
        return
    landmarks = find_landmarks(reader, plan)
    query = Query(sort=(Sort(wanted.name),)) if wanted.name else Query()
    try:
        if landmarks is None or not is_in_row_order(reader, plan):
            raise MisfitError
        if wanted.name and own_column(plan, plan.sorted_term(query.sort[0])) is None:
            raise MisfitError
        Scan(connections, reader, plan_of, query, landmarks).mirror(wanted)
    except MisfitError:
        keep(reader, plan_of(reader), wanted, _misfit)


def _misfit() -> Mirror:
    raise MisfitError


def _name(table: str, wanted: Wanted) -> str:
    return f"mirror {table!r} {wanted.name!r} {wanted.is_text}"


class Behind:
    """Makes columns on a thread of its own, one after the other, as long as there are any."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = threading.Lock()
        self._wishes: dict[tuple[str, Wanted], PlanOf] = {}
        self._thread: threading.Thread | None = None
        self._interrupt = Interrupt()
        self._is_closed = False
        self._begun: dict[tuple[str, str, bool], float] = {}

    def wish(self, table: str, plan_of: PlanOf, wanted: Sequence[Wanted]) -> None:
        """Make these columns soon."""
        now = time.monotonic()
        with self._lock:
            self._wishes.update(((table, one), plan_of) for one in wanted
                                if now - self._begun.get((table, one.name, one.is_text), -PERIOD_S) >= PERIOD_S)
            if self._thread is None and self._wishes and not self._is_closed:
                self._thread = threading.Thread(target=self._run, name="table mirror", daemon=True)
                self._thread.start()

    def wait(self) -> None:
        """Return when nothing is left to make."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def give_up(self) -> None:
        """Make nothing of what was wished for, and return when nothing is read any more: somebody wants to write."""
        with self._lock:
            self._wishes.clear()
            thread, interrupt = self._thread, self._interrupt
            self._interrupt = Interrupt()
        if thread is not None:
            interrupt.set()
            thread.join()

    def close(self) -> None:
        """Make nothing more; what is being made is given up."""
        with self._lock:
            self._is_closed = True
            self._wishes.clear()
        self._interrupt.set()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._wishes:
                    self._thread = None
                    return
                table, wanted = next(iter(self._wishes))
                plan_of, interrupt = self._wishes.pop((table, wanted)), self._interrupt
                self._begun[table, wanted.name, wanted.is_text] = time.monotonic()
            precedence = self._connections.precedence
            try:
                with interruptible(interrupt), precedence.behind():
                    precedence.give_way()
                    with self._connections.reader() as reader:
                        make(self._connections, reader, plan_of, wanted)
            except (EspalierError, OSError) as error:  # the slow ways answer as well
                log.debug("no mirror of %s of %s: %s", wanted.name, table, error)
