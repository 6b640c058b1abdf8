"""Edits that a server makes: of open texts as one step each, of other files written whole; all are checked before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins.api import read_bytes, say
from plugins.scintilla.language_client.change import byte_of, line_starts
from plugins.scintilla.language_client.consent import is_below
from plugins.scintilla.language_client.document import path_of
from plugins.scintilla.language_client.protocol import TextEdit, WorkspaceEdit

if TYPE_CHECKING:
    from plugins.scintilla.language_client.assistant import Client
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server


def edited(text: bytes, edits: Sequence[TextEdit], encoding: str) -> bytes:
    """A text with edits done; all of them are of the text as it was.

    Raises:
        ValueError: edits overlap, or have no place.
    """
    parts = spans(text, edits, encoding)
    pieces, place = [], 0
    for start, stop, new in parts:
        pieces += [text[place:start], new]
        place = stop
    return b"".join([*pieces, text[place:]])


def spans(text: bytes, edits: Sequence[TextEdit], encoding: str) -> list[tuple[int, int, bytes]]:
    """Start, stop and new text of each edit, in order; several at one place stay in their own order.

    Raises:
        ValueError: see :func:`edited`.
    """
    starts, found = line_starts(text), []
    for one in edits:
        part = one.range or one.replace or one.insert
        if part is None or min(part.start.line, part.start.character, part.end.line, part.end.character) < 0:
            raise ValueError("an edit has no place")
        start = byte_of(text, starts, part.start.line, part.start.character, encoding)
        stop = byte_of(text, starts, part.end.line, part.end.character, encoding)
        found.append((start, stop, one.new_text.encode("utf-8", "replace")))
    found.sort(key=lambda one: (one[0], one[1]))
    for (_, before, _), (start, stop, _) in zip(found, found[1:], strict=False):
        if start < before or stop < start:
            raise ValueError("edits overlap")
    if any(stop < start for start, stop, _ in found):
        raise ValueError("an edit ends before it begins")
    return found


def apply_to_text(served: ServedText, server: Server, edits: Sequence[TextEdit]) -> str:
    """Do edits of an open text, as one step; answers why not, empty when they are done."""
    code = served.code
    if code.is_read_only:
        return say("this text is read-only")
    try:
        parts = spans(code.data(), edits, server.encoding)
    except ValueError as error:
        return str(error)
    line_end = code.line_end
    with code.one_step():
        for start, stop, new in reversed(parts):
            code.replace(start, stop, _with_ends(new, line_end))
    return ""


def _with_ends(text: bytes, line_end: bytes) -> bytes:
    """New lines end as the others do."""
    return text.replace(b"\r\n", b"\n").replace(b"\n", line_end) if line_end != b"\n" else text


def edits_of(edit: WorkspaceEdit) -> tuple[dict[Path, list[TextEdit]], dict[Path, int], str]:
    """File → its edits, file → the version that they are of; and why they cannot be done."""
    found: dict[Path, list[TextEdit]] = {}
    versions: dict[Path, int] = {}
    rows: list[tuple[str, int | None, list[TextEdit]]] = []
    if edit.document_changes is not None:
        for one in edit.document_changes:
            if one.kind or one.text_document is None:
                return {}, {}, say("files are not made, renamed or deleted by a server here")
            rows.append((one.text_document.uri, one.text_document.version, one.edits or []))
    else:
        rows = [(uri, None, edits) for uri, edits in (edit.changes or {}).items()]
    for uri, version, edits in rows:
        path = path_of(uri)
        if path is None:
            return {}, {}, say("{address} is no file of this machine", address=uri)
        found.setdefault(path, []).extend(edits)
        if version is not None:
            versions[path] = version
    return found, versions, ""


def check(client: Client, server: Server, edit: WorkspaceEdit) -> tuple[dict[Path, tuple[bytes, bytes]], str]:
    """File → its text now and then; nothing is done. Or why it cannot be."""
    edits, versions, failure = edits_of(edit)
    texts: dict[Path, tuple[bytes, bytes]] = {}
    for path, some in edits.items():
        served = next((one for one in client.texts() if one.text.file == path and server in one.servers), None)
        if served is not None:
            document = served.servers[server]
            if path in versions and versions[path] != document.version:
                return {}, say("the text was changed meanwhile")
            if served.code.is_read_only:
                return {}, say("{path} is read-only", path=path)
            before = served.code.data()
        elif not is_below(path, server.root):
            return {}, say("{path} is outside of the project", path=path)
        else:
            try:
                before = read_bytes(path)
                before.decode()
            except (OSError, UnicodeDecodeError) as error:
                return {}, say("{path} cannot be read: {reason}", path=path, reason=error)
        try:
            texts[path] = (before, edited(before, some, server.encoding))
        except ValueError as error:
            return {}, f"{path}: {error}"
    return texts, failure


def apply_edit(client: Client, server: Server, edit: WorkspaceEdit, only: set[Path] | None = None) -> str:
    """Do all of it or nothing; answers why not, empty when it is done.

    Args:
        only: The files that are meant; None = all of them.
    """
    for served in client.texts():
        served.text.tell()
    texts, failure = check(client, server, edit)
    if failure:
        return failure
    wanted = {path: both for path, both in texts.items() if only is None or path in only}
    shown = {path: next((one for one in client.texts() if one.text.file == path), None) for path in wanted}
    failure = _write({path: wanted[path] for path, served in shown.items() if served is None})
    if failure:
        return failure
    for path, served in shown.items():
        if served is not None:
            served.code.take(wanted[path][1])
    _tell(server, [path for path, served in shown.items() if served is None])
    return ""


def _write(texts: dict[Path, tuple[bytes, bytes]]) -> str:
    """Write files that are not shown; those that were written become again what they were when one fails."""
    from PySide6.QtCore import QObject

    from plugins.api import EspalierError
    from plugins.scintilla.file import EditedFile

    done: list[tuple[EditedFile, bytes]] = []
    holder = QObject()
    for path, (before, after) in texts.items():
        file = EditedFile(path, holder)
        try:
            file.write(after)
            done.append((file, before))
        except EspalierError as error:
            for one, text in done:
                one.write(text)
            return str(error)
    return ""


def _tell(server: Server, paths: list[Path]) -> None:
    """Files were changed that the server has not open."""
    changes: list[dict[str, Any]] = [{"uri": path.absolute().as_uri(), "type": 2} for path in paths]
    if changes and server.connection is not None:
        server.connection.tell("workspace/didChangeWatchedFiles", {"changes": changes})
