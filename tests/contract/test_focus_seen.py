"""What has the focus is seen: every kind of stop, in both themes, looks another with the focus than without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.conftest import spin_until
from tests.contract.keyboard_desk import Desk, opened_desk

#: A ring may stand around the widget itself, in pixels.
_AROUND = 5
#: So many pixels differ at least, which a caret alone does not reach, and by so much in all colours together.
_LEAST, _BY = 40, 24
#: The pages of the desk's tabs.
PAGES = range(11)


@pytest.fixture(scope="module")
def desk(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    flash = QApplication.cursorFlashTime()
    QApplication.setCursorFlashTime(0)
    opened = opened_desk(tmp_path_factory.mktemp("focus"), spin_until)
    desk = next(opened)
    theme, mode = desk.window.theme, desk.window.theme.mode
    yield desk
    theme.set_mode(mode)  # all windows of the process have the same
    next(opened, None)
    QApplication.setCursorFlashTime(flash)


def picture(widget: QWidget) -> QImage:
    """The widget and a little around it, as the window shows it."""
    top = widget.window()
    box = QRect(widget.mapTo(top, QPoint()), widget.size()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
    return top.grab(box & top.rect()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def differing(one: QImage, other: QImage) -> int:
    """How many pixels are clearly others."""
    assert one.size() == other.size()
    before, after = bytes(one.constBits()), bytes(other.constBits())
    if before == after:
        return 0
    places = range(0, len(before), 4)
    return sum(sum(abs(before[at + part] - after[at + part]) for part in range(3)) >= _BY for at in places
               if before[at : at + 3] != after[at : at + 3])  # fmt: skip


def shows_rows(page: QWidget) -> bool:
    """Whether all views of rows on a page have their rows."""
    from shell.focus import row_views

    return all(view.row_count() for view in row_views(page) if hasattr(view, "row_count") and view.isVisible())


def unseen(desk: Desk, known: set[type]) -> list[str]:
    """The stops in sight whose focus is not seen; those of classes that are known already are not tried again."""
    from shell.focus_order import focus_order

    found = []
    for stop in focus_order(desk.window):
        if type(stop) in known or not stop.isVisible():
            continue
        known.add(type(stop))
        other = desk.find if not desk.find.isAncestorOf(stop) and stop is not desk.find else desk.view
        desk.enter(other)
        before = picture(stop)
        stop.setFocus()
        assert desk.focus() is stop or stop.isAncestorOf(desk.focus()), stop
        if (count := differing(before, picture(stop))) < _LEAST:
            found.append(f"{type(stop).__name__} {stop.accessibleName()}: {count} pixels")
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_is_seen_at_every_kind_of_stop(desk: Desk, theme: str) -> None:
    desk.window.activateWindow()
    desk.window.theme.set_mode(theme)
    known: set[type] = set()
    problems = []
    for page in PAGES:
        desk.page(page)
        spin_until(lambda: shows_rows(desk.window))
        problems += [f"page {page}: {one}" for one in unseen(desk, known)]
    assert not problems, "\n".join(problems)
    assert len(known) > 18, known


@pytest.mark.parametrize("name", ["view", "lines", "shelf"])
def test_it_is_seen_where_there_are_no_rows(desk: Desk, name: str) -> None:
    desk.window.activateWindow()
    desk.page({"lines": 3, "shelf": 4}.get(name, 0))
    view = desk[name]
    desk.enter(desk.find)
    view.rows.set_filter("id < 0", {})
    spin_until(lambda: view.row_count() == 0 and view.condition.view.isVisible())
    before = picture(view)
    desk.enter(view)
    assert differing(before, picture(view)) > 4 * _LEAST
    view.rows.set_filter("", {})
    spin_until(lambda: view.row_count() == 40)


def test_a_widget_that_does_not_show_it_has_a_ring(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from shell.focus_ring import FocusRing

    desk.window.activateWindow()
    desk.page(1)
    area = desk["long"]
    monkeypatch.setattr(area, "focus_ring", lambda focus: area if focus is area else None, raising=False)
    desk.enter(desk.find)
    before = picture(area)
    area.setFocus()
    (ring,) = area.findChildren(FocusRing)
    assert ring.isVisible() and differing(before, picture(area)) > 10 * _LEAST
    area.resize(area.width() - 20, area.height())
    assert ring.size() == area.size()
    desk.enter(desk.find)
    assert not ring.isVisible()
    spin_until(lambda: not area.findChildren(FocusRing))
