"""The commands: each gets the editor that it acts on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.api import EspalierError, say
from plugins.scintilla import line as lines
from plugins.scintilla import selection
from plugins.scintilla.document import ENCODINGS
from plugins.scintilla.host import SCI

if TYPE_CHECKING:
    from plugins.scintilla.code import Code
    from plugins.scintilla.pane import Pane

_BRACES = (b"(", b")", b"[", b"]", b"{", b"}")
_LINE_ENDS = {"lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}


def _on_pane(run: Callable[..., Any]) -> Callable[..., None]:
    """A command on the text of an editor."""

    @wraps(run)
    def command(view: Any, **arguments: Any) -> None:
        if view.pane is None:
            raise EspalierError(say("there is no text here yet"))
        run(view.pane, **arguments)

    return command


def _on_text(run: Callable[[Code], Any]) -> Callable[..., None]:
    """A command that changes the text, and so nothing that is read-only."""

    @_on_pane
    def command(pane: Pane) -> None:
        if pane.code.is_read_only:
            raise EspalierError(say("this text is read-only"))
        run(pane.code)

    return command


def breadcrumb(view: Any) -> None:
    """List what stands beside the part of the file where the caret is."""
    view.open_breadcrumb()


def save(view: Any) -> None:
    """Write what is typed."""
    view.save_in_order()


@_on_pane
def expand_snippet(pane: Pane) -> None:
    """Put in the snippet whose prefix stands before the caret."""
    if pane.code.is_read_only:
        raise EspalierError(say("this text is read-only"))
    if not pane.expander.expand():
        raise EspalierError(say("no snippet has what stands before the caret"), hint=say("see “Edit your snippets”"))


def edit_snippets(view: Any) -> None:
    """Open the file of the person's snippets, here where the app may show it, else in the system's editor."""
    from plugins.scintilla.own_snippets import open_snippets

    open_snippets(view)


@_on_pane
def find(pane: Pane) -> None:
    """Find while one types."""
    pane.find_bar().open()


@_on_pane
def replace(pane: Pane) -> None:
    """Find and replace."""
    pane.find_bar().open(can_replace=True)


@_on_pane
def find_next(pane: Pane) -> None:
    """Go to the next match."""
    pane.find_bar().step(1) if pane.find_bar().line.text() else pane.find_bar().open()


@_on_pane
def find_previous(pane: Pane) -> None:
    """Go to the previous match."""
    pane.find_bar().step(-1) if pane.find_bar().line.text() else pane.find_bar().open()


@_on_pane
def go_to_line(pane: Pane, line: int = 0) -> None:
    """Go to a line, counted from 1; 0 asks which."""
    if line:
        pane.code.go_to_line(line - 1)
        pane.focus_code()
    else:
        pane.find_bar().open_go_to()


@_on_pane
def add_next(pane: Pane) -> None:
    """Select the word, then each time the next place where it stands."""
    if not selection.add_next(pane.code):
        pane.status.say(say("No further place"))


@_on_pane
def skip_next(pane: Pane) -> None:
    """Leave the place that was selected last for the next one."""
    if not selection.skip_next(pane.code):
        pane.status.say(say("No further place"))


@_on_pane
def select_occurrences(pane: Pane) -> None:
    """Select all places where the same stands."""
    selection.add_all(pane.code)


@_on_pane
def caret_above(pane: Pane) -> None:
    """A further caret in the line above."""
    selection.add_beside(pane.code, -1)


@_on_pane
def caret_below(pane: Pane) -> None:
    """A further caret in the line below."""
    selection.add_beside(pane.code, 1)


@_on_pane
def split_selection(pane: Pane) -> None:
    """A caret at the end of each selected line."""
    selection.split(pane.code)


duplicate = _on_text(lines.duplicate)
move_up = _on_text(lambda code: lines.move(code, -1))
move_down = _on_text(lambda code: lines.move(code, 1))
delete_lines = _on_text(lines.delete)
join_lines = _on_text(lines.join)
sort_lines = _on_text(lines.sort)
sort_lines_down = _on_text(lambda code: lines.sort(code, is_down=True))
unique_lines = _on_text(lines.unique)
trim_lines = _on_text(lines.trim)
toggle_comment = _on_text(lines.toggle_comment)
sort_numbers = _on_text(lines.sort_numbers)
reverse_lines = _on_text(lines.reverse)
transpose = _on_text(lines.transpose)
swap_case = _on_text(lambda code: lines.change_case(code, str.swapcase))
title_case = _on_text(lambda code: lines.change_case(code, str.title))
upper_case = _on_text(lambda code: lines.change_case(code, str.upper))
lower_case = _on_text(lambda code: lines.change_case(code, str.lower))
indent = _on_text(lambda code: lines.indent(code, 1))
outdent = _on_text(lambda code: lines.indent(code, -1))


@_on_pane
def expand_selection(pane: Pane) -> None:
    """Select the next larger part: word, expression, statement, block."""
    pane.growth.grow()


@_on_pane
def shrink_selection(pane: Pane) -> None:
    """Select what was selected before it grew."""
    pane.growth.shrink()


@_on_pane
def surround(pane: Pane, sign: str) -> None:
    """Put signs around each selection, or the word at the caret."""
    if pane.code.is_read_only:
        raise EspalierError(say("this text is read-only"))
    lines.surround(pane.code, sign)


@_on_pane
def complete(pane: Pane) -> None:
    """Show what may stand here."""
    pane.completer.offer()


@_on_pane
def call_tip(pane: Pane) -> None:
    """Show how what is called here is called."""
    pane.completer.offer_tip()


@_on_pane
def toggle_bookmark(pane: Pane) -> None:
    """Mark the line, or take its mark off."""
    pane.bookmarks.toggle(pane.code.line_of(pane.code.caret))


@_on_pane
def next_bookmark(pane: Pane) -> None:
    """Go to the next marked line."""
    pane.bookmarks.step(1)


@_on_pane
def previous_bookmark(pane: Pane) -> None:
    """Go to the previous marked line."""
    pane.bookmarks.step(-1)


@_on_pane
def jump_back(pane: Pane) -> None:
    """Go back to where the caret was before it went far."""
    if not pane.jumps.step(-1):
        pane.status.say(say("No place before"))


@_on_pane
def jump_on(pane: Pane) -> None:
    """Go on to where the caret was before it went back."""
    if not pane.jumps.step(1):
        pane.status.say(say("No place after"))


@_on_pane
def next_problem(pane: Pane) -> None:
    """Go to the next problem."""
    _go_to_problem(pane, 1)


@_on_pane
def previous_problem(pane: Pane) -> None:
    """Go to the previous problem."""
    _go_to_problem(pane, -1)


def _go_to_problem(pane: Pane, step: int) -> None:
    if pane.marks.step(step) is None:
        pane.status.say(say("No problems"))


@_on_pane
def fold(pane: Pane) -> None:
    """Fold what the caret stands in."""
    code = pane.code
    line = code.line_of(code.caret)
    if not code.send(SCI.SCI_GETFOLDLEVEL, line) & SCI.SC_FOLDLEVELHEADERFLAG:
        line = code.send(SCI.SCI_GETFOLDPARENT, line)
    if line >= 0:
        code.send(SCI.SCI_FOLDLINE, line, SCI.SC_FOLDACTION_CONTRACT)
        code.go_to_line(line)


@_on_pane
def unfold(pane: Pane) -> None:
    """Unfold the line that the caret stands in."""
    line = pane.code.line_of(pane.code.caret)
    pane.code.send(SCI.SCI_FOLDLINE, line, SCI.SC_FOLDACTION_EXPAND)


@_on_pane
def fold_all(pane: Pane) -> None:
    """Fold all that can be folded."""
    pane.code.send(SCI.SCI_FOLDALL, SCI.SC_FOLDACTION_CONTRACT)
    pane.code.send(SCI.SCI_SCROLLCARET)


@_on_pane
def unfold_all(pane: Pane) -> None:
    """Unfold everything."""
    pane.code.send(SCI.SCI_FOLDALL, SCI.SC_FOLDACTION_EXPAND)


@_on_pane
def go_to_brace(pane: Pane) -> None:
    """Go to the brace that belongs to the one at the caret."""
    code = pane.code
    for place in (code.caret, code.caret - 1):
        if place >= 0 and code.host.bytes(place, place + 1) in _BRACES:
            code.send(SCI.SCI_COLOURISE, 0, -1)  # braces in comments and texts match among themselves
            found = code.send(SCI.SCI_BRACEMATCH, place, 0)
            if found >= 0:
                code.select(found + (1 if found > place else 0), found + (1 if found > place else 0))
            return


@_on_pane
def toggle_wrap(pane: Pane) -> None:
    """Break long lines at the edge, or do not."""
    pane.code.set_wrap(not pane.code.send(SCI.SCI_GETWRAPMODE))


@_on_pane
def toggle_whitespace(pane: Pane) -> None:
    """Show spaces, tabs and line ends, or hide them."""
    pane.code.set_whitespace(not pane.code.send(SCI.SCI_GETVIEWWS))


@_on_pane
def toggle_minimap(pane: Pane) -> None:
    """Show the whole text small, or hide it."""
    pane.set_minimap(not pane.has_minimap)


@_on_pane
def toggle_long_lines(pane: Pane) -> None:
    """Show long lines in parts, or whole."""
    pane.break_lines(not pane.is_broken)
    pane.status.tell()


@_on_pane
def set_language(pane: Pane, language: str) -> None:
    """Colour and comment it as another language."""
    pane.set_language(language)


@_on_pane
def set_encoding(pane: Pane, encoding: str) -> None:
    """Write it in another encoding."""
    name = encoding.removesuffix("-bom")
    has_mark = encoding.endswith("-bom") or (name in ENCODINGS and name.startswith(("utf-16", "utf-32")))
    pane.set_form(pane.form._replace(encoding=name, has_mark=has_mark))


@_on_pane
def set_line_ends(pane: Pane, end: str) -> None:
    """End all lines alike."""
    if pane.code.is_read_only or pane.is_broken:
        raise EspalierError(say("the line ends of this text cannot be changed"))
    pane.set_form(pane.form._replace(line_end=_LINE_ENDS[end], is_mixed=False))


@_on_pane
def save_pdf(pane: Pane, path: str) -> None:
    """Write it into a PDF file, with its colours."""
    place = Path(path).expanduser()
    if not place.parent.is_dir() or not pane.code.host.print_into(str(place)):
        raise EspalierError(say("{path} cannot be written", path=place))


@_on_pane
def print_text(pane: Pane) -> None:
    """Choose a printer, and print it."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    if QPrintDialog(printer, pane).exec() and not pane.code.host.print_on(printer.printerName()):
        raise EspalierError(say("printing failed"))
