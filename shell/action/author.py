"""Commands of those who write an app beside it: edit, find the widget of a line, publish, take a release back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from kernel.error import EspalierError
from kernel.words import say
from widgets import gui_thread

if TYPE_CHECKING:
    from shell.window import Window


def edit(window: Window, path: Annotated[str, "file"] = "") -> None:
    """Show a file of the app beside it; without one the layout, at the line of the widget with the focus."""
    from shell.live.authoring import authoring_of
    from shell.live.inspected import inspected, node_of

    if path:
        authoring_of(window).open(path)
        return
    chosen = inspected(window.focusWidget())
    node = node_of(chosen) if chosen is not None else None
    where = node.where if node is not None and node.where.file else None
    beside = authoring_of(window)
    if where is not None:
        beside.open(where.file, where.line)
    elif not beside.path:
        beside.open(_main_layout(window))
    else:
        beside.open(beside.path)


def show_history(window: Window) -> None:
    """List the versions of the layout that made the widget with the focus, in the editor beside the app.

    Raises:
        EspalierError: the app is not in a folder, or the editor lists none.
    """
    edit(window)
    beside = window.beside
    show = getattr(beside.editor, "show_file_history", None) if beside is not None else None
    if show is None:
        raise EspalierError(say("this editor lists no versions"))
    show(lambda reason: window.messages.report("info", reason))


def leave(window: Window) -> None:
    """Close the editor beside the app."""
    if (found := window.beside) is not None:
        found.leave()


def show_widget(window: Window) -> None:
    """Outline the widget that the line of the caret makes.

    Raises:
        EspalierError: no file is edited beside, or its line makes nothing that is in sight.
    """
    from shell.action.inspect import inspect_window

    beside = window.beside
    if beside is None:
        raise EspalierError(say("no layout is edited beside the app"))
    widget = beside.shown_at_caret()
    if widget is None:
        raise EspalierError(say("this line makes nothing that is in sight"))
    inspect_window(window)
    window.cards.made["inspector"].choose(widget)


def publish(window: Window, message: str = "", server: Annotated[str, "server"] = "", preview: bool = False) -> None:
    """Release the app's folder on a server, one's own when none is named; what is typed beside it is written first.

    Args:
        preview: Whether what differs from the release is looked at before.

    Raises:
        EspalierError: the app is not in a folder, or what is typed cannot be written.
    """
    folder = _folder(window)
    beside = window.beside
    if beside is not None and beside.editor.has_edits() and not beside.editor.save():
        raise EspalierError(say("{path} is not written yet", path=beside.path))
    if preview:
        from shell.live.released import show_released

        show_released(window, server, "").message.setText(message)
        return
    from shell.publishing.release import release

    _behind(window, server, lambda: release(folder, window.session, server, message=message))


def diff(window: Window, server: Annotated[str, "server"] = "", channel: str = "") -> None:
    """Show what of the app's folder differs from what is released; to look at it, take files back and publish."""
    from shell.live.released import show_released

    show_released(window, server, channel)


def roll_back(window: Window, to: str = "", server: Annotated[str, "server"] = "") -> None:
    """Release once more what was released before, the last one when none is named.

    Raises:
        EspalierError: the app is not in a folder.
    """
    _folder(window)
    from shell.publishing.release import roll_back as back

    name = window.app.info.name
    _behind(window, server, lambda: back(name, window.session, server, to))


def _folder(window: Window) -> Path:
    folder = getattr(window.app, "folder", None)
    if folder is None:
        raise EspalierError(say("only an app in a folder of yours can be published here"))
    return Path(folder)


def _main_layout(window: Window) -> str:
    entry = window.app.info.entry
    return next((part for part in entry if part.endswith(".kdl")), "main.kdl")


def _behind(window: Window, server: str, work: Callable[[], dict[str, Any]]) -> None:
    """Do it on a thread; tell what became of it on that server, or every reason why nothing did."""
    from shell.publishing.client import RefusedError

    gui_thread.prepare()
    title, place = window.app.info.title or window.app.info.name, server or say("your own server")
    window.messages.report("info", say("Publishing {title} on {server}…", title=title, server=place))

    def run() -> None:
        try:
            done = work()
        except RefusedError as error:
            problems = error.problems
            gui_thread.hand(lambda: _refuse(window, problems), window)
        except EspalierError as error:
            told = error
            gui_thread.hand(lambda: window.registry.fail("app.publish", told), window)
        else:
            gui_thread.hand(lambda: _tell(window, done, place), window)

    threading.Thread(target=run, name="publish", daemon=True).start()


def _tell(window: Window, done: dict[str, Any], server: str) -> None:
    from kernel.versions import keepers_changed

    keepers_changed()
    facts = {**{name: done[name] for name in ("app", "version", "channel")}, "server": server}
    if done["is_new"]:
        window.messages.report("success", say("Published {app} {version} on {channel} of {server}", **facts))
    else:
        said = say("Nothing is new: {channel} of {server} has {app} {version} already", **facts)
        window.messages.report("info", said)


def _refuse(window: Window, records: list[dict[str, Any]]) -> None:
    from kernel.error import Where
    from layouts.problem import Problem

    problems = [
        Problem(
            Where(str(one.get("file") or ""), int(one.get("line") or 0), int(one.get("column") or 0)),
            str(one["message"]), str(one.get("hint") or ""),
        )
        for one in records
    ]  # fmt: skip
    window.cards.show_problems(say("Nothing was published"), problems)
