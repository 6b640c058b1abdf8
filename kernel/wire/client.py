"""The client's end of one connection, inside an event loop. :class:`kernel.wire.link.Link` is the blocking door."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec

from kernel.wire import frame
from kernel.wire import value as wire_value
from kernel.wire.code import NAMES
from kernel.wire.error import UNKNOWN_OUTCOME, FrameError, RemoteError, UnavailableError, too_late
from kernel.wire.frame import Limits
from kernel.wire.protocol import FrameProtocol
from kernel.words import mark

log = logging.getLogger("espalier.wire")

#: Gets the answer: a result, or the exception that a caller should see.
Done = Callable[[Any], None]
#: Seconds between looks at the deadlines of what is under way.
SWEEP_S = 0.05
#: Seconds that a client waits beyond the deadline that it told the server.
GRACE_S = 0.25


class Pending:
    """One request under way; ``chunk`` takes the pieces of a long result."""

    __slots__ = ("done", "timeout_s", "deadline", "type", "chunk", "sequence")

    def __init__(
        self, done: Done, timeout_s: float, deadline: float, type: Any, chunk: Callable[[bytes], None] | None
    ) -> None:
        self.done = done
        self.timeout_s = timeout_s
        self.deadline = deadline
        self.type = type
        self.chunk = chunk
        self.sequence = 0


class Client(FrameProtocol):
    """One connection to a server.

    Args:
        limits: What is accepted from the server.
        on_event: Called with each event's topic and body.
        on_lost: Called once with the reason when the connection is gone.
        server: What errors call the other end: its address.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        on_event: Callable[[str, Any], None] | None = None,
        on_lost: Callable[[UnavailableError], None] | None = None,
        server: object = "the server",
    ) -> None:
        super().__init__(limits or Limits())
        self._on_event = on_event
        self._on_lost = on_lost
        self._server = server
        self._pending: dict[int, Pending] = {}
        self._last_id = 0
        self._sweeper: asyncio.TimerHandle | None = None
        self._reason = "the connection was lost"
        self._handlers = {frame.EVENT: self._event, frame.CHUNK: self._chunk, frame.PING: self._ping}

    # Asking

    def request(
        self,
        command: str,
        args: Any,
        done: Done,
        *,
        timeout_s: float = 0.0,
        type: Any = Any,
        chunk: Callable[[bytes], None] | None = None,
    ) -> int:
        """Send a request; ``done`` is called once on the loop's thread. Answers the request's id.

        Raises:
            RemoteError: too large to send (``too_large``).
            UnavailableError: the connection is gone.
            TypeError: the arguments have no form on the wire.
        """
        if self.is_closed:
            raise UnavailableError(self._reason)
        self._last_id = id = self._last_id + 1
        start = len(self._out)
        frame.append_request(self._out, id, command, args, int(timeout_s * 1000 + 0.999))
        if len(self._out) - start - frame.HEADER_SIZE > self.limits.frame:
            del self._out[start:]
            raise RemoteError("too_large", f"the request is over the limit of {self.limits.frame} bytes")
        if not self._is_reading and not start:  # otherwise a flush is already on its way
            self.loop.call_soon(self._flush)
        deadline = 0.0
        if timeout_s:
            deadline = self.loop.time() + timeout_s + GRACE_S
            if self._sweeper is None:
                self._sweeper = self.loop.call_later(SWEEP_S, self._sweep)
        self._pending[id] = Pending(done, timeout_s, deadline, type, chunk)
        return id

    def call(self, command: str, args: Any, *, timeout_s: float = 10.0, type: Any = Any) -> asyncio.Future[Any]:
        """A future of the command's result; cancelling it cancels the command. Raises as :meth:`request`."""
        future: asyncio.Future[Any] = self.loop.create_future()

        def done(answer: Any) -> None:
            if future.done():
                return
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

        id = self.request(command, args, done, timeout_s=timeout_s, type=type)
        future.add_done_callback(lambda made: self.cancel(id) if made.cancelled() else None)
        return future

    def cancel(self, id: int) -> None:
        """The answer is no longer wanted; ``done`` is not called any more."""
        if self._pending.pop(id, None) is not None:
            self.send(frame.CANCEL, [id])

    def take_more(self, id: int, count: int) -> None:
        """Let the server send ``count`` more chunks of a long result."""
        if id in self._pending:
            self.send(frame.MORE, [id, count])

    # Answers

    def frame_received(self, kind: int, body: bytes) -> None:
        """One frame of the server; raises FrameError when it is none that a server sends."""
        if kind == frame.REPLY:
            self._reply(frame.unpack_body(kind, body))
            return
        handler = self._handlers.get(kind)
        if handler is not None:
            handler(frame.unpack_body(kind, body))
        elif kind != frame.PONG:
            raise FrameError(mark(f"a server sends no frame of kind {kind}"))

    def _reply(self, reply: frame.Reply) -> None:
        if reply.id == 0:
            raise FrameError(mark(f"the server refused: {reply.error}"))
        pending = self._pending.pop(reply.id, None)
        if pending is None:
            return
        if reply.code == 0:
            pending.done(_decode(reply.result, pending.type))
            return
        detail = _decode(reply.result, Any)
        code = NAMES.get(reply.code, "failed")
        if code == "deadline":
            pending.done(too_late(self._server, pending.timeout_s))
            return
        pending.done(RemoteError(code, reply.error, detail if isinstance(detail, dict) else {}))

    def _chunk(self, chunk: frame.Chunk) -> None:
        pending = self._pending.get(chunk.id)
        if pending is None:
            return
        if pending.chunk is None or chunk.sequence != pending.sequence:
            raise FrameError(mark(f"chunk {chunk.sequence} of request {chunk.id} was not expected"))
        pending.sequence += 1
        if chunk.data:
            pending.chunk(chunk.data)
        if chunk.is_last:
            del self._pending[chunk.id]
            pending.done(None)

    def _event(self, event: frame.Event) -> None:
        if self._on_event is not None:
            self._on_event(event.topic, event.body)

    def _ping(self, body: frame.Ping) -> None:
        self.send(frame.PONG, [body.number])

    def _sweep(self) -> None:
        now = self.loop.time()
        late = [id for id, pending in self._pending.items() if pending.deadline and pending.deadline < now]
        for id in late:
            pending = self._pending[id]
            self.cancel(id)
            pending.done(too_late(self._server, pending.timeout_s))
        has_deadlines = any(pending.deadline for pending in self._pending.values())
        self._sweeper = self.loop.call_later(SWEEP_S, self._sweep) if has_deadlines else None

    # The end

    def refuse(self, error: FrameError) -> None:
        """The server broke the protocol: end, and tell everyone who waits."""
        self._reason = str(error)
        self.close()
        self.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`; tells everyone who waits."""
        super().connection_lost(exc)
        if exc is not None:
            self._reason = f"the connection was lost: {exc}"
        self.end()

    def end(self) -> None:
        """Tell everyone who waits, once."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        pending, self._pending = self._pending, {}
        for one in pending.values():
            one.done(UnavailableError(self._reason, hint=UNKNOWN_OUTCOME))
        on_lost, self._on_lost = self._on_lost, None
        if on_lost is not None:
            on_lost(UnavailableError(self._reason))


def _decode(raw: msgspec.Raw, type: Any) -> Any:
    """The value, or the exception that a caller should see."""
    try:
        return wire_value.decode(raw, type)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return RemoteError("internal", f"the server's answer cannot be read: {error}")
