"""Answers ``espalier do`` in a process with windows: a socket that this person alone can reach, on the event loop."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication, QWidget

from shell.do import message
from shell.do.place import is_ours, socket_path

if TYPE_CHECKING:
    from shell.desk import Desk
    from shell.window import Window

#: Programs that may ask at once.
_MOST = 64


class Listener(QObject):
    """Listens for as long as the process has windows.

    Args:
        desk: Has the windows.
        path: Of the socket.
        listener: The socket.
    """

    def __init__(self, desk: Desk, path: str, listener: Any) -> None:
        super().__init__(desk.application)
        self._path, self._listener, self._desk = path, listener, desk
        self._askers: set[_Asker] = set()
        #: The window that had the focus last.
        self._recent: QWidget | None = None
        self._notifier = QSocketNotifier(self._listener.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._accept)
        desk.application.focusChanged.connect(self._note_focus)
        desk.application.aboutToQuit.connect(self.close)

    def close(self) -> None:
        """Listen no more."""
        if self._listener is None:
            return
        self._notifier.setEnabled(False)
        with contextlib.suppress(OSError):
            os.unlink(self._path)
        self._listener.close()
        self._listener = None
        for asker in list(self._askers):
            asker.close()

    def windows(self) -> list[Window]:
        """Those that can be asked, one of each app: the one that had the focus last, else the main one."""
        found: dict[str, Any] = {}
        for window in self._desk.windows:
            if window.is_closing:
                continue
            key = window.app.info.key
            if key not in found or window is self._recent:
                found[key] = window
        return list(found.values())

    def _note_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        window = new.window() if new is not None else None
        if window in self._desk.windows:
            self._recent = window

    def _accept(self) -> None:
        import _socket

        try:
            number, _ = self._listener._accept()
        except OSError:
            return  # it did not wait
        connection = _socket.socket(fileno=number)
        if not is_ours(connection) or len(self._askers) >= _MOST:
            connection.close()
            return
        connection.setblocking(False)
        asker = _Asker(connection, self)
        self._askers.add(asker)
        process = os.getpid()
        infos = [window.app.info for window in self.windows()]
        lines = [message.shown_line(process, info.key, info.name, info.title) for info in infos]
        asker.send(message.APPS, "\n".join(lines))

    def forget(self, asker: _Asker) -> None:
        """One has got its answer, or has gone."""
        self._askers.discard(asker)
        asker.deleteLater()

    def answer(self, asker: _Asker, question: message.Question) -> None:
        """Do what one asks for."""
        window = next((one for one in self.windows() if one.app.info.key == question.app), None)
        if window is None:
            asker.send(message.ERROR, "espalier: the window was closed just now")
            asker.end(1)
        elif question.verb == message.LIST:
            from shell.do.listing import listing

            asker.send(message.OUT, listing(window, question.text, is_json=message.JSON in question.options))
            asker.end(0)
        else:
            from shell.do.asking import Asking

            Asking(window, question, asker.send, asker.end).run()


class _Asker(QObject):
    """One program: its question is read without waiting, its answer kept until it takes it."""

    def __init__(self, connection: Any, listener: Listener) -> None:
        super().__init__(listener)
        self._connection, self._listener = connection, listener
        self._said, self._unsent = b"", b""
        self._is_ending = self._is_closed = False
        number = connection.fileno()
        self._reading = QSocketNotifier(number, QSocketNotifier.Type.Read, self)
        self._writing = QSocketNotifier(number, QSocketNotifier.Type.Write, self)
        self._writing.setEnabled(False)
        self._reading.activated.connect(self._read)
        self._writing.activated.connect(self._write)

    def send(self, kind: bytes, text: str | bytes) -> None:
        """Send a frame, now or as soon as it is taken."""
        if not self._is_closed:
            self._unsent += message.frame(kind, text)
            self._write()

    def end(self, code: int) -> None:
        """Send the exit code and leave."""
        self._is_ending = True
        self.send(message.CODE, bytes([code]))

    def close(self) -> None:
        """Leave."""
        if self._is_closed:
            return
        self._is_closed = True
        self._reading.setEnabled(False)
        self._writing.setEnabled(False)
        self._connection.close()
        self._listener.forget(self)

    def _read(self) -> None:
        try:
            piece = self._connection.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        self._said += piece
        if len(self._said) > message.LARGEST:
            self.close()
        elif not piece:
            self._reading.setEnabled(False)
            self._take()

    def _take(self) -> None:
        if not self._said:
            self.close()  # it has seen what there is, and asks another one
            return
        try:
            question = message.decode(self._said)
        except ValueError as error:
            self.send(message.ERROR, f"espalier: {error}")
            self.end(2)
            return
        self._listener.answer(self, question)

    def _write(self) -> None:
        try:
            while self._unsent:
                self._unsent = self._unsent[self._connection.send(self._unsent) :]
        except BlockingIOError:
            self._writing.setEnabled(True)
            return
        except OSError:
            self.close()  # it has gone; what it began goes on
            return
        self._writing.setEnabled(False)
        if self._is_ending:
            self.close()


def _listen(path: str) -> Any:
    """A socket that listens there; it gets its name only then, so that one that refuses has ended for certain.

    Raises:
        OSError: there can be none, or others could reach it.
    """
    import _socket

    from shell.ready.place import ShortPath, is_private

    directory = os.path.dirname(path)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    if not is_private(directory):
        raise PermissionError(f"{directory} can be entered by others")
    begun = f"{path}.new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(begun)
    listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | getattr(_socket, "SOCK_CLOEXEC", 0))
    try:
        with ShortPath(begun) as name:
            listener.bind(name)
        os.chmod(begun, 0o600)
        listener.listen(16)
        listener.setblocking(False)
        os.replace(begun, path)
    except OSError:
        listener.close()
        raise
    return listener


def listen(desk: Desk, runtime: str) -> Listener | None:
    """Let commands come from outside; None where that cannot be, which the log tells."""
    path = socket_path(runtime, os.getpid())
    try:
        return Listener(desk, path, _listen(path))
    except OSError as error:
        desk.log("warning", f"no commands from outside: {error}", "")
        return None


def running(application: QApplication) -> Listener | None:
    """The one of this process."""
    return application.findChild(Listener)
