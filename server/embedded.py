"""The embedded source server of one person: found when it runs, started when it does not.

The shell calls :func:`ensure_running` and nothing else of this room; the module stays light (no asyncio, no git).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import stat
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kernel.error import EspalierError

#: Seconds without a client after which the server ends by itself.
IDLE_S = 60.0
#: Longest wait for a server that was started, seconds.
START_S = 20.0
#: Longest wait for a server with other code to end, seconds.
END_S = 10.0
#: Bytes of a unix socket's path that every system takes (108 with the final zero on Linux, 104 elsewhere).
MAX_SOCKET_PATH = 100


class EmbeddedServerError(EspalierError):
    """The embedded server does not start."""


def ensure_running(
    paths: Any, *, idle_s: float = IDLE_S, may_replace: bool = True, has_mirrors: bool = True, plugins: str = ""
) -> str:
    """The address of the person's embedded server, started when need be.

    Args:
        paths: Directories (``data``, ``state``, ``runtime``), as :class:`kernel.config.Paths`.
        idle_s: Seconds without a client after which a server started here ends; 0 = never.
        may_replace: Whether a running server of other code than this program's is ended and started anew. Links
            that only come back must not, or two versions of Espalier would end each other's server for ever.
        has_mirrors: Whether a server started here mirrors columns of large SQLite tables.
        plugins: Folders of plugins whose kinds apps may use, as the option ``plugins.folders`` has them.

    Returns:
        ``unix:/path``.

    Raises:
        EmbeddedServerError: it cannot be started; says why, and where its log is.
    """
    socket_path = find_socket_path(Path(paths.data), Path(paths.runtime))
    outdated = 0
    with _locked(lock_path(socket_path)):
        if is_listening(socket_path):
            outdated = outdated_id(socket_path) if may_replace else 0
        else:
            with contextlib.suppress(FileNotFoundError):
                socket_path.unlink()
            options = [*([] if has_mirrors else ["--no-mirrors"]), *(["--plugins", plugins] if plugins else [])]
            _start(Path(paths.data) / "server" / "apps.git", socket_path, Path(paths.state), idle_s, options)
    if outdated:
        _end(outdated, socket_path)
        return ensure_running(paths, idle_s=idle_s, may_replace=False, has_mirrors=has_mirrors, plugins=plugins)
    return f"unix:{socket_path}"


def find_socket_path(data: Path, runtime: Path) -> Path:
    """Where the server of ``data`` listens: in ``runtime``, or in the temporary directory when that is too long.

    Raises:
        EmbeddedServerError: no private directory can be made.
    """
    import hashlib
    import tempfile

    name = f"server-{hashlib.sha256(os.fsencode(os.path.abspath(data))).hexdigest()[:10]}.socket"
    problem: Exception | None = None
    for directory in (runtime, Path(tempfile.gettempdir()) / f"espalier-{os.getuid()}"):
        if len(os.fsencode(str(directory / name))) > MAX_SOCKET_PATH:
            continue
        try:
            make_private(directory)
        except OSError as error:
            problem = error
            continue
        return directory / name
    raise EmbeddedServerError(f"there is no place for the server's socket: {problem or 'all paths are too long'}")


def make_private(directory: Path) -> None:
    """Make a directory that only this person can enter.

    Raises:
        OSError: it is not possible, or somebody else's directory is in the way.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    facts = os.lstat(directory)
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.getuid():
        raise PermissionError(f"{directory} belongs to somebody else")
    if stat.S_IMODE(facts.st_mode) & 0o077:
        directory.chmod(0o700)


def lock_path(socket_path: Path) -> Path:
    """The lock that is held while the server is looked for, started or ending; its time is the last look's."""
    return socket_path.with_suffix(".lock")


def note_path(socket_path: Path) -> Path:
    """Where a server says which process it is and which code it runs."""
    return socket_path.with_suffix(".code")


def outdated_id(socket_path: Path) -> int:
    """The process id of the server that listens there when its code is not this program's; else 0."""
    from server.fingerprint import code_fingerprint

    try:
        number, _, code = note_path(socket_path).read_text().strip().partition(" ")
    except FileNotFoundError:
        number, code = "", ""
    if code == code_fingerprint():
        return 0
    return _peer_id(socket_path) or (int(number) if number.isdigit() else 0)


def _peer_id(socket_path: Path) -> int:
    """The id of the process that listens, as the system knows it; 0 where the system does not say."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return 0
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_path))
            return int.from_bytes(probe.getsockopt(socket.SOL_SOCKET, option, 12)[:4], sys.byteorder)
        except OSError:
            return 0


def _end(number: int, socket_path: Path) -> None:
    """Ask a server to end and wait until it listens no more; it holds the start lock until it is gone.

    One that does not end in time goes on being used.
    """
    import signal

    try:
        os.kill(number, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return
    deadline = time.monotonic() + END_S
    while is_listening(socket_path) and time.monotonic() < deadline:
        time.sleep(0.01)


def is_listening(socket_path: Path) -> bool:
    """Whether a server answers there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(socket_path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError as error:
            raise EmbeddedServerError(f"the embedded server does not answer: {error}") from error
    return True


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + START_S + 5
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EmbeddedServerError("another Espalier has been starting the server for too long") from None
                time.sleep(0.01)
        os.utime(descriptor)
        yield
    finally:
        os.close(descriptor)


#: Servers started by this process, kept so that they are not reported as forgotten when they outlive a variable.
_started: list[Any] = []


def _start(repository: Path, socket_path: Path, state: Path, idle_s: float, options: Sequence[str]) -> None:
    """Start the server and wait until it says that it serves."""
    import selectors
    import subprocess

    state.mkdir(parents=True, exist_ok=True)
    log, errors = state / "server.log", state / "server-start.log"
    command = [sys.executable, "-P", "-m", "server", str(repository)]
    command += ["--embedded", str(socket_path), "--idle", f"{idle_s:g}", "--log", str(log), *options]
    with open(errors, "wb") as error_file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=error_file,
            start_new_session=True,
            cwd="/",
        )
    _started.append(process)
    said = b""
    deadline = time.monotonic() + START_S
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector, process.stdout as stdout:
        selector.register(stdout, selectors.EVENT_READ)
        while b"Serving " not in said or not said.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0:
                process.kill()
                raise EmbeddedServerError(f"the embedded server was not ready within {START_S:g} s", hint=f"see {log}")
            if not selector.select(left):
                continue
            piece = os.read(stdout.fileno(), 4096)
            if not piece:
                break
            said += piece
    if b"Serving " not in said:
        reason = errors.read_text(errors="replace").strip().rpartition("\n")[2].removeprefix("espalier: ")
        reason = reason or "it said nothing"
        raise EmbeddedServerError(f"the embedded server does not start: {reason}", hint=f"see {errors}")
