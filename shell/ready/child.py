"""A copy of the process that is ready, on its way to being the window that a launcher asked for."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
import time
from typing import TextIO

from shell.ready import message, way
from shell.ready.title import set_title

#: Signals whose handling the copy has from its parent.
_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM)


class Child:
    """One copy.

    Args:
        path: Where its parent listens.
        launcher: The connection to the process that stands for it in the terminal.
        request: The start.
        files: Descriptors of its standard input, output, error and its directory.
    """

    def __init__(self, path: str, launcher: socket.socket, request: message.Request, files: list[int]) -> None:
        self._path = path
        self._launcher = launcher
        self._request = request
        self._files = files

    def wait_for_word(self) -> Child:
        """Say that it waits, and wait for the launcher's word; ends the process when that never comes."""
        # However long it takes: a launcher that gives up closes the connection, and a slow one must find its window.
        self._launcher.settimeout(None)
        try:
            self._launcher.sendall(message.READY + os.getpid().to_bytes(8, "little"))
            word = self._launcher.recv(1)
        except OSError:
            word = b""  # the launcher gave up and goes on by itself
        if word != message.GO:
            os._exit(0)
        return self

    def run(self) -> int:
        """Be the window; answers the exit code, which the launcher knows by then."""
        from shell.main import main

        self._take_place()
        code = main(self._request.argv)
        self._tell(code)
        return code

    def _take_place(self) -> None:
        """Have what the launcher has: directory, open files, variables, and a name."""
        request = self._request
        os.setsid()
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN if number in request.ignored else _usual(number))
        os.fchdir(self._files[3])
        for number in range(3):
            os.dup2(self._files[number], number)
        for number in self._files:
            os.close(number)
        os.umask(request.umask)
        os.environb.clear()
        os.environb.update(request.environment)
        time.tzset()
        sys.argv[:], sys.path[:] = request.argv, request.path
        sys.stdin = sys.__stdin__ = _stream(0, "r", sys.__stdin__)
        sys.stdout = sys.__stdout__ = _stream(1, "w", sys.__stdout__)
        sys.stderr = sys.__stderr__ = _stream(2, "w", sys.__stderr__)
        set_title(os.path.basename(request.argv[0]), [sys.executable, *request.argv])
        self._end_with_launcher()
        way.tell("ready", self._path)

    def _end_with_launcher(self) -> None:
        """A launcher that goes without a word, killed, takes the window with it, as a closed terminal would: SIGHUP.

        NOTE: it never says anything after its word, so that the connection is only heard of again when it closes.
        """
        number = self._launcher.fileno()
        fcntl.fcntl(number, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(number, _F_SETSIG, signal.SIGHUP)
        fcntl.fcntl(number, fcntl.F_SETFL, fcntl.fcntl(number, fcntl.F_GETFL) | os.O_ASYNC)

    def _tell(self, code: int) -> None:
        """Tell the end; the parent tells it again when it is over, unless it was killed in the meantime."""
        fcntl.fcntl(self._launcher.fileno(), fcntl.F_SETFL, os.O_NONBLOCK)
        try:
            self._launcher.send(message.ending(code))
        except OSError:
            return  # nobody waits


#: Linux's number; Python has no name for it before 3.13.
_F_SETSIG = 10


def _usual(number: signal.Signals) -> object:
    """What Python does with a signal that nobody asked for."""
    return signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL


def _stream(number: int, mode: str, like: TextIO) -> TextIO:
    """A standard stream as Python makes it at its start."""
    is_by_line = mode == "w" and (number == 2 or os.isatty(number))
    return open(
        number, mode, 1 if is_by_line else -1, encoding=like.encoding, errors=like.errors, closefd=False,
    )  # fmt: skip
