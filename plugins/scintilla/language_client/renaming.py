"""Calling something otherwise, wherever it is used: the new name is asked for, several files are shown before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shiboken6 import isValid

from plugins.api import say, say_count
from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.file_edit import make, moves_files, plan, rows_of, told
from plugins.scintilla.language_client.jump import shown
from plugins.scintilla.language_client.places import bytes_of
from plugins.scintilla.language_client.protocol import PreparedRename, Range, WorkspaceEdit
from plugins.scintilla.language_client.workspace_edit import apply_edit, check, edits_of
from plugins.scintilla.list_panel import Row

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: Changed lines that are shown of a file.
_LINES = 50


def ask_name(served: ServedText) -> None:
    """Ask what it is to be called, when the server says that it can be called otherwise."""
    server = _server(served)
    if server is None:
        return
    place = served.code.caret
    if not server.options("renameProvider").get("prepareProvider"):
        _ask(served, place, _word(served, place))
        return

    def take(found: PreparedRename | None) -> None:
        if found is None:
            served.note(say("Nothing here can be called otherwise"))
            return
        part = found.range
        if part is None and found.start is not None and found.end is not None:
            part = Range(start=found.start, end=found.end)
        start, stop = bytes_of(served.code, part, server.encoding) if part is not None else (place, place)
        name = found.placeholder or served.code.host.bytes(start, stop).decode("utf-8", "replace")
        _ask(served, place, name or _word(served, place))

    served.ask(
        "rename", server, "textDocument/prepareRename", {"position": served.position(server)}, PreparedRename | None,
        take, served.note,
    )  # fmt: skip


def rename(served: ServedText, name: str, place: int | None = None) -> None:
    """Call it that: at once where one file changes, else after the person has seen which ones."""
    server = _server(served)
    if server is None:
        return

    def take(edit: WorkspaceEdit | None) -> None:
        if edit is None:
            served.note(say("Nothing here can be called otherwise"))
            return
        offer_edit(served, server, edit, say("Rename to {name}", name=name))

    params = {"position": served.position(server, place), "newName": name}
    served.ask("rename", server, "textDocument/rename", params, WorkspaceEdit | None, take, served.note)


def offer_edit(
    served: ServedText, server: Server, edit: WorkspaceEdit, title: str, tell: Callable[[str], Any] = lambda _why: None,
    at_once: set[Path] | None = None,
) -> None:  # fmt: skip
    """Do edits of this file alone at once; of several files they are shown first, and each can be left out.

    Args:
        tell: Gets why nothing was done, empty when all was, or when there was nothing to do.
        at_once: Files of which edits need not be shown first; None = this one.
    """
    if moves_files(edit):
        _offer_files(served, server, edit, title, tell)
        return
    texts, failure = check(served.client, server, edit)
    if failure:
        _end(served, failure, "", tell)
        return
    changed = {path: both for path, both in texts.items() if both[0] != both[1]}
    counts = {path: len(some) for path, some in edits_of(edit)[0].items()}
    if not changed:
        _end(served, "", say("Nothing would be other than it is"), tell)
        return

    def do(taken: set[str]) -> None:
        if not isValid(served):
            tell(say("the text is shown no more"))
            return
        failure = apply_edit(served.client, server, edit, {path for path in changed if str(path) in taken})
        done = sum(counts.get(path, 0) for path in changed if str(path) in taken)
        _end(served, failure, say_count("{count} place is other now", "{count} places are other now", done), tell)

    if set(changed) <= (at_once if at_once is not None else {served.text.file}):
        do({str(path) for path in changed})
        return
    rows = []
    for path, both in changed.items():
        lines = _lines(*both)
        count = str(len(lines) or counts.get(path, 0))
        rows.append(Row(shown(served, path), count, ("document", "muted"), None, lines, str(path)))
    act = say_count("Change {count} file", "Change {count} files", len(changed))
    served.editor.list_panel().show_rows(title, rows, action=act, act=do, left=lambda: tell(_unwanted()))


def _unwanted() -> str:
    return say("it was not wanted")


def _end(served: ServedText, failure: str, done: str, tell: Callable[[str], Any]) -> None:
    """Say to the person, and to who asked, what came of it."""
    served.note(say("Not done: {reason}", reason=failure) if failure else done)
    tell(failure)


def _offer_files(
    served: ServedText, server: Server, edit: WorkspaceEdit, title: str, tell: Callable[[str], Any]
) -> None:
    """The same of an edit that makes, renames or deletes files: all of it is done, or nothing."""
    try:
        planned = plan(served.client, server, edit)
    except ValueError as error:
        _end(served, str(error), "", tell)
        return
    if not planned.files:
        _end(served, "", say("Nothing would be other than it is"), tell)
        return

    def end(failure: str) -> None:
        _end(served, failure, told(planned), tell)

    def do(_taken: set[str]) -> None:
        make(served, planned, title, end) if isValid(served) else tell(say("the text is shown no more"))

    rows = rows_of(planned, lambda path: shown(served, path))
    act = say_count("Change {count} file", "Change {count} files", len(rows))
    panel = served.editor.list_panel()
    panel.show_rows(title, rows, action=act, act=do, left=lambda: tell(_unwanted()))


def _lines(before: bytes, after: bytes) -> list[Row]:
    """The lines that are other, as they will be."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) != len(new):
        return []
    pairs = [(number, two) for number, (one, two) in enumerate(zip(old, new, strict=True)) if one != two]
    return [Row(two.decode("utf-8", "replace").strip()[:200], str(number + 1)) for number, two in pairs[:_LINES]]


def _server(served: ServedText) -> Server | None:
    server = served.able("renameProvider")
    if server is None:
        served.note(say("No language server knows that here"))
    elif served.code.is_read_only:
        served.note(say("this text is read-only"))
        return None
    return server


def _word(served: ServedText, place: int) -> str:
    send = served.code.send
    start, stop = send(SCI.SCI_WORDSTARTPOSITION, place, 1), send(SCI.SCI_WORDENDPOSITION, place, 1)
    return served.code.host.bytes(start, stop).decode("utf-8", "replace")


def _ask(served: ServedText, place: int, name: str) -> None:
    from plugins.scintilla.name_line import NameLine

    def take(new: str) -> None:
        if new and new != name:
            rename(served, new, place)

    line: Any = NameLine(served.pane, say("New name"), name, take)
    line.open_at(place)


