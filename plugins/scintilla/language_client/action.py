"""What a server offers to do at a place: mend a problem, take something apart, put imports in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from plugins.api import say
from plugins.scintilla.language_client.hover import rect_of
from plugins.scintilla.language_client.places import bytes_of, range_of
from plugins.scintilla.language_client.protocol import CodeAction, Command
from plugins.scintilla.language_client.renaming import offer_edit

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: Actions in the menu at most.
MOST = 40
#: Seconds that a command may take.
_COMMAND_S = 600.0


def offer(served: ServedText) -> None:
    """Ask what can be done at the caret or with the selection, and show it in a menu."""
    server = served.able("codeActionProvider")
    if server is None:
        served.note(say("No language server knows that here"))
        return
    start, stop = served.code.selection
    params = {
        "range": range_of(served.code, start, stop, server.encoding),
        "context": {"diagnostics": _problems(served, server, start, stop), "triggerKind": 1},
    }
    served.ask(
        "actions", server, "textDocument/codeAction", params, list[CodeAction] | None,
        lambda found: _show(served, server, found or []), served.note,
    )  # fmt: skip


def _problems(served: ServedText, server: Server, start: int, stop: int) -> list[Any]:
    """The problems at a part, or in its lines where none is at it."""
    assert served.text.file is not None
    told = served.client.problems.get(served.text.file, {}).get(server.row.name)
    places = [(bytes_of(served.code, one.range, server.encoding), one) for one in (told.diagnostics if told else ())]
    here = [one for (low, high), one in places if low <= stop and start <= max(high, low)]
    line = served.code.line_of(start)
    return here or [one for (low, high), one in places if served.code.line_of(low) <= line <= served.code.line_of(high)]


def _show(served: ServedText, server: Server, found: list[CodeAction]) -> None:
    if not found:
        served.note(say("Nothing is offered here"))
        return
    menu = QMenu(served.pane)
    menu.setAccessibleName(say("What can be done here"))
    for one in sorted(found, key=_rank)[:MOST]:
        entry = menu.addAction(one.title.replace("&", "&&"), partial(_take, served, server, one))
        if one.disabled is not None:
            entry.setEnabled(False)
            entry.setToolTip(one.disabled.reason)
    menu.aboutToHide.connect(menu.deleteLater)
    served.menu = menu
    at = rect_of(served.code.host.view, served.code.send, served.code.caret)
    menu.popup(at.bottomLeft())
    first = next((entry for entry in menu.actions() if entry.isEnabled()), None)
    menu.setActiveAction(first) if first is not None else None


def _rank(one: CodeAction) -> tuple[bool, bool, bool]:
    """What is preferred first, then what mends a problem; what cannot be done last."""
    return one.disabled is not None, not one.is_preferred, not (one.kind or "").startswith("quickfix")


def _take(served: ServedText, server: Server, one: CodeAction) -> None:
    """Do it; an action without an edit is asked for its own."""
    options = server.options("codeActionProvider")
    if one.edit is None and one.command is None and options.get("resolveProvider"):
        served.text.tell()
        server.ask("codeAction/resolve", one, CodeAction, lambda found: _do(served, server, found), served.note)
    else:
        _do(served, server, one)


def _do(served: ServedText, server: Server, one: CodeAction) -> None:
    if one.edit is not None:
        offer_edit(served, server, one.edit, one.title)
    command = one.command
    if isinstance(command, str):
        command = Command(command=command, title=one.title, arguments=one.arguments)
    if command is not None:
        params = {"command": command.command, "arguments": command.arguments or []}
        # It may be answered after the edits that it wishes for, which the person looks at.
        server.ask("workspace/executeCommand", params, Any, lambda _: None, served.note, deadline=_COMMAND_S)
