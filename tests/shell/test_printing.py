"""Any view and the whole page of a window as a PDF file: by the commands, with letters that can be searched."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFont, QPdfWriter
from PySide6.QtWidgets import QFileDialog

from shell.boot import boot
from shell.session import Given
from widgets.printing import page as printing
from widgets.printing.page import Field, paint_fields

WaitUntil = Callable[..., None]
LAYOUT = """layout 1 title="Orders"
table orders source="orders" sort="id"
window title="Order desk" {
    grid orders id=grid
    list orders id=list title="{name}" subtitle="status" trailing="total"
    cards orders id=cards title="id" { show name; show status }
    form id=form of=grid.current { field status; field notes }
    chart orders id=chart group=status value="count()"
}
"""


@pytest.fixture
def window(qapp: Any, tmp_path: Path, wait_until: WaitUntil) -> Iterator[Any]:
    folder = tmp_path / "app"
    folder.mkdir()
    database = sqlite3.connect(folder / "orders.sqlite")
    database.execute("create table orders (id integer primary key, name text, status text, notes text, total numeric)")
    rows = [(f"order {at}", ("open", "shipped")[at % 2], "a note", at / 4) for at in range(120)]
    database.executemany("insert into orders (name, status, notes, total) values (?, ?, ?, ?)", rows)
    database.commit()
    database.close()
    (folder / "main.kdl").write_text(LAYOUT)
    (folder / "app.toml").write_text(
        'name = "orders"\ntitle = "Orders"\nversion = "1"\n[sources.main]\nkind = "sqlite"\npath = "orders.sqlite"\n'
        '[requires]\nplugins = { chart = "1" }\n'
    )
    session = boot(str(folder), Given(basedir=str(tmp_path / "home")))
    made = session.windows[0]
    made.resize(1000, 1400)
    widgets = made.context.widgets
    wait_until(lambda: all(widgets[name].rows.cache.is_exact for name in ("grid", "list", "cards")))
    wait_until(lambda: widgets["form"].row is not None and widgets["form"].row.values)
    wait_until(lambda: widgets["chart"].state == "ready")
    yield made
    made.close_anyway()
    session.close()


@pytest.fixture
def saved(window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil) -> Callable[..., bytes]:
    """The file that a command writes while a widget has the focus."""

    def save(name: str, command: str = "view.save-pdf") -> bytes:
        path = tmp_path / f"{name}.pdf"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
        window.activateWindow()
        widget = window.context.widgets[name]
        (widget.fields[0].editor if hasattr(widget, "fields") else widget).setFocus()
        wait_until(lambda: window.focusWidget() is not None)
        window._focus._activate(widget)
        window.registry.run(command)
        wait_until(lambda: path.exists() or window.messages.history)
        assert path.exists(), [(one.text, one.detail) for one in window.messages.history]
        return path.read_bytes()

    return save


def pages_of(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", content))


@pytest.mark.parametrize("name", ["list", "cards", "form", "chart"])
def test_any_view_becomes_a_file(window: Any, saved: Callable[..., bytes], wait_until: WaitUntil, name: str) -> None:
    content = saved(name)
    assert content.startswith(b"%PDF") and b"/Font" in content
    assert (pages_of(content) > 1) is (name in ("list", "cards"))
    wait_until(lambda: any(f"{name}.pdf: " in message.text for message in window.messages.history))


def test_the_whole_page_is_one_page_of_lines_and_letters(window: Any, saved: Callable[..., bytes]) -> None:
    window.theme.set_mode("dark")
    try:
        content = saved("grid", "window.save-pdf")
        assert window.theme.mode == "dark"
    finally:
        window.theme.set_mode("light")
    assert pages_of(content) == 1 and b"/Font" in content


def test_long_fields_go_over_pages(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    plain = printing._text
    monkeypatch.setattr(
        printing, "_text", lambda painter, font, text, box: (told.append(text), plain(painter, font, text, box))
    )
    words = " ".join(f"word{number}" for number in range(1500))
    device = QPdfWriter(str(tmp_path / "a.pdf"))
    fields = [Field("Name", "Ann"), Field("Notes", f"{words}\n\nend"), Field("Empty", "")]
    pages = paint_fields(device, QFont(), "A row", fields)
    assert pages > 1 and pages_of((tmp_path / "a.pdf").read_bytes()) == pages
    assert " ".join(told).split().count("word1499") == 1 and "end" in told
    assert [told.count(name) for name in ("Name", "Notes", "Empty")] == [1, 1, 1]


def test_nothing_to_print_is_said(window: Any) -> None:
    form = window.context.widgets["form"]
    form.row.values = None
    window._focus._activate(form)
    window.setFocus()
    window.registry.run("view.print")
    assert "there is no row to print" in window.messages.history[-1].text


def test_what_cannot_be_written_leaves_nothing(window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "no" / "a.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.registry.run("window.save-pdf")
    assert "cannot be written" in window.messages.history[-1].text and not path.parent.exists()
