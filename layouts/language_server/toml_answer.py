"""Answers about manifests and keymaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from layouts.app_manifest import APP_FILE
from layouts.language_server.keymap import KEYMAP_FILE, keymap_hover, keymap_items
from layouts.language_server.manifest import manifest_definition, manifest_hover, manifest_items
from layouts.language_server.protocol import completion_item, place_range

if TYPE_CHECKING:
    from layouts.language_server.server import Server


class TomlAnswers:
    """Requests about ``app.toml`` and ``keys.toml``."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def completion(self, params: types.CompletionParams) -> list[types.CompletionItem]:
        """What may be written."""
        path = self._server.path_of(params.text_document.uri)
        text = self._server.state.texts.get(path, "")
        lines = self._server.lines(text)
        offset = lines.offset(params.position.line, params.position.character)
        items = []
        if path.name == KEYMAP_FILE:
            items = keymap_items(text, offset, self._server.around)
        elif path.name == APP_FILE:
            app, now = await self._server.state.ready(path)
            items = manifest_items(text, offset, now, app.schemas)
        return [completion_item(item, lines, offset, number) for number, item in enumerate(items)]

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """What an entry means."""
        path = self._server.path_of(params.text_document.uri)
        text = self._server.state.texts.get(path, "")
        offset = self._server.lines(text).offset(params.position.line, params.position.character)
        said = ""
        if path.name == KEYMAP_FILE:
            said = keymap_hover(text, offset, self._server.around)
        elif path.name == APP_FILE:
            said = manifest_hover(text, offset)
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said)) if said else None

    async def definition(self, params: types.DefinitionParams) -> types.Location | None:
        """The file that a value names."""
        path = self._server.path_of(params.text_document.uri)
        text = self._server.state.texts.get(path, "")
        offset = self._server.lines(text).offset(params.position.line, params.position.character)
        app, now = await self._server.state.ready(path)
        found = manifest_definition(text, offset, now) if path.name == APP_FILE else None
        if found is None:
            return None
        return types.Location(
            self._server.uri_of(app.folder / found.where.file), place_range(self._server.lines(""), found.where, 0)
        )
