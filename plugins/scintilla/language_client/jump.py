"""Going where a name is made, used, described: to a place of this text, or of another file in the same editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.api import Column, Schema, listener, mark, read_bytes, say, say_count
from plugins.scintilla.going import go_to_file
from plugins.scintilla.language_client.change import byte_of, line_starts
from plugins.scintilla.language_client.document import path_of
from plugins.scintilla.language_client.places import byte_of as byte_of_text
from plugins.scintilla.language_client.protocol import Location, Range
from plugins.scintilla.list_panel import Table, TableRow

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: What is asked → the capability and what is said where there is none.
KINDS: dict[str, tuple[str, str]] = {
    "definition": ("definitionProvider", mark("No definition is known")),
    "declaration": ("declarationProvider", mark("No declaration is known")),
    "typeDefinition": ("typeDefinitionProvider", mark("No type is known")),
    "implementation": ("implementationProvider", mark("No implementation is known")),
    "references": ("referencesProvider", mark("No places are known")),
}
#: Bytes of a file that is read to show a line of it; files that are read for one list; letters of a line.
_MOST_BYTES, _MOST_FILES, _LETTERS = 4 << 20, 500, 200
SCHEMA = Schema(
    "places",
    (
        Column("id", is_key=True),
        Column("place", "integer"),
        Column("text", label=mark("Line's text")),
        Column("file", label=mark("File")),
        Column("line", "integer", label=mark("Line")),
    ),
    key=("id",),
    read_only_reason=mark("Places are only shown here"),
)
WIDTHS = {"text": 560, "file": 260, "line": 70}


class Target(NamedTuple):
    """A place in a file, in a server's units."""

    path: Path
    range: Range
    encoding: str


def go_to(served: ServedText, what: str) -> None:
    """Go to the definition of what stands at the caret, or to what else ``what`` says; several are listed."""
    provider, none = KINDS[what]
    server = served.able(provider)
    if server is None:
        served.note(say("No language server knows that here"))
        return
    params: dict[str, Any] = {"position": served.position(server)}
    if what == "references":
        params["context"] = {"includeDeclaration": True}

    def take(found: list[Location] | Location | None) -> None:
        targets = targets_of(server, found)
        if not targets:
            served.note(say(none))
        elif len(targets) == 1 and what != "references":
            show(served.editor, targets[0])
        else:
            show_list(served, targets)

    kind = list[Location] | Location | None
    served.ask("jump", server, f"textDocument/{what}", params, kind, take, served.note)


def targets_of(server: Server, found: list[Location] | Location | None) -> list[Target]:
    """The places of an answer that are files, each once."""
    rows = [found] if isinstance(found, Location) else found or []
    targets = []
    for one in rows:
        path = path_of(one.target_uri or one.uri)
        part = one.target_selection_range or one.target_range or one.range
        if path is not None and part is not None:
            targets.append(Target(path, part, server.encoding))
    return list(dict.fromkeys(targets))


def show(editor: Any, target: Target) -> None:
    """Go there in an editor, which remembers where it was."""

    def select(pane: Any) -> None:
        start = byte_of_text(pane.code, target.range.start, target.encoding)
        pane.code.select(start, start)

    go_to_file(editor, target.path, select)


def show_list(served: ServedText, targets: Sequence[Target]) -> None:
    """List places by file, with the line of each; files are read on a thread."""
    from threading import Thread

    by_file: dict[Path, list[Target]] = {}
    for one in targets:
        by_file.setdefault(one.path, []).append(one)
    texts = {one.text.file: one.code.data() for one in served.client.texts() if one.text.file in by_file}
    served.lister = Lister(served, len(targets))
    # NOTE: the thread gets plain values and a weak way back, or it would be the one to let go of the text's objects.
    bring = listener(served.lister.take)
    Thread(target=_gather, args=(by_file, texts, bring), name="lines of places", daemon=True).start()


def _gather(by_file: dict[Path, list[Target]], texts: dict[Any, bytes], bring: Callable[[Any], None]) -> None:
    bring([(path, _lines(path, some, texts.get(path))) for path, some in list(by_file.items())[:_MOST_FILES]])


class Lister:
    """Takes the lines of places when they were read, and lists them."""

    def __init__(self, served: ServedText, count: int) -> None:
        self._served, self._count = served, count

    def take(self, found: list[tuple[Path, list[tuple[Target, str]]]]) -> None:
        """Show them."""
        title = say_count("{count} place", "{count} places", self._count)
        rows = [row for path, lines in found for row in _rows(self._served, path, lines)]
        self._served.editor.list_panel().show_table(title, Table(SCHEMA, WIDTHS, say("There is no place")), rows)


def _lines(path: Path, targets: list[Target], text: bytes | None) -> list[tuple[Target, str]]:
    """The line of each place; empty where the file cannot be read."""
    if text is None:
        try:
            text = read_bytes(path, _MOST_BYTES)
        except OSError:
            text = b""
    starts, found = line_starts(text), []
    for one in sorted(targets, key=lambda one: (one.range.start.line, one.range.start.character)):
        at = byte_of(text, starts, one.range.start.line, 0, one.encoding)
        line = text[at : at + 4 * _LETTERS].split(b"\n", 1)[0].decode("utf-8", "replace")
        found.append((one, line.strip()[:_LETTERS]))
    return found


def _rows(served: ServedText, path: Path, lines: list[tuple[Target, str]]) -> list[TableRow]:
    editor, file = served.editor, shown(served, path)
    return [
        TableRow({"text": line or say("(empty line)"), "file": file, "line": one.range.start.line + 1},
                 lambda one=one: show(editor, one))
        for one, line in lines
    ]  # fmt: skip


def shown(served: ServedText, path: Path) -> str:
    """A path within the project, else the whole one."""
    for server in served.servers:
        if path.is_relative_to(server.root):
            return str(path.relative_to(server.root))
    return str(path)

