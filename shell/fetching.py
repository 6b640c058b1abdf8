"""Opening an app that is not in the cache: in a thread, so that no window waits for a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from kernel.delivery.progress import Progress, following
from kernel.error import EspalierError
from kernel.tables.error import InterruptedCallError
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.words import say
from shell.app import OpenedApp, OpenError
from shell.session import Session
from shell.target import open_target

#: Seconds that a command line waits for the files of a server that answers before it shows a window.
PATIENCE_S = 0.4
_STEP_S = 0.02


class Fetch:
    """One try to open ``target``; may be started again after it failed.

    Attributes:
        app: The opened app, once it is there.
        error: Why it could not be opened, else None.
        is_cancelled: Whether that is because somebody gave it up.
        progress: How far it is; None while nothing has come.
    """

    def __init__(self, target: str, session: Session) -> None:
        self.target = target
        self.app: OpenedApp | None = None
        self.error: EspalierError | None = None
        self.is_cancelled = False
        self.progress: Progress | None = None
        self._interrupt = Interrupt()
        self._session = session
        self._is_done = threading.Event()
        # Made here: the thread must not be the first to read the configuration.
        self._servers = session.servers

    def start(self, done: Callable[[], None] | None = None) -> None:
        """Try; ``done`` is called in the thread at the end."""
        self.error, self.progress, self._interrupt, self.is_cancelled = None, None, Interrupt(), False
        self._is_done.clear()
        threading.Thread(target=self._run, args=(done,), name=f"fetch of {self.target}", daemon=True).start()

    def cancel(self) -> None:
        """Give the try under way up; what came stays in the cache for the next one."""
        self._interrupt.set()

    def _follow(self, progress: Progress) -> None:
        self.progress = progress

    def wait(self) -> OpenedApp | None:
        """The app; None when the server answers but its files take longer than a person likes to see nothing.

        Raises:
            EspalierError: it cannot be opened.
        """
        began = time.monotonic()
        while not self._is_done.wait(_STEP_S):
            is_late = time.monotonic() - began > PATIENCE_S
            if is_late and self._servers.is_online and not self._session.given.picture:
                return None
        if self.error is not None:
            raise self.error
        return self.app

    def then(self, done: Callable[[], None]) -> None:
        """Call ``done`` in a thread when the try under way has ended."""
        threading.Thread(target=lambda: (self._is_done.wait(), done()), daemon=True).start()

    def _run(self, done: Callable[[], None] | None) -> None:
        try:
            with interruptible(self._interrupt), following(self._follow):
                self.app = open_target(self.target, self._session)
        except InterruptedCallError:
            self.is_cancelled = True
            self.error = OpenError(say("{target} was not fetched: it was cancelled", target=self.target))
        except EspalierError as error:
            self.error = error
        except Exception as error:  # told on the page like any other reason
            self.error = OpenError(f"{self.target} cannot be opened: {type(error).__name__}: {error}")
            self.error.__cause__ = error
        finally:
            self._is_done.set()
        if done is not None:
            done()
