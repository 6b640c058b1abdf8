"""Sending a long result: chunk by chunk, never more ahead than the client has asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

from kernel.wire import frame

if TYPE_CHECKING:
    from kernel.wire.call import Call
    from kernel.wire.command import Command
    from kernel.wire.session import Protocol

_END = object()


async def send_stream(session: Protocol, call: Call, command: Command, args: Any) -> None:
    """Run a streaming handler and send its bytes; the last chunk is an empty one that says so."""
    sequence = 0
    async for data in _pieces(session, command, call, args):
        for start in range(0, len(data), frame.CHUNK_SIZE):
            await _wait_for_credit(session, call)
            call.credit -= 1
            session.send(frame.CHUNK, [call.id, sequence, False, bytes(data[start : start + frame.CHUNK_SIZE])])
            sequence += 1
            await session.writable()
    session.send(frame.CHUNK, [call.id, sequence, True, b""])


async def _wait_for_credit(session: Protocol, call: Call) -> None:
    """Wait until the client took some. Such a call is dormant: it does not keep others from starting."""
    while call.credit <= 0:
        call.more = session.loop.create_future()
        session.dormant += 1
        session.release_hold()
        try:
            await call.more
        finally:
            session.dormant -= 1
            call.more = None


async def _pieces(session: Protocol, command: Command, call: Call, args: Any) -> AsyncIterator[bytes]:
    """The handler's pieces, whichever way it makes them."""
    if command.is_async:
        made = command.handler(call, args)
        async for data in made if hasattr(made, "__aiter__") else await made:
            yield data
        return
    threads = session.server.threads
    iterator: Iterator[bytes] = iter(await session.loop.run_in_executor(threads, command.handler, call, args))
    close = getattr(iterator, "close", None)
    step: asyncio.Future[Any] | None = None
    try:
        while True:
            step = session.loop.run_in_executor(threads, next, iterator, _END)
            data = await asyncio.shield(step)
            if data is _END:
                return
            yield data
    finally:
        if close is not None:
            if step is None or step.done():
                close()
            else:  # a thread is still inside the generator: close it when that step is over
                step.add_done_callback(lambda future: future.cancelled() or future.exception() or close())
