"""What a text has: its symbols as an outline, and those of the whole project by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from plugins.api import EspalierError, say
from plugins.scintilla.language_client.document import path_of
from plugins.scintilla.language_client.jump import Target, show
from plugins.scintilla.language_client.protocol import Symbol
from plugins.scintilla.list_panel import Row

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: The protocol's kinds of symbols from 1 on, in words.
KINDS = (
    "file", "module", "namespace", "package", "class", "method", "property", "field", "constructor", "enum",
    "interface", "function", "variable", "constant", "string", "number", "boolean", "array", "object", "key", "null",
    "enum member", "struct", "event", "operator", "type parameter",
)  # fmt: skip
#: Seconds that the palette waits for an answer; how often it looks whether the person typed on.
PATIENCE_S, LOOK_S = 5.0, 0.05


def outline(served: ServedText) -> None:
    """The symbols of the text as a tree below it."""
    server = served.able("documentSymbolProvider")
    if server is None:
        served.note(say("No language server knows that here"))
        return

    def take(found: list[Symbol] | None) -> None:
        rows = [_row(served, server, one) for one in found or []]
        if not rows:
            served.note(say("Nothing in this text has a name"))
            return
        served.editor.list_panel().show_rows(say("Outline"), rows, subject="outline")

    served.ask("symbols", server, "textDocument/documentSymbol", {}, list[Symbol] | None, take, served.note)


def _row(served: ServedText, server: Server, one: Symbol) -> Row:
    target = target_of(served.text.file, server.encoding, one)
    inside = [_row(served, server, child) for child in one.children or ()]
    editor = served.editor
    run = (lambda: show(editor, target)) if target is not None else None
    return Row(one.name, one.detail or kind_of(one), ("", ""), run, inside)


def kind_of(one: Symbol) -> str:
    """What sort of thing a symbol is."""
    return KINDS[one.kind - 1] if 0 < one.kind <= len(KINDS) else ""


def target_of(file: Path | None, encoding: str, one: Symbol) -> Target | None:
    """Where a symbol of a file stands."""
    part, path = one.selection_range or one.range, file
    if one.location is not None:
        part, path = one.location.range, path_of(one.location.uri)
    return Target(path, part, encoding) if path is not None and part is not None else None


def flat(symbols: Sequence[Symbol], around: str = "") -> Iterator[tuple[Symbol, str]]:
    """All symbols with what they stand in, in their order."""
    for one in symbols:
        yield one, one.container_name or around
        yield from flat(one.children or (), f"{around}.{one.name}" if around else one.name)


class _Answer:
    """An answer that a thread waits for."""

    def __init__(self) -> None:
        self.event, self.value, self.failure = Event(), None, ""

    def take(self, value: Any) -> None:
        self.value = value
        self.event.set()

    def fail(self, why: str) -> None:
        self.failure = why
        self.event.set()

    def wait(self, asked: Any) -> Any:
        """The answer; None where none came in time.

        Raises:
            EspalierError: it says why there is none.
        """
        for _ in range(round(PATIENCE_S / LOOK_S)):
            asked.check()
            if self.event.wait(LOOK_S):
                break
        if self.failure:
            raise EspalierError(self.failure)
        return self.value


def palette_symbols(view: Any) -> Callable[[Any], Iterator[Any]]:
    """The palette's provider of the symbols of an editor's text."""
    served = view.pane.served if view.pane is not None else None
    server = served.able("documentSymbolProvider") if served is not None else None
    answer = _Answer()
    if served is None or server is None:
        return lambda _asked: iter(())
    served.ask("palette", server, "textDocument/documentSymbol", {}, list[Symbol] | None, answer.take, answer.fail)
    file, encoding = served.text.file, server.encoding

    def gather(asked: Any) -> Iterator[Any]:
        for one, around in flat(answer.wait(asked) or ()):
            target = target_of(file, encoding, one)
            if target is not None:
                yield _item(view, one, around or kind_of(one), target)

    return gather


def palette_project_symbols(view: Any) -> Callable[[Any], Iterator[Any]]:
    """The palette's provider of the symbols of the whole project; asked for each text."""
    from plugins.api import listener

    served = view.pane.served if view.pane is not None else None
    server = served.able("workspaceSymbolProvider") if served is not None else None
    if served is None or server is None:
        return lambda _asked: iter(())
    encoding, root, ask = server.encoding, server.root, listener(server.ask)

    def gather(asked: Any) -> Iterator[Any]:
        answer = _Answer()
        ask("workspace/symbol", {"query": asked.text}, list[Symbol] | None, answer.take, answer.fail)
        for one in answer.wait(asked) or ():
            path = path_of(one.location.uri) if one.location is not None else None
            part = one.location.range if one.location is not None else None
            if path is not None and part is not None:
                yield _item(view, one, _place(path, root), Target(path, part, encoding))

    return gather


def _place(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _item(editor: Any, one: Symbol, detail: str, target: Target) -> Any:
    from plugins.api import PaletteItem

    name = f"{one.name} {target.path} {target.range.start.line}"
    return PaletteItem(id=name, title=one.name, detail=detail, icon="code", run=lambda: show(editor, target))

