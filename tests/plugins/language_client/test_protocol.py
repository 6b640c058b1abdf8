"""Our records and messages beside lsprotocol's types, which are generated from the protocol's own description."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from plugins.scintilla.language_client import protocol
from plugins.scintilla.language_client.capabilities import CAPABILITIES, initialize
from plugins.scintilla.language_client.document import Document, path_of, uri_of

lsp = pytest.importorskip("lsprotocol.types")

#: Record of ours → the protocol's that it stands for; a field of ours has to be in one of them.
RECORDS: dict[type, tuple[str, ...]] = {
    protocol.Position: ("Position",),
    protocol.Range: ("Range",),
    protocol.Location: ("Location", "LocationLink"),
    protocol.Markup: ("MarkupContent", "MarkedStringWithLanguage"),
    protocol.TextEdit: ("TextEdit", "InsertReplaceEdit"),
    protocol.Command: ("Command",),
    protocol.LabelDetails: ("CompletionItemLabelDetails",),
    protocol.CompletionItem: ("CompletionItem",),
    protocol.CompletionList: ("CompletionList",),
    protocol.Hover: ("Hover",),
    protocol.Parameter: ("ParameterInformation",),
    protocol.Signature: ("SignatureInformation",),
    protocol.SignatureHelp: ("SignatureHelp",),
    protocol.Diagnostic: ("Diagnostic",),
    protocol.PublishedDiagnostics: ("PublishDiagnosticsParams",),
    protocol.DiagnosticReport: ("FullDocumentDiagnosticReport", "UnchangedDocumentDiagnosticReport",
                                "RelatedFullDocumentDiagnosticReport"),
    protocol.SelectionRange: ("SelectionRange",),
    protocol.DocumentChange: ("TextDocumentEdit", "CreateFile", "RenameFile", "DeleteFile"),
    protocol.FileOptions: ("CreateFileOptions", "RenameFileOptions", "DeleteFileOptions"),
    protocol.WorkspaceEdit: ("WorkspaceEdit",),
    protocol.ApplyEdit: ("ApplyWorkspaceEditParams",),
    protocol.CodeAction: ("CodeAction", "Command"),
    protocol.PreparedRename: ("Range", "PrepareRenamePlaceholder", "PrepareRenameDefaultBehavior"),
    protocol.Symbol: ("DocumentSymbol", "SymbolInformation", "WorkspaceSymbol"),
    protocol.InlayHint: ("InlayHint",),
    protocol.InlayPart: ("InlayHintLabelPart",),
    protocol.SemanticTokens: ("SemanticTokens", "SemanticTokensDelta"),
    protocol.TokenEdit: ("SemanticTokensEdit",),
    protocol.FoldingRange: ("FoldingRange",),
    protocol.Highlight: ("DocumentHighlight",),
    protocol.ProgressValue: ("WorkDoneProgressBegin", "WorkDoneProgressReport", "WorkDoneProgressEnd"),
    protocol.Progress: ("ProgressParams",),
    protocol.LogMessage: ("LogMessageParams",),
    protocol.ShownRequest: ("ShowMessageRequestParams",),
    protocol.ConfigurationWish: ("ConfigurationParams",),
    protocol.ConfigurationItem: ("ConfigurationItem",),
    protocol.Registration: ("Registration", "Unregistration"),
    protocol.Registrations: ("RegistrationParams", "UnregistrationParams"),
    protocol.Initialized: ("InitializeResult",),
}


@pytest.mark.parametrize("ours", RECORDS, ids=lambda one: one.__name__)
def test_a_record_has_the_protocols_fields(ours: type) -> None:
    known = {field.name for name in RECORDS[ours] for field in getattr(lsp, name).__attrs_attrs__}
    mine = {field.name for field in msgspec.structs.fields(ours)}
    assert mine <= known


def test_what_we_can_is_what_the_protocol_knows() -> None:
    from lsprotocol.converters import get_converter

    converter = get_converter()
    params = initialize(1, "1", "file:///x", "x", {"a": 1})
    taken = converter.unstructure(converter.structure(json.loads(msgspec.json.encode(params)), lsp.InitializeParams))
    assert _lost(params["capabilities"], taken["capabilities"]) == []
    assert CAPABILITIES["general"]["positionEncodings"][0] == "utf-8"


def _lost(ours: Any, theirs: Any, path: str = "") -> list[str]:
    """What of ours the protocol's types do not have."""
    if isinstance(ours, dict):
        return [
            lost
            for key, value in ours.items()
            for lost in (_lost(value, theirs[key], f"{path}.{key}") if key in theirs else [f"{path}.{key}"])
        ]
    return []


def test_a_document_is_told_as_the_protocol_has_it() -> None:
    from lsprotocol.converters import get_converter

    converter, document = get_converter(), Document(Path(os.sep) / "a ü" / "x.py", "python")
    assert path_of(document.uri) == Path(os.sep) / "a ü" / "x.py" and uri_of(Path("/a b")) == "file:///a%20b"
    opened = converter.structure(document.opened("ü\n".encode()), lsp.DidOpenTextDocumentParams)
    changed = converter.structure(document.changed("üx\n".encode(), 2, "utf-16"), lsp.DidChangeTextDocumentParams)
    assert (opened.text_document.version, changed.text_document.version) == (1, 2)
    (change,) = changed.content_changes
    assert (change.range.start.character, change.range.end.character, change.text) == (1, 1, "x")
    assert document.changed("üx\n".encode(), 2, "utf-16") is None


@pytest.mark.parametrize("uri", ["http://x/y", "file://other/x", "untitled:x", "file:///a%00b"])
def test_an_address_that_is_no_file_here_is_none(uri: str) -> None:
    assert path_of(uri) is None
