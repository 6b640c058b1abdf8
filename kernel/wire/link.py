"""A client's link to one server: blocking calls over one background thread that keeps the connection alive.

The thread (and asyncio with it) starts on first use. Connection loss fails what is under way with
UnavailableError; the link then comes back by itself and subscribes again, telling listeners to fetch again.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposer
from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import current
from kernel.wire.address import parse_address
from kernel.wire.error import UnavailableError, too_late
from kernel.wire.frame import CHUNK_WINDOW, Limits
from kernel.words import mark

if TYPE_CHECKING:
    from kernel.wire.link_thread import LinkThread
    from kernel.wire.tls import Security

EventListener = Callable[[Any], None]
StateListener = Callable[[str], None]

#: Chunks that are taken before the server is told that there may be more.
_MORE_AFTER = CHUNK_WINDOW // 2
#: In the place of an answer: nobody waits for it any more.
_GIVEN_UP = object()
#: Seconds beyond a call's deadline before its caller stops waiting for the thread's own answer.
_MARGIN_S = 0.5


class Link:
    """A connection to ``address`` that outlives the server's absences.

    Args:
        address: ``host:port``, ``[v6]:port`` or ``unix:/path``.
        limits: What is accepted from the server.
        name: Who the server is told that asks; empty = as the system calls the user.
        security: Knows the server's key and has this client's; without it only this machine's servers are reached.

    Raises:
        AddressError: the text is no address.
    """

    def __init__(
        self, address: str, *, limits: Limits | None = None, name: str = "", security: Security | None = None
    ) -> None:
        self.address = parse_address(address)
        self.name = name
        self._security = security
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._thread: LinkThread | None = None
        self._is_closed = False
        self._state = "connecting"
        self._state_listeners: list[StateListener] = []

    @property
    def state(self) -> str:
        """``connecting`` (also before the first use), ``online`` or ``offline``."""
        return self._state

    @property
    def failure(self) -> UnavailableError | None:
        """Why there was no connection the last time that there was none; None before that."""
        thread = self._thread
        return thread.failure if thread is not None else None

    def call(self, command: str, args: Any, *, timeout_s: float = 10.0, type: Any = Any) -> Any:
        """The command's result, waited for. From any thread but the link's own.

        Args:
            command: Its name, ``table.fetch``.
            args: A dict or struct.
            timeout_s: Seconds; the server stops working on it then.
            type: What the result is decoded into and checked against.

        Raises:
            RemoteError: the server answered with an error; ``code`` is ``deadline`` when time ran out.
            UnavailableError: the server cannot be reached, or was lost before it answered.
            InterruptedCallError: nobody waits for this thread's call any more; the server was told to stop.
        """
        answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        thread = self._started()
        with _giving_up(answers):
            cancel = thread.ask(command, args, answers.put, timeout_s=timeout_s, type=type)
            try:
                answer = answers.get(timeout=timeout_s + _MARGIN_S)
                _check(answer)
            except queue.Empty:
                cancel()
                raise _no_answer(self, timeout_s) from None
            except BaseException:
                cancel()
                raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def stream(self, command: str, args: Any, *, silence_s: float = 30.0) -> Iterator[bytes]:
        """The pieces of a long result as they come; leaving the loop early cancels the command.

        Args:
            command: The name of a streaming command.
            args: A dict or struct.
            silence_s: Longest wait for the next piece, seconds.

        Raises:
            RemoteError, UnavailableError, InterruptedCallError: as :meth:`call`; also in mid-stream.
        """
        pieces: queue.SimpleQueue[Any] = queue.SimpleQueue()
        with _giving_up(pieces):
            yield from self._pieces(command, args, silence_s, pieces)

    def _pieces(self, command: str, args: Any, silence_s: float, pieces: queue.SimpleQueue[Any]) -> Iterator[bytes]:
        thread = self._started()
        cancel = thread.ask(command, args, lambda answer: pieces.put((answer,)), chunk=pieces.put)
        taken = 0
        try:
            while True:
                try:
                    piece = pieces.get(timeout=silence_s)
                except queue.Empty:
                    raise _no_answer(self, silence_s) from None
                if type(piece) is tuple:
                    cancel = None
                    if isinstance(piece[0], Exception):
                        raise piece[0]
                    return
                _check(piece)
                yield piece
                taken += 1
                if taken % _MORE_AFTER == 0:
                    cancel.take_more(_MORE_AFTER)
        finally:
            if cancel is not None:
                cancel()

    def on_event(self, topic: str, listener: EventListener) -> Disposer:
        """Call ``listener(body)`` on the link's thread for each event of ``topic``.

        ``listener(None)`` means that events may have been missed (the connection was away, or this end was too
        slow): fetch again. What the server is asked after this call about the same thing (a table, an app's release)
        is done after the subscription holds, and so is a ``hello``.
        """
        return self._started().listen(topic, listener)

    def on_state(self, listener: StateListener) -> Disposer:
        """Call ``listener(state)`` at once, and on the link's thread whenever the state changes."""
        with self._lock:
            self._state_listeners.append(listener)
            state = self._state
        listener(state)
        while state != self._state:  # the thread may have told the newer state before: the newest one comes last
            state = self._state
            listener(state)

        def dispose() -> None:
            with self._lock:
                if listener in self._state_listeners:
                    self._state_listeners.remove(listener)

        return dispose

    def close(self) -> None:
        """Close the connection and end the thread; what is under way fails with UnavailableError."""
        with self._lock:
            self._is_closed = True
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.close()

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> LinkThread:
        with self._lock:
            if self._is_closed:
                raise UnavailableError(mark("the link to {address} is closed").format(address=self.address))
            if self._thread is None:
                from kernel.wire.link_thread import LinkThread  # asyncio: 20 ms, not on the way to the first paint

                self._thread = LinkThread(self.address, self.limits, self._set_state, self.name, self._security)
            return self._thread

    def _set_state(self, state: str) -> None:
        """Called by the thread."""
        with self._lock:
            if state == self._state:
                return
            self._state = state
            listeners = list(self._state_listeners)
        for listener in listeners:
            listener(state)


@contextlib.contextmanager
def _giving_up(answers: queue.SimpleQueue[Any]) -> Iterator[None]:
    """Within the block a thread that waits for these answers hears at once that its call is given up."""
    interrupt = current()
    with interrupt.stopping(lambda: answers.put(_GIVEN_UP)) if interrupt else contextlib.nullcontext():
        yield


def _check(answer: Any) -> None:
    if answer is _GIVEN_UP:
        raise InterruptedCallError(mark("the call was given up before it was answered"))


def _no_answer(link: Link, waited_s: float) -> Exception:
    if link.state != "online":
        return UnavailableError(mark("{address} does not answer").format(address=link.address))
    return too_late(link.address, waited_s)
