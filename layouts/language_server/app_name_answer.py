"""Answers about the names that ``app.toml`` gives, asked there or in a layout that speaks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from kernel.error import EspalierError
from layouts.app_manifest import APP_FILE, AppError, read_app
from layouts.language_server.app import App, Snapshot
from layouts.language_server.app_name import AppName, Spoken, at, check_manifest, rename_edits, same, spoken_of
from layouts.language_server.protocol import range_of, text_edits
from layouts.language_server.rename import applied, check_problems
from layouts.library import path_at, place_of

if TYPE_CHECKING:
    from layouts.language_server.server import Server


class Asked(NamedTuple):
    """A request about one of the names: the place under the cursor, and all places that speak of any."""

    app: App
    now: Snapshot
    read: dict[str, str]
    one: Spoken
    found: list[Spoken]


class AppNameAnswers:
    """Requests about sources and described tables."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def asked(self, params: types.TextDocumentPositionParams) -> Asked | None:
        """What the request is about; None when it is about something else."""
        place = self._server.path_of(params.text_document.uri)
        if place.suffix not in (".toml", ".kdl") or place.suffix == ".toml" and place.name != APP_FILE:
            return None
        app, now = await self._server.state.ready(place)
        try:
            sources = read_app(now.read_file).sources
        except AppError:
            return None
        analyses, path = app.analyses(now), path_at(app.folder, place)
        files = {APP_FILE, path, *(one.where.file for analysis in analyses for one in analysis.occurrences)}
        read = {file: (now.read_file(file) or b"").decode("utf-8", "replace") for file in files}
        offset = self._server.lines(read[path]).offset(params.position.line, params.position.character)
        found = spoken_of(read, sources, analyses)
        one = at(found, path, offset)
        return Asked(app, now, read, one, found) if one is not None else None

    def definition(self, asked: Asked) -> types.Location | None:
        """Its header in app.toml; that of its source where the table is not described there."""
        for name in (asked.one.name, AppName(asked.one.name.source)):
            for place in same(asked.found, name):
                if place.is_declaration:
                    return self._location(asked, place)
        return None

    def references(self, asked: Asked, *, has_declaration: bool) -> list[types.Location]:
        """Every place that speaks of it."""
        places = same(asked.found, asked.one.name)
        return [self._location(asked, one) for one in places if has_declaration or not one.is_declaration]

    def placeholder(self, asked: Asked) -> types.PrepareRenamePlaceholder:
        """The name that can be another."""
        try:
            rename_edits(asked.one, f"{_text(asked.one)}_", asked.found, asked.read)
        except EspalierError as error:
            raise self._server.refused(error) from None
        return types.PrepareRenamePlaceholder(self._location(asked, asked.one).range, _text(asked.one))

    async def rename(self, asked: Asked, name: str) -> types.WorkspaceEdit:
        """The edits of all files; refused when anything would be wrong then."""
        one, read = asked.one, asked.read
        try:
            edits = rename_edits(one, name, asked.found, read)
            texts = {file: applied(read[file], found) for file, found in edits.items()}
            check_manifest(read[APP_FILE], texts[APP_FILE], one.name, name)
            changed = {place_of(asked.app.folder, file): text for file, text in texts.items()}
            later = asked.now._replace(texts={**asked.now.texts, **changed})
            check_problems(name, await self._server.state.check_twice(asked.app, asked.now, later))
        except EspalierError as error:
            raise self._server.refused(error) from None
        return self._server.edit(
            asked.app.folder, {file: text_edits(found, self._server.lines(read[file])) for file, found in edits.items()}
        )

    def _location(self, asked: Asked, one: Spoken) -> types.Location:
        lines = self._server.lines(asked.read[one.file])
        uri = self._server.uri_of(place_of(asked.app.folder, one.file))
        return types.Location(uri, range_of(lines, one.start, one.stop))


def _text(one: Spoken) -> str:
    return one.name.table or one.name.source
