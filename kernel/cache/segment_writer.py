"""A segment that is written while its blobs come, so that little is left to be waited for at the end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence

from kernel.cache.durable import explain, make_directory, remove_temporary, sync_directory, temporary_path, write_all
from kernel.cache.segment import index_start, layout_at


class SegmentWriter:
    """One segment of at most ``room`` blobs; nobody sees it before :meth:`close`.

    Args:
        directory: Of the segments.
        room: For so many entries there is room in front of the blobs.

    Raises:
        CacheError: it cannot be written. So do all methods; nothing is left behind then.
    """

    def __init__(self, directory: str, room: int) -> None:
        self._directory, self.room = directory, room
        self._entries: list[tuple[bytes, int, int]] = []
        self._end = index_start(room)
        self._path = temporary_path(directory)
        self._handle = -1
        with self._telling():
            make_directory(directory)
            self._handle = os.open(
                self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600
            )
            os.lseek(self._handle, self._end, os.SEEK_SET)

    def add(self, blobs: Sequence[tuple[bytes, bytes]]) -> None:
        """Write blobs by their digests; the disk begins with them at once.

        Raises:
            ValueError: there is no room for so many.
        """
        if len(self._entries) + len(blobs) > self.room:
            self.drop()
            raise ValueError(f"the segment has room for {self.room} blobs")
        start = self._end
        with self._telling():
            write_all(self._handle, iter([data for _, data in blobs]))
            for digest, data in blobs:
                self._entries.append((digest, self._end, len(data)))
                self._end += len(data)
            if hasattr(os, "posix_fadvise"):  # without it all of it is waited for at the end
                os.posix_fadvise(self._handle, start, self._end - start, os.POSIX_FADV_DONTNEED)

    def close(self) -> None:
        """Have the segment on the disk, in its place, unless it has no blobs."""
        if not self._entries:
            self.drop()
            return
        name, head = layout_at(self._entries)
        with self._telling():
            os.lseek(self._handle, 0, os.SEEK_SET)
            write_all(self._handle, iter([head]))
            os.fsync(self._handle)
            self._let_go()
            os.replace(self._path, os.path.join(self._directory, name))
            sync_directory(self._directory)

    def drop(self) -> None:
        """Forget all of it."""
        self._let_go()
        remove_temporary(self._path)

    def _let_go(self) -> None:
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.drop()
            raise explain(error, self._directory) from error
        except BaseException:
            self.drop()
            raise
