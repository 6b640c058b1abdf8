"""The records of the protocol that the client reads, decoded and checked in one step by msgspec. No Qt here.

Importing ``lsprotocol`` takes a quarter of a second in which nothing else runs in this process, and its objects are
made in Python; so the tests hold every record and every message of ours to it instead. Where the protocol has one of
several records, one record here has the fields of all.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct, field


class Record(Struct, rename="camel", omit_defaults=True, kw_only=True):
    """What all have in common."""


class Position(Record, frozen=True):
    """A place: a line and a character in it, in the units that were agreed on; both from 0."""

    line: int
    character: int


class Range(Record, frozen=True):
    """From ``start`` to before ``end``."""

    start: Position
    end: Position


class Location(Record):
    """A Location, or a LocationLink."""

    uri: str = ""
    range: Range | None = None
    target_uri: str = ""
    target_range: Range | None = None
    target_selection_range: Range | None = None


class Markup(Record):
    """A MarkupContent, or a MarkedString with a language."""

    value: str
    kind: str = ""
    language: str = ""


class TextEdit(Record):
    """A TextEdit, an AnnotatedTextEdit, or an InsertReplaceEdit."""

    new_text: str
    range: Range | None = None
    insert: Range | None = None
    replace: Range | None = None


class Command(Record):
    """What the server does when it is told to."""

    command: str
    title: str = ""
    arguments: list[Any] | None = None


class LabelDetails(Record):
    """What stands beside the name of a completion."""

    detail: str | None = None
    description: str | None = None


class CompletionItem(Record):
    """One completion."""

    label: str
    label_details: LabelDetails | None = None
    kind: int | None = None
    detail: str | None = None
    documentation: str | Markup | None = None
    deprecated: bool | None = None
    tags: list[int] | None = None
    preselect: bool | None = None
    sort_text: str | None = None
    filter_text: str | None = None
    insert_text: str | None = None
    insert_text_format: int | None = None
    text_edit: TextEdit | None = None
    additional_text_edits: list[TextEdit] | None = None
    commit_characters: list[str] | None = None
    command: Command | None = None
    data: Any = None


class CompletionList(Record):
    """Completions; ``is_incomplete`` = ask again after each letter."""

    items: list[CompletionItem]
    is_incomplete: bool = False


class Hover(Record):
    """What is known of what stands at a place."""

    contents: str | Markup | list[str | Markup]
    range: Range | None = None


class Parameter(Record):
    """A parameter: a part of the signature's label, as a text or as places in it (UTF-16, whatever was agreed on)."""

    label: str | list[int]
    documentation: str | Markup | None = None


class Signature(Record):
    """One way to call something."""

    label: str
    documentation: str | Markup | None = None
    parameters: list[Parameter] | None = None
    active_parameter: int | None = None


class SignatureHelp(Record):
    """All ways to call something."""

    signatures: list[Signature]
    active_signature: int | None = None
    active_parameter: int | None = None


class Diagnostic(Record):
    """A problem; ``severity`` 1 error, 2 warning, 3 information, 4 hint."""

    range: Range
    message: str
    severity: int | None = None
    code: int | str | None = None
    source: str | None = None
    tags: list[int] | None = None
    data: Any = None


class PublishedDiagnostics(Record):
    """All problems of a file."""

    uri: str
    diagnostics: list[Diagnostic]
    version: int | None = None


class DiagnosticReport(Record):
    """Problems that were asked for; ``kind`` full, or unchanged since the answer of that ``result_id``."""

    kind: str
    items: list[Diagnostic] | None = None
    result_id: str | None = None
    related_documents: dict[str, DiagnosticReport] | None = None


class SelectionRange(Record):
    """A part of a text, and the larger one that it is in."""

    range: Range
    parent: SelectionRange | None = None


class TextDocument(Record):
    """A file and its version."""

    uri: str
    version: int | None = None


class FileOptions(Record):
    """What is done where a file is there already, or is not; and whether a folder goes with all that is in it."""

    overwrite: bool | None = None
    ignore_if_exists: bool | None = None
    recursive: bool | None = None
    ignore_if_not_exists: bool | None = None


class DocumentChange(Record):
    """A TextDocumentEdit, or a file that is made (``kind`` create), renamed or deleted."""

    kind: str = ""
    text_document: TextDocument | None = None
    edits: list[TextEdit] | None = None
    uri: str = ""
    old_uri: str = ""
    new_uri: str = ""
    options: FileOptions | None = None


class WorkspaceEdit(Record):
    """Edits of several files."""

    changes: dict[str, list[TextEdit]] | None = None
    document_changes: list[DocumentChange] | None = None


class ApplyEdit(Record):
    """The server's wish that edits be applied."""

    edit: WorkspaceEdit
    label: str | None = None


class Disabled(Record):
    """Why an action cannot be done."""

    reason: str = ""


class CodeAction(Record):
    """A CodeAction, or a Command."""

    title: str
    kind: str | None = None
    is_preferred: bool | None = None
    disabled: Disabled | None = None
    edit: WorkspaceEdit | None = None
    command: str | Command | None = None
    arguments: list[Any] | None = None
    diagnostics: list[Diagnostic] | None = None
    data: Any = None


class PreparedRename(Record):
    """A range, with or without what stands there; or that the client shall find the name itself."""

    start: Position | None = None
    end: Position | None = None
    range: Range | None = None
    placeholder: str = ""
    default_behavior: bool = False


class Symbol(Record):
    """A DocumentSymbol, a SymbolInformation or a WorkspaceSymbol."""

    name: str
    kind: int
    detail: str | None = None
    container_name: str | None = None
    range: Range | None = None
    selection_range: Range | None = None
    location: Location | None = None
    children: list[Symbol] | None = None


class InlayPart(Record):
    """A part of an inlay hint."""

    value: str


class InlayHint(Record):
    """A text that is shown at a place and does not stand there."""

    position: Position
    label: str | list[InlayPart]
    kind: int | None = None
    padding_left: bool | None = None
    padding_right: bool | None = None


class TokenEdit(Record):
    """Numbers of tokens that stand in the place of others."""

    start: int
    delete_count: int
    data: list[int] | None = None


class SemanticTokens(Record):
    """What each word of a text is, five numbers for each; or what is other of them since an answer before."""

    data: list[int] | None = None
    edits: list[TokenEdit] | None = None
    result_id: str | None = None


class FoldingRange(Record):
    """Lines that can be folded away."""

    start_line: int
    end_line: int
    kind: str | None = None


class Highlight(Record):
    """A place where the same name stands."""

    range: Range
    kind: int | None = None


class ProgressValue(Record):
    """How far some work is; ``kind`` begin, report, end."""

    kind: str = ""
    title: str = ""
    message: str | None = None
    percentage: int | None = None


class Progress(Record):
    """Of some work; values of other requests have no kind."""

    token: int | str
    value: Raw = field(default_factory=Raw)


class LogMessage(Record):
    """A line for the log or for the person; ``type`` 1 error, 2 warning, 3 information, 4 log."""

    type: int
    message: str


class ShownRequest(Record):
    """A question to the person, with answers."""

    type: int
    message: str
    actions: list[dict[str, Any]] | None = None


class ConfigurationItem(Record):
    """Which settings are asked for."""

    section: str | None = None
    scope_uri: str | None = None


class ConfigurationWish(Record):
    """The settings that are asked for."""

    items: list[ConfigurationItem]


class Registration(Record):
    """A capability that the server has from now on, or no more."""

    id: str
    method: str
    register_options: Any = None


class Registrations(Record):
    """Several; the protocol's own spelling of the second is wrong and stays so."""

    registrations: list[Registration] = []
    unregisterations: list[Registration] = []


class Initialized(Record):
    """What the server can."""

    capabilities: dict[str, Any]
    server_info: dict[str, Any] | None = None


class ResponseError(Record):
    """Why a request was not answered."""

    code: int
    message: str


class Message(Struct):
    """Any message, its contents still as bytes."""

    id: int | str | None = None
    method: str | None = None
    params: Raw = field(default_factory=Raw)
    result: Raw = field(default_factory=Raw)
    error: ResponseError | None = None


def text_of(markup: str | Markup | list[str | Markup] | None) -> str:
    """Any of them as Markdown."""
    if markup is None:
        return ""
    if isinstance(markup, str):
        return markup
    if isinstance(markup, list):
        return "\n\n".join(filter(None, (text_of(one) for one in markup)))
    if markup.language:
        return f"```{markup.language}\n{markup.value}\n```"
    if markup.kind == "plaintext":
        return plain(markup.value)
    return markup.value


def plain(text: str) -> str:
    """A text that means itself, as Markdown."""
    marked = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-!|~" else letter for letter in text)
    return marked.replace("\n", "  \n")


def encode(value: Any) -> bytes:
    """Anything as JSON."""
    return msgspec.json.encode(value)
