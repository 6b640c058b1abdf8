"""What both ends share: an asyncio protocol that cuts bytes into frames and bounds what it holds.

Subclasses get whole frames; everything that is no frame ends the connection through :meth:`refuse`. Imports
asyncio, so only the network thread and servers import this module.
"""

from __future__ import annotations

import asyncio
from typing import Any

from kernel.wire import frame
from kernel.wire.error import FrameError
from kernel.wire.frame import HEADER, HEADER_SIZE, MAGIC, VERSION, Limits

_KINDS = frozenset(frame.DECODERS)
#: Bytes of answers that leave before all that was read is worked off, so that both ends work at once.
FLUSH_SIZE = 4096


class FrameProtocol(asyncio.Protocol):
    """One end of a connection.

    Frames that are made while bytes are being read leave together in one write.

    Args:
        limits: What this end accepts.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.loop = asyncio.get_running_loop()
        self.transport: asyncio.Transport | None = None
        self.can_write = True
        self.is_closed = False
        self._rest = bytearray()
        self._out = bytearray()
        self._is_reading = False
        self._is_held = False
        self._slow: asyncio.TimerHandle | None = None
        self._began = 0.0

    # What subclasses fill in

    def frame_received(self, kind: int, body: bytes) -> None:
        """One whole frame; raises FrameError when its body is wrong."""
        raise NotImplementedError

    def has_room(self) -> bool:
        """Whether another frame may be taken now; when that changes, call :meth:`release_hold`."""
        return True

    def refuse(self, error: FrameError) -> None:
        """The other end broke the protocol: answer if possible and close."""
        self.close()

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.Protocol`."""
        self.transport = transport  # type: ignore[assignment]
        self.transport.set_write_buffer_limits(high=self.limits.write_high)

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self.is_closed = True
        self.can_write = False
        self._rest = bytearray()
        self._stop_slow_timer()

    def pause_writing(self) -> None:
        """See :class:`asyncio.Protocol`: the other end does not read."""
        self.can_write = False

    def resume_writing(self) -> None:
        """See :class:`asyncio.Protocol`: it reads again."""
        self.can_write = True
        self.release_hold()

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`; hands out the whole frames."""
        if self.is_closed:
            return
        if self._rest:
            self._rest += data
            self._take(self._rest)
        else:
            self._take(data)

    def _take(self, data: bytes | bytearray) -> None:
        """Hand out the whole frames of ``data`` and keep the rest."""
        self._is_reading = True
        try:
            position = self._cut(data)
        except FrameError as error:
            self._flush()
            self.refuse(error)
            return
        finally:
            self._is_reading = False
        if data is self._rest:
            del self._rest[:position]
        elif position < len(data):
            self._rest += memoryview(data)[position:]
        self._flush()
        if position:  # what is left now is another frame, with time of its own
            self._stop_slow_timer()
        self._watch_slowness()
        if self._is_held and self.has_room():
            self.loop.call_soon(self.release_hold)

    def _cut(self, data: bytes | bytearray) -> int:
        """Cut frames until there is no whole one, or no room; answers where it stopped."""
        position, end, limit = 0, len(data), self.limits.frame
        received, has_room, unpack, out = self.frame_received, self.has_room, HEADER.unpack_from, self._out
        while end - position >= HEADER_SIZE:
            magic, version, kind, length = unpack(data, position)
            if magic != MAGIC or version != VERSION or kind not in _KINDS or length > limit:
                frame.check_start(data, position, limit)
            stop = position + HEADER_SIZE + length
            if stop > end:
                return position
            if not has_room():
                self._hold()
                return position
            received(kind, bytes(data[position + HEADER_SIZE : stop]))
            if self.is_closed:
                return stop
            position = stop
            if len(out) >= FLUSH_SIZE:
                self._flush()
        frame.check_start(data, position, limit)
        return position

    # Back-pressure

    def _hold(self) -> None:
        self._is_held = True
        self.transport.pause_reading()

    def release_hold(self) -> None:
        """Go on reading when there is room again."""
        if self._is_held and not self.is_closed and not self._is_reading and self.has_room():
            self._is_held = False
            self._take(self._rest)
            if not self._is_held and not self.is_closed:
                self.transport.resume_reading()

    # A frame that has begun must end

    def _watch_slowness(self) -> None:
        is_partial = bool(self._rest) and not self._is_held and not self.is_closed
        if not is_partial:
            self._stop_slow_timer()
        elif self._slow is None:
            self._began = self.loop.time()
            self._slow = self.loop.call_later(self._allowed_s(), self._cut_off)

    def _allowed_s(self) -> float:
        """How long the frame that has begun may take; its size is known once its header is whole."""
        allowed = self.limits.slow_frame_s
        if len(self._rest) >= HEADER_SIZE:
            allowed += HEADER.unpack_from(self._rest)[3] / self.limits.slow_rate
        return allowed

    def _stop_slow_timer(self) -> None:
        if self._slow is not None:
            self._slow.cancel()
            self._slow = None

    def _cut_off(self) -> None:
        self._slow = None
        allowed = self._allowed_s()
        left = self._began + allowed - self.loop.time()
        if left > 0:  # its header came after the timer was started
            self._slow = self.loop.call_later(left, self._cut_off)
            return
        self.refuse(FrameError(f"a frame was not whole after {allowed:.3g} s"))

    # Writing

    def send(self, kind: int, body: Any) -> None:
        """Send one frame; dropped when the connection is gone."""
        if self.is_closed:
            return
        frame.append(self._out, kind, body)
        if not self._is_reading:
            self._flush()

    def _flush(self) -> None:
        if self._out and not self.is_closed:
            self.transport.write(bytes(self._out))
            self._out.clear()

    def close(self) -> None:
        """Send what is waiting and close."""
        if not self.is_closed:
            self._flush()
            self.is_closed = True
            self._stop_slow_timer()
            self.transport.close()
