"""What is known of one server's keys: a file among the person's data, where emptying the cache does not reach it.

On the way to the first paint: reading it imports nothing.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kernel.digest import sha256_of
from kernel.release import ReleaseError
from kernel.words import mark


class Target(msgspec.Struct, frozen=True):
    """The newest release of an app in a channel, as its role names it."""

    sha256: str
    length: int
    serial: int


class AppTrust(msgspec.Struct, omit_defaults=True):
    """What is known of one app.

    Attributes:
        keys, threshold: Who may sign it now, and how many of them must.
        signers: The keys that have signed its role last.
        targets: Channel → its newest release.
        accepted: Id of a release that was accepted → the keys that had signed it.
        serials: Channel → the highest serial that was accepted.
    """

    keys: tuple[str, ...] = ()
    threshold: int = 1
    signers: tuple[str, ...] = ()
    targets: dict[str, Target] = {}
    accepted: dict[str, tuple[str, ...]] = {}
    serials: dict[str, int] = {}


class State(msgspec.Struct, omit_defaults=True):
    """What is known of one server.

    Attributes:
        root: The newest root that is trusted, as it was signed; empty before the first contact.
        root_version: Its version.
        fingerprint: What was pinned before the first contact; afterwards, the root's.
        floors: Role → the version that was verified last.
        listed: Role → its version in the snapshot that was verified last.
        good_time: The time that the server has signed last, seconds since the epoch.
        expires: Until when what is here is proven to be the newest, seconds since the epoch; 0 = nothing is yet.
        apps: App → what is known of it.
    """

    root: bytes = b""
    root_version: int = 0
    fingerprint: str = ""
    floors: dict[str, int] = {}
    listed: dict[str, int] = {}
    good_time: float = 0.0
    expires: float = 0.0
    apps: dict[str, AppTrust] = {}


class States:
    """The files of all servers in ``directory``, one each, by the name that the person has for the server."""

    def __init__(self, directory: str | Path) -> None:
        self._directory = os.fspath(directory)

    def path(self, server: str) -> str:
        """The server's file."""
        return os.path.join(self._directory, f"{sha256_of(server.encode()).hex()[:32]}.state")

    def read(self, server: str) -> State | None:
        """What is known of the server; None when it was never met.

        Raises:
            ReleaseError: the file is damaged. It is not taken for a first contact, which anybody could bring about.
        """
        path = self.path(server)
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _damaged(server, path, error.strerror or str(error)) from error
        try:
            if sha256_of(data[32:]) != data[:32]:
                raise ValueError(mark("its checksum is wrong"))
            return msgspec.msgpack.decode(data[32:], type=State)
        except (ValueError, msgspec.DecodeError) as error:
            raise _damaged(server, path, str(error)) from error

    def write(self, server: str, state: State, *, is_settled: bool = True) -> None:
        """Replace the file, durably.

        Args:
            server: Whose.
            state: What is known.
            is_settled: Whether it must outlast a power cut now; else from :meth:`settle` on.

        Raises:
            CacheError: it cannot be written; the old one is there.
        """
        from kernel.cache.durable import write_file

        data = msgspec.msgpack.encode(state)
        path = self.path(server)
        write_file(os.path.dirname(path), os.path.basename(path), [sha256_of(data), data], has_name=is_settled)

    def settle(self) -> None:
        """Have what was written outlast a power cut; raises CacheError."""
        from kernel.cache.durable import explain, sync_directory

        try:
            sync_directory(self._directory)
        except FileNotFoundError:
            return  # nothing was written
        except OSError as error:
            raise explain(error, self._directory) from error

    def forget(self, server: str) -> bool:
        """Know nothing of the server any more; answers whether something was known."""
        try:
            os.unlink(self.path(server))
        except FileNotFoundError:
            return False
        return True

    @contextlib.contextmanager
    def locked(self, server: str) -> Iterator[None]:
        """Keep this person's other processes from changing the file meanwhile.

        Raises:
            ReleaseError: the directory cannot be written; nothing that is new can be believed then.
        """
        import fcntl

        try:
            os.makedirs(self._directory, mode=0o700, exist_ok=True)
            handle = os.open(f"{self.path(server)}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ReleaseError(
                mark(f"what is known of the keys of {server} cannot be written: {error.strerror or error}"),
                hint=mark(f"check {self._directory}: who owns it, and whether the disk is full"),
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _damaged(server: str, path: str, reason: str) -> ReleaseError:
    return ReleaseError(
        mark(f"what is known of the keys of {server} cannot be read: {reason}"),
        hint=mark(f"restore {path} from a backup; without it (espalier keys forget {server}) the server is met anew"),
    )
