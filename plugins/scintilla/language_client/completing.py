"""Completions of servers, as the editor shows them and puts them in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from plugins.api import Completion, Place, Span
from plugins.scintilla.language_client.places import byte_of
from plugins.scintilla.language_client.protocol import CompletionItem, CompletionList, text_of

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: The protocol's kinds, from 1 on.
KINDS = (
    "text", "method", "function", "constructor", "field", "variable", "class", "interface", "module", "property",
    "unit", "value", "enum", "keyword", "snippet", "color", "file", "reference", "folder", "member", "constant",
    "struct", "event", "operator", "parameter",
)  # fmt: skip
_SNIPPET = 2
Done = Callable[[Sequence[Completion]], Any]


def complete(served: ServedText, done: Done) -> None:
    """Ask every server that completes; what they answer comes together, and no server is waited for twice."""
    able = [one for one in served.servers if one.has("completionProvider")]
    found: list[Completion] = []
    waits, completer = len(able), served.pane.completer
    if not waits:
        done(())
        return

    def take(server: Server, answer: CompletionList | list[CompletionItem] | None) -> None:
        nonlocal waits
        items = answer.items if isinstance(answer, CompletionList) else answer or []
        completer.asks_again |= isinstance(answer, CompletionList) and answer.is_incomplete
        found.extend(_completion(served, server, one) for one in sorted(items, key=_order))
        waits -= 1
        if not waits:
            done(found)

    completer.asks_again = False
    kind = CompletionList | list[CompletionItem] | None
    for server in able:
        params = {"position": served.position(server), "context": {"triggerKind": 1}}
        served.ask(
            f"complete {server.row.name}", server, "textDocument/completion", params, kind,
            lambda answer, server=server: take(server, answer), lambda _why, server=server: take(server, None),
        )  # fmt: skip


def _order(one: CompletionItem) -> str:
    return one.sort_text or one.label


def _completion(served: ServedText, server: Server, one: CompletionItem) -> Completion:
    edit, text = one.text_edit, one.insert_text or one.label
    span = None
    if edit is not None:
        text = edit.new_text
        part = edit.range or edit.insert or edit.replace
        if part is not None:
            places = (served.code.place_of(byte_of(served.code, at, server.encoding)) for at in (part.start, part.end))
            span = Span(*(Place(*place) for place in places))
    details = one.label_details
    label = one.label + (details.detail or "" if details else "")
    detail = one.detail or (details.description if details else None) or ""
    can_resolve = server.options("completionProvider").get("resolveProvider")
    has_more = bool(can_resolve) and one.documentation is None
    return Completion(
        text, detail, span, label, one.filter_text or one.label,
        KINDS[one.kind - 1] if one.kind and 0 < one.kind <= len(KINDS) else "",
        text_of(one.documentation), one.insert_text_format == _SNIPPET,
        (lambda take: _ask_more(served, server, one, take)) if has_more else None,
        lambda: _finish(served, server, one, is_resolved=not has_more),
    )  # fmt: skip


def _ask_more(served: ServedText, server: Server, one: CompletionItem, take: Callable[[str], Any]) -> None:
    """The documentation of one completion; it waits for nothing else."""

    def show(found: CompletionItem) -> None:
        one.documentation = found.documentation
        one.additional_text_edits = one.additional_text_edits or found.additional_text_edits
        detail = f"```\n{found.detail}\n```\n\n" if found.detail and found.detail != one.detail else ""
        take(detail + text_of(found.documentation))

    served.give_up("resolve")
    number = server.ask("completionItem/resolve", one, CompletionItem, show)
    if number:
        served.remember("resolve", server, number)


def _finish(served: ServedText, server: Server, one: CompletionItem, *, is_resolved: bool) -> None:
    """Do what belongs to a completion: edits elsewhere (an import), a command."""
    if one.additional_text_edits:
        served.apply(server, one.additional_text_edits)
    elif not is_resolved:
        version = served.servers[server].version if server in served.servers else 0

        def take(found: CompletionItem) -> None:
            document = served.servers.get(server)
            if found.additional_text_edits and document is not None and document.version == version:
                served.apply(server, found.additional_text_edits)

        served.text.tell()
        server.ask("completionItem/resolve", one, CompletionItem, take)
    if one.command is not None:
        params = {"command": one.command.command, "arguments": one.command.arguments or []}
        server.ask("workspace/executeCommand", params, Any, lambda _: None)


