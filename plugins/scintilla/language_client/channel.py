"""A server's process and the threads that read, write and end it. No Qt here, and nothing that knows of texts.

Whoever owns a channel never waits: what is sent goes into a queue, what comes is handed over in portions, and a server
that sends more than is taken is not read any further.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from plugins.scintilla.language_client.framing import FramingError, Unframer, frame

#: Messages that wait to be taken before the server is read no further; bytes that wait to be sent before it hangs.
MOST_TAKEN, MOST_SENT = 200, 32 << 20
#: Lines of the server's own log that are kept, and letters of each.
LOG_LINES, LOG_LETTERS = 400, 2_000
#: Seconds that a server has to end by itself.
PATIENCE_S = 2.0
#: Seconds between two readings of a server's log: one that floods it costs next to nothing.
_LOG_PAUSE_S = 0.02
_READ = 1 << 16
#: Those whose threads still run.
_living: weakref.WeakSet[Channel] = weakref.WeakSet()


def kill_all() -> None:
    """The program ends: so do all processes at once, those too that were told to end by themselves."""
    for channel in list(_living):
        channel.kill()


class Channel:
    """One process.

    Args:
        command: The program, by its whole path, and its arguments.
        folder: Where it runs.
        environment: All its variables.
        decode: Makes a message of its bytes, on the reading thread; what it raises ends the server.
        take: Called on any thread when messages wait, see :meth:`next`; it brings itself to the owner's.
        ended: Called on any thread once, with why the process is gone; never after :meth:`close`.

    NOTE: the threads keep what they are given, and may be the last ones to do so: it must keep no object of Qt's.
    """

    def __init__(
        self, command: Sequence[str], folder: str, environment: Mapping[str, str], *,
        decode: Callable[[bytes], Any], take: Callable[[], object], ended: Callable[[str], object],
    ) -> None:  # fmt: skip
        self._command, self._folder, self._environment = list(command), folder, dict(environment)
        self._decode, self._take, self._ended = decode, take, ended
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._waits_to_be_sent = 0
        self._inbox: deque[Any] = deque()
        self._room = threading.Condition()
        self._is_handed = self._is_closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_killed = False
        _living.add(self)
        self._writer = threading.Thread(target=self._write, name=f"language server {command[0]}", daemon=True)
        self._writer.start()

    # -- for the owner --------------------------------------------------------------------------------------------

    def send(self, body: bytes) -> None:
        """Send a message, in its turn."""
        with self._lock:
            self._waits_to_be_sent += len(body)
            is_full = self._waits_to_be_sent > MOST_SENT
        if is_full:
            self._end("it takes no messages any more")
        else:
            self._outbox.put(body)

    def next(self, most: int) -> list[Any]:
        """Messages that came, at most so many; with none left, ``take`` is called at the next one."""
        with self._room:
            found = [self._inbox.popleft() for _ in range(min(most, len(self._inbox)))]
            self._is_handed = bool(self._inbox)
            self._room.notify_all()
        return found

    def close(self, farewell: Sequence[bytes] = ()) -> None:
        """Say farewell and end the process, by force after a moment; this does not wait for it."""
        self._is_closed = True
        for body in farewell:
            self._outbox.put(body)
        self._outbox.put(None)
        with self._room:
            self._room.notify_all()
        # The writer may be held up by a server that reads nothing.
        threading.Thread(target=self._finish, daemon=True).start()

    def kill(self) -> None:
        """End the process at once: where the program itself ends."""
        self._is_closed = self._is_killed = True
        self._outbox.put(None)
        _kill(self._process)

    @property
    def process_id(self) -> int | None:
        """The process's number, once it runs."""
        return self._process.pid if self._process is not None else None

    # -- threads --------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        try:
            process = self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, bufsize=0,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except (OSError, ValueError) as error:
            self._end(f"it cannot be started: {getattr(error, 'strerror', None) or error}")
            return
        if self._is_killed:
            _kill(process)
        threads = [threading.Thread(target=run, daemon=True) for run in (self._read, self._read_log)]
        for thread in threads:
            thread.start()
        with suppress(OSError, ValueError):
            while (body := self._outbox.get()) is not None:
                _write_all(process, frame(body))
                with self._lock:
                    self._waits_to_be_sent -= len(body)
        with suppress(OSError):
            assert process.stdin is not None
            process.stdin.close()
        if self._is_closed:
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_S)
        _kill(process)
        process.wait()

    def _finish(self) -> None:
        process = self._process
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_S)
            _kill(process)

    def _read(self) -> None:
        process, unframer = self._process, Unframer()
        assert process is not None and process.stdout is not None
        why = ""
        try:
            while data := os.read(process.stdout.fileno(), _READ):
                for body in unframer.feed(data):
                    self._take_in(self._decode(body))
        except FramingError as error:
            why = f"it does not speak the protocol: {error}"
        except OSError as error:
            why = f"its messages cannot be read: {error.strerror}"
        except Exception as error:
            why = f"it does not speak the protocol: {error}"
        if not why:
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_S)
            why = f"it ended with {process.returncode}" if process.returncode is not None else "it closed its output"
        self._end(why)

    def _take_in(self, message: Any) -> None:
        if message is None:
            return
        with self._room:
            self._inbox.append(message)
            is_first, self._is_handed = not self._is_handed, True
        if is_first:
            self._take()
        with self._room:
            self._room.wait_for(lambda: len(self._inbox) < MOST_TAKEN or self._is_closed)

    def _read_log(self) -> None:
        process, rest = self._process, b""
        assert process is not None and process.stderr is not None
        with suppress(OSError):
            while data := os.read(process.stderr.fileno(), _READ):
                *lines, rest = (rest + data).split(b"\n")
                rest = rest[-LOG_LETTERS:]
                self.log.extend(line.decode("utf-8", "replace")[:LOG_LETTERS].rstrip() for line in lines[-LOG_LINES:])
                time.sleep(_LOG_PAUSE_S)

    def _end(self, why: str) -> None:
        """Once: the process goes, and the owner is told."""
        with self._lock:
            was_closed, self._is_closed = self._is_closed, True
        _kill(self._process)
        self._outbox.put(None)
        with self._room:
            self._room.notify_all()
        if not was_closed:
            self._ended(why)


def _write_all(process: subprocess.Popen[bytes], data: bytes) -> None:
    """A pipe without a buffer takes as much as it has room for."""
    assert process.stdin is not None
    rest = memoryview(data)
    while rest:
        rest = rest[process.stdin.write(rest) or 0 :]


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    """The process and, where there are groups, all that it has started."""
    if process is None or process.poll() is not None:
        return
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            import signal

            os.killpg(process.pid, signal.SIGKILL)
