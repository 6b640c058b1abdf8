"""What ``espalier do`` and a process with windows say to each other.

window → program: one ``APPS`` frame as soon as they are connected: what it shows;
program → window: fields between zero bytes (``Question``), then it sends no more;
window → program: ``OUT`` and ``ERROR`` frames as things are said, at the end one ``CODE``.
A frame is one letter, four bytes of length, the payload. Imports nothing: no ``typing``, which takes 12 ms.
"""

from __future__ import annotations

APPS, OUT, ERROR, CODE = b"a", b"o", b"e", b"c"
#: Changes with what is said here.
FORM = "1"
#: Bytes of a question that are read.
LARGEST = 1 << 20
#: What a question may be after, and what may be asked along with it.
RUN, LIST = "run", "list"
YES, JSON = "yes", "json"


class Question:
    """What the program wants.

    Args:
        verb: ``RUN`` or ``LIST``.
        app: The window's app by its key, as the frame ``APPS`` has it.
        options: ``YES``: questions of a command count as answered; ``JSON``: for other programs.
        folder: The program's directory, which paths are relative to.
        text: The line of a command, or what the ids of the listed commands begin with.
    """

    __slots__ = ("app", "folder", "options", "text", "verb")

    def __init__(self, verb: str, app: str, options: tuple[str, ...] = (), folder: str = "", text: str = "") -> None:
        self.verb, self.app, self.options, self.folder, self.text = verb, app, options, folder, text


def encode(question: Question) -> bytes:
    """Its bytes."""
    fields = (FORM, question.verb, question.app, ",".join(question.options), question.folder, question.text)
    return "\0".join(fields).encode("utf-8", "surrogateescape")


def decode(data: bytes) -> Question:
    """The question.

    Raises:
        ValueError: it is none.
    """
    fields = data.decode("utf-8", "surrogateescape").split("\0", 5)
    if len(fields) != 6 or fields[0] != FORM:
        raise ValueError("this is another version of Espalier")
    _, verb, app, options, folder, text = fields
    return Question(verb, app, tuple(filter(None, options.split(","))), folder, text)


def frame(kind: bytes, text: str | bytes) -> bytes:
    """One frame."""
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return kind + len(data).to_bytes(4, "little") + data


def shown_line(process: int, key: str, name: str, title: str) -> str:
    """What one app of the frame ``APPS`` is."""
    return "\t".join((str(process), key, *(" ".join(word.split()) for word in (name, title))))
