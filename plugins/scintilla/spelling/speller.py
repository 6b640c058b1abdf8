"""The thread that looks words up: one for the process, with what it found out kept."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject

from plugins.api import at_unload, listener, option, set_option
from plugins.scintilla.spelling.hunspell import Dictionary, dictionaries, library

LANGUAGES, WORDS = "scintilla.spelling", "scintilla.spelling-words"
#: Words that are kept at most.
MOST = 100_000


class Speller(QObject):
    """Knows which words are none.

    Attributes:
        known: Word → whether it is right, of all that were looked up.
    """

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, bool] = {}
        self._asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._waiting: dict[int, Callable[[Any], Any]] = {}
        self._number = 0
        self._paths: tuple[Path, ...] = ()
        #: Whether these dictionaries cannot be asked, so that nothing more is.
        self._has_failed = False

    def take_languages(self, names: str) -> tuple[Path, ...]:
        """Look words up in these languages from now on; answers the dictionaries of those that are installed."""
        paths = paths_of(names)
        if paths != self._paths:
            self._paths, self._has_failed = paths, False
            self.known.clear()
        return paths

    def look(self, words: Collection[str], done: Callable[[], Any]) -> None:
        """Find out whether these are words; ``done`` when :attr:`known` says so."""

        def take(found: tuple[tuple[Path, ...], dict[str, bool]]) -> None:
            if found[0] == self._paths:
                if len(self.known) > MOST:
                    self.known.clear()
                self.known.update(found[1])
                done()

        self._ask(("look", self._paths, tuple(words)), take)

    def suggest(self, word: str, done: Callable[[list[str]], Any]) -> None:
        """Ask for words that may be meant."""
        self._ask(("near", self._paths, word), done)

    def end(self) -> None:
        """The plugin goes."""
        self._waiting.clear()
        self._asked.put(None)

    def _ask(self, question: tuple[Any, ...], done: Callable[[Any], Any]) -> None:
        if self._has_failed:
            return
        if self._thread is None:
            bring, asked = listener(self._take), self._asked
            self._thread = threading.Thread(target=_serve, args=(asked, bring), name="spelling", daemon=True)
            self._thread.start()
        self._number += 1
        self._waiting[self._number] = done
        self._asked.put((self._number, *question))

    def _take(self, number: int, answer: Any) -> None:
        done = self._waiting.pop(number, None)
        if isinstance(answer, Exception):
            self._has_failed = True  # told once, by what hears of every exception
            raise answer
        if done is not None:
            done(answer)


def _serve(asked: queue.SimpleQueue[Any], bring: Callable[[int, Any], None]) -> None:
    """The thread: it alone has the dictionaries."""
    opened: dict[Path, Dictionary] = {}
    while (question := asked.get()) is not None:
        try:
            answer = _answer(opened, *question[1:])
        except Exception as error:  # the window's thread tells it
            answer = error
        bring(question[0], answer)
    for one in opened.values():
        one.close()


def _answer(opened: dict[Path, Dictionary], what: str, paths: tuple[Path, ...], given: Any) -> Any:
    for path in set(opened) - set(paths):
        opened.pop(path).close()
    some = [opened.setdefault(path, opened.get(path) or Dictionary(path)) for path in paths]
    if what == "look":
        return paths, {word: any(one.has(plain(word)) for one in some) for word in given}
    return list(dict.fromkeys(word for one in some for word in one.near(plain(given))))[:10]


def plain(word: str) -> str:
    """A word as dictionaries write it."""
    return word.replace("’", "'")


def paths_of(names: str) -> tuple[Path, ...]:
    """The dictionaries of languages that are named (``en_US; de_DE``, ``auto``), of those that are installed."""
    found = dictionaries() if names and library() is not None else {}
    wanted = [QLocale().name(), "en_US"] if names == "auto" else [part.strip() for part in names.split(";")]
    return tuple(dict.fromkeys(found[name] for name in wanted if name in found))


def own_words() -> frozenset[str]:
    """The words of the person's list."""
    return frozenset(part.strip() for part in str(option(WORDS) or "").split(";") if part.strip())


def add_word(word: str) -> None:
    """Have a word in the person's list."""
    if word not in own_words():
        set_option(WORDS, "; ".join(sorted({*own_words(), word})))


_speller: list[Speller] = []


def speller() -> Speller:
    """The one of this process."""
    if not _speller:
        made = Speller()
        _speller.append(made)
        at_unload("scintilla", lambda: (_speller.clear(), made.end()))
    return _speller[0]
