"""Putting a text in order: all of it, a part, while one types, and before it is written where the person wants that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from plugins.api import option, say
from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.places import range_of
from plugins.scintilla.language_client.protocol import TextEdit

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

#: A file is written as it is when its server has not put it in order within this time, in ms.
SAVE_MS = 1_500
_EDITS = list[TextEdit] | None


def format_text(served: ServedText, then: Callable[[], Any] | None = None) -> None:
    """Put all of it in order."""
    _format(served, "documentFormattingProvider", "textDocument/formatting", {}, then)


def format_selection(served: ServedText) -> None:
    """Put the selection in order; the line where nothing is selected."""
    code = served.code
    start, stop = code.selection
    first, last = code.line_start(code.line_of(start)), code.line_stop(code.line_of(stop))
    server = served.able("documentRangeFormattingProvider")
    if server is None:
        served.note(say("No language server knows that here"))
        return
    params = {"range": range_of(code, first, last, server.encoding)}
    _format(served, "documentRangeFormattingProvider", "textDocument/rangeFormatting", params, None)


def format_typed(served: ServedText, letter: str) -> None:
    """Put in order what was typed, after a letter that the server has named."""
    server = served.able("documentOnTypeFormattingProvider")
    if server is None or not option("scintilla.format-on-type"):
        return
    options = server.options("documentOnTypeFormattingProvider")
    letters = [options.get("firstTriggerCharacter"), *(options.get("moreTriggerCharacter") or ())]
    if letter in letters:
        params = {"position": served.position(server), "ch": letter, "options": _options(served)}
        served.ask("typed", server, "textDocument/onTypeFormatting", params, _EDITS,
                   lambda found: served.apply(server, found or []))  # fmt: skip


def before_saving(served: ServedText, save: Callable[[], Any]) -> None:
    """Put it in order, then write it; written as it is where that takes too long or cannot be done."""
    done = [False]

    def once() -> None:
        if not done[0]:
            done[0] = True
            save()

    if not option("scintilla.format-on-save") or served.able("documentFormattingProvider") is None:
        once()
        return
    format_text(served, once)
    QTimer.singleShot(SAVE_MS, served, once)


def _format(
    served: ServedText, provider: str, method: str, params: dict[str, Any], then: Callable[[], Any] | None
) -> None:
    server = served.able(provider)
    if server is None:
        served.note(say("No language server knows that here"))
        return

    def take(found: list[TextEdit] | None) -> None:
        served.apply(server, found) if found else served.note(say("It is in order"))
        if then is not None:
            then()

    def lose(why: str) -> None:
        served.note(why)
        if then is not None:
            then()

    served.ask("format", server, method, {**params, "options": _options(served)}, _EDITS, take, lose)


def _options(served: ServedText) -> dict[str, Any]:
    send = served.code.send
    return {"tabSize": send(SCI.SCI_GETTABWIDTH), "insertSpaces": not send(SCI.SCI_GETUSETABS)}
