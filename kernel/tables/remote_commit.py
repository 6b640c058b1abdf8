"""Sending a commit to the server until its answer is known: the same id again, so that it is done once."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence

from kernel.tables.change import Committed, Part
from kernel.tables.error import InterruptedCallError, TableError, UnavailableError
from kernel.tables.interrupt import interruptible
from kernel.tables.remote_upload import Ask, is_large
from kernel.words import mark

#: Seconds that a commit may take, that it is sent again after a lost connection, and between two tries.
COMMIT_S, AGAIN_S, PAUSE_S = 30.0, 5.0, 0.1

#: ``(parts, id) → answer``.
Large = Callable[[Sequence[Part], str], tuple[Committed, ...]]

_UNKNOWN = mark("whether the change was saved is not known: {reason}")


def new_id() -> str:
    """A commit's id that no other commit has: 32 hex digits."""
    return os.urandom(16).hex()


def commit(
    ask: Ask, parts: Sequence[Part], id: str = "", again_s: float = AGAIN_S, large: Large | None = None
) -> tuple[Committed, ...]:
    """The server's answer.

    Args:
        ask: ``ask(command, arguments, type, timeout_s)``.
        parts: What to write.
        id: The commit's id; made here when empty.
        again_s: Seconds after the first loss of the connection during which it is sent again; 0 = never.
        large: Sends a commit of many rows, which takes as long as it takes.

    Raises:
        TableError: what the tables say.
        UnavailableError: the server is away; the message tells whether something may have been saved.
        InterruptedCallError: it was given up, and nothing was written nor will be.
    """
    id = id or new_id()
    send = large if large is not None and is_large(parts) else _at_once(ask)
    deadline, was_sent = 0.0, False
    while True:
        try:
            return send(parts, id)
        except InterruptedCallError:
            with interruptible(None):
                return _settle(ask, send, parts, id)
        except UnavailableError as error:
            was_sent = was_sent or may_be_written(error)
            deadline = deadline or time.monotonic() + again_s
            if not was_sent or time.monotonic() >= deadline:
                said = _UNKNOWN if was_sent else mark("nothing was saved, because {reason}")
                hint = mark("the edit stays; save it again when the server is back")
                raise UnavailableError(said.format(reason=error.message), hint=hint) from error
        _pause.wait(PAUSE_S)


def _at_once(ask: Ask) -> Large:
    return lambda parts, id: ask("tables.commit", {"parts": list(parts), "id": id}, tuple[Committed, ...], COMMIT_S)


def _settle(ask: Ask, send: Large, parts: Sequence[Part], id: str) -> tuple[Committed, ...]:
    """What became of a commit that was given up on its way: its answer when it was written all the same.

    NOTE: Its id is used up by a commit of nothing, so that the server refuses it should it still be under way. When
    that is refused, the id stands for what was written.

    Raises:
        InterruptedCallError: nothing was written.
        UnavailableError: the server went away or is busy; whether it was written is not known.
    """
    try:
        ask("tables.commit", {"parts": [], "id": id}, tuple[Committed, ...], COMMIT_S)
    except TableError as error:
        if type(error) is not TableError:
            raise UnavailableError(_UNKNOWN.format(reason=error.message)) from error
        return send(parts, id)
    raise InterruptedCallError(mark("the change was given up before it was written"))


def may_be_written(error: UnavailableError) -> bool:
    """Whether the request may have reached the server before it failed."""
    from kernel.wire.error import UNKNOWN_OUTCOME, RemoteError

    return error.hint == UNKNOWN_OUTCOME or isinstance(error.__cause__, RemoteError)


#: Never set: what waits for it is a pause.
_pause = threading.Event()
