"""Files on their way to be published: only those that the repository does not have, checked as they come.

A connection has one upload for each app; its blobs are kept in the repository at once and mean nothing until a commit
names them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from kernel.delivery.path import check_path
from kernel.release import File
from server.error import PublishError
from server.repository import Repository
from server.tree import LIMITS, Limits

#: Finds the blob with a SHA-256, or None.
Find = Callable[[str], "str | None"]


class Upload:
    """What has come of one app's files.

    Args:
        repository: Where blobs are kept.
        files: Path → SHA-256 and size.
        find: Finds what is here already.
        limits: What an app may hold.

    Attributes:
        missing: The SHA-256 of files that have to be sent, in this order.

    Raises:
        PublishError: that is more than an app may hold, or no files at all.
    """

    def __init__(
        self, repository: Repository, files: Mapping[str, File], find: Find, limits: Limits = LIMITS
    ) -> None:
        _check(files, limits)
        self._repository = repository
        self._files = files
        self._blobs = {file.sha256: oid for file in files.values() if (oid := find(file.sha256))}
        sizes = {file.sha256: file.size for file in files.values() if file.sha256 not in self._blobs}
        self.missing = list(sizes)
        self._sizes = sizes
        self._waiting = list(sizes)
        self._buffer = bytearray()
        self.sequence = 0

    def add(self, sequence: int, data: bytes) -> None:
        """Take a piece of the missing files, one after the other without anything between them.

        Raises:
            PublishError: it is not the piece that follows, or not what was announced.
        """
        if sequence != self.sequence:
            raise PublishError("this piece does not follow the one before")
        self.sequence += 1
        self._buffer += data
        while self._waiting and len(self._buffer) >= self._sizes[self._waiting[0]]:
            sha256 = self._waiting.pop(0)
            content = bytes(self._buffer[: self._sizes[sha256]])
            del self._buffer[: len(content)]
            if hashlib.sha256(content).hexdigest() != sha256:
                raise PublishError("a file changed while it was sent", hint="publish again")
            self._blobs[sha256] = self._repository.write_blob(content)
        if self._buffer and not self._waiting:
            raise PublishError("more was sent than was announced")

    def files(self) -> dict[str, str]:
        """Path → blob, once all have come.

        Raises:
            PublishError: some are missing.
        """
        for sha256 in [sha256 for sha256 in self._waiting if not self._sizes[sha256]]:
            self._waiting.remove(sha256)
            self._blobs[sha256] = self._repository.write_blob(b"")
        if self._waiting:
            raise PublishError(f"{len(self._waiting)} files have not come", hint="publish again")
        return {path: self._blobs[file.sha256] for path, file in self._files.items()}


def _check(files: Mapping[str, File], limits: Limits) -> None:
    if not files:
        raise PublishError("there are no files to publish")
    if len(files) > limits.files:
        raise PublishError(f"an app may have {limits.files} files, these are {len(files)}")
    for path, file in files.items():
        if reason := check_path(path):
            raise PublishError(f"the path {path!r} {reason}")
        if len(file.sha256) != 64 or set(file.sha256) - set("0123456789abcdef"):
            raise PublishError(f"the hash of {path!r} is no SHA-256")
        if not 0 <= file.size <= limits.file_bytes:
            raise PublishError(f"{path!r} has {file.size} bytes, a file may have {limits.file_bytes >> 20} MiB")
    folders = {path[:at] for path in files for at, letter in enumerate(path) if letter == "/"}
    if clash := folders & files.keys():
        raise PublishError(f"{min(clash)!r} is both a file and a folder")
    if sum(file.size for file in files.values()) > limits.total_bytes:
        raise PublishError(f"an app may have {limits.total_bytes >> 20} MiB")
