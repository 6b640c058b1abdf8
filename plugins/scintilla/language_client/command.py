"""The commands of language servers: each gets the editor that it acts on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from plugins.api import EspalierError, say
from plugins.scintilla.language_client import action, formatting, jump, problems, renaming, state_line, symbols


def _on_served(run: Callable[..., Any]) -> Callable[..., None]:
    """A command on a text that a server knows."""

    @wraps(run)
    def command(view: Any, **arguments: Any) -> None:
        served = view.pane.served if view.pane is not None else None
        if served is None or not served.servers:
            raise EspalierError(say("no language server serves this text"), hint=_why(view))
        run(served, **arguments)

    return command


def _why(view: Any) -> str:
    if view.pane is None or view.pane.assisted is None or view.pane.assisted.file is None:
        return say("servers know files on this machine")
    return say("none is installed for its language, or its folder is not trusted")


@_on_served
def hover(served: Any) -> None:
    """What is known of the word at the caret."""
    served.hover.ask(served.code.caret, is_by_key=True)


def _go(what: str) -> Callable[..., None]:
    @_on_served
    def command(served: Any) -> None:
        jump.go_to(served, what)

    return command


definition = _go("definition")
declaration = _go("declaration")
type_definition = _go("typeDefinition")
implementation = _go("implementation")
references = _go("references")
outline = _on_served(symbols.outline)
code_actions = _on_served(action.offer)
format_text = _on_served(formatting.format_text)
format_selection = _on_served(formatting.format_selection)


@_on_served
def rename(served: Any, name: str = "") -> None:
    """Call what stands at the caret otherwise; asks for the name where none is given."""
    renaming.rename(served, name) if name else renaming.ask_name(served)


@_on_served
def list_problems(served: Any) -> None:
    """List the problems of all files."""
    problems.show_problems(served)


@_on_served
def restart(served: Any) -> None:
    """Restart the servers of this text."""
    for server in served.servers:
        server.restart()


@_on_served
def log(served: Any) -> None:
    """Show what the first server said."""
    state_line.show_log(served, next(iter(served.servers)))


def go_back(view: Any) -> None:
    """Go to where the editor was before it went elsewhere."""
    from plugins.scintilla.going import go_back as go

    if not go(view) and view.pane is not None:
        view.pane.status.say(say("There is no place before"))
