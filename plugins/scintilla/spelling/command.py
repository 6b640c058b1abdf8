"""The commands of spelling: on and off, from one misspelt word to the next, what may be meant, own words."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QMenu
from shiboken6 import isValid

from plugins.api import EspalierError, option, say, set_option
from plugins.scintilla.language_client.hover import rect_of
from plugins.scintilla.spelling.hunspell import dictionaries, library
from plugins.scintilla.spelling.prose import Word
from plugins.scintilla.spelling.speller import LANGUAGES, add_word, paths_of, speller


def toggle(view: Any) -> None:
    """Look at the spelling, in the languages of the person; or do not."""
    if option(LANGUAGES):
        set_option(LANGUAGES, "")
        return
    _need(paths_of("auto") or dictionaries())
    found = "auto" if paths_of("auto") else next(iter(dictionaries()))
    set_option(LANGUAGES, found)
    view.pane.spelling.look()


def next_word(view: Any) -> None:
    """Select the next misspelt word."""
    _step(view.pane, 1)


def previous_word(view: Any) -> None:
    """Select the misspelt word before."""
    _step(view.pane, -1)


def mend(view: Any) -> None:
    """Offer what may be meant by the misspelt word at the caret, or by the next one."""
    pane = view.pane
    _need_languages()
    caret = pane.code.caret
    here = next((one for one in pane.spelling.places if one.start <= caret <= one.stop), None)
    if here is not None:
        _offer(pane, here)
    else:
        _step(pane, 1, offers=True)


def _step(pane: Any, step: int, *, offers: bool = False) -> None:
    _need_languages()

    def take(found: Word | None) -> None:
        if found is None:
            pane.status.say(say("No word is misspelt from here on"))
            return
        pane.code.select(found.start, found.stop)
        if offers:
            _offer(pane, found)

    pane.spelling.next(step, take)


def _offer(pane: Any, word: Word) -> None:
    def show(found: list[str]) -> None:
        if isValid(pane) and _stands(pane, word):
            _show(pane, word, found)

    speller().suggest(word.text, show)


def _stands(pane: Any, word: Word) -> bool:
    """Whether the word is still where it was found."""
    return pane.code.host.bytes(word.start, word.stop).decode("utf-8", "replace") == word.text


def _show(pane: Any, word: Word, found: list[str]) -> None:
    menu = QMenu(pane)
    menu.setAccessibleName(say("What may be meant"))
    for one in found:
        entry = menu.addAction(one.replace("&", "&&"), partial(_put, pane, word, one))
        entry.setEnabled(not pane.code.is_read_only)
    if not found:
        menu.addAction(say("Nothing is like it")).setEnabled(False)
    menu.addSeparator()
    menu.addAction(say("Add “{word}” to your words", word=word.text), partial(add_word, word.text))
    menu.aboutToHide.connect(menu.deleteLater)
    pane.spelling.menu = menu
    menu.popup(rect_of(pane.code.host.view, pane.code.send, word.start).bottomLeft())
    menu.setActiveAction(menu.actions()[0])


def _put(pane: Any, word: Word, new: str) -> None:
    if not _stands(pane, word):
        return
    with pane.code.one_step():
        pane.code.replace(word.start, word.stop, new.encode())
    place = word.start + len(new.encode())
    pane.code.select(place, place)


def _need_languages() -> None:
    languages = str(option(LANGUAGES) or "")
    if not languages:
        raise EspalierError(say("the spelling is not looked at"), hint=say("switch it on: Look at the spelling"))
    _need(paths_of(languages))


def _need(found: Any) -> None:
    """Say honestly what is missing."""
    if library() is None:
        hint = say("install Hunspell, on Debian: apt install libhunspell-1.7-0 hunspell-en-us")
        raise EspalierError(say("Hunspell is not installed"), hint=hint)
    if not found:
        hint = say("install one, on Debian: apt install hunspell-en-us")
        raise EspalierError(say("there is no dictionary for these languages"), hint=hint)
