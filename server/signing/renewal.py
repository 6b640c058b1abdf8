"""A thread that renews signatures before they expire, for as long as the server runs."""

from __future__ import annotations

import threading

from kernel.error import EspalierError
from server.log import Log
from server.signing.signing import Signing

#: Longest pause, seconds: a clock that is put right is noticed by then. And the pause after a failure.
LONGEST_S, AFTER_FAILURE_S = 3600.0, 60.0


class Renewal:
    """Renews until :meth:`close`.

    Args:
        signing: What is renewed.
        log: Where failures are told.
    """

    def __init__(self, signing: Signing, log: Log) -> None:
        self._signing, self._log = signing, log
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewal of signatures", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End, once what is being written is whole."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        pause = 0.0
        while not self._end.wait(pause):
            try:
                pause = min(self._signing.renew(), LONGEST_S)
            except EspalierError as error:
                self._log.error("signatures cannot be renewed", error=error, hint=error.hint)
                pause = AFTER_FAILURE_S
