"""Work on files of a working tree in a process of its own, for while databases among them are open in this one.

libgit2 opens and closes the files that it compares and writes, by which this process would lose SQLite's locks on them
(:mod:`kernel.open_file`); another process loses none of ours. It ends when nothing was asked of it for a while.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

from plugins.api import TableError, at_unload, say
from plugins.git.setting import settings, take_settings

#: Seconds that it waits for more work, and that it has to end.
REST_S, _END_S = 30.0, 2.0
#: Bytes that say how long a message is.
_LENGTH = 8
_CODE = "import sys; sys.path[:] = sys.argv[1:]; from plugins.git.apart import serve; serve()"


class Apart:
    """The process; one piece of work at a time, from any thread."""

    def __init__(self) -> None:
        self._turn = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._rest: threading.Timer | None = None

    def do(self, place: Path, spared: Sequence[str], work: Callable[..., Any], arguments: Sequence[Any]) -> Any:
        """What ``work`` says of the repository at ``place``, or raises.

        Args:
            place: See :class:`Repository`.
            spared: Paths of files that must not be written.
            work: A function of a module, called with a :class:`Repository` and the arguments.
            arguments: Plain data.

        Raises:
            TableError: the process has ended.
        """
        asked = pickle.dumps((place, tuple(spared), settings(), work, tuple(arguments)))
        with self._turn:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            try:
                _send(process.stdin, asked)
                answered = _received(process.stdout)
            except (OSError, EOFError) as error:
                self.stop()
                hint = say("try again")
                raise TableError(say("the process that reads files for git has ended"), hint=hint) from error
            self._rest_later()
        is_done, answer = pickle.loads(answered)
        if is_done:
            return answer
        raise answer

    def stop(self) -> None:
        """End the process, if there is one."""
        with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            process, self._process, self._rest = self._process, None, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            try:
                stream.close()  # type: ignore[union-attr] - both are pipes
            except OSError:
                continue  # it has ended already
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            command = [sys.executable, "-P", "-c", _CODE, *map(os.path.abspath, sys.path)]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", start_new_session=True
            )
        return self._process

    def _rest_later(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._rest = threading.Timer(REST_S, self.stop)
        self._rest.daemon = True
        self._rest.start()


#: The one of this process.
APART = Apart()
at_unload("git", APART.stop)


def serve() -> None:
    """In the process: do what comes in until nobody is there any more."""
    from plugins.git.repository import Repository
    from plugins.git.spared import spare

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    repositories: dict[Path, Repository] = {}
    while True:
        try:
            asked = _received(sys.stdin.buffer)
        except EOFError:
            return
        try:
            place, spared, given, work, arguments = pickle.loads(asked)
            take_settings(given)
            repository = repositories.get(place) or repositories.setdefault(place, Repository(place))
            spare(repository, spared)
            answer = pickle.dumps((True, work(repository, *arguments)))
        except Exception as error:
            answer = _packed(error)
        _send(answers, answer)


def _packed(error: Exception) -> bytes:
    """An error as it goes to who has asked; one that cannot be sent as a sentence."""
    try:
        packed = pickle.dumps((False, error))
        pickle.loads(packed)
    except Exception:  # whatever the class makes of it
        return pickle.dumps((False, TableError(repr(error))))
    return packed


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_LENGTH, "little") + data)
    stream.flush()


def _received(stream: IO[bytes]) -> bytes:
    head = stream.read(_LENGTH)
    data = stream.read(int.from_bytes(head, "little"))
    if len(head) < _LENGTH or len(data) < int.from_bytes(head, "little"):
        raise EOFError
    return data
