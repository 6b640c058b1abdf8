"""Files in blob columns, edited in a form: replaced, opened, saved, cleared; the database is read afterwards."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, formula, grid_node  # noqa: E402

from layouts.node import Node  # noqa: E402
from widgets import file_dialog  # noqa: E402
from widgets.form import Form  # noqa: E402
from widgets.grid import Grid  # noqa: E402

PDF = b"%PDF-1.4 a small one"


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, rows=3, more="ALTER TABLE orders ADD COLUMN bill BLOB")
    yield made
    made.close()


@pytest.fixture
def form(world: World, wait_until: Callable[..., None]) -> Iterator[Form]:
    grid = Grid(grid_node(), world.context)
    made = Form(Node("form", "form", {"of": formula("list.current")}), world.context)
    for part in (grid, made):
        part.resize(800, 600)
        part.show()
    made.activateWindow()
    wait_until(lambda: made.row is not None and made.row.values)
    yield made
    made.close()
    grid.close()


def editor(form: Form) -> Any:
    return next(field for field in form.fields if field.column_name == "bill").editor


def press(button: Any) -> None:
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def test_a_file_is_replaced_opened_saved_and_cleared(
    world: World, form: Form, tmp_path: Path, wait_until: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = editor(form)
    source, copy, opened = tmp_path / "in.pdf", tmp_path / "out.pdf", []
    source.write_bytes(PDF)
    monkeypatch.setattr(file_dialog, "name_to_open", lambda *_: str(source))
    monkeypatch.setattr(file_dialog, "name_to_save", lambda *_: str(copy))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    assert (bill.open.isVisible(), bill.save.isVisible(), bill.text.text()) == (False, False, "No file")
    press(bill.choose)
    QTest.keyClick(bill.choose, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: world.stored("SELECT bill FROM orders WHERE id = 1") == PDF)
    wait_until(lambda: not form.has_edits())
    assert "PDF" in bill.text.text()
    press(bill.open)
    assert opened[0].endswith("bill.pdf") and Path(opened[0]).read_bytes() == PDF
    press(bill.save)
    assert copy.read_bytes() == PDF
    press(bill.clear)
    QTest.keyClick(bill.choose, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: world.stored("SELECT bill IS NULL FROM orders WHERE id = 1") == 1)


def test_a_program_is_never_opened(form: Form) -> None:
    bill = editor(form)
    bill.set_value(b"#!/bin/sh\nrm -r x\n")
    assert not bill.open.isVisible() and bill.save.isVisible()


def test_a_file_that_cannot_be_read_is_said(world: World, form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_dialog, "name_to_open", lambda *_: "/nowhere/x.pdf")
    press(editor(form).choose)
    assert world.messages[-1][:2] == ("error", "/nowhere/x.pdf cannot be read")
    assert not form.has_edits()


def test_the_buttons_fit_a_narrow_form(form: Form, wait_until: Callable[..., None]) -> None:
    bill = editor(form)
    bill.set_value(PDF)
    beside, area = [bill.choose, bill.open, bill.save, bill.clear], form.area.viewport()
    lines = lambda: len({button.y() for button in beside})  # noqa: E731
    right = lambda: max(button.mapTo(area, button.rect().topRight()).x() for button in beside)  # noqa: E731
    least = lambda: min(button.height() for button in beside)  # noqa: E731
    wait_until(lambda: lines() == 1 and least() > 20)
    form.resize(230, 600)
    wait_until(lambda: lines() == 2 and right() < area.width() and least() > 20)
    form.resize(800, 600)
    wait_until(lambda: lines() == 1 and least() > 20)
