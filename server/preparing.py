"""Preparing a query for somebody: the work in a thread, its progress as pieces of a stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from kernel.tables.contract import Report
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.progress import PERIOD_S, answer_piece, part_piece
from kernel.wire.call import Call
from server.topic import Feeds


def preparing(prepare_query: Callable[[Call, Any, Report], int]) -> Callable[[Call, Any], AsyncIterator[bytes]]:
    """The streaming handler of ``table.prepare``; ``prepare_query`` does it for the person.

    There is no deadline: the work ends when its client cancels or goes away.
    """

    async def prepare(call: Call, args: Any) -> AsyncIterator[bytes]:
        await Feeds.of(call.session).settle(args.app)
        interrupt = Interrupt()
        call.on_cancel(interrupt.set)
        part = 0.0

        def report(done: float) -> None:
            nonlocal part
            part = max(part, done)

        def work() -> int:
            with interruptible(interrupt):
                return prepare_query(call, args, report)

        task = call.session.loop.run_in_executor(call.session.server.threads, work)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=PERIOD_S)
                yield part_piece(part)
            yield answer_piece(task.result())
        finally:
            interrupt.set()
            if not task.done():
                task.add_done_callback(lambda done: done.cancelled() or done.exception())

    return prepare
