"""Our records as the protocol's, and back: places, offers, problems, edits."""

from __future__ import annotations

import re

from lsprotocol import types

from kernel.error import Where
from layouts.language_server.item import Item
from layouts.language_server.lines import Lines
from layouts.language_server.outline import Entry
from layouts.language_server.rename import Edit
from layouts.problem import Problem

#: Kind of an offer → the protocol's.
ITEM_KINDS: dict[str, types.CompletionItemKind] = {
    "kind": types.CompletionItemKind.Class,
    "component": types.CompletionItemKind.Module,
    "slot": types.CompletionItemKind.Interface,
    "word": types.CompletionItemKind.Keyword,
    "property": types.CompletionItemKind.Property,
    "param": types.CompletionItemKind.TypeParameter,
    "value": types.CompletionItemKind.EnumMember,
    "table": types.CompletionItemKind.Struct,
    "column": types.CompletionItemKind.Field,
    "reference": types.CompletionItemKind.Reference,
    "command": types.CompletionItemKind.Event,
    "icon": types.CompletionItemKind.Color,
    "id": types.CompletionItemKind.Variable,
    "row": types.CompletionItemKind.Variable,
    "member": types.CompletionItemKind.Property,
    "function": types.CompletionItemKind.Function,
    "operator": types.CompletionItemKind.Operator,
    "file": types.CompletionItemKind.File,
}
#: Role of a declaration → the protocol's kind of symbol; widgets that are no declaration are fields.
SYMBOL_KINDS: dict[str, types.SymbolKind] = {
    "table": types.SymbolKind.Struct,
    "command": types.SymbolKind.Event,
    "component": types.SymbolKind.Module,
    "window": types.SymbolKind.Namespace,
    "id": types.SymbolKind.Variable,
    "state": types.SymbolKind.Variable,
    "dialog": types.SymbolKind.Variable,
    "param": types.SymbolKind.TypeParameter,
    "slot": types.SymbolKind.Interface,
}
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
_MARKED = re.compile(r"""#*"(?:\\.|[^"\\\r\n])*"?#*|[\w.:#-]+|.""")


def range_of(lines: Lines, start: int, stop: int) -> types.Range:
    """The characters from ``start`` up to ``stop``."""
    return types.Range(types.Position(*lines.place(start)), types.Position(*lines.place(stop)))


def place_range(lines: Lines, where: Where, length: int) -> types.Range:
    """The characters from a place of a message on."""
    start = lines.offset_of(where)
    return range_of(lines, start, start + length)


def diagnostic(problem: Problem, lines: Lines) -> types.Diagnostic:
    """A problem, with the word marked that it is about."""
    start = lines.offset_of(problem.where)
    match = _MARKED.match(lines.text, start)
    hint = f" ({problem.hint})" if problem.hint else ""
    return types.Diagnostic(
        range_of(lines, start, match.end() if match else start),
        f"{problem.message}{hint}",
        severity=_SEVERITIES[problem.severity],
        source="espalier",
    )


def completion_item(item: Item, lines: Lines, offset: int, number: int) -> types.CompletionItem:
    """An offer that replaces what is typed, in the order in which it was made."""
    return types.CompletionItem(
        item.label,
        kind=ITEM_KINDS[item.kind],
        detail=item.detail or None,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, item.doc) if item.doc else None,
        sort_text=f"{number:05}",
        filter_text=item.insert if item.insert.startswith('"') else item.label,
        text_edit=types.TextEdit(range_of(lines, item.start, offset), item.insert),
    )


def text_edits(edits: list[Edit], lines: Lines) -> list[types.TextEdit]:
    """Edits of one file."""
    return [types.TextEdit(range_of(lines, one.start, one.stop), one.text) for one in edits]


def replaced(before: str, after: str, lines: Lines) -> list[types.TextEdit]:
    """The one edit that makes ``after`` of ``before``; the lines that both begin and end with are left alone."""
    if before == after:
        return []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    start, stop = (len("".join(old[:end])) for end in (first, len(old) - last))
    return [types.TextEdit(range_of(lines, start, stop), "".join(new[first : len(new) - last]))]


def document_symbol(entry: Entry, lines: Lines) -> types.DocumentSymbol:
    """A line of the outline with what is below it."""
    start = lines.offset_of(entry.where)
    line_end = lines.text.find("\n", start)
    stop = min(entry.stop, line_end if line_end >= 0 else entry.stop)
    return types.DocumentSymbol(
        entry.name,
        SYMBOL_KINDS.get(entry.role, types.SymbolKind.Field),
        range_of(lines, start, max(entry.stop, start)),
        range_of(lines, start, max(stop, start)),
        detail=entry.detail or None,
        children=[document_symbol(one, lines) for one in entry.inside],
    )
