"""How cells are drawn: the table of looks, and that every look draws every value, short and in both themes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QColor, QImage, QPainter

from layouts.kinds.data import DATA, LOOKS
from widgets.grid.cell import Cell
from widgets.grid.look import Look
from widgets.grid.measure import ELLIPSIS
from widgets.grid.renderer.image import decode
from widgets.grid.renderer.sparkline import numbers_of
from widgets.grid.renderer.table import RENDERERS, draw_of
from widgets.grid.shown_text import LONGEST, directed, shown_text
from widgets.theme import Theme

SIZE = QSize(120, 30)


class Column:
    """The part of a column that renderers read."""

    path, label, low, high = "n", "N", None, None


class Keep:
    """A store without a grid or threads."""

    def __init__(self) -> None:
        self.low_high = (0.0, 10.0)

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        return make()

    get_later = get

    def range(self, column: Any, value: float) -> tuple[float, float]:
        return self.low_high

    def read_file(self, path: str) -> bytes | None:
        return None

    def ratio(self) -> float:
        return 1.0


def drawn(name: str, value: Any, theme: str = "light", text: str = "") -> QImage:
    """A cell on the theme's surface."""
    look = Look(Theme(theme))
    image = QImage(SIZE, QImage.Format.Format_RGB32)
    image.fill(look.colors["surface"])
    painter = QPainter(image)
    painter.setFont(look.font)
    text = text or str(value)[:12]
    advance = look.measure.width(text)
    draw_of(name)(painter, Cell(0, 0, 120, text, advance, value, "start", "text", "", Column(), Keep()), look)
    assert painter.renderHints() & QPainter.RenderHint.Antialiasing == QPainter.RenderHint(0)
    painter.end()
    return image


def picture(color: str = "#ff0000", width: int = 400, height: int = 200) -> bytes:
    """A PNG of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return buffer.data().data()


def test_the_kind_table_names_the_looks() -> None:
    show = next(kind for kind in DATA if kind.name == "show")
    choices = next(one.choices for one in show.properties if one.name == "as")
    assert choices == LOOKS == ("auto", *(row.name for row in RENDERERS))
    assert all(row.doc.endswith(".") for row in RENDERERS)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", [row.name for row in RENDERERS])
def test_every_look_draws_every_value(qapp: Any, name: str, theme: str) -> None:
    values = (
        None, True, False, 0, -3, 10**400, 0.5, float("nan"), float("inf"), Decimal("1e999"), "", "text", "#2f6fed",
        "1,2", "[", "\ud800", b"", b"no picture", picture(), datetime.date(2026, 1, 1), ["list"],
    )  # fmt: skip
    empty = QImage(SIZE, QImage.Format.Format_RGB32)
    empty.fill(Look(Theme(theme)).colors["surface"])
    for value in values:
        assert drawn(name, value, theme, "shown") != empty, value


def test_a_swatch_and_a_picture_have_their_colour(qapp: Any) -> None:
    assert drawn("color", "#2f6fed").pixelColor(18, 15) == QColor("#2f6fed")
    assert drawn("image", picture()).pixelColor(20, 15) == QColor("#ff0000")


def test_a_bar_is_as_long_as_its_part_and_keeps_the_texts_contrast(qapp: Any) -> None:
    for theme in ("light", "dark"):
        surface = Look(Theme(theme)).colors["surface"]
        half = drawn("bar", 5, theme)
        grounds = [half.pixelColor(x, 24) for x in range(120)]
        assert grounds[50] != surface and grounds[70] == surface
        ink = Look(Theme(theme)).colors["text"]
        assert contrast(ink, grounds[50]) >= 4.5
        assert contrast(ink, drawn("scale", 10, theme).pixelColor(100, 4)) >= 4.5


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2's contrast ratio."""

    def light(color: QColor) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_pictures_are_decoded_at_the_size_of_the_cell(qapp: Any, tmp_path: Path) -> None:
    assert decode(picture(), None, QSize(100, 24)).size() == QSize(48, 24)
    assert decode("a.png", lambda path: picture() if path == "a.png" else None, QSize(20, 90)).size() == QSize(20, 10)
    assert decode(b"\0" * 100, None, QSize(9, 9)).isNull() and decode("x", lambda path: None, QSize(9, 9)).isNull()


def test_numbers_of_a_sparkline() -> None:
    assert numbers_of("[1, 2.5,-3e1]") == numbers_of("1 2.5; -30") == [1, 2.5, -30]
    assert numbers_of("") == numbers_of("1, two") == numbers_of("1e999") == []
    many = numbers_of(",".join(map(str, range(3000))))
    assert len(many) <= 401 and (many[0], many[-1]) == (0, 2999)


def test_shown_text_is_short_and_safe() -> None:
    assert shown_text("plain") == "plain"
    assert shown_text("a\r\nb\tc\0") == "a b c\ufffd"
    assert shown_text("x" * 10_000_000) == "x" * LONGEST
    assert shown_text("\u202eevil\u2066") == "evil"
    assert shown_text("e" + "\u0301" * 50) == "e" + "\u0301" * 3
    assert shown_text("\ud800") == "\ufffd"
    assert shown_text("\u05e9\u05dc\u05d5\u05dd 👩\u200d👩\u200d👧") == "\u05e9\u05dc\u05d5\u05dd 👩\u200d👩\u200d👧"


def test_texts_go_the_way_of_their_first_letter() -> None:
    assert directed("plain") == "plain" and directed("ä שלום") == "ä שלום" and directed("12,5 €") == "12,5 €"
    assert directed("3 שלום…") == "\u20673 שלום…\u2069" and directed("مرحبا abc") == "\u2067مرحبا abc\u2069"


def test_texts_are_measured_as_qt_does_and_cut_to_the_room(qapp: Any) -> None:
    measure = Look(Theme("light")).measure
    for text in ("12,345.67", "2026-01-31", "Tom & AVA", "שלום"):
        assert measure.width(text) == pytest.approx(measure.metrics.horizontalAdvance(text), abs=0.1)
        assert measure.rough_width(text) == pytest.approx(measure.width(text), rel=0.15)
    for text in ("a longer text that does not fit", "W" * 400, "ein längerer Text mit ä", "שלום " * 80):
        cut, width = measure.fit(text, 60)
        assert cut.endswith(ELLIPSIS) or ELLIPSIS in cut
        assert 30 < width <= 62 and text.startswith(cut.rstrip(ELLIPSIS))
    assert measure.fit("wide", 2) == ("", 0) and measure.fit("fits", 200)[0] == "fits"
