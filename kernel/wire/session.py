"""One client's connection on the server: reads requests, runs their commands, answers in any order."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING, Any

import msgspec

from kernel.wire import frame
from kernel.wire.call import Call
from kernel.wire.code import NAMES, NUMBERS, failure_of
from kernel.wire.error import FrameError, RemoteError
from kernel.wire.outbox import Outbox
from kernel.wire.stream import send_stream

if TYPE_CHECKING:
    from kernel.wire.command import Command
    from kernel.wire.listener import Server

log = logging.getLogger("espalier.wire")

#: Counts what comes, in the order in which it does.
_ORDER = itertools.count()
#: Seconds that a refused connection stays half open so that the client can read why.
LINGER_S = 1.0


class Protocol(Outbox):
    """One connection.

    Args:
        server: The server that it belongs to.
        client: Who it comes from, as a proxy in front says; empty where the connection itself tells.

    Attributes:
        server: The server that it belongs to.
        peer: The client's address as text.
        is_behind: Whether the other end is a proxy that speaks for the client, so that the system's word is about it.
        heard: When something came last: the more, the later.
        data: Room for the commands' own facts about this client.
    """

    def __init__(self, server: Server, client: str = "") -> None:
        super().__init__(server.limits)
        self.server = server
        self.peer = client
        self.is_behind = bool(client)
        self.heard = 0
        self._silence: asyncio.TimerHandle | None = None
        self.data: dict[str, Any] = {}
        self.dormant = 0
        self._stream_count = 0
        self._find = server.commands.find
        self._calls: dict[int, Call] = {}
        self._is_fresh = True
        self._handlers = {frame.CANCEL: self._cancel, frame.MORE: self._more, frame.PING: self._ping}

    # Life

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.Protocol`; turned away when the server is full or stopping."""
        super().connection_made(transport)
        self.peer = self.peer or _peer_text(transport.get_extra_info("peername"))
        if self.server.is_stopping:
            transport.close()
            return
        if len(self.server.sessions) >= self.limits.connections and not self.server.make_room(self.machine):
            self._turn_away("the server has as many connections as it takes")
            return
        self.server.sessions.add(self)
        self.heard = next(_ORDER)
        self._silence = self.loop.call_later(self.limits.first_s, self._end_silence)
        log.debug("%s: connected", self.peer)

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`; cancels what is under way."""
        super().connection_lost(exc)
        self._stop_silence_timer()
        self.server.sessions.discard(self)
        self.server.topics.forget(self)
        for call in list(self._calls.values()):
            call.cancel()

    @property
    def machine(self) -> str:
        """Where the client is, without its port."""
        return self.peer.rpartition(":")[0] or self.peer

    @property
    def weight(self) -> tuple[bool, bool, int]:
        """The less, the sooner it may end for another one: asks for something, hears of something, spoke last when."""
        return bool(self._calls), bool(self.server.topics.topics_of(self)), self.heard

    def tasks(self) -> list[asyncio.Task[None]]:
        """The tasks of calls under way."""
        return [call.task for call in self._calls.values() if call.task is not None]

    def end(self) -> None:
        """Cancel what is under way and close; does not wait for a client that reads nothing."""
        for call in list(self._calls.values()):
            self._give_up(call, "unavailable", "the server is stopping")
        self.close()
        self.loop.call_later(LINGER_S, self.transport.abort)

    def refuse(self, error: FrameError) -> None:
        """One error frame, then the end; lingers so that a reset does not overtake the answer."""
        if self.is_closed:
            return
        log.warning("%s: %s", self.peer, error)
        self._part("bad_frame", str(error))

    def make_way(self) -> None:
        """Close for somebody else's connection; the client may come back."""
        self.server.sessions.discard(self)
        self._turn_away("this machine has more connections than others, and the server needs the place")

    def _end_silence(self) -> None:
        self._silence = None
        self._turn_away(f"nothing was said for {self.limits.first_s:g} s")

    def _stop_silence_timer(self) -> None:
        if self._silence is not None:
            self._silence.cancel()
            self._silence = None

    def _turn_away(self, message: str) -> None:
        log.warning("%s: turned away: %s", self.peer, message)
        self._part("unavailable", message)

    def _part(self, code: str, message: str) -> None:
        """Say why, and close once the client had time to read it."""
        self.send(frame.REPLY, [0, NUMBERS[code], message, {}])
        self._flush()
        self.is_closed = True
        self._stop_slow_timer()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.transport.resume_reading()
        self.loop.call_later(LINGER_S, self.transport.abort)

    # Reading

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`; the first bytes tell whether the other end speaks frames at all."""
        self.heard = next(_ORDER)
        if self._is_fresh:
            self._is_fresh = False
            self._stop_silence_timer()
            if data[0] != frame.MAGIC and self._hand_over(data):
                return
        super().data_received(data)

    def _hand_over(self, data: bytes) -> bool:
        """Give a connection that speaks something else to whoever understands it."""
        other = self.server.foreign(self.transport, data) if self.server.foreign else None
        if other is None:
            return False
        self.server.sessions.discard(self)
        self.transport.set_protocol(other)
        other.connection_made(self.transport)
        other.data_received(data)
        return True

    def has_room(self) -> bool:
        """Whether another request may be taken: the client reads, and not too many are under way."""
        return (
            self.can_write
            and len(self._calls) - self.dormant < self.limits.requests
            and len(self._out) < self.limits.write_high
        )

    def frame_received(self, kind: int, body: bytes) -> None:
        """One frame of the client; raises FrameError when it is none that a client sends."""
        if kind == frame.REQUEST:
            self._request(frame.unpack_body(kind, body))
            return
        handler = self._handlers.get(kind)
        if handler is not None:
            handler(frame.unpack_body(kind, body))
        elif kind != frame.PONG:
            raise FrameError(f"a client sends no frame of kind {kind}")

    def _request(self, request: frame.Request) -> None:
        call = Call(self, request.id)
        command = self._find(request.command)
        try:
            if command is None:
                raise RemoteError("unknown_command", f"there is no command '{request.command}'")
            args = _arguments(command, request)
            if command.is_inline:
                self._reply(call, command.handler(call, args))
                return
            self._start(call, command, args, request.timeout_ms)
        except FrameError:
            raise
        except Exception as error:
            self._fail(call, error)

    def _start(self, call: Call, command: Command, args: Any, timeout_ms: int) -> None:
        if call.id in self._calls:
            raise FrameError(f"request {call.id} is already under way")
        if command.row.is_stream:
            if self._stream_count >= self.limits.streams:
                raise RemoteError("too_large", "too many long answers at once on this connection")
            self._stream_count += 1
        self._calls[call.id] = call
        if timeout_ms:
            call.timeout_ms = timeout_ms
            call.timer = self.loop.call_later(timeout_ms / 1000, self._expire, call)
        call.task = self.loop.create_task(self._run(call, command, args))

    def _cancel(self, body: frame.Cancel) -> None:
        call = self._calls.get(body.id)
        if call is not None:
            self._give_up(call, "cancelled", "cancelled by the client")

    def _expire(self, call: Call) -> None:
        self._give_up(call, "deadline", f"the answer was not ready within {call.timeout_ms / 1000:g} s")

    def _give_up(self, call: Call, code: str, message: str) -> None:
        """Answer with ``code`` now and stop the work, unless that happened already."""
        if not call.is_cancelled:
            self._fail(call, RemoteError(code, message))
            call.cancel()

    def _more(self, body: frame.More) -> None:
        call = self._calls.get(body.id)
        if call is not None and body.count > 0:
            call.credit = min(call.credit + body.count, frame.CHUNK_WINDOW)
            if call.more is not None and not call.more.done():
                call.more.set_result(None)

    def _ping(self, body: frame.Ping) -> None:
        self.send(frame.PONG, [body.number])

    # Running

    async def _run(self, call: Call, command: Command, args: Any) -> None:
        try:
            if command.row.is_stream:
                await send_stream(self, call, command, args)
            else:
                if command.is_async:
                    result = await command.handler(call, args)
                else:
                    result = await self.loop.run_in_executor(self.server.threads, command.handler, call, args)
                if not call.is_cancelled:
                    self._reply(call, result)
        except asyncio.CancelledError:
            if not call.is_cancelled:
                self._fail(call, RemoteError("cancelled", "the command was cancelled"))
        except Exception as error:
            if not call.is_cancelled:
                self._fail(call, error)
        finally:
            if call.timer is not None:
                call.timer.cancel()
            self._calls.pop(call.id, None)
            self._stream_count -= command.row.is_stream
            self.release_hold()

    def _reply(self, call: Call, result: Any) -> None:
        if self.is_closed:
            return
        start = len(self._out)
        frame.append_reply(self._out, call.id, result)
        length = len(self._out) - start - frame.HEADER_SIZE
        if length > self.limits.frame:
            del self._out[start:]
            raise RemoteError("too_large", f"the answer has {length} bytes, the limit is {self.limits.frame}")
        if not self._is_reading:
            self._flush()

    def _fail(self, call: Call, error: BaseException) -> None:
        failure = failure_of(error)
        if NAMES[failure.code] == "internal":
            log.error("%s: a command failed", self.peer, exc_info=error)
        self.send(frame.REPLY, [call.id, failure.code, failure.error, failure.detail])


def _arguments(command: Command, request: frame.Request) -> Any:
    try:
        return command.decode(request.args)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RemoteError("bad_arguments", f"{request.command}: {error}") from error


def _peer_text(peer: Any) -> str:
    return f"{peer[0]}:{peer[1]}" if isinstance(peer, tuple) else str(peer or "unix")
