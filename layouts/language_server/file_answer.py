"""Answers about files that others name: asked where they are named, or by an editor that moves them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from kernel.error import EspalierError
from layouts.app_manifest import APP_FILE
from layouts.language_server.app import App, Snapshot
from layouts.language_server.file_name import FileUse, at, meant, moved_edits, uses
from layouts.language_server.protocol import range_of, text_edits
from layouts.language_server.rename import Edit, RenameError, applied, check_problems
from layouts.library import library_of, path_at, place_of

if TYPE_CHECKING:
    from layouts.language_server.server import Server


class Asked(NamedTuple):
    """A request about a file: the place under the cursor that names it, and all places that name any."""

    app: App
    now: Snapshot
    one: FileUse
    found: list[FileUse]


class FileAnswers:
    """Requests about the names of files."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def asked(self, params: types.TextDocumentPositionParams) -> Asked | None:
        """What the request is about; None when it is about something else."""
        place = self._server.path_of(params.text_document.uri)
        if place.suffix != ".kdl" and place.name != APP_FILE:
            return None
        app, now = await self._server.state.ready(place)
        found, path = self._uses(app, now), path_at(app.folder, place)
        lines = self._server.lines(_text(now, path))
        one = at(found, path, lines.offset(params.position.line, params.position.character))
        return Asked(app, now, one, found) if one is not None else None

    def definition(self, asked: Asked) -> types.Location | None:
        """The file itself."""
        if asked.now.read_file(asked.one.path) is None:
            return None
        uri = self._server.uri_of(place_of(asked.app.folder, asked.one.path))
        return types.Location(uri, types.Range(types.Position(0, 0), types.Position(0, 0)))

    def references(self, asked: Asked) -> list[types.Location]:
        """Every place that names the file."""
        return [self._location(asked, one) for one in asked.found if one.path == asked.one.path]

    def placeholder(self, asked: Asked) -> types.PrepareRenamePlaceholder:
        """The path as it is written there."""
        try:
            self._check(asked)
        except EspalierError as error:
            raise self._server.refused(error) from None
        written = _text(asked.now, asked.one.file)[asked.one.start : asked.one.stop]
        return types.PrepareRenamePlaceholder(self._location(asked, asked.one).range, written)

    async def rename(self, asked: Asked, written: str) -> types.WorkspaceEdit:
        """Move the file and write its new path everywhere; refused when anything would be wrong then."""
        app, now, one = asked.app, asked.now, asked.one
        try:
            self._check(asked)
            path = meant(one, written)
            if path != one.path and now.read_file(path) is not None:
                raise RenameError(f"there is a file {path} already")
            edits = moved_edits(asked.found, {one.path: path})
            later = _later(now, edits, {one.path: path})
            check_problems(written, await self._server.state.check_twice(app, now, later))
        except EspalierError as error:
            raise self._server.refused(error) from None
        places = {place_of(app.folder, file): self._text_edits(now, file, found) for file, found in edits.items()}
        moves = [(app.folder / one.path, app.folder / path)] if path != one.path else []
        return self._server.edit_places(places, moves)

    async def will_rename(self, params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
        """What else has to be written when the editor moves files and folders."""
        moved = [(self._server.path_of(one.old_uri), self._server.path_of(one.new_uri)) for one in params.files]
        places: dict[Path, list[types.TextEdit]] = {}
        for app in {id(app): app for old, _ in moved for app in self._server.state.apps_with(old)}.values():
            app, now = await self._server.state.ready(app.folder / APP_FILE)
            edits = moved_edits(self._uses(app, now), _moves(app, now, moved))
            for file, found in edits.items():
                places.setdefault(place_of(app.folder, file), self._text_edits(now, file, found))
        return self._server.edit_places(places) if places else None

    def did_rename(self, params: types.RenameFilesParams) -> None:
        """Look at what was moved."""
        for one in params.files:
            for place in (self._server.path_of(one.old_uri), self._server.path_of(one.new_uri)):
                for app in self._server.state.apps_with(place):
                    self._server.state.look_at(app, 0)

    def _uses(self, app: App, now: Snapshot) -> list[FileUse]:
        return uses(_text(now, APP_FILE), app.files(now), self._server.around.kinds)

    def _check(self, asked: Asked) -> None:
        """Whether the file can be moved from here.

        Raises:
            RenameError: it cannot.
        """
        path = asked.one.path
        if library_of(path):
            raise RenameError(f"{path} is of a library, which other apps may use")
        if asked.now.read_file(path) is None:
            raise RenameError(f"there is no file {path}")
        if not self._server.can_move:
            raise RenameError("this editor moves no files for a language server", hint="rename the file itself")

    def _text_edits(self, now: Snapshot, file: str, found: list[Edit]) -> list[types.TextEdit]:
        return text_edits(found, self._server.lines(_text(now, file)))

    def _location(self, asked: Asked, one: FileUse) -> types.Location:
        lines = self._server.lines(_text(asked.now, one.file))
        uri = self._server.uri_of(place_of(asked.app.folder, one.file))
        return types.Location(uri, range_of(lines, one.start, one.stop))


def _text(now: Snapshot, file: str) -> str:
    return (now.read_file(file) or b"").decode("utf-8", "replace")


def _moves(app: App, now: Snapshot, moved: list[tuple[Path, Path]]) -> dict[str, str]:
    """Path in the app → new path, for the files that are moved themselves or in a folder."""
    moves: dict[str, str] = {}
    for path in now.paths(""):
        place = place_of(app.folder, path)
        for old, new in moved:
            if place == old or old in place.parents:
                to = path_at(app.folder, new / place.relative_to(old))
                moves |= {path: to} if to else {}
    return moves


def _later(now: Snapshot, edits: dict[str, list[Edit]], moves: dict[str, str]) -> Snapshot:
    """The app once files are moved and what names them is written."""
    texts, gone = dict(now.texts), set(now.gone)
    for file in {*edits, *moves}:
        text = applied(_text(now, file), edits.get(file, ()))
        texts.pop(place_of(now.folder, file), None)
        texts[place_of(now.folder, moves.get(file, file))] = text
    gone |= {place_of(now.folder, file) for file in moves}
    return now._replace(texts=texts, gone=frozenset(gone))
