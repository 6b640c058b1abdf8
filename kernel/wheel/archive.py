"""One wheel: its name, its files, what it says of itself. Reading it runs nothing of it."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import struct
import zipfile
import zlib
from email.parser import HeaderParser
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kernel.digest import sha256_of
from kernel.wheel.error import WheelError
from kernel.words import mark

if TYPE_CHECKING:
    from email.message import Message

    from packaging.tags import Tag
    from packaging.version import Version

#: Files and bytes of one wheel, unpacked, beyond which it is not looked at.
MAX_FILES = 20_000
MAX_TOTAL = 1 << 30
#: What reading an archive that is damaged, or made to confuse, may end in: :mod:`zipfile` checks little itself.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, KeyError, IndexError, ValueError, OverflowError, OSError,
            EOFError, RuntimeError, NotImplementedError, AttributeError, TypeError)  # fmt: skip
#: Files of a wheel that its own list has no hash of.
UNLISTED = ("RECORD", "RECORD.jws", "RECORD.p7s")


class Listed(NamedTuple):
    """A row of a wheel's list: the hash's algorithm, the hash, the size in bytes (-1 = not said)."""

    algorithm: str
    digest: bytes
    size: int


class Archive:
    """A wheel's bytes.

    Args:
        path: Its file; the name says what is in it.
        data: Its content.

    Attributes:
        name: The distribution, normalised.
        version, tags: As the file's name says.
        sha256: Of its bytes, in hex.

    Raises:
        WheelError: it is no wheel, or too large.
    """

    def __init__(self, path: str, data: bytes) -> None:
        from packaging.utils import InvalidWheelFilename, parse_wheel_filename

        self.path = path
        self.sha256 = sha256_of(data).hex()
        try:
            found = parse_wheel_filename(path.rpartition("/")[2])
        except InvalidWheelFilename as error:
            hint = "NAME-VERSION-PYTHON-ABI-PLATFORM.whl"
            raise WheelError(mark(f"{path} is not named as wheels are"), hint=hint) from error
        self.name: str = found[0]
        self.version: Version = found[1]
        self.tags: frozenset[Tag] = found[3]
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
            files = [entry for entry in entries if not entry.is_dir()]
        except _DAMAGED as error:
            raise WheelError(mark(f"{path} is no wheel: {error or type(error).__name__}")) from error
        if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_TOTAL:
            raise WheelError(mark(f"{path} is too large: at most {MAX_FILES} files and {MAX_TOTAL >> 20} MiB"))
        #: All entries but folders, in their order; the same name may come twice in a wrong one.
        self.entries = files
        self.paths = frozenset(entry.filename for entry in self.entries)

    def read(self, path: str) -> bytes:
        """A file's bytes.

        Raises:
            WheelError: there is none, or it is damaged.
        """
        try:
            return self._zip.read(path)
        except _DAMAGED as error:
            raise WheelError(mark(f"{path} of {self.path} cannot be read: {error or type(error).__name__}")) from error

    @cached_property
    def information(self) -> str:
        """The folder that describes the wheel, ``rich-13.7.0.dist-info``.

        Raises:
            WheelError: there is none, several, or that of another wheel.
        """
        from packaging.utils import canonicalize_name
        from packaging.version import InvalidVersion, Version

        found = {path.partition("/")[0] for path in self.paths if path.partition("/")[0].endswith(".dist-info")}
        if len(found) != 1:
            raise WheelError(mark(f"{self.path} has {len(found)} folders that describe it, instead of one"))
        folder = found.pop()
        name, _, version = folder.removesuffix(".dist-info").partition("-")
        try:
            is_right = (canonicalize_name(name), Version(version)) == (self.name, self.version)
        except InvalidVersion:
            is_right = False
        if not is_right:
            raise WheelError(mark(f"{self.path} describes itself as {folder}"))
        return folder

    def about(self, name: str) -> Message:
        """``METADATA`` or ``WHEEL``."""
        return HeaderParser().parsestr(self.read(f"{self.information}/{name}").decode("utf-8", "replace"))

    @cached_property
    def listed(self) -> dict[str, Listed]:
        """The wheel's own list, RECORD: path → hash and size.

        Raises:
            WheelError: it cannot be read.
        """
        text = self.read(f"{self.information}/RECORD").decode("utf-8", "replace")
        found: dict[str, Listed] = {}
        try:
            for row in csv.reader(io.StringIO(text)):
                if row:
                    path, digest, size = row
                    algorithm, _, value = digest.partition("=")
                    decoded = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
                    found[path] = Listed(algorithm, decoded, int(size or -1))
        except (ValueError, binascii.Error, csv.Error) as error:
            raise WheelError(mark(f"the list of files of {self.path} cannot be read: {error}")) from error
        return found

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """The top-level modules that importing it gives."""
        found = set()
        for path in self.paths:
            top, slash, _ = path.partition("/")
            if slash and top.endswith((".dist-info", ".libs")):
                continue
            if slash or path.endswith((".py", ".so", ".pyd")):
                found.add(top.partition(".")[0])
        return tuple(sorted(found))

    def is_native(self, path: str) -> bool:
        """Whether a file is machine code."""
        name = path.rpartition("/")[2]
        return name.endswith((".so", ".pyd", ".dll", ".dylib")) or ".so." in name
