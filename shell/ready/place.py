"""Where the process that is ready listens, one socket for all starts that it fits.

It fits what cannot be handed over: the code's place, the interpreter with its switches, the person's rights and limits,
and the variables that count only while a process starts. Imports next to nothing: it is on the way to every window.
"""

from __future__ import annotations

import os
import sys
from _collections_abc import Iterator  # without the rest of collections, which takes a start a millisecond

from kernel.digest import sha256_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
#: Variables that Python, the loader, the C library, GLib or Qt's libraries read before a line of ours runs.
EARLY = ("PYTHON", "LD_", "MALLOC_", "GLIBC_", "LC_", "G_", "__GL", "PYSIDE")
EARLY_NAMES = ("LANG", "LANGUAGE", "QT_HASH_SEED", "QT_NO_CPU_FEATURE", "QTEST_ENVIRONMENT", "CONDA_PREFIX")
#: What a process cannot leave or a copy would not have: links below /proc/self.
_SURROUNDINGS = ("root", "ns/mnt", "ns/net", "ns/pid", "ns/user", "ns/ipc", "ns/uts")
#: Changes with what is said over the socket.
FORM = 2
#: Bytes of a socket's path that Linux takes, without its final zero; some fewer, for who adds to it.
_LONGEST_PATH = 100


#: Lines of /proc/self/status that say what a process may not do; see proc_pid_status(5).
_CONFINED_BY = ("NoNewPrivs:", "Seccomp", "Cap")


def socket_path() -> str:
    """The socket's path; whether anything is there is another matter."""
    key = sha256_of("\0".join(_facts()).encode("utf-8", "surrogateescape")).hex()[:16]
    return os.path.join(folder(), f"ready-{key}.socket")


def folder() -> str:
    """The person's directory for sockets: that of :func:`kernel.config.paths.find_paths` without a base directory."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return os.path.join(runtime, "espalier")
    return os.path.join(os.environ.get("TMPDIR", "/tmp"), f"espalier-{os.getuid()}")


def is_private(directory: str) -> bool:
    """Whether only this person can enter the directory."""
    try:
        facts = os.lstat(directory)
    except OSError:
        return False
    return facts.st_uid == os.getuid() and facts.st_mode & 0o170077 == 0o040000


class ShortPath:
    """A name for a socket that the system takes, however deep it lies, for as long as the block lasts."""

    def __init__(self, path: str) -> None:
        self._path, self._directory = path, -1

    def __enter__(self) -> str:
        if len(os.fsencode(self._path)) <= _LONGEST_PATH or not sys.platform.startswith("linux"):
            return self._path
        self._directory = os.open(os.path.dirname(self._path), os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        return f"/proc/self/fd/{self._directory}/{os.path.basename(self._path)}"

    def __exit__(self, *_: object) -> None:
        if self._directory >= 0:
            os.close(self._directory)


def _facts() -> Iterator[str]:
    yield from (str(FORM), ROOT, sys.executable, sys.prefix, sys.version)
    yield repr((tuple(sys.flags), sorted(sys._xoptions.items()), sys.warnoptions))
    yield repr((os.getuid(), os.getgid(), sorted(os.getgroups()), os.getpriority(os.PRIO_PROCESS, 0)))
    yield repr(sorted(os.sched_getaffinity(0)))
    for name in _SURROUNDINGS:
        yield os.readlink(f"/proc/self/{name}")
    with open("/proc/self/limits") as file:
        yield file.read()
    yield from _confinement()
    for name in sorted(os.environ):
        if name.startswith(EARLY) or name in EARLY_NAMES:
            yield f"{name}={os.environ[name]}"


def _confinement() -> Iterator[str]:
    """What the kernel keeps this process from: who may do less must not get a window from one that may do more."""
    with open("/proc/self/status") as file:
        yield "".join(line for line in file if line.startswith(_CONFINED_BY))
    try:
        with open("/proc/self/attr/current") as file:
            yield file.read()
    except OSError:
        return  # no security module that gives labels
