"""The servers in the line below the text: which ones, how they are, what they work on; a menu to restart them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.api import say
from plugins.scintilla.list_panel import Row

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText
    from plugins.scintilla.language_client.server import Server

#: State → what stands behind the server's name.
_SAID = {"starting": "…", "ready": "", "waiting": " ↻", "off": " ✕"}


def state_text(server: Server) -> str:
    """How a server is, in a sentence."""
    name = server.row.name
    if server.state == "ready":
        return say("{server} is ready", server=name)
    if server.state == "starting":
        return say("{server} is starting", server=name)
    if server.state == "waiting":
        return say("{server} ended and is started again: {reason}", server=name, reason=server.reason)
    return say("{server} is off: {reason}", server=name, reason=server.reason)


def work_text(server: Server) -> str:
    """What it works on; empty where it does nothing."""
    for value in server.progress.values():
        parts = [value.title, value.message or "", f"{value.percentage} %" if value.percentage is not None else ""]
        return " ".join(filter(None, parts))[:80]
    return ""


def show_state(served: ServedText) -> None:
    """Say it."""
    button = served.pane.status.server
    if not served.servers:
        button.hide()
        return
    texts = [f"{one.row.name}{_SAID[one.state]}" for one in served.servers]
    work = next(filter(None, map(work_text, served.servers)), "")
    text = " · ".join([*texts, *([work] if work else [])])
    if button.text() != text:
        button.setText(text)
    told = "\n".join(map(state_text, served.servers))
    button.setToolTip(told)
    button.setAccessibleDescription(told)
    button.show()
    off = next((one for one in served.servers if one.state == "off"), None)
    if off is not None:
        served.note(state_text(off))


def fill_menu(served: ServedText, menu: Any) -> None:
    """What can be done with the servers."""
    for server in served.servers:
        menu.addAction(state_text(server)).setEnabled(False)
        menu.addAction(say("Restart {server}", server=server.row.name), server.restart)
        if server.state != "off":
            menu.addAction(say("Stop {server}", server=server.row.name), server.stop)
        menu.addAction(say("Log of {server}", server=server.row.name), lambda one=server: show_log(served, one))
        menu.addSeparator()


def show_log(served: ServedText, server: Server) -> None:
    """What the server said, below the text."""
    lines = [*server.log, *(server.connection.channel.log if server.connection is not None else ())]
    title = say("Log of {server}", server=server.row.name)
    served.editor.list_panel().show_rows(title, [Row(line) for line in lines] or [Row(say("It has said nothing"))])
