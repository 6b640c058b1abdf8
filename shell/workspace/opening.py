"""Brings windows back: those of a workspace, and those of a process that was killed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kernel.words import say, say_count
from shell.workspace.left import OpenFile, has_any, leave, take_left, take_open
from shell.workspace.window import is_of, keep_window, take_window

if TYPE_CHECKING:
    from shell.desk import Desk
    from shell.window import Window

#: Seconds that windows which were brought back must have lived to be brought back once more.
_LEAST_S = 10.0


def begin(window: Window) -> None:
    """A window was painted: show it as it was left, if it was; with the first one, look after killed processes."""
    desk, state = window.desk, Path(window.session.config.paths.state)
    is_first = desk.journal is None
    found = take_left(state, _of(window)) if has_any(state) else None
    if found is not None:
        _take(window, found)
    is_restored = is_first and has_any(state) and _take_killed(window, state)
    if is_first:
        _start(desk, state, is_restored=is_restored or found is not None)


def _start(desk: Desk, state: Path, *, is_restored: bool) -> None:
    from shell.workspace.journal import Journal

    try:
        desk.journal = Journal(desk, OpenFile(state), is_restored=is_restored)
    except OSError as error:
        desk.journal = False
        desk.log("warning", f"what is open is not written down: {error}", "")


def _of(window: Window) -> dict[str, Any]:
    record = keep_window(window)
    return {"key": record["key"], "index": record["index"]}


def _take_killed(window: Window, state: Path) -> bool:
    """Bring back what killed processes had open; answers whether anything came back."""
    wanted = window.session.config["session.restore"]
    others: list[dict[str, Any]] = []
    is_restored = False
    for data in take_open(state):
        windows = data.get("windows")
        is_loop = data.get("restored") is True and time.time() - float(data.get("began") or 0) < _LEAST_S
        for record in windows if isinstance(windows, list) else ():
            _tell_typed(window, record)
            if wanted == "never" or is_loop:
                continue
            is_restored = True
            if is_of(window, record):
                take_window(window, record)
            elif record.get("target"):
                others.append(record)
    if others and wanted == "ask":
        text = say_count("Espalier was killed. Open its other window again?",
                         "Espalier was killed. Open its {count} other windows again?", len(others))  # fmt: skip
        window.cards.question().ask(text, say("Open again"), lambda: open_records(window, others))
    elif others:
        open_records(window, others)
    return is_restored


def take_waiting(window: Window) -> None:
    """Show a window, which was asked to come to the front, as another process wants it, if it does."""
    state = Path(window.session.config.paths.state)
    found = take_left(state, _of(window)) if has_any(state) else None
    if found is not None:
        _take(window, found)


def open_records(window: Window, records: list[dict[str, Any]]) -> None:
    """Open windows as they were kept; those that are open are shown so, what cannot be opened is told."""
    from shell.opening import open_target
    from shell.palette.provider import raise_window

    state = Path(window.session.config.paths.state)
    for record in records:
        shown = next((one for one in window.desk.windows if is_of(one, record) and not one.is_closing), None)
        if shown is not None:
            _take(shown, record)
            raise_window(shown)
            continue
        leave(state, record)
        main = next((one for one in window.desk.windows if one.app.info.key == record.get("key")), None)
        try:
            if main is not None and record.get("index"):
                from shell import family

                family.open_window_of(main, family.index_of(main.layout_tree, str(record["index"])))
            else:
                open_target(window, str(record.get("target")))
        except Exception as error:  # the others are wanted all the same
            take_left(state, record)
            title = str(record.get("title") or record.get("target"))
            window.messages.report("error", say("{title} could not be opened again", title=title), str(error))


def _take(window: Window, record: dict[str, Any]) -> None:
    take_window(window, record)
    _tell_typed(window, record)


def _tell_typed(window: Window, record: dict[str, Any]) -> None:
    """Tell what was typed there and not written."""
    typed = record.get("typed")
    lines = [line for line in typed if isinstance(line, str)] if isinstance(typed, list) else []
    if lines:
        window.messages.report("warning", say("Espalier was ended before this was written"), "\n".join(lines))
