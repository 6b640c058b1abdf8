"""Rows as pages: widths, pages with their headings, groups, and a PDF file that is whole or not there."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFont, QPageLayout, QPdfWriter

sys.path.insert(0, str(Path(__file__).parent))
from grid_world import World, grid_node  # noqa: E402

from kernel.error import EspalierError  # noqa: E402
from widgets.grid import Grid  # noqa: E402
from widgets.printing import rows as printing  # noqa: E402
from widgets.printing.sheet import Line, Sheet, SheetColumn  # noqa: E402

ROWS = 300


@pytest.fixture
def world(qapp: Any, tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, rows=ROWS)
    yield made
    made.close()


@pytest.fixture
def open_grid(world: World, wait_until: Callable[..., None]) -> Iterator[Callable[..., Grid]]:
    made: list[Grid] = []

    def open_it(count: int = ROWS, **properties: Any) -> Grid:
        grid = Grid(grid_node(**properties), world.context)
        made.append(grid)
        grid.resize(900, 400)
        grid.show()
        wait_until(lambda: grid.rows.cache.count == count)
        return grid

    yield open_it
    for grid in made:
        grid.close()
        grid.deleteLater()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that is painted, in order."""
    texts: list[str] = []
    paint = Sheet._text

    def note(self: Sheet, painter: Any, font: Any, text: str, box: Any, align: str) -> None:
        texts.append(text)
        paint(self, painter, font, text, box, align)

    monkeypatch.setattr(Sheet, "_text", note)
    return texts


def test_a_list_becomes_a_file_with_its_headings_on_every_page(
    world: World, open_grid: Any, wait_until: Any, written: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "orders.pdf"
    path.write_text("what was there before")
    printing.write_pdf(open_grid(), path)
    wait_until(lambda: any(message[0] == "success" for message in world.messages))
    data = path.read_bytes()
    pages = int(re.search(rb"/Count (\d+)", data).group(1))
    assert data.startswith(b"%PDF") and pages > 3
    assert world.messages[-1] == ("success", f"orders.pdf: {pages} pages")
    assert written.count("Customer") == written.count("Orders") == pages and f"Page 2 of {pages}" in written
    assert [text for text in written if text.startswith("Customer ")].count("Customer 2") == ROWS / 50
    assert list(tmp_path.glob(".*.part")) == []


def test_groups_stand_over_their_rows(
    world: World, open_grid: Any, wait_until: Any, written: list[str], tmp_path: Path
) -> None:
    printing.write_pdf(open_grid(count=1, group="status"), tmp_path / "groups.pdf")
    wait_until(lambda: world.messages)
    assert f"open ({ROWS})" in written and world.messages[-1] == ("success", "groups.pdf: 1 page")


def test_what_goes_wrong_leaves_the_file_as_it_was(
    world: World, open_grid: Any, wait_until: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "orders.pdf"
    path.write_text("what was there before")

    def fail(*_arguments: Any) -> None:
        raise OSError("no room left on the disk")

    monkeypatch.setattr(Sheet, "_row", fail)
    printing.write_pdf(open_grid(), path)
    wait_until(lambda: world.messages)
    assert world.messages[-1] == ("error", "Writing orders.pdf failed", "No room left on the disk")
    assert path.read_text() == "what was there before" and list(tmp_path.glob(".*.part")) == []


def test_too_many_rows_are_refused(open_grid: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(printing, "MOST_ROWS", ROWS - 1)
    with pytest.raises(EspalierError, match="300 rows are too many to print"):
        printing.write_pdf(open_grid(), tmp_path / "orders.pdf")


@pytest.mark.parametrize(("columns", "is_sideways"), [(3, False), (7, True), (60, True)])
def test_the_paper_is_turned_and_letters_get_smaller(
    qapp: Any, tmp_path: Path, columns: int, is_sideways: bool
) -> None:
    device = QPdfWriter(str(tmp_path / "wide.pdf"))
    lines = [Line(("A text of some length",) * columns)]
    made = Sheet(device, QFont("Inter"), "Wide", "", [SheetColumn("Name", "start", True)] * columns, lines)
    is_turned = device.pageLayout().orientation() == QPageLayout.Orientation.Landscape
    assert is_turned == is_sideways and sum(made.widths) <= device.width() + 1
    assert 6.5 <= made.points <= 9 and (made.points < 9) == (columns == 60)
    assert made.page_count(made.lines_on_page) == 1 and made.page_count(made.lines_on_page + 1) == 2
