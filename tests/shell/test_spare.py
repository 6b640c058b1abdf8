"""The frame of the next window: made beside an open one, filled with what is true then, gone when nobody needs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shiboken6 import isValid

from layouts.node import Layout, Node

SCHEMA = """
CREATE TABLE singer (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO singer VALUES (1, 'Ada');
"""


@pytest.fixture
def window(qapp: Any, basedir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from shell import desk
    from shell.boot import boot
    from shell.session import Given

    monkeypatch.setattr(desk, "_DESKS", {})
    path = tmp_path / "songs.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
    session = boot(str(path), Given(basedir=str(basedir)))
    (window,) = session.windows
    yield window
    for one in list(window.desk.windows):
        one.close()
    window.desk.disposers()
    session.close()


def run_new(window: Any) -> Any:
    """Another window, as the command opens it."""
    window.registry.run("window.new")
    return window.desk.windows[-1]


def frame_of(window: Any) -> Any:
    """The frame, made now instead of in a moment."""
    window.desk.spare.make()
    return window.desk.spare._frame


def test_the_next_window_is_the_frame_that_waits(window: Any, wait_until: Any) -> None:
    from shell.shown import shows_lists

    assert window.desk.spare is None  # a person who opens one window pays for none
    first = run_new(window)
    wait_until(lambda: window.desk.spare.is_there)
    frame = frame_of(window)
    assert frame.isHidden() and frame not in window.desk.windows
    second = run_new(window)
    assert second is frame and second.isVisible() and second.windowTitle() == first.windowTitle()
    wait_until(lambda: shows_lists(second))
    assert second.size() == first.size() and second.registry.is_enabled("window.new")


def test_a_frame_is_filled_with_what_is_true_by_then(window: Any) -> None:
    run_new(window)
    frame = frame_of(window)
    window.state.remember("note", "kept")
    window.remembering.save()
    window.session.layout = Layout("Another", windows=[Node("window", children=[Node("label", id="it")])])
    second = run_new(window)
    assert second is frame and second.windowTitle() == "Another" and "it" in second.context.widgets
    assert second.state.recall("note") == "kept"


def test_a_frame_goes_with_the_last_window_and_when_options_change(window: Any, wait_until: Any) -> None:
    first = run_new(window)
    frame = frame_of(window)
    window.session.config.set("ui.density", "compact")
    assert not window.desk.spare.is_there
    wait_until(lambda: not isValid(frame))
    first.close()
    second = run_new(window)
    frame = frame_of(window)
    assert frame is not None
    second.close()
    assert window.desk.spare.is_there  # one is open still
    window.close()
    assert not window.desk.spare.is_there
    wait_until(lambda: not isValid(frame))


def test_a_layout_that_cannot_be_shown_is_told_in_a_window_of_its_own(
    window: Any, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kernel.error import EspalierError

    run_new(window)
    frame = frame_of(window)

    def fail(*_: Any, **__: Any) -> None:
        raise EspalierError("no grid today")

    monkeypatch.setattr(type(frame), "show_layout", lambda self, layout: fail() if self is frame else None)
    second = run_new(window)
    assert second is not frame and second.isVisible()
    wait_until(lambda: not isValid(frame))
