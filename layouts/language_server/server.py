"""The language server: the protocol's requests, answered by the modules beside this one.

pygls takes 300 ms to import, so that nothing but ``espalier lsp`` may import this module.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from kernel.error import EspalierError
from layouts.app_manifest import APP_FILE
from layouts.language_server.app import App, Snapshot, list_files
from layouts.language_server.app_name_answer import AppNameAnswers
from layouts.language_server.file_answer import FileAnswers
from layouts.language_server.keymap import KEYMAP_FILE
from layouts.language_server.layout_answer import LayoutAnswers
from layouts.language_server.lines import Lines
from layouts.language_server.protocol import diagnostic
from layouts.language_server.state import State
from layouts.language_server.surroundings import Surroundings
from layouts.language_server.token import TOKEN_MODIFIERS, TOKEN_TYPES
from layouts.language_server.toml_answer import TomlAnswers
from layouts.library import path_at, place_of
from layouts.problem import Problem

#: The protocol's RequestFailed: the request was right, but cannot be done; the message is for people.
REQUEST_FAILED = -32803
_WATCHED = ("**/*.kdl", "**/*.toml", "**/*.py", "**/*.sql", "**/*.po")
#: What layouts name by a path.
_MOVED = ("**/*.kdl", "**/*.{png,jpg,jpeg,svg,gif,webp}")
_TRIGGERS = [" ", "=", '"', ".", "{", "(", ",", ":"]


class RefusedError(JsonRpcException):
    """A request that is answered with a sentence for the person."""

    CODE = REQUEST_FAILED


class Server:
    """One editor's connection.

    Attributes:
        protocol: pygls's server.
        state: Open files and apps.
    """

    def __init__(self, around: Surroundings) -> None:
        # WORKAROUND pygls 2.1 splits lines at more characters than editors do, so texts come whole: until it does not.
        self.protocol = LanguageServer("espalier", around.version, types.TextDocumentSyncKind.Full, max_workers=2)
        self.around = around
        self.state = State(around, self._publish, self._fail)
        self._uris: dict[Path, str] = {}
        self._told: dict[Path, set[Path]] = {}
        self._layouts = LayoutAnswers(self)
        self._tomls = TomlAnswers(self)
        self._names = AppNameAnswers(self)
        self._files = FileAnswers(self)
        self._register()

    def run(self) -> int:
        """Answer standard input on standard output until the editor ends it; answers the exit code."""
        # NOTE: standard output is the protocol's alone; what anything prints goes to the editor's log.
        output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        try:
            self.protocol.start_io(sys.stdin.buffer, output)
        finally:
            self.state.close()
        return 0

    def path_of(self, uri: str) -> Path:
        """The file of an address."""
        return Path(uris.to_fs_path(uri) or "/unknown")

    def uri_of(self, path: Path) -> str:
        """The address of a file, as the editor writes it when it has it open."""
        return self._uris.get(path) or uris.from_fs_path(str(path)) or ""

    def lines(self, text: str) -> Lines:
        """A text, with places as the editor counts them."""
        encoding = self.protocol.workspace.position_encoding
        return Lines(text, str(getattr(encoding, "value", encoding) or "utf-16"))

    def _register(self) -> None:
        layouts = self._layouts
        rows: tuple[tuple[str, Callable[..., Any], Any], ...] = (
            (types.INITIALIZED, self._initialized, None),
            (types.TEXT_DOCUMENT_DID_OPEN, self._opened, None),
            (types.TEXT_DOCUMENT_DID_CHANGE, self._changed, None),
            (types.TEXT_DOCUMENT_DID_CLOSE, self._closed, None),
            (types.TEXT_DOCUMENT_DID_SAVE, self._saved, None),
            (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._watched, None),
            (types.TEXT_DOCUMENT_COMPLETION, self._completion, types.CompletionOptions(_TRIGGERS)),
            (types.TEXT_DOCUMENT_HOVER, self._hover, None),
            (types.TEXT_DOCUMENT_DEFINITION, self._definition, None),
            (types.TEXT_DOCUMENT_REFERENCES, self._references, None),
            (types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, layouts.highlights, None),
            (types.TEXT_DOCUMENT_PREPARE_RENAME, self._prepare_rename, None),
            (types.TEXT_DOCUMENT_RENAME, self._rename, types.RenameOptions(prepare_provider=True)),
            (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, layouts.document_symbols, None),
            (types.WORKSPACE_SYMBOL, layouts.workspace_symbols, None),
            (types.TEXT_DOCUMENT_FORMATTING, layouts.formatting, None),
            (types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, layouts.tokens,
             types.SemanticTokensLegend(TOKEN_TYPES, TOKEN_MODIFIERS)),
            (types.TEXT_DOCUMENT_FOLDING_RANGE, layouts.folds, None),
            (types.WORKSPACE_WILL_RENAME_FILES, self._files.will_rename, _moving()),
            (types.WORKSPACE_DID_RENAME_FILES, self._files.did_rename, _moving()),
        )
        for name, method, options in rows:
            self.protocol.feature(name, options)(_function_of(method))

    async def _completion(self, params: types.CompletionParams) -> types.CompletionList:
        answers = self._layouts if self.is_layout(params) else self._tomls
        return types.CompletionList(is_incomplete=False, items=await answers.completion(params))

    async def _hover(self, params: types.HoverParams) -> types.Hover | None:
        answers = self._layouts if self.is_layout(params) else self._tomls
        return await answers.hover(params)

    async def _definition(self, params: types.DefinitionParams) -> types.Location | None:
        asked = await self._names.asked(params)
        if asked is not None:
            return self._names.definition(asked)
        if (named := await self._files.asked(params)) is not None:
            return self._files.definition(named)
        answers = self._layouts if self.is_layout(params) else self._tomls
        return await answers.definition(params)

    async def _references(self, params: types.ReferenceParams) -> list[types.Location]:
        asked = await self._names.asked(params)
        if asked is not None:
            return self._names.references(asked, has_declaration=params.context.include_declaration)
        if (named := await self._files.asked(params)) is not None:
            return self._files.references(named)
        return await self._layouts.references(params) if self.is_layout(params) else []

    async def _prepare_rename(self, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        asked = await self._names.asked(params)
        if asked is not None:
            return self._names.placeholder(asked)
        if (named := await self._files.asked(params)) is not None:
            return self._files.placeholder(named)
        return await self._layouts.prepare_rename(params) if self.is_layout(params) else None

    async def _rename(self, params: types.RenameParams) -> types.WorkspaceEdit:
        asked = await self._names.asked(params)
        if asked is not None:
            return await self._names.rename(asked, params.new_name.strip())
        if (named := await self._files.asked(params)) is not None:
            return await self._files.rename(named, params.new_name.strip())
        if not self.is_layout(params):
            raise RefusedError("there is no name here that can be another")
        return await self._layouts.rename(params)

    def edit(self, folder: Path, edits: dict[str, list[types.TextEdit]]) -> types.WorkspaceEdit:
        """Edits by path, as the editor takes them."""
        return self.edit_places({place_of(folder, path): found for path, found in edits.items()})

    def edit_places(
        self, edits: dict[Path, list[types.TextEdit]], moves: Sequence[tuple[Path, Path]] = ()
    ) -> types.WorkspaceEdit:
        """Edits by place, and files that are moved behind them, as the editor takes them."""
        if not self._is_versioned:
            return types.WorkspaceEdit({self.uri_of(place): found for place, found in edits.items()})
        opened, documents = self.state.texts, self.protocol.workspace
        changes: list[types.TextDocumentEdit | types.RenameFile] = []
        for place, found in edits.items():
            uri = self.uri_of(place)
            version = documents.get_text_document(uri).version if place in opened else None
            changes.append(types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), found))
        changes += [types.RenameFile(self.uri_of(old), uris.from_fs_path(str(new)) or "") for old, new in moves]
        return types.WorkspaceEdit(document_changes=changes)

    @property
    def _is_versioned(self) -> bool:
        found = self.protocol.client_capabilities.workspace
        return bool(found and found.workspace_edit and found.workspace_edit.document_changes)

    @property
    def can_move(self) -> bool:
        """Whether the editor moves files as a part of an edit."""
        found = self.protocol.client_capabilities.workspace
        able = found.workspace_edit.resource_operations if found and found.workspace_edit else None
        return self._is_versioned and types.ResourceOperationKind.Rename in (able or ())

    def refused(self, error: EspalierError) -> RefusedError:
        """The answer that says why not."""
        return RefusedError(f"{error.message} ({error.hint})" if error.hint else error.message)

    def is_layout(self, params: types.TextDocumentPositionParams) -> bool:
        """Whether a request is about a file that is no TOML."""
        return self.path_of(params.text_document.uri).suffix != ".toml"

    def _initialized(self, params: types.InitializedParams) -> None:
        """Ask to be told of files that change outside of the editor, where it can."""
        capabilities = self.protocol.client_capabilities.workspace
        watching = capabilities.did_change_watched_files if capabilities else None
        if watching is not None and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in _WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration("espalier-files", method, options)
            self.protocol.client_register_capability(types.RegistrationParams([registration]))

    def _take(self, uri: str) -> None:
        path = self.path_of(uri)
        self._uris[path] = uri
        self.state.texts[path] = self.protocol.workspace.get_text_document(uri).source
        self._look(path)

    def _look(self, path: Path) -> None:
        if path.name == KEYMAP_FILE:
            self._check_keymap(path)
        elif path.suffix in (".kdl", ".py", ".sql", ".po") or path.name == APP_FILE:
            self.state.changed(path)

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        self._take(params.text_document.uri)

    def _changed(self, params: types.DidChangeTextDocumentParams) -> None:
        self._take(params.text_document.uri)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        path = self.path_of(params.text_document.uri)
        self.state.texts.pop(path, None)
        if path.name == KEYMAP_FILE:
            self._tell(path, [])
        else:
            self._look(path)

    def _saved(self, params: types.DidSaveTextDocumentParams) -> None:
        self._look(self.path_of(params.text_document.uri))

    def _watched(self, params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            path = self.path_of(change.uri)
            if path not in self.state.texts and path.name != KEYMAP_FILE:
                self._look(path)

    def _check_keymap(self, path: Path) -> None:
        text = self.state.texts.get(path)
        if text is not None:
            lines = self.lines(text)
            self._tell(path, [diagnostic(one, lines) for one in self.around.key_problems(text, path.name)])

    def _publish(self, app: App, now: Snapshot, problems: list[Problem]) -> None:
        """Tell the problems of an app of which a file is open, and that those told before are gone."""
        by_file: dict[Path, list[Problem]] = {}
        opened = {path for path in self.state.texts if self.state.app_of(path) is app and path.name != KEYMAP_FILE}
        for problem in problems if opened else ():
            by_file.setdefault(place_of(app.folder, problem.where.file or APP_FILE), []).append(problem)
        for path in self._told.get(app.folder, set()) - by_file.keys():
            self._tell(path, [])
        for path in by_file.keys() | opened:
            content = now.read_file(path_at(app.folder, path)) or b""
            lines = self.lines(content.decode("utf-8", "replace"))
            self._tell(path, [diagnostic(problem, lines) for problem in by_file.get(path, [])])
        self._told[app.folder] = set(by_file)

    def _tell(self, path: Path, diagnostics: list[types.Diagnostic]) -> None:
        version = None
        if path in self.state.texts:
            version = self.protocol.workspace.get_text_document(self.uri_of(path)).version
        self.protocol.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(self.uri_of(path), diagnostics, version)
        )

    def _fail(self, text: str) -> None:
        self.protocol.window_log_message(types.LogMessageParams(types.MessageType.Error, text))

    def folders(self) -> list[Path]:
        """The app folders of the editor's workspace, and of what is open."""
        found = {app.folder for app in self.state.apps()}
        for folder in self.protocol.workspace.folders.values():
            root = self.path_of(folder.uri)
            found |= {(root / path).parent for path in list_files(root) if Path(path).name == APP_FILE}
        return sorted(found)


def _moving() -> types.FileOperationRegistrationOptions:
    """The files and folders that an editor asks about before it moves them."""
    file, folder = types.FileOperationPatternKind.File, types.FileOperationPatternKind.Folder
    patterns = [*((glob, file) for glob in _MOVED), ("**", folder)]
    filters = [types.FileOperationFilter(types.FileOperationPattern(glob, kind), "file") for glob, kind in patterns]
    return types.FileOperationRegistrationOptions(filters)


def _function_of(method: Callable[..., Any]) -> Callable[..., Any]:
    """A plain function that calls a method: pygls marks what it is given, which methods do not allow."""
    if asyncio.iscoroutinefunction(method):

        async def answer(params: Any) -> Any:
            return await method(params)

        return answer
    return lambda params: method(params)
