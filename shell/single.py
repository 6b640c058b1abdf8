"""An app has one window for a person and a screen: who opens it again brings that one to the front.

Who shows an app holds a lock, which goes with the process however it ends, and listens at a socket beside it;
``single_window`` answers there. On the way to every start of an app: it imports next to nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import Any

from kernel.digest import sha256_of
from kernel.error import EspalierError

#: Seconds that the window of the other process gets to come: it may still be on its way, or read its first rows.
PATIENCE_S = 20.0
#: Seconds between two looks where the other process is just beginning or ending.
_LOOK_S = 0.02
#: What the window answers when it is in front.
SHOWN = b"shown"
#: What a desktop gives to the program that a person started, so that its window may come to the front.
_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


class OpenElsewhereError(EspalierError):
    """The app is open in another process.

    Args:
        name: What was opened, for people.
        place: Where that process listens.
    """

    def __init__(self, name: str, place: str) -> None:
        super().__init__(f"{name} is open already")
        self.name, self.place = name, place


class Claim:
    """One app that this process shows.

    Args:
        lock: A descriptor of the locked file.
        listener: The socket where others ask for the window.
    """

    def __init__(self, lock: int, listener: Any) -> None:
        self._lock = lock
        self.listener = listener
        self.is_held = True
        #: Set by ``single_window``, which answers at the socket.
        self.answering: Any = None

    def close(self) -> None:
        """Let others open it; who asked just now finds it closed and opens it."""
        if self.is_held:
            self.is_held = False
            self.listener.close()
            os.close(self._lock)


def claim(name: str, key: str, runtime: str | os.PathLike[str]) -> Claim | None:
    """The right to show an app; None where there are no such rights to be had, and everybody opens it.

    Args:
        name: The app for people.
        key: What tells it apart, see :class:`shell.app.AppInfo`.
        runtime: The person's directory for sockets.

    Raises:
        OpenElsewhereError: another process has it.
    """
    place = _place(key, os.fspath(runtime))
    try:
        lock = _locked(f"{place}.lock")
    except BlockingIOError:
        raise OpenElsewhereError(name, place) from None
    except OSError:
        return None  # two windows are better than none
    try:
        return Claim(lock, _listen(f"{place}.socket"))
    except OSError:
        os.close(lock)
        return None


def bring_forward(place: str, *, patience_s: float = PATIENCE_S) -> bool:
    """Have the other process show its window. Waits for it; for a thread where there are windows.

    Returns:
        Whether it did; False when it has ended meanwhile.

    Raises:
        EspalierError: it does not answer.
    """
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if _is_free(f"{place}.lock"):
            return False
        if _ask(f"{place}.socket", end - time.monotonic()):
            return True
        time.sleep(_LOOK_S)
    raise EspalierError("it is open already, but its window does not answer", hint=_advice(f"{place}.lock"))


def is_shown(key: str, runtime: str | os.PathLike[str]) -> str:
    """Where the process listens that shows an app; empty when none does."""
    place = _place(key, os.fspath(runtime))
    return "" if _is_free(f"{place}.lock") else place


def claim_for(session: Any, app: Any, target: str) -> None:
    """Take the right to show what a session opens; where what is opened may have several windows nothing happens.

    Args:
        session: Keeps the claim.
        app: As it was opened; None when it is not here yet.
        target: What was opened.

    Raises:
        OpenElsewhereError: another process shows it.
    """
    key = key_of(app, target)
    if not key or key in session.claims or not _has_window(session):
        return
    if (held := claim(target, key, session.config.paths.runtime)) is not None:
        session.claims[key] = held


def _has_window(session: Any) -> bool:
    """Whether the session shows its app to a person, and not in a picture."""
    from shell.display import has_display

    return session.is_single and not session.given.picture and has_display(os.environ)


def key_of(app: Any, target: str) -> str:
    """What an app goes by that has one window; empty for databases, layouts and folders without code.

    Args:
        app: As it was opened; None when it is not here yet.
        target: What was opened.
    """
    if app is None:
        return target if "@" in target else f"{target}@"
    if app.info.server or app.info.key == "home":
        return app.info.key
    from shell.app_code import app_has_code

    is_folder = getattr(app, "folder", None) is not None and getattr(app, "database", None) is None
    return app.info.key if is_folder and app_has_code(app) else ""


def _place(key: str, runtime: str) -> str:
    """Where the app's lock and socket are, without their endings."""
    screen = [os.environ.get(name, "") for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM")]
    return os.path.join(runtime, f"app-{sha256_of(repr((key, screen)).encode()).hex()[:24]}")


def _locked(path: str) -> int:
    """A descriptor of the file, locked, with this process's number in it; OSError when that cannot be."""
    from shell.ready.place import is_private

    directory = os.path.dirname(path)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    if not is_private(directory):
        raise PermissionError(f"{directory} can be entered by others")
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
    except OSError:
        os.close(lock)
        raise
    return lock


def _is_free(path: str) -> bool:
    """Whether nobody holds the lock."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _listen(path: str) -> Any:
    """A socket there; one that an ended process left is replaced, as the lock is ours."""
    import _socket  # the module itself takes milliseconds to dress its numbers up

    from shell.ready.place import ShortPath

    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    listener = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | getattr(_socket, "SOCK_CLOEXEC", 0))
    with ShortPath(path) as name:
        listener.bind(name)
    listener.listen(16)
    listener.setblocking(False)
    return listener


def _ask(path: str, patience_s: float) -> bool:
    """Ask once; whether the window came."""
    import _socket

    from shell.ready.place import ShortPath

    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | getattr(_socket, "SOCK_CLOEXEC", 0))
    connection.settimeout(max(patience_s, _LOOK_S))
    token = next(filter(None, map(os.environ.get, _TOKENS)), "")
    try:
        with ShortPath(path) as name:
            connection.connect(name)
        connection.sendall(token.encode()[:1000] + b"\n")
        return connection.recv(len(SHOWN)) == SHOWN
    except OSError:
        return False  # it does not listen yet, or any more
    finally:
        connection.close()


def _advice(path: str) -> str:
    with contextlib.suppress(OSError), open(path) as file:
        if number := file.read(20):
            return f"end process {number} and open it again"
    return "open it again"
