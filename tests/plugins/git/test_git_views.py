"""History and changes of a real repository in a window: lanes, lines, staging by keys and clicks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from kernel.tables.source import open_source
from layouts.node import Layout, Node
from plugins.git.diff_line import differing
from plugins.registry import contributed_kinds, find_plugins, register
from tests.plugins.git.conftest import Git
from widgets.build import build_window
from widgets.context import Context
from widgets.grid.renderer.lanes import lanes_of
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.theme import Theme

Desk = tuple[Context, Path, Git]


class Reports(list[str]):
    """A reporter that remembers."""

    def report(self, level: str, text: str, detail: str = "") -> None:
        self.append(text)


@pytest.fixture
def desk(qapp: object, worked: tuple[Path, Git]) -> Iterator[Desk]:
    folder, git = worked
    song = folder / "song.txt"
    song.write_text(song.read_text().replace("one", "1").replace("ten", "10"))
    withdraw = [register(plugin) for plugin in find_plugins() if plugin.id == "git"]
    source = open_source({"kind": "git", "path": "work"}, folder.parent, lambda _: None)
    handles = {name: TableHandle(source.table(name), name) for name in ("log", "status", "actions")}
    filters = {"diff": "change == 'unstaged:song.txt'", "staged": "change == 'staged:song.txt'"}
    for name, text in filters.items():
        handles[name] = TableHandle(source.table("diff"), name, filter_text=text)
    context = Context(
        scope=Scope(), commands=None, reporter=Reports(), theme=Theme("light"),
        tables=handles, open_table=None, read_file=None,
    )  # fmt: skip
    yield context, folder, git
    context.disposers()
    for handle in handles.values():
        handle.dispose()
    source.close()
    for undo in withdraw:
        undo()


def shown(context: Context, *nodes: Node) -> list[Any]:
    """The nodes' widgets in a window."""
    from layouts.kinds.table import BUILT_IN

    column = Node("column", children=list(nodes))
    kinds = {**BUILT_IN, **contributed_kinds()}
    window = build_window(Layout(windows=[Node("window", children=[column])]), context, kinds)
    window.resize(900, 600)
    window.show()
    context.disposers.add(window.close)
    return [context.widgets[node.id] for node in nodes]


def test_the_log_is_a_grid_with_lanes(desk: Desk, wait_until: Callable[..., None]) -> None:
    context, _, _ = desk
    [view] = shown(context, Node("git-log", "commits", {"table": "log"}))
    wait_until(lambda: view.grid.row_count() == 7)
    assert context.views["commits"] is view.grid
    assert [column.look for column in view.grid.columns][:2] == ["lanes", "text"]
    assert view.focusProxy() is view.grid


def test_lines_are_staged_by_keys(desk: Desk, wait_until: Callable[..., None]) -> None:
    context, _, git = desk
    nodes = [Node("git-diff", "open", {"table": "diff"}), Node("git-diff", "kept", {"table": "staged"})]
    view, staged = shown(context, *nodes)
    wait_until(lambda: view.state == "ready" and staged.state == "empty")
    kinds = [(line.kind, line.text) for line in view.lines]
    assert ("-", "one") in kinds and ("+", "10") in kinds
    view.setFocus()
    view.go_to(kinds.index(("-", "one")))
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [line.text for line in view.chosen()] == ["one", "1"]
    view.stage_chosen()
    wait_until(lambda: [line.text for line in staged.lines if line.kind in "+-"] == ["one", "1"])
    assert git("show", ":song.txt").splitlines()[0] == "1" and "ten" in git("show", ":song.txt")
    wait_until(lambda: [line.text for line in view.lines if line.kind in "+-"] == ["ten", "10"])


def test_a_hunk_is_staged_by_its_head_and_taken_out_by_a_click(desk: Desk, wait_until: Callable[..., None]) -> None:
    context, _, git = desk
    nodes = [Node("git-diff", "open", {"table": "diff"}), Node("git-diff", "kept", {"table": "staged"})]
    view, staged = shown(context, *nodes)
    wait_until(lambda: view.state == "ready")
    view.move_hunk(1)
    assert view.lines[view.current].kind == "@" and view.current > 0
    view.stage_chosen()
    wait_until(lambda: [line.text for line in staged.lines if line.kind in "+-"] == ["ten", "10"])
    place = next(place for place, line in enumerate(staged.lines) if line.kind == "@")
    height = staged.viewport().height()
    row = int(staged._paint.line_height * (place + 0.5))
    assert row < height
    QTest.mouseClick(staged.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, row))
    wait_until(lambda: staged.state == "empty")
    assert git("diff", "--cached") == ""


def test_moving_choosing_and_copying(desk: Desk, wait_until: Callable[..., None]) -> None:
    context, _, _ = desk
    [view] = shown(context, Node("git-diff", "open", {"table": "diff", "title": "Song"}))
    wait_until(lambda: view.state == "ready")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current == len(view.lines) - 1
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier)
    assert len(view.chosen()) > 3
    view.copy_chosen()
    assert QGuiApplication.clipboard().text().startswith("@@ ")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert len(view.chosen()) == 1
    assert view.accessibleName() == "Song" and view.accessibleDescription()


def test_what_cannot_be_staged_is_said(desk: Desk, wait_until: Callable[..., None]) -> None:
    context, _, git = desk
    context.tables["diff"].set_base("change == 'HEAD~1:song.txt'", {})
    [view] = shown(context, Node("git-diff", "open", {"table": "diff"}))
    wait_until(lambda: view.state == "ready")
    view.go_to(1)
    view.stage_chosen()
    assert context.reporter == ["There is nothing to stage here"]  # type: ignore[comparison-overlap]
    assert git("diff", "--cached") == ""


def test_a_change_that_went_meanwhile_is_refused(desk: Desk, wait_until: Callable[..., None]) -> None:
    context, folder, git = desk
    [view] = shown(context, Node("git-diff", "open", {"table": "diff"}))
    wait_until(lambda: view.state == "ready")
    lines = list(view.lines)
    (folder / "song.txt").write_text("another\n")
    view.lines, view.current = lines, next(at for at, line in enumerate(lines) if line.kind == "+")
    view.stage_chosen()
    wait_until(lambda: bool(context.reporter))
    assert "was changed meanwhile" in context.reporter[0] or "not there any more" in context.reporter[0]  # type: ignore[index]
    assert git("diff", "--cached") == ""


@pytest.mark.parametrize(("old", "new", "spans"), [
    ("a = 1", "a = 2", ((4, 5), (4, 5))),
    ("call(a)", "call(a, b)", ((6, 6), (6, 9))),
    ("same", "same", ((4, 4), (4, 4))),
    ("nothing", "in common", ((0, 0), (0, 0))),
])
def test_what_differs_within_a_line(old: str, new: str, spans: tuple[tuple[int, int], tuple[int, int]]) -> None:
    assert differing(old, new) == spans


@pytest.mark.parametrize("text", ["", "1|2", "a||0-0|1", "0|0,|0-0|1", "0|0|0-|1"])
def test_other_texts_are_no_lanes(text: str) -> None:
    assert lanes_of(text) is None
