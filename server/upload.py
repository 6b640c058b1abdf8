"""Commits that come in pieces: kept per connection until they are whole, then written as one.

What a connection has sent goes with it. The bytes are bounded, for one commit and for all connections together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from kernel.tables.change import Committed, Part
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.progress import PERIOD_S
from kernel.tables.remote_upload import ANSWER, ANSWER_PIECE, PROGRESS, joined
from kernel.tables.reporting import reporting
from kernel.wire import value as wire_value
from kernel.wire.call import Call
from kernel.wire.error import RemoteError
from kernel.wire.session import Protocol
from server.plain import check_changes
from server.topic import Feeds

#: Bytes of one commit, and how many such commits all clients together may have on their way.
COMMIT_LIMIT, AT_ONCE = 256 * 1024 * 1024, 2
_NAME = "uploads"

#: ``commit(call, args, parts) → answer``.
Commit = Callable[[Call, Any, list[Part]], Sequence[Committed]]


class _Upload:
    """What has come of one commit so far."""

    def __init__(self) -> None:
        self.slices: list[bytes] = []
        self.begun: list[bytes] = []
        self.count = 0
        self.size = 0
        self.is_running = False


class Uploads:
    """The commands for commits in pieces.

    Args:
        commit: Writes one that is whole.
        limit: Bytes of one commit at most.
    """

    def __init__(self, commit: Commit, limit: int = COMMIT_LIMIT) -> None:
        self._commit = commit
        self._limit = limit

    def add(self, call: Call, args: Any) -> None:
        """Take a piece; the first one begins anew.

        Raises:
            RemoteError: it is too much, or not the piece that follows.
        """
        mine = _of(call.session)
        if args.sequence == 0 and not (args.id in mine and mine[args.id].is_running):
            mine[args.id] = _Upload()
        upload = mine.get(args.id)
        if upload is None or upload.is_running or args.sequence != upload.count:
            raise RemoteError("bad_arguments", "this piece of the commit does not follow the one before")
        if upload.size + len(args.data) > self._limit:
            del mine[args.id]
            said = f"the server takes at most {self._limit:,} bytes in one commit"
            raise RemoteError("too_large", said, {"hint": "write fewer rows at once"})
        if self._taken(call.session) + len(args.data) > self._limit * AT_ONCE:
            del mine[args.id]
            hint = {"hint": "try again in a moment"}
            raise RemoteError("locked", "the server is busy with other large commits", hint)
        upload.count += 1
        upload.size += len(args.data)
        upload.begun.append(args.data)
        if args.is_whole:
            upload.slices.append(b"".join(upload.begun))
            upload.begun.clear()

    def drop(self, call: Call, args: Any) -> None:
        """Forget what has come of a commit."""
        mine = _of(call.session)
        if args.id in mine and not mine[args.id].is_running:
            del mine[args.id]

    async def end(self, call: Call, args: Any) -> AsyncIterator[bytes]:
        """Everything has come: write it. Tells how far that is, then the answer.

        There is no deadline: it is given up when its client says so or goes away.
        """
        mine = _of(call.session)
        upload = mine.get(args.id)
        if upload is None or upload.is_running or upload.begun or upload.count != args.count:
            raise RemoteError("bad_arguments", "the commit is not whole: some of its pieces are missing")
        upload.is_running = True
        interrupt, task = Interrupt(), None
        try:
            await Feeds.of(call.session).settle(args.app)
            call.on_cancel(interrupt.set)
            part = 0.0

            def report(done: float) -> None:
                nonlocal part
                part = max(part, done)

            def work() -> bytes:
                with interruptible(interrupt), reporting(report):
                    return self._write(call, args, upload)

            task = call.session.loop.run_in_executor(call.session.server.threads, work)
            while not task.done():
                await asyncio.wait({task}, timeout=PERIOD_S)
                yield PROGRESS + wire_value.encode(part)
            answer = task.result()
            for at in range(0, len(answer), ANSWER_PIECE):
                yield ANSWER + answer[at : at + ANSWER_PIECE]
        finally:
            mine.pop(args.id, None)
            if task is not None and not task.done():
                interrupt.set()
                task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _write(self, call: Call, args: Any, upload: _Upload) -> bytes:
        try:
            parts = joined(upload.slices)
            for part in parts:
                check_changes(part.changes)
        except ValueError as error:
            raise RemoteError("bad_arguments", f"commit.end: {error}") from error
        upload.slices.clear()
        return wire_value.encode(tuple(self._commit(call, args, parts)))

    def _taken(self, session: Protocol) -> int:
        """Bytes that all connections hold."""
        return sum(upload.size for one in session.server.sessions for upload in one.data.get(_NAME, {}).values())


def _of(session: Protocol) -> dict[str, _Upload]:
    return session.data.setdefault(_NAME, {})
