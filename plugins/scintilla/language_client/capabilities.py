"""What the client tells a server that it can, and nothing else. No Qt here."""

from __future__ import annotations

from typing import Any

#: The protocol's kinds of completions from 1 on, as icons of the theme; and of symbols.
COMPLETION_KINDS = 25
SYMBOL_KINDS = 26
#: What the protocol knows of words: what they are, and what else is known of them.
TOKEN_TYPES = (
    "namespace", "type", "class", "enum", "interface", "struct", "typeParameter", "parameter", "variable", "property",
    "enumMember", "event", "function", "method", "macro", "keyword", "modifier", "comment", "string", "number",
    "regexp", "operator", "decorator",
)  # fmt: skip
TOKEN_MODIFIERS = (
    "declaration", "definition", "readonly", "static", "deprecated", "abstract", "async", "modification",
    "documentation", "defaultLibrary",
)  # fmt: skip
_MARKUP = ["markdown", "plaintext"]

CAPABILITIES: dict[str, Any] = {
    "general": {
        "positionEncodings": ["utf-8", "utf-16", "utf-32"],
        "staleRequestSupport": {"cancel": True, "retryOnContentModified": []},
        "markdown": {"parser": "QTextDocument"},
    },
    "window": {"workDoneProgress": True, "showMessage": {"messageActionItem": {"additionalPropertiesSupport": False}}},
    "workspace": {
        "applyEdit": True,
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
            "failureHandling": "transactional",
        },
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": False},
        "symbol": {"symbolKind": {"valueSet": list(range(1, SYMBOL_KINDS + 1))}},
        "executeCommand": {"dynamicRegistration": False},
        "inlayHint": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
        "semanticTokens": {"refreshSupport": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True, "willSave": False, "willSaveWaitUntil": False},
        "completion": {
            "contextSupport": True,
            "completionItem": {
                "snippetSupport": True,
                "documentationFormat": _MARKUP,
                "deprecatedSupport": True,
                "preselectSupport": True,
                "insertReplaceSupport": True,
                "labelDetailsSupport": True,
                "resolveSupport": {"properties": ["documentation", "detail", "additionalTextEdits"]},
            },
            "completionItemKind": {"valueSet": list(range(1, COMPLETION_KINDS + 1))},
        },
        "hover": {"contentFormat": _MARKUP},
        "signatureHelp": {
            "contextSupport": False,
            "signatureInformation": {
                "documentationFormat": _MARKUP,
                "parameterInformation": {"labelOffsetSupport": True},
                "activeParameterSupport": True,
            },
        },
        "declaration": {"linkSupport": True},
        "definition": {"linkSupport": True},
        "typeDefinition": {"linkSupport": True},
        "implementation": {"linkSupport": True},
        "references": {},
        "documentHighlight": {},
        "documentSymbol": {
            "hierarchicalDocumentSymbolSupport": True,
            "symbolKind": {"valueSet": list(range(1, SYMBOL_KINDS + 1))},
        },
        "codeAction": {
            "codeActionLiteralSupport": {
                "codeActionKind": {"valueSet": ["", "quickfix", "refactor", "source", "source.organizeImports"]}
            },
            "isPreferredSupport": True,
            "disabledSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
        "formatting": {},
        "rangeFormatting": {},
        "onTypeFormatting": {},
        "rename": {"prepareSupport": True, "prepareSupportDefaultBehavior": 1},
        "publishDiagnostics": {"versionSupport": True, "dataSupport": True, "tagSupport": {"valueSet": [1, 2]}},
        "diagnostic": {"relatedDocumentSupport": True},
        "selectionRange": {},
        "inlayHint": {},
        "foldingRange": {"lineFoldingOnly": True, "rangeLimit": 5_000},
        "semanticTokens": {
            "requests": {"full": {"delta": True}, "range": True},
            "tokenTypes": TOKEN_TYPES,
            "tokenModifiers": TOKEN_MODIFIERS,
            "formats": ["relative"],
            "overlappingTokenSupport": False,
            "multilineTokenSupport": False,
            "augmentsSyntaxTokens": True,
        },
    },
}


def initialize(process_id: int, version: str, folder_uri: str, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """The first request's parameters."""
    made: dict[str, Any] = {
        "processId": process_id,
        "clientInfo": {"name": "Espalier", "version": version},
        "rootUri": folder_uri,
        "workspaceFolders": [{"uri": folder_uri, "name": name}],
        "capabilities": CAPABILITIES,
    }
    return {**made, "initializationOptions": options} if options else made
