"""What those who know a language tell an editor of texts: completions, call tips, problems. No Qt, no protocol here.

An assistant is added once (:func:`add_assistant`) and serves every open text of its languages. It is asked on the GUI
thread and must answer at once or later, there too; a language server's client asks its process and answers when that
has. Places are lines and letters, both from 0; letters are code points, not bytes and not UTF-16.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from kernel.disposer import Disposer

#: How bad a problem is, the worst first.
SEVERITIES = ("error", "warning", "info")


class Place(NamedTuple):
    """A place in a text."""

    line: int
    letter: int


class Span(NamedTuple):
    """A part of a text, from ``start`` to before ``stop``."""

    start: Place
    stop: Place


class Diagnostic(NamedTuple):
    """A problem in a text; ``severity`` is one of :data:`SEVERITIES`, ``source`` who says it."""

    span: Span
    message: str
    severity: str = "error"
    source: str = ""


class Completion(NamedTuple):
    """A word that may stand at a place.

    Attributes:
        text: What is put there.
        detail: What it is, in a few words.
        span: What it takes the place of; None = the letters of the word before the place.
        label: What the list shows; empty = the text's first line.
        filter: What typed letters are compared with; empty = the label.
        kind: What sort of thing it is (``function``, ``variable``, ``keyword`` …), for a sign before it; may be empty.
        doc: More about it, Markdown.
        is_snippet: Whether the text has places to fill in: ``$1``, ``${2:name}``, ``$0``.
        more: Asks for ``doc`` where it is not there yet: ``more(take)``.
        after: Called once it was put in, for what belongs to it elsewhere in the text.
    """

    text: str
    detail: str = ""
    span: Span | None = None
    label: str = ""
    filter: str = ""
    kind: str = ""
    doc: str = ""
    is_snippet: bool = False
    more: Callable[[Callable[[str], Any]], Any] | None = None
    after: Callable[[], Any] | None = None


class CallTip(NamedTuple):
    """How something is called; letters from ``start`` to ``stop`` are the part that is typed now."""

    text: str
    start: int = 0
    stop: int = 0


class OpenText(Protocol):
    """A text that is open in an editor."""

    #: The language's name (``python``), and the file's path, or a made-up name that is unique in this process.
    language: str
    path: str

    def text(self) -> str:
        """All of it, as it is now."""

    def show_diagnostics(self, source: str, diagnostics: Sequence[Diagnostic]) -> None:
        """Show these problems in the place of those that the same source told before; on the GUI thread."""


class Assistant(Protocol):
    """One who knows languages. An answer that comes after the text was closed is dropped."""

    #: Names of languages (``python``), and letters after which completions are asked for without being wanted.
    languages: Sequence[str]
    triggers: str

    def open_text(self, text: OpenText) -> None:
        """A text of its languages was opened."""

    def change_text(self, text: OpenText) -> None:
        """It was changed; told after a pause of the typing, and before every question."""

    def close_text(self, text: OpenText) -> None:
        """It is there no more."""

    def complete(self, text: OpenText, place: Place, done: Callable[[Sequence[Completion]], Any]) -> None:
        """What may stand at a place; ``done`` gets it, an empty answer too."""

    def call_tip(self, text: OpenText, place: Place, done: Callable[[CallTip | None], Any]) -> None:
        """How what is called around a place is called."""


_ASSISTANTS: list[Assistant] = []
_LISTENERS: list[Callable[[], Any]] = []


def add_assistant(assistant: Assistant) -> Disposer:
    """Have an assistant serve texts, those that are open already too; the disposer takes it away again."""
    _ASSISTANTS.append(assistant)
    _tell()

    def remove() -> None:
        if assistant in _ASSISTANTS:
            _ASSISTANTS.remove(assistant)
            _tell()

    return remove


def assistants_of(language: str) -> list[Assistant]:
    """Those who know a language, in the order in which they were added."""
    return [one for one in _ASSISTANTS if language in one.languages]


def watch_assistants(listener: Callable[[], Any]) -> Disposer:
    """Call the listener after an assistant was added or taken away."""
    _LISTENERS.append(listener)
    return lambda: _LISTENERS.remove(listener) if listener in _LISTENERS else None


def _tell() -> None:
    for listener in list(_LISTENERS):
        listener()
