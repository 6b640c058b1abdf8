"""Asks the process that is ready for a window, and stands for that window in the terminal until it ends.

On the way to every start: it imports the C modules ``_socket`` and ``_signal`` themselves, because ``socket`` and
``signal`` take several milliseconds to dress their numbers up.
"""

from __future__ import annotations

import os
import sys

from shell.ready import way

#: Signals that mean the window, by number: SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM, SIGCONT.
_PASSED_ON = (1, 2, 3, 10, 12, 15, 18)
_SIGSTOP, _SIGTSTP = 19, 20
_IGNORED = 1
#: Bytes of a socket's path that Linux takes, without its final zero.
_LONGEST_PATH = 107
#: Words that name an open file of this very process, which is not handed over.
_OWN_FILES = ("/dev/fd", "/dev/std", "/proc/self", "/dev/tty")
#: The option, by its variable: what a start can know of it before it reads any configuration.
_VARIABLE, _ON = "ESPALIER_START_KEEP_READY", ("true", "yes", "on", "1")


class NotReadyError(Exception):
    """No process is ready for this start; the message says why."""


def start_ready(argv: list[str]) -> int | None:
    """Open the window of a command line by the process that is ready.

    Returns:
        The window's exit code once it has ended; None when there is no such process, or it does not answer soon: the
        start then goes on by itself.
    """
    path = ""
    try:
        _check(argv)
        from shell.ready.place import socket_path

        found = socket_path()
        if len(os.fsencode(found)) > _LONGEST_PATH:
            raise NotReadyError("the directory for sockets has too long a name")
        path = found
        connection, process = _hand_over(argv, path)
    except NotReadyError as reason:
        way.tell(f"first: {reason}", path)
        return None
    except OSError as error:
        way.tell(f"first: {error.strerror or error}", path)
        return None
    return _end_as(_wait(connection, process))


def _check(argv: list[str]) -> None:
    """Refuse what no process can be ready for."""
    if not sys.platform.startswith("linux") or os.getuid() != os.geteuid():
        raise NotReadyError("this system or user goes without")
    if os.environ.get(_VARIABLE, "true").strip().lower() not in _ON:
        raise NotReadyError(f"{_VARIABLE} says so")
    if any(word.startswith(_OWN_FILES) for word in argv[1:]):
        raise NotReadyError("a file is named that is open here alone")


def _hand_over(argv: list[str], path: str) -> tuple[object, int]:
    """The connection to the window's process, and a descriptor of it; from here on there is a window."""
    from _signal import getsignal

    from shell.ready import message

    connection = _connect(path, message.PATIENCE_S)
    ignored = [number for number in _PASSED_ON if getsignal(number) == _IGNORED]
    os.umask(umask := os.umask(0o077))
    _send(connection, message.Request(argv, sys.path, dict(os.environb), umask, ignored))
    answer = connection.recv(1024)
    if answer[:1] != message.READY:
        raise NotReadyError(answer[1:].decode("utf-8", "replace") or "the process that was ready has ended")
    process = os.pidfd_open(int.from_bytes(answer[1:9], "little"))
    connection.settimeout(None)
    _pass_signals_on(process, ignored)
    connection.sendall(message.GO)
    return connection, process


def _connect(path: str, patience_s: float) -> object:
    import _socket

    from shell.ready.place import is_private

    if not is_private(os.path.dirname(path)):
        raise NotReadyError("no process is ready")
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC)
    connection.settimeout(patience_s)
    try:
        connection.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotReadyError("no process is ready") from None
    facts = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
    if int.from_bytes(facts[4:8], sys.byteorder) != os.getuid():
        raise NotReadyError("the process that is ready is somebody else's")
    return connection


def _send(connection, request) -> None:
    import _socket

    from shell.ready.message import encode, length_of

    data = encode(request)
    directory = os.open(".", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        files = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2, directory))
        connection.sendmsg([length_of(data)], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, files)])
        connection.sendall(data)
    finally:
        os.close(directory)


def _pass_signals_on(process: int, ignored: list[int]) -> None:
    """Signals for this process are for the window; to be stopped stops both."""
    from _signal import pidfd_send_signal, signal

    def pass_on(number: int, _frame: object) -> None:
        try:
            pidfd_send_signal(process, number)
        except ProcessLookupError:
            return  # it has just ended; how, comes next

    def stop(_number: int, _frame: object) -> None:
        pass_on(_SIGSTOP, None)
        os.kill(os.getpid(), _SIGSTOP)

    for number in _PASSED_ON:
        if number not in ignored:
            signal(number, pass_on)
    signal(_SIGTSTP, stop)


def _wait(connection, process: int) -> int:
    """How the window ended: its exit code, or the negative number of a signal."""
    from shell.ready.message import read_ending

    said = b""
    try:
        while piece := connection.recv(64):
            said += piece
    except ConnectionResetError:
        pass  # it ended without reading all that it was sent; what it said has come before
    os.close(process)
    code = read_ending(said)
    if code is None:
        print("espalier: the window ended without a word", file=sys.stderr)
        return 1
    return code


def _end_as(code: int) -> int:
    """The exit code; a window that a signal ended is followed by the same signal, so that a shell sees it."""
    if code >= 0:
        return code
    from _signal import SIG_DFL, signal

    number = -code
    if number not in (9, _SIGSTOP):
        signal(number, SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number
