"""``espalier do``: hands a command to the process that has the window, and prints what it says there.

On the way of a person's key or script: it imports the C module ``_socket`` and nothing that costs, and no Qt.
"""

from __future__ import annotations

import os
import sys

from shell.do import message
from shell.do.place import is_ours, runtime_of, sockets
from shell.ready.place import ShortPath

#: Seconds that a process gets to say what it shows; it may be busy with its first rows.
PATIENCE_S = 10.0
FAILED, NOT_UNDERSTOOD = 1, 2
#: Options of ``espalier do`` that take no value → what is asked along; the others are in ``_VALUES``.
_FLAGS = {"--list": "list", "--apps": "apps", "--json": message.JSON, "--yes": message.YES}
_VALUES = ("--app", "--basedir", "--set")
#: Options of every command line that mean nothing here.
_IDLE = ("--debug", "--safe")


class Wanted:
    """A command line that was understood."""

    def __init__(self) -> None:
        self.app = self.basedir = ""
        self.flags: set[str] = set()
        self.words: list[str] = []

    @property
    def line(self) -> str:
        """The command: one word as it stands, several as a shell has split them."""
        return self.words[0] if len(self.words) == 1 else " ".join(map(_quoted, self.words))


def wanted(argv: list[str]) -> Wanted | None:
    """What a whole command line of ``espalier … do …`` wants; None when it is another one, or is not understood."""
    found, is_do, words = Wanted(), False, list(reversed(argv[1:]))
    while words:
        word = words.pop()
        name, equals, value = word.partition("=")
        if word == "--":
            found.words += reversed(words)
            break
        if found.words and word not in _FLAGS and name not in _VALUES:
            found.words.append(word)  # of the command, whatever it begins with
        elif word in _FLAGS and is_do:
            found.flags.add(_FLAGS[word])
        elif name in _VALUES and (is_do or name != "--app"):
            if not equals and not words:
                return None
            value = value if equals else words.pop()
            if name != "--set":
                setattr(found, name[2:], value)
        elif word in _IDLE:
            pass
        elif not is_do:
            if word != "do":
                return None
            is_do = True
        elif word.startswith("-") and word != "-":
            return None  # help, or a mistake: argparse says it better
        else:
            found.words.append(word)
    return found if is_do and (found.words or found.flags & {"list", "apps"}) else None


def run(given: Wanted) -> int:
    """Do it; answers the exit code: 0, 1 when it failed or nothing runs, 2 when it was not understood."""
    runtime = runtime_of(given.basedir)
    if given.words == ["-"]:
        return _run_lines(given, runtime)
    return _run_one(given, runtime, given.line)


def _run_lines(given: Wanted, runtime: str) -> int:
    """Each line of standard input; the first that fails ends it."""
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if code := _run_one(given, runtime, line.strip()):
            print(f"espalier: line {number} ended it: {line.strip()}", file=sys.stderr)
            return code
    return 0


def _run_one(given: Wanted, runtime: str, line: str) -> int:
    found = _Found(runtime)
    try:
        if "apps" in given.flags:
            return found.tell_apps()
        chosen = found.choose(given.app)
        if isinstance(chosen, str):
            print(f"espalier: {chosen}", file=sys.stderr)
            return FAILED
        connection, key = chosen
        verb = message.LIST if "list" in given.flags else message.RUN
        options = tuple(sorted(given.flags & {message.JSON, message.YES}))
        question = message.Question(verb, key, options, os.getcwd(), line)
        return _ask(connection, question)
    finally:
        found.close()


class _Found:
    """The processes that listen, each connected, and what they show."""

    def __init__(self, runtime: str) -> None:
        self._connections: dict[int, object] = {}
        #: (process, key, name, title) of each app.
        self.apps: list[tuple[int, str, str, str]] = []
        self._silent: list[int] = []
        for process, path in sockets(runtime):
            if (connection := _connect(path)) is not None:
                self._connections[process] = connection
        for process, connection in self._connections.items():
            self._hear(process, connection)

    def _hear(self, process: int, connection: object) -> None:
        try:
            kind, data = _frame(connection)
        except TimeoutError:
            self._silent.append(process)
            return
        except OSError:
            return  # it has ended meanwhile
        for row in data.decode("utf-8", "replace").splitlines() if kind == message.APPS else ():
            _, key, name, title = row.split("\t")
            self.apps.append((process, key, name, title))

    def choose(self, app: str) -> tuple[object, str] | str:
        """The connection and key of the app that is meant, or what to say instead."""
        if not self.apps:
            return self._nothing()
        fitting = [one for one in self.apps if not app or app in (str(one[0]), one[1], one[2], one[3])]
        if len(fitting) == 1:
            process, key, _, _ = fitting[0]
            return self._connections[process], key
        running = "; ".join(self._names(fitting or self.apps))
        if not fitting:
            return f"{app} is not open (open: {running})"
        return f"several apps are open, say which one by --app: {running}"

    def _nothing(self) -> str:
        if self._silent:
            return f"the window does not answer (end process {self._silent[0]}, or wait)"
        return "no window is open (espalier NAME opens one)"

    def _names(self, apps: list[tuple[int, str, str, str]]) -> list[str]:
        """Each by the shortest word that names it alone."""
        names = [name for _, _, name, _ in self.apps]
        keys = [key for _, key, _, _ in self.apps]
        return [
            name if names.count(name) == 1 else key if keys.count(key) == 1 else f"{process} ({name})"
            for process, key, name, _ in apps
        ]

    def tell_apps(self) -> int:
        """Print what is open, a line each."""
        if not self.apps:
            print(f"espalier: {self._nothing()}", file=sys.stderr)
            return FAILED
        for (_, _, _, title), name in zip(self.apps, self._names(self.apps), strict=True):
            print(f"{name:<20} {title}")
        return 0

    def close(self) -> None:
        """Leave those that were not asked."""
        for connection in self._connections.values():
            connection.close()


def _connect(path: str) -> object | None:
    """A connection with a process of this person; None when nobody is there any more, whose socket is removed then."""
    import _socket

    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | getattr(_socket, "SOCK_CLOEXEC", 0))
    connection.settimeout(PATIENCE_S)
    try:
        with ShortPath(path) as name:
            connection.connect(name)
        if is_ours(connection):
            return connection
    except ConnectionRefusedError:
        os.unlink(path)  # a process listens before its socket gets this name: it has ended
    except OSError:
        pass
    connection.close()
    return None


def _ask(connection: object, question: message.Question) -> int:
    import _socket

    code = -1
    try:
        connection.sendall(message.encode(question))
        connection.shutdown(_socket.SHUT_WR)
        connection.settimeout(None)
        while code < 0:
            kind, data = _frame(connection)
            if kind == message.CODE:
                code = data[0]
            else:
                _print(data, sys.stdout if kind == message.OUT else sys.stderr)
    except OSError:
        print("espalier: the window was closed before it had answered", file=sys.stderr)
        return FAILED
    return code


def _print(data: bytes, stream: object) -> None:
    stream.write(data.decode("utf-8", "replace") + "\n")
    stream.flush()


def _frame(connection: object) -> tuple[bytes, bytes]:
    """The next frame; raises OSError when there is none."""
    head = _exactly(connection, 5)
    return head[:1], _exactly(connection, int.from_bytes(head[1:], "little"))


def _exactly(connection: object, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = connection.recv(min(count - len(data), 1 << 16))
        if not piece:
            raise ConnectionResetError("it has gone")
        data += piece
    return data


def _quoted(word: str) -> str:
    """A word so that it is one when the line is split again."""
    is_plain = word and all(letter.isalnum() or letter in "_-+./:@%,=<>*" for letter in word)
    return word if is_plain else "'" + word.replace("'", "'\"'\"'") + "'"
