"""Looks now and then whether other programs wrote into the databases of an app of this machine."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from kernel.error import EspalierError

if TYPE_CHECKING:
    from kernel.tables.remote import RemoteSource

#: Seconds between looks.
LOOK_S = 1.0


class Pollable(Protocol):
    """A source that must be asked for other programs' changes."""

    def poll(self) -> bool:
        """Tell the listeners of such changes; answers whether there were any."""


class Watch:
    """A thread that polls sources, started with the first one; its listeners are called from there."""

    def __init__(self) -> None:
        self._sources: list[Pollable] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, source: Pollable) -> None:
        """Poll ``source`` until :meth:`close`."""
        self._sources.append(source)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="watch databases", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            for source in list(self._sources):
                try:
                    source.poll()
                except EspalierError:
                    # A file that is locked or gone is told where rows are read; here it only ends the look.
                    continue


class Shared:
    """What other windows' processes do with the outbox of a source."""

    def __init__(self, source: RemoteSource) -> None:
        self._source = source

    def poll(self) -> bool:
        """See :class:`shell.watch.Pollable`."""
        return self._source.edits is not None and self._source.edits.take_news()
