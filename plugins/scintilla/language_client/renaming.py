"""Calling something otherwise, wherever it is used: the new name is asked for, several files are shown before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def offer_edit(served: ServedText, server: Server, edit: WorkspaceEdit, title: str) -> None:
    """Do edits of this file alone at once; of several files they are shown first, and each can be left out."""
    if moves_files(edit):
        _offer_files(served, server, edit, title)
        return
    texts, failure = check(served.client, server, edit)
    if failure:
        served.note(say("Not done: {reason}", reason=failure))
        return
    changed = {path: both for path, both in texts.items() if both[0] != both[1]}
    counts = {path: len(some) for path, some in edits_of(edit)[0].items()}
    if not changed:
        served.note(say("Nothing would be other than it is"))
        return

    def do(taken: set[str]) -> None:
        failure = apply_edit(served.client, server, edit, {path for path in changed if str(path) in taken})
        done = sum(counts.get(path, 0) for path in changed if str(path) in taken)
        told = say_count("{count} place is other now", "{count} places are other now", done)
        served.note(say("Not done: {reason}", reason=failure) if failure else told)

    if set(changed) == {served.text.file}:
        do({str(served.text.file)})
        return
    rows = []
    for path, both in changed.items():
        lines = _lines(*both)
        count = str(len(lines) or counts.get(path, 0))
        rows.append(Row(shown(served, path), count, ("document", "muted"), None, lines, str(path)))
    act = say_count("Change {count} file", "Change {count} files", len(changed))
    served.editor.list_panel().show_rows(title, rows, action=act, act=do)


def _offer_files(served: ServedText, server: Server, edit: WorkspaceEdit, title: str) -> None:
    """The same of an edit that makes, renames or deletes files: all of it is done, or nothing."""
    try:
        planned = plan(served.client, server, edit)
    except ValueError as error:
        served.note(say("Not done: {reason}", reason=error))
        return
    if not planned.files:
        served.note(say("Nothing would be other than it is"))
        return

    def end(failure: str) -> None:
        served.note(say("Not done: {reason}", reason=failure) if failure else told(planned))

    rows = rows_of(planned, lambda path: shown(served, path))
    act = say_count("Change {count} file", "Change {count} files", len(rows))
    panel = served.editor.list_panel()
    panel.show_rows(title, rows, action=act, act=lambda _taken: make(served, planned, title, end))


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


