"""The process that is ready: ``python -c "from shell.ready.seed import main; main(PATH, IDLE_S)"``; ``keep`` starts it.

It has imported what a start imports, has no thread, no connection to a screen and no file of a person open. For each
start it forks a child, which becomes the window, and tells the launcher how that ended. It leaves when nobody asked
for long and no window is open, when its socket goes, as it does at a logout, and when memory runs short; when a file
that it has imported is another one, a new one takes its place. While windows that it started are open it only stops
answering. It sleeps in between, see :mod:`shell.ready.waking`.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import time
import traceback
from typing import NamedTuple

from shell import version_choice
from shell.do.place import sockets
from shell.ready import memory, message, place, waking
from shell.ready.child import Child
from shell.ready.loaded import Loaded
from shell.ready.title import set_title

#: Seconds for which no file was written, after which a newer version counts as whole.
QUIET_S = 5.0
#: Seconds between two looks whether the socket is still there, where the system does not tell.
LOOK_S = 600.0
#: Seconds that a launcher gets for its request, which it sends at once.
_REQUEST_S = 0.25


class RefusedError(Exception):
    """This start is not for a process that is ready; the message says why."""


class _Window(NamedTuple):
    """A child and the launcher that waits for its end."""

    number: int
    launcher: socket.socket


def main(path: str, idle_s: float) -> None:
    """Become the process that is ready for starts like this one, until nobody needs it; ends by itself if one is.

    Args:
        path: Where such starts look for it.
        idle_s: Seconds without a start after which it leaves.
    """
    if os.fork():
        os._exit(0)  # whoever started it waits for this one only
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # whatever the first window was started with
    os.chdir("/")
    set_title("espalier", ["espalier: ready for the next window"])
    if path != place.socket_path():
        sys.exit("no start like the one before it would find this process: limits or rights were changed in between")
    lock = _lock(path)
    if lock is None:
        return
    began_ns = time.time_ns()
    from shell.ready.preload import preload

    preload()
    seed = Seed(path, lock, Loaded(began_ns), idle_s)
    child = seed.serve()
    if child is not None:
        sys.exit(child.run())


class Seed:
    """Answers starts.

    Args:
        path: Where its socket is to be.
        lock: A descriptor of the lock beside it; let go of when it answers no more.
        loaded: The files that were imported.
        idle_s: See :func:`main`.
    """

    def __init__(self, path: str, lock: int, loaded: Loaded, idle_s: float) -> None:
        self._path = path
        self._lock = lock
        self._loaded = loaded
        self._idle_s = idle_s
        self._asked_at = time.monotonic()
        self._written_at: float | None = None
        self._given_up_before = memory.be_given_up_first()
        self._windows: dict[int, _Window] = {}
        self._poll = select.poll()
        self._listener: socket.socket | None = _listen(path)
        self._inode = os.stat(path).st_ino
        self._poll.register(self._listener, select.POLLIN)
        self._versions = version_choice.folder_of([])
        self._version = version_choice.read(self._versions)
        told_of = loaded.directories() | {self._versions}
        self._waking = waking.Waking(self._poll, os.path.dirname(path), told_of)

    def serve(self) -> Child | None:
        """Answer until it is time to leave; in a child that is to become a window, that child."""
        try:
            self._look()
            while self._listener is not None or self._windows:
                for number, events in self._poll.poll(self._sleep_ms()):
                    if number in self._windows:
                        self._tell_end(number)
                    elif word := self._waking.hear(number, events):
                        self._written_at = time.monotonic() if word == waking.FILES else self._written_at
                    elif (child := self._answer()) is not None:
                        return child
                self._look()
        except BaseException:
            self._retire()
            raise
        return None

    def _sleep_ms(self) -> float | None:
        """How long nothing has to be done by itself; None: for ever."""
        if self._listener is None:
            return None
        now = time.monotonic()
        ends = [self._asked_at + self._idle_s]
        if self._written_at is not None:
            ends.append(self._written_at + QUIET_S)
        if not self._waking.hears_files:
            ends.append(now + LOOK_S)
        return max(0.0, min(ends) - now) * 1000 + 1

    def _look(self) -> None:
        """Answer no more when it is time."""
        if self._listener is None:
            return
        now = time.monotonic()
        if not self._is_there() or memory.is_short():
            self._retire()
        elif self._written_at is not None and now - self._written_at >= QUIET_S:
            self._written_at = None
            if version_choice.read(self._versions) != self._version:
                self._retire()  # another version was chosen, which has a process of its own
            elif self._loaded.has_changed():
                self._renew(self._asked_at + self._idle_s - now)
        elif now - self._asked_at >= self._idle_s:
            if self._windows or self._has_other_windows():
                self._asked_at = now
            else:
                self._retire()

    def _has_other_windows(self) -> bool:
        """Whether a window of this person is open that came another way."""
        return any(os.path.exists(f"/proc/{number}") for number, _ in sockets(os.path.dirname(self._path)))

    def _renew(self, idle_s: float) -> None:
        """Have a process with the newer code take this one's place, for the time that is left."""
        from shell.ready import keep, way

        self._retire()
        memory.be_kept_as(self._given_up_before)
        way.tell("first: newer code", self._path)
        keep.start(self._path, max(idle_s, QUIET_S))

    def _is_there(self) -> bool:
        try:
            return os.stat(self._path).st_ino == self._inode
        except OSError:
            return False

    def _retire(self) -> None:
        """Make room for another one."""
        if self._listener is None:
            return
        self._poll.unregister(self._listener)
        self._waking.leave()
        if self._is_there():
            with contextlib.suppress(OSError):  # the directory went in between
                os.unlink(self._path)
        self._listener.close()
        self._listener = None
        os.close(self._lock)

    def _answer(self) -> Child | None:
        """Answer one start; in the child for it, that child."""
        assert self._listener is not None
        launcher, _ = self._listener.accept()
        files: list[int] = []
        try:
            launcher.settimeout(_REQUEST_S)
            request = self._receive(launcher, files)
            return self._fork(launcher, request, files)
        except RefusedError as reason:
            _refuse(launcher, str(reason))
        except OSError as error:  # it has gone, or takes too long; it goes on by itself
            _refuse(launcher, f"the process that is ready could not: {error.strerror or error}")
        except Exception:  # of one start; the next may be fine
            traceback.print_exc()
            _refuse(launcher, "the process that is ready failed")
        finally:
            for number in files:
                os.close(number)
        return None

    def _receive(self, launcher: socket.socket, files: list[int]) -> message.Request:
        """The request, fit to be answered; its open files are put into ``files``."""
        if _uid_of(launcher) != os.getuid():
            raise RefusedError("the process that is ready is somebody else's")
        head, received, _, _ = socket.recv_fds(launcher, 8, message.FILES, socket.MSG_CMSG_CLOEXEC)
        files += received
        length = int.from_bytes(head, "little")
        if len(head) != 8 or length > message.LARGEST:
            raise RefusedError("this start cannot be handed over")
        request = message.decode(_read(launcher, length))
        self._asked_at = time.monotonic()
        if not request.argv and request.path[:1] == [message.STAY]:
            self._idle_s = float(request.path[1])
            raise RefusedError("the process that is ready stays")
        if not request.argv:
            self._retire()
            raise RefusedError("the process that was ready leaves")
        if self._loaded.has_changed():
            self._retire()
            raise RefusedError("the process that was ready has older code")
        if len(files) != message.FILES or len(os.listdir("/proc/self/task")) != 1:
            raise RefusedError("this start cannot be handed over")
        from shell.ready.fitting import refusal

        if reason := refusal(request):
            raise RefusedError(reason)
        return request

    def _fork(self, launcher: socket.socket, request: message.Request, files: list[int]) -> Child | None:
        number = os.fork()
        if number == 0:
            try:
                self._leave_to_parent()
                return Child(self._path, launcher, request, files.copy()).wait_for_word()
            except OSError:
                os._exit(1)  # the launcher goes on by itself
            finally:
                files.clear()
        try:
            descriptor = os.pidfd_open(number)
        except OSError:
            os.kill(number, 9)
            os.waitpid(number, 0)
            raise
        self._windows[descriptor] = _Window(number, launcher)
        self._poll.register(descriptor, select.POLLIN)
        return None

    def _leave_to_parent(self) -> None:
        """In a child: let go of what is the parent's."""
        assert self._listener is not None
        self._listener.close()
        os.close(self._lock)
        self._waking.close()
        memory.be_kept_as(self._given_up_before)
        for descriptor, window in self._windows.items():
            os.close(descriptor)
            window.launcher.close()

    def _tell_end(self, descriptor: int) -> None:
        """A child has ended: tell how."""
        window = self._windows.pop(descriptor)
        self._poll.unregister(descriptor)
        os.close(descriptor)
        _, status = os.waitpid(window.number, 0)
        with contextlib.suppress(OSError):  # the launcher went first
            window.launcher.sendall(message.ending(os.waitstatus_to_exitcode(status)))
        window.launcher.close()
        self._asked_at = time.monotonic()


def _lock(path: str) -> int | None:
    """A descriptor of the lock of this socket; None when another process has it."""
    import fcntl

    descriptor = os.open(f"{path.removesuffix('.socket')}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _listen(path: str) -> socket.socket:
    """A socket there; one that an ended process left is replaced."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    os.chmod(path, 0o600)
    listener.listen(16)
    return listener


def _uid_of(launcher: socket.socket) -> int:
    facts = launcher.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    return int.from_bytes(facts[4:8], sys.byteorder)


def _read(launcher: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        piece = launcher.recv(length - len(data))
        if not piece:
            raise RefusedError("the request was cut short")
        data += piece
    return bytes(data)


def _refuse(launcher: socket.socket, reason: str) -> None:
    with contextlib.suppress(OSError):  # it did not wait for the answer
        launcher.sendall(message.NOT_READY + reason.encode())
    launcher.close()
