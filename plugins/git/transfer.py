"""One fetch, pull or push: on a thread of its own, told as it goes on, answered when it asks, given up at any time."""

from __future__ import annotations

import datetime
import queue
import threading
import time
from collections.abc import Callable

from plugins.api import EspalierError, TableError, say
from plugins.git.credential import Credentials, Secret, Wish
from plugins.git.remote import Callbacks, GivenUpError
from plugins.git.repository import Repository

#: States: it goes on, waits for an answer, ends as soon as the remote lets go; and how it has ended.
RUNNING, ASKING, STOPPING, DONE, FAILED, CANCELLED = "running", "asking", "stopping", "done", "failed", "cancelled"
STATES = (RUNNING, ASKING, STOPPING, DONE, FAILED, CANCELLED)
#: Seconds between two reports of progress.
_TELL_S = 0.1
#: Seconds that a transfer has to end by itself once it is given up; then it is left alone.
_LEAVE_S = 0.5

#: (Repository, target, callbacks) → what to say.
Work = Callable[[Repository, str, Callbacks], str]


class Transfer:
    """See the module.

    Args:
        repository: Where.
        work: What is done.
        target: The remote; empty for the usual one.
        can_ask: Whether somebody is there to answer questions.
        tell: Called on any thread when the row is another.

    Attributes:
        state: One of :data:`STATES`.
        progress: From 0 to 1; None before anything is counted.
        wish: What is asked; None while nothing is.
        result: What became of it.
    """

    def __init__(
        self, repository: Repository, work: Work, target: str, tell: Callable[[], None], *, can_ask: bool
    ) -> None:
        self._repository, self._work, self._target, self._tell = repository, work, target, tell
        self.state, self.result = RUNNING, ""
        self.progress: float | None = None
        self.wish: Wish | None = None
        self.ended: datetime.datetime | None = None
        self._told = 0.0
        self._stop = threading.Event()
        self._answers: queue.SimpleQueue[Secret | None] = queue.SimpleQueue()
        self._credentials = Credentials(self._ask if can_ask else None)
        self._thread = threading.Thread(target=self._run, name="git transfer", daemon=True)
        self._ending = threading.Lock()
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state in (DONE, FAILED, CANCELLED)

    def answer(self, secret: Secret) -> None:
        """Go on with what the person typed."""
        if self.state == ASKING:
            self._answers.put(secret)

    def cancel(self) -> None:
        """Give it up. What waits for a remote that says nothing is left alone, and ends when that says something."""
        with self._ending:
            if self.is_over or self._stop.is_set():
                return
            self._stop.set()
            self._answers.put(None)
            self.state = STOPPING
        self._tell()
        leaving = threading.Timer(_LEAVE_S, self._end, (CANCELLED, say("Given up")))
        leaving.daemon = True
        leaving.start()

    def wait(self, seconds: float) -> None:
        """Return when it has ended, or after the time."""
        self._ended.wait(seconds)

    # -- on the thread --------------------------------------------------------------------------------------------

    def _run(self) -> None:
        callbacks = Callbacks(self._report, self._stop, self._credentials)
        try:
            result = self._work(self._repository, self._target, callbacks)
            self._credentials.remember()
            self._end(DONE, result)
        except GivenUpError:
            self._end(CANCELLED, say("Given up"))
        except EspalierError as error:
            said = f"{error.message} ({error.hint})" if error.hint else error.message
            self._end(CANCELLED if self._stop.is_set() else FAILED, said)
        except Exception as error:  # a row that never ends would say less
            self._end(FAILED, repr(error))

    def _end(self, state: str, result: str) -> None:
        """How it has ended; the first word counts."""
        with self._ending:
            if self.is_over:
                return
            self.ended = datetime.datetime.now().replace(microsecond=0)
            self.result, self.state = result, state
        self._ended.set()
        self._tell()

    def _report(self, done: int, total: int) -> None:
        self.progress = done / total if total else None
        now = time.monotonic()
        if now - self._told > _TELL_S:
            self._told = now
            self._tell()

    def _ask(self, wish: Wish) -> Secret | None:
        self.wish = wish
        self._become(ASKING)
        secret = self._answers.get()
        self.wish = None
        if secret is None:
            raise GivenUpError(say("Given up"))
        self._become(RUNNING)
        return secret

    def _become(self, state: str) -> None:
        with self._ending:
            if self._stop.is_set():
                return
            self.state = state
        self._tell()


def refuse_second(running: Transfer | None) -> None:
    """Refuse a transfer while another one is under way.

    Raises:
        TableError: there is one.
    """
    if running is not None and not running.is_over:
        raise TableError(say("another transfer is under way"), hint=say("wait for it, or cancel it"))
