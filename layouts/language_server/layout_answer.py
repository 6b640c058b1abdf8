"""Answers about layouts, and about the scripts that speak of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from kernel.error import EspalierError, Where
from layouts.format import format_text
from layouts.language_server.analysis import Analysis
from layouts.language_server.app import App, Snapshot
from layouts.language_server.completion import Completion
from layouts.language_server.definition import definition_of, places_of
from layouts.language_server.folding import folds_of
from layouts.language_server.hover import hover_text
from layouts.language_server.lines import Lines
from layouts.language_server.outline import all_nodes, outline
from layouts.language_server.protocol import (
    SYMBOL_KINDS,
    completion_item,
    document_symbol,
    place_range,
    replaced,
    text_edits,
)
from layouts.language_server.rename import applied, check_outcome, check_renamable, edits_of
from layouts.language_server.symbol import Occurrence, Symbol
from layouts.language_server.token import tokens_of
from layouts.library import path_at, place_of
from layouts.problem import LayoutError

if TYPE_CHECKING:
    from layouts.language_server.server import Server

_MOST_SYMBOLS = 500


class Asked(NamedTuple):
    """What a request is about: the file, where in it, and what the layout names."""

    app: App
    now: Snapshot
    path: str
    lines: Lines
    offset: int
    analysis: Analysis
    one: Occurrence | None


class LayoutAnswers:
    """Requests about ``.kdl`` files."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def _asked(self, params: types.TextDocumentPositionParams) -> Asked:
        place = self._server.path_of(params.text_document.uri)
        app, now = await self._server.state.ready(place)
        path = path_at(app.folder, place)
        lines = self._lines(now, path)
        offset = lines.offset(params.position.line, params.position.character)
        analysis = app.analysis_of(path, now)
        before = lines.text.rfind("\n", 0, offset) + 1
        one = analysis.at(
            path, params.position.line + 1, offset - max(before, lines.text.rfind("\r", 0, offset) + 1) + 1
        )
        return Asked(app, now, path, lines, offset, analysis, one)

    def _lines(self, now: Snapshot, path: str) -> Lines:
        return self._server.lines((now.read_file(path) or b"").decode("utf-8", "replace"))

    def _location(self, asked: Asked, where: Where, length: int, lines: Lines | None = None) -> types.Location:
        lines = lines or self._lines(asked.now, where.file)
        uri = self._server.uri_of(place_of(asked.app.folder, where.file))
        return types.Location(uri, place_range(lines, where, length))

    async def completion(self, params: types.CompletionParams) -> list[types.CompletionItem]:
        """What may be written."""
        place = self._server.path_of(params.text_document.uri)
        if place.suffix != ".kdl":
            return []
        app, now = await self._server.state.ready(place)
        path = path_at(app.folder, place)
        lines = self._lines(now, path)
        offset = lines.offset(params.position.line, params.position.character)
        analysis = app.recent_analysis(path, now)
        whole = app.last_whole(analysis)
        found = Completion(path, lines.text, offset, analysis, whole, self._server.around, now)
        return [completion_item(item, lines, offset, number) for number, item in enumerate(found.items())]

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """What stands under the pointer."""
        asked = await self._asked(params)
        if asked.one is None:
            return None
        said = hover_text(asked.one, asked.analysis, self._server.around, asked.now)
        if not said:
            return None
        marked = place_range(asked.lines, asked.one.where, asked.one.length)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said), marked)

    async def definition(self, params: types.DefinitionParams) -> types.Location | None:
        """Where it is declared."""
        asked = await self._asked(params)
        found = definition_of(asked.one, asked.now) if asked.one is not None else None
        return self._location(asked, *found) if found is not None else None

    async def references(self, params: types.ReferenceParams) -> list[types.Location]:
        """Every place of the app that speaks of it."""
        asked = await self._asked(params)
        if asked.one is None:
            return []
        places = places_of(asked.one, asked.app.analyses(asked.now))
        lines = {file: self._lines(asked.now, file) for file in {one.where.file for one in places}}
        return [
            self._location(asked, one.where, one.length, lines[one.where.file])
            for one in places
            if params.context.include_declaration or not one.is_declaration
        ]

    async def highlights(self, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        """The places of the same file."""
        asked = await self._asked(params)
        if asked.one is None:
            return []
        found = [one for one in places_of(asked.one, [asked.analysis]) if one.where.file == asked.path]
        return [types.DocumentHighlight(place_range(asked.lines, one.where, one.length)) for one in found]

    async def prepare_rename(self, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        """The name that can be another."""
        asked = await self._asked(params)
        try:
            one = check_renamable(asked.one)
        except EspalierError as error:
            raise self._server.refused(error) from None
        return types.PrepareRenamePlaceholder(place_range(asked.lines, one.where, one.length), one.name)

    async def rename(self, params: types.RenameParams) -> types.WorkspaceEdit:
        """The edits of all files that give it another name; refused when anything would mean something else."""
        asked = await self._asked(params)
        app, now, name = asked.app, asked.now, params.new_name.strip()
        before = app.analyses(now)
        names = {one.where.file for analysis in before for one in analysis.occurrences} | {asked.path}
        texts = {path: self._lines(now, path).text for path in names}
        try:
            one = check_renamable(asked.one)
            edits = edits_of(one, name, before, texts, self._server.around.kinds)
            changed = {place_of(app.folder, path): applied(texts[path], found) for path, found in edits.items()}
            later = now._replace(texts={**now.texts, **changed})
            problems = await self._server.state.check_twice(app, now, later)
            check_outcome(one, name, before, app.analyses(later), problems)
        except EspalierError as error:
            raise self._server.refused(error) from None
        changes = {path: text_edits(found, self._lines(now, path)) for path, found in edits.items()}
        return self._server.edit(app.folder, changes)

    async def document_symbols(self, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        """The outline of a layout."""
        place = self._server.path_of(params.text_document.uri)
        app, now = await self._server.state.ready(place)
        path = path_at(app.folder, place)
        file = app.analysis_of(path, now).files.get(path)
        if file is None or not path.endswith(".kdl"):
            return []
        lines = self._server.lines(file.text)
        starts = {node.where: lines.offset_of(node.where) for node in all_nodes(file.document.nodes)}
        return [document_symbol(entry, lines) for entry in outline(file.document.nodes, file.text, starts)]

    async def workspace_symbols(self, params: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
        """Declarations of all apps whose names have the query's letters, in order."""
        found: list[types.SymbolInformation] = []
        for folder in self._server.folders():
            app, now = await self._server.state.ready(folder / "app.toml")
            for analysis in app.analyses(now):
                for symbol in _symbols(analysis):
                    if _fits(params.query, symbol.name) and len(found) < _MOST_SYMBOLS:
                        found.append(self._information(app.folder, now, symbol))
        return list({(one.name, one.location.uri, one.location.range.start.line): one for one in found}.values())

    def _information(self, folder: Path, now: Snapshot, symbol: Symbol) -> types.SymbolInformation:
        span = place_range(self._lines(now, symbol.where.file), symbol.where, len(symbol.name))
        location = types.Location(self._server.uri_of(place_of(folder, symbol.where.file)), span)
        return types.SymbolInformation(
            location, symbol.name, SYMBOL_KINDS[symbol.role], container_name=symbol.scope or None
        )

    async def tokens(self, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        """What each name is."""
        place = self._server.path_of(params.text_document.uri)
        if place.suffix != ".kdl":
            return None
        app, now = await self._server.state.ready(place)
        path = path_at(app.folder, place)
        return types.SemanticTokens(tokens_of(app.analysis_of(path, now).occurrences, path, self._lines(now, path)))

    async def folds(self, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        """Lines that can be folded away."""
        path = self._server.path_of(params.text_document.uri)
        text = self._server.state.texts.get(path)
        if text is None or path.suffix != ".kdl":
            return None
        comment = types.FoldingRangeKind.Comment
        return [types.FoldingRange(one.first, one.last, kind=comment if one.is_comment else None)
                for one in folds_of(text)]  # fmt: skip

    async def formatting(self, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        """The canonical form; nothing while the text has syntax problems, which stand beside it anyway."""
        path = self._server.path_of(params.text_document.uri)
        text = self._server.state.texts.get(path)
        if text is None or path.suffix != ".kdl":
            return None
        try:
            return replaced(text, format_text(text, path.name), self._server.lines(text))
        except LayoutError:
            return None


def _symbols(analysis: Analysis) -> list[Symbol]:
    names = analysis.names
    components = [component.symbol for component in names.components.values()]
    inner = [one for component in names.components.values() for one in component.ids.values()]
    return [*names.tables.values(), *names.commands.values(), *components, *names.ids.values(), *inner]


def _fits(query: str, name: str) -> bool:
    letters = iter(name.casefold())
    return all(letter in letters for letter in query.casefold())
