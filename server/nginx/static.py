"""What nginx serves by itself: the files of the releases that are served, in the layout of a mirror.

Written by a thread behind the release; whoever asks before gets the files over the frames.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from kernel.delivery.mirror import file_path, pack_path
from kernel.delivery.mirror_folder import write_mirror
from kernel.error import EspalierError
from server.catalogue import Catalogue
from server.log import Log
from server.published import Published

#: Seconds for which files stay that no release that is served has any more: somebody may be fetching them.
KEEP_S = 86_400.0


class Static:
    """The folder of files.

    Args:
        folder: Where.
        catalogue: The releases now.
        log: The server's log.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, log: Log) -> None:
        self._folder, self._catalogue, self._log = folder, catalogue, log
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="espalier-static", daemon=True)
        self._thread.start()
        self._wake.set()

    def update(self) -> None:
        """Look at the releases soon. From any thread."""
        self._wake.set()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._wake.set()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._stop.is_set():
                return
            try:
                self.write()
            except (EspalierError, OSError) as error:
                self._log.error("nginx's files cannot be written", path=self._folder, error=error)

    def write(self) -> int:
        """Write what is missing and remove what is long gone; answers how many files were written."""
        written, wanted = 0, set()
        for published in self._served():
            if self._stop.is_set():
                return written
            wanted |= {pack_path(published.release.id), *map(file_path, published.blobs)}
            written += write_mirror(
                self._folder, published.manifest, published.release.id,
                lambda path, published=published: self._catalogue.read(published, path),
            )  # fmt: skip
        self._sweep(wanted)
        return written

    def _served(self) -> Iterator[Published]:
        for app in self._catalogue.published:
            yield from self._catalogue.channels(app).values()

    def _sweep(self, wanted: set[str]) -> None:
        before = time.time() - KEEP_S
        for path in self._folder.rglob("*.*"):
            if path.is_file() and path.relative_to(self._folder).as_posix() not in wanted:
                with contextlib.suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        path.unlink()
