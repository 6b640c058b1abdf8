"""Any view and the whole page of a window as a PDF file: by the commands, with letters that can be searched."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFont, QPdfWriter
from PySide6.QtWidgets import QLabel, QScrollArea

from shell.boot import boot
from shell.session import Given
from tests.widgets.behaviour_world import World
from widgets import file_dialog
from widgets.printing import page as printing
from widgets.printing import sheet
from widgets.printing.document import Document, _on_pages
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
        monkeypatch.setattr(file_dialog, "name_to_save", lambda *_: str(path))
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


def test_the_whole_page_is_lines_and_letters_and_runs_on_with_the_rows_of_its_lists(
    window: Any, saved: Callable[..., bytes], wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[tuple[int, int]] = []
    for module in (printing, sheet):
        monkeypatch.setattr(module, "page_of", lambda page, pages: heads.append((page, pages)) or f"{page}/{pages}")
    window.theme.set_mode("dark")
    try:
        content = saved("grid", "window.save-pdf")
        assert window.theme.mode == "dark"
    finally:
        window.theme.set_mode("light")
    count = pages_of(content)
    assert count > 4 and b"/Font" in content, "what is seen, then 120 rows three times"
    assert heads == [(page, count) for page in range(1, count + 1)]
    wait_until(lambda: any(f"grid.pdf: {count} pages" in message.text for message in window.messages.history))


def test_a_page_whose_lists_are_too_long_says_so(
    window: Any, saved: Callable[..., bytes], wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.printing.document.MOST_ROWS", 100)
    assert pages_of(saved("grid", "window.save-pdf")) == 1
    wait_until(lambda: any("only the rows in sight" in message.text for message in window.messages.history))


def test_what_is_scrolled_runs_on_and_no_page_ends_within_a_line(qapp: Any, tmp_path: Path) -> None:
    world = World()
    lines = "; ".join(f'label "Line {number}"' for number in range(200))
    world.show(f'label "Above"; scroll {{ {lines} }}')
    document = Document(world.window, "Long", world.context.theme, [])
    device = QPdfWriter(str(tmp_path / "long.pdf"))
    count = document.paint(device)
    assert count > 3 and pages_of((tmp_path / "long.pdf").read_bytes()) == count
    (part,) = document._scrolled
    pages = list(_on_pages(part, 1000))
    assert [band for page in pages for band in page] == part.bands
    assert all(page[-1].box.bottom() + 1 - page[0].box.top() <= 1000 for page in pages) and len(pages) > 3
    assert all(one.box.bottom() + 1 == other.box.top() for one, other in pairwise(part.bands))
    tops = {one.y() for one in world.window.findChild(QScrollArea).widget().findChildren(QLabel)}
    assert {page[0].box.top() for page in pages[1:]} <= tops, "a page begins with a line"
    world.close()


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


def test_what_cannot_be_written_leaves_nothing(
    window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    path = tmp_path / "no" / "a.pdf"
    monkeypatch.setattr(file_dialog, "name_to_save", lambda *_: str(path))
    window.registry.run("window.save-pdf")
    wait_until(lambda: window.messages.history)
    told = window.messages.history[-1]
    assert told.text == "Writing a.pdf failed" and "No such file" in told.detail and not path.parent.exists()
