"""A table as widgets use it: every call runs on a worker thread, every answer comes back on the GUI thread.

One handle is shared by all widgets that show the same declared table. It knows the declared filter and sort, and
paints at once from what a remote table remembers. What is known of the table itself is in ``handle_opening``.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from kernel.tables.change import Change, Key
from kernel.tables.contract import Estimate
from kernel.tables.error import TableError, UnavailableError
from kernel.tables.query import Query, Sort, parse_sort
from widgets.handle_opening import Opening
from widgets.handle_worker import Progress, Worker

if TYPE_CHECKING:
    from kernel.tables.schema import Schema
    from widgets.history import History

Done = Callable[[Any], None]
Cancel = Callable[[], None]


#: How long the first count waits for rows to come before it, in ms.
_COUNT_AFTER_MS = 200


class TableHandle(Opening):
    """A table that never blocks the window.

    ``done(answer)`` of the calls below gets the result, or the exception that the table raised; it is called on the
    GUI thread, and not at all after its cancel callable was called or the handle was disposed. A remote table that
    remembers answers calls ``done`` up to twice: first with what it remembers, then with the fresh answer.

    Args:
        table: The table, or a callable that opens it (run on the worker, so that opening costs the window nothing).
        name: What layouts call the table.
        filter_text, parameters, sort: The declared filter and sort.
        is_held: Answer from memory alone until :meth:`release`; for the time before a window's first paint.
        word: The table's schema → the same in the person's language; None leaves it as it is.
    """

    released = Signal()
    #: The changes that a widget of this window had written by :meth:`commit`; before its answer is taken.
    wrote = Signal(object)
    base_changed = Signal()

    def __init__(
        self,
        table: Any,
        name: str,
        *,
        filter_text: str = "",
        parameters: dict[str, Any] | None = None,
        sort: str = "",
        is_held: bool = False,
        word: Callable[[Schema], Schema] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(table, name, parent, word)
        self.is_held = is_held
        #: Opens the window's history, where it keeps one; asked on the GUI thread at each commit.
        self.open_history: Callable[[], History] | None = None
        self.filter_text = filter_text
        self.parameters = dict(parameters or {})
        self.sort: tuple[Sort, ...] = parse_sort(sort)
        self._worker = Worker(f"table {name}", is_held=is_held)
        self._behind: Worker | None = None
        self._counting: Worker | None = None
        self._request(self._open, self._take_opened)
        self._others: weakref.WeakSet[Worker] = weakref.WeakSet()
        worker, disposers, others = self._worker, self._disposers, self._others
        self.destroyed.connect(lambda: (worker.stop(), disposers(), [other.stop() for other in list(others)]))

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still awaited."""
        return self._worker.unanswered > 0 or (self._counting is not None and self._counting.unanswered > 0)

    @property
    def is_writing(self) -> bool:
        """Whether the answer to a write is still awaited."""
        return self._worker.unwritten > 0

    # -- what is shown --------------------------------------------------------------------------------------------

    def set_base(self, filter_text: str, parameters: dict[str, Any], sort: str = "") -> None:
        """Set the declared filter, its parameters and the sort; tells ``base_changed`` when anything differs."""
        keys = parse_sort(sort)
        if (filter_text, parameters, keys) == (self.filter_text, self.parameters, self.sort):
            return
        self.filter_text, self.parameters, self.sort = filter_text, dict(parameters), keys
        self.base_changed.emit()

    def merge(self, query: Query) -> Query:
        """The query under the declared filter; without a sort of its own it takes the declared one."""
        import msgspec

        both = [text for text in (self.filter_text, query.filter) if text]
        text = " and ".join(f"({part})" for part in both) if len(both) > 1 else "".join(both)
        return msgspec.structs.replace(
            query, filter=text, parameters={**self.parameters, **query.parameters}, sort=query.sort or self.sort
        )

    # -- calls ----------------------------------------------------------------------------------------------------

    def count(self, query: Query, done: Done) -> Cancel:
        """Ask how many rows the query has, beside other calls: rows are not kept waiting by a number."""
        if self._counting is None:
            self._counting = self._other_worker("counts", is_held=True)
        if self._counting.is_held and not self._worker.is_held:
            self._count_soon()
        answer = lambda: self.table().count(query)  # noqa: E731
        return self._remembering("remembered_count", (query,), answer, done, worker=self._counting)

    def estimate(self, query: Query, done: Done) -> Cancel:
        """Ask how many rows the query has, as far as that is known in a moment: a :class:`Estimate`."""

        def take(answer: Any) -> None:
            done(Estimate(answer) if isinstance(answer, int) else answer)

        return self._remembering("remembered_count", (query,), lambda: self.table().estimate(query), take)

    def prepare(self, query: Query, report: Callable[[float], None], done: Done) -> Cancel:
        """Have every page of the query made cheap, beside other calls; ``done`` gets its exact count.

        ``report`` gets the part that is done, on the GUI thread. Cancelling stops the work.
        """
        if self._behind is None:
            self._behind = self._other_worker("orders")
        tell = Progress(report, self._behind.deliver)
        return self._request(lambda: self.table().prepare(query, tell), done, worker=self._behind, progress=tell)

    def fetch(self, query: Query, start: int, stop: int, done: Done, *, is_idle: bool = False) -> Cancel:
        """Ask for the rows ``start`` … ``stop - 1``; an idle question waits until no other is asked."""
        answer = lambda: self.table().fetch(query, start, stop)  # noqa: E731

        def take(answer: Any) -> None:
            done(answer)
            if self._counting is not None and not self._worker.is_held:
                self._counting.release()

        return self._remembering("remembered", (query, start, stop), answer, take, is_idle)

    def locate(self, query: Query, key: Key, done: Done) -> Cancel:
        """Ask where the row with that key stands."""
        return self._request(lambda: self.table().locate(query, key), done)

    def commit(self, changes: Sequence[Change], done: Done, title: str = "") -> Cancel:
        """Write all the changes or none; goes before waiting reads. Cancelling drops only the answer.

        Where the window keeps a history, the edit is noted there; ``title`` says what to call it.
        """
        taken, write = list(changes), self.writer()
        history = self.open_history() if self.open_history is not None else None
        expected = history.expect() if history is not None else None

        def take(answer: Any) -> None:
            if history is not None and expected is not None:
                history.came(expected, is_written=not isinstance(answer, Exception))
            if not isinstance(answer, Exception):
                self.wrote.emit(taken)
            done(answer)

        return self._request(lambda: write(taken, title), take, is_urgent=True, is_write=True)

    def writer(self) -> Callable[[Sequence[Change], str], Any]:
        """A callable ``(changes, title) → Committed`` for threads that may wait, which notes the edit."""
        history = self.open_history() if self.open_history is not None else None

        def write(changes: Sequence[Change], title: str) -> Any:
            if history is None:
                return self.table().commit(changes)
            return history.commit(self, self.table(), changes, title)

        return lambda changes, title: self.noting(changes, lambda: write(changes, title))

    def noting(self, changes: Sequence[Change], write: Callable[[], Any]) -> Any:
        """Write, with the rows noted as written from here; for threads that may wait."""
        keys = [tuple(change.key) for change in changes if hasattr(change, "version") and hasattr(change, "values")]
        self.own.update(keys)
        try:
            return write()
        except BaseException:
            self.own.difference_update(keys)
            raise

    def call(self, work: Callable[[Any], Any], done: Done, *, is_write: bool = False) -> Cancel:
        """Run ``work(table)`` on the worker, for what has no method here."""
        return self._request(lambda: work(self.table()), done, is_urgent=is_write, is_write=is_write)

    def stop_with(self, worker: Worker) -> None:
        """Stop another one's worker too when this handle goes.

        NOTE: connecting the signal to the worker's method would not do: PySide takes such a connection down when the
        worker is let go, without a lock and on the thread that lets it go, which is the worker's own.
        """
        self._others.add(worker)

    def release(self) -> None:
        """Let a held handle ask the table itself."""
        if self._is_disposed:
            return
        self.tell_painted()
        self._worker.release()
        if self._behind is not None:
            self._behind.release()
        if self._counting is not None:
            self._count_soon()

    def tell_painted(self) -> None:
        """Tell ``released``: the window was painted, and what it left out may be built, from memory still."""
        if self.is_held and not self._is_disposed:
            self.is_held = False
            self.released.emit()

    def dispose(self) -> None:
        """Stop the worker and the subscription; answers that are under way are dropped, and it is deleted soon.

        What listens to its signals would else be kept by it, and it by nobody's leave.
        """
        if self._is_disposed:
            return
        self._is_disposed = True
        for worker in self._workers():
            worker.stop()
        self._disposers()
        self.deleteLater()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _is_stopped(self) -> bool:
        return self._worker.is_stopped

    def _workers(self) -> list[Worker]:
        return [worker for worker in (self._worker, self._behind, self._counting) if worker is not None]

    def _count_soon(self) -> None:
        """Count once rows were read, or where nobody wants rows: a count reads millions of them."""
        QTimer.singleShot(_COUNT_AFTER_MS, self, self._counting.release)

    def _other_worker(self, word: str, *, is_held: bool = False) -> Worker:
        worker = Worker(f"table {self.name}, {word}", is_held=is_held or self._worker.is_held)
        self.destroyed.connect(lambda: worker.stop())
        return worker

    def _remembering(
        self, name: str, arguments: tuple[Any, ...], work: Callable[[], Any], done: Done, is_idle: bool = False,
        worker: Worker | None = None,
    ) -> Cancel:  # fmt: skip
        remembered = getattr(self._opened, name, None)
        if remembered is None:
            return self._request(work, done, is_idle=is_idle, worker=worker)
        cancels: list[Cancel] = []
        has_fresh: list[bool] = []

        def take_old(answer: Any) -> None:
            if not has_fresh and not self._is_disposed:
                has_fresh.append(False)
                done(answer)

        def take_fresh(answer: Any) -> None:
            if isinstance(answer, UnavailableError) and has_fresh:
                self._take_error(answer)
                return
            has_fresh.append(True)
            done(answer)

        # What is remembered is there in a moment, and no thread is started for it: a first paint waits for it.
        old = remembered(*arguments)
        if old is not None:
            is_wanted = [True]
            self._worker.deliver(lambda: take_old(old) if is_wanted else None)
            cancels.append(is_wanted.clear)
        cancels.append(self._request(work, take_fresh, is_idle=is_idle, worker=worker))
        return lambda: [cancel() for cancel in cancels] and None

    def _request(
        self,
        work: Callable[[], Any],
        done: Done,
        *,
        is_urgent: bool = False,
        is_write: bool = False,
        is_idle: bool = False,
        worker: Worker | None = None,
        progress: Progress | None = None,
    ) -> Cancel:
        def take(answer: Any) -> None:
            if self._is_disposed:
                return
            if isinstance(answer, UnavailableError):
                self._take_error(answer)
            elif isinstance(answer, Exception) and not isinstance(answer, TableError):
                answer = explained(answer)
            done(answer)

        return (worker or self._worker).submit(
            work, take, is_urgent=is_urgent, is_write=is_write, is_idle=is_idle, progress=progress
        )

def explained(error: Exception) -> Exception:
    """An unexpected exception as a table error that names it; what the project raises stays as it is."""
    from kernel.error import EspalierError

    if isinstance(error, EspalierError):
        return error
    explained = TableError(f"the table could not be read: {type(error).__name__}: {error}")
    explained.__cause__ = error
    return explained
