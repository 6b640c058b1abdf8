"""Commands for workspaces: windows with their layout, kept by name."""

from __future__ import annotations

from typing import Annotated, Any

from kernel.words import say, say_count
from shell.workspace.store import Workspace, Workspaces

Name = Annotated[str, "workspace"]


def save(window: Any, name: Name) -> None:
    """Keep the windows as they stand, those of other processes too, under a name."""
    from shell.workspace.left import others_open
    from shell.workspace.window import keep_window

    windows = [keep_window(one) for one in window.desk.windows if not one.is_closing]
    known = {(one["key"], one["index"]) for one in windows}
    others = others_open(window.session.config.paths.state)
    windows += [one for one in others if (one.get("key"), one.get("index")) not in known]
    windows = _all(window).put(Workspace(name.strip(), windows)).windows
    said = say_count("{count} window is in the workspace “{name}”", "{count} windows are in the workspace “{name}”",
                     len(windows), name=name.strip())  # fmt: skip
    window.messages.report("success", said)


def open_workspace(window: Any, name: Name, alone: bool = False) -> None:
    """Bring the windows of a workspace back as they stood; with ``alone`` the others are closed."""
    from shell.workspace.opening import open_records
    from shell.workspace.window import is_of

    windows = _all(window).get(name.strip()).windows
    open_records(window, windows)
    for other in list(window.desk.windows) if alone else ():
        if not other.is_closing and not any(is_of(other, record) for record in windows):
            other.close()


def listing(window: Any) -> str:
    """Answers the names of the workspaces, a line each."""
    return "\n".join(_all(window).names()) or say("There is no workspace yet")


def delete(window: Any, name: Name) -> None:
    """Forget a workspace; its windows stay as they are."""
    _all(window).remove(name.strip())
    window.messages.report("success", say("The workspace “{name}” is deleted", name=name.strip()))


def workspaces(window: Any) -> list[str]:
    """The names that there are."""
    return _all(window).names()


def _all(window: Any) -> Workspaces:
    return Workspaces(window.session.config.paths.data / "workspaces")
