"""One plain thread with a queue; its answers are taken on the GUI thread.

The thread starts with the first request. Reads that were cancelled before they ran are dropped unrun; those that run
are interrupted (see :mod:`kernel.tables.interrupt`).
"""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from widgets import gui_thread

#: How long nothing else may have come before an idle request starts, in seconds.
_IDLE_S = 0.05

#: Variable that NumPy reads when it is imported, and its value for usual pages. It asks for huge ones, and while the
#: system makes one of new memory, for milliseconds, other threads of the process stand still as well.
_HUGE_PAGES, _NONE = "NUMPY_MADVISE_HUGEPAGE", "0"

#: The least step of a progress that is handed on.
_STEP = 0.005

_workers: weakref.WeakSet[Worker] = weakref.WeakSet()


def _nothing(*_: object) -> None:
    """In the place of what was let go."""


class _Request:
    __slots__ = ("done", "interrupt", "is_cancelled", "is_idle", "is_write", "progress", "work")

    def __init__(self, work: Callable[[], Any], done: Callable[[Any], None], is_write: bool) -> None:
        self.work = work
        self.done = done
        self.is_write = is_write
        self.is_cancelled = False
        self.is_idle = False
        self.interrupt: Any = None
        self.progress: Progress | None = None

    def cancel(self) -> None:
        self.is_cancelled = True
        if self.interrupt is not None:
            self.interrupt.set()

    def run(self) -> Any:
        """On the worker: what came of it. A read stops when it is cancelled, a write does not."""
        from kernel.tables.interrupt import Interrupt, interruptible
        from widgets.giving_way import giving_way

        if not self.is_write:
            self.interrupt = Interrupt()
            if self.is_cancelled:
                return None
        try:
            with interruptible(self.interrupt), giving_way():
                return self.work()
        except Exception as error:  # the answer of a call is its exception: ``done`` shows it
            # NOTE: without its frames: they hold handles and widgets, and a source's own thread may let go of it last.
            return error.with_traceback(None)

    def finish(self, answer: Any) -> None:
        """On the GUI thread, where what the callables hold is let go as well: it may be widgets."""
        done, self.done, self.work = self.done, _nothing, _nothing
        if self.progress is not None:
            self.progress.close()
        if not self.is_cancelled:
            done(answer)


class Worker:
    """Runs requests one after the other; urgent ones go first. Made on the GUI thread.

    Args:
        name: The thread's name.
        is_held: Gather requests and start no thread before :meth:`release` or the first write.

    Attributes:
        is_held: Whether it still does.
    """

    def __init__(self, name: str, *, is_held: bool = False) -> None:
        gui_thread.prepare()
        self._name = name
        self._ready = threading.Condition()
        self._urgent: deque[_Request] = deque()
        self._waiting: deque[_Request] = deque()
        self._idle: deque[_Request] = deque()
        self._thread: threading.Thread | None = None
        self._running: _Request | None = None
        self._is_stopped = False
        self.is_held = is_held
        #: Requests, without the idle ones, whose answer has not reached the GUI thread yet; cancelled ones count
        #: until they are dropped.
        self.unanswered = 0
        #: Writes among them.
        self.unwritten = 0
        _workers.add(self)

    def submit(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        is_urgent: bool = False,
        is_write: bool = False,
        is_idle: bool = False,
        progress: Progress | None = None,
    ) -> Callable[[], None]:
        """Queue ``work``; ``done`` gets its result or exception on the GUI thread. Answers a cancel callable.

        A write runs even when it was cancelled; only its answer is dropped then. An idle request (a sum over all
        rows) starts only after nothing else came for a moment, so that it never goes before rows. ``progress`` is
        closed when it is over.
        """
        request = _Request(work, done, is_write)
        request.progress = progress
        with self._ready:
            if self._is_stopped:
                return request.cancel
            (self._urgent if is_urgent else self._idle if is_idle else self._waiting).append(request)
            request.is_idle = is_idle
            self.unanswered += not is_idle
            self.unwritten += is_write
            if is_write or not self.is_held:
                self._start()
            self._ready.notify()
        return request.cancel

    @property
    def is_stopped(self) -> bool:
        """Whether it ends, or has ended."""
        return self._is_stopped

    def release(self) -> None:
        """Let a held worker begin with what was gathered."""
        with self._ready:
            self.is_held = False
            if self.unanswered or self._idle:
                self._start()

    def _start(self) -> None:
        if self._thread is None and not self._is_stopped:
            self.is_held = False
            os.environ.setdefault(_HUGE_PAGES, _NONE)
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def deliver(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` on the GUI thread, from any thread; nothing after :meth:`stop`."""
        if not self._is_stopped:
            gui_thread.hand(callback)

    def stop(self) -> None:
        """Run the waiting writes, drop the rest and end the thread; does not wait for it."""
        running = self._running
        if running is not None and not running.is_write:
            running.cancel()
        with self._ready:
            self._is_stopped = True
            self._waiting.clear()
            self._idle.clear()
            self._ready.notify()

    def join(self, timeout_s: float) -> None:
        """Wait until the thread has ended, at most ``timeout_s`` seconds."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while (request := self._next()) is not None:
            self._running, held = request, [request]
            # NOTE: from here on this thread reaches request and answer through ``held`` alone, which the GUI thread
            # empties: what they hold (an exception its frames, and those widgets) must be let go there.
            del request
            held.append(held[0].run())
            self._running = None
            if self._is_stopped:
                held[0].cancel()
            # NOTE: handed over without an answer too: what is cancelled must be let go on the GUI thread.
            gui_thread.hand(lambda held=held: self._finish(held))

    def _finish(self, held: list[Any]) -> None:
        request, answer = held
        held.clear()
        # NOTE: counted down after the answer was taken, so that what it asks next is counted before.
        try:
            request.finish(answer)
        finally:
            with self._ready:
                self.unanswered -= not request.is_idle
                self.unwritten -= request.is_write

    def _next(self) -> _Request | None:
        with self._ready:
            while True:
                if self._urgent:
                    return self._urgent.popleft()
                if self._is_stopped:
                    return None
                if self._waiting:
                    return self._waiting.popleft()
                if not self._idle:
                    self._ready.wait()
                elif not self._ready.wait(_IDLE_S) and self._is_quiet():
                    return self._idle.popleft()

    def _is_quiet(self) -> bool:
        """Whether only idle requests wait: a stop or another request may have come just as the waiting ended."""
        return bool(self._idle) and not (self._urgent or self._waiting or self._is_stopped)


class Progress:
    """Takes reports of a work on its thread, and hands on those that a person can see the difference of.

    Args:
        report: Called on the GUI thread with the part that is done, from 0.0 to 1.0.
        deliver: Brings a callable there.
    """

    def __init__(self, report: Callable[[float], None], deliver: Callable[[Callable[[], None]], None]) -> None:
        self._report, self._deliver = report, deliver
        self._told = 0.0

    def close(self) -> None:
        """Hand nothing on any more; on the GUI thread. A source's own thread may keep this for longer than it is
        wanted, but nothing of the asker's.
        """
        self._report = _nothing

    def __call__(self, share: float) -> None:
        if share - self._told >= _STEP or share < self._told:
            self._told = share
            self._deliver(lambda: self._report(share))


@atexit.register
def _stop_all() -> None:
    for worker in list(_workers):
        worker.stop()
    for worker in list(_workers):
        worker.join(2.0)
