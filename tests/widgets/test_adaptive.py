"""Windows of any width and texts of any size: size classes, what goes first, and that no text is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QToolButton,
    QWidget,
)

from tests.widgets.test_dress import World, world  # noqa: F401 (a fixture)

#: One of every kind that shows a text of its own.
EVERYTHING = """
    state name "Anna"
    state amount 3
    state gift #true
    row { label "Title gy" style=title; label "Heading" style=heading; label "Caption" style=caption icon=order }
    row { button "Plain" run="x.y"; button "Ship" run="x.y" icon=check emphasis=primary }
    row { menu "More" { item "1" run="x.y" } }
    row { search id=find placeholder="Search everything"; link "Carrier page" url="https://example.org" }
    group "Address gy" { input name label="Name"; input amount label="Amount"; input gift label="Gift" }
    message "All is well" level=success command=x.y
    progress 0.4 text="Sending"
    tabs { tab "One" icon=order badge="4" { label "1" }; tab "Two" { label "2" } }
    tabs side=start filter=#true { tab "A page" icon=order { label "1" }; tab "Two" { label "2" } }
    toolbar { button "A button" run="x.y"; separator; menu "Menu" { item "1" run="x.y" } }
    status { label "status gy" }
"""


@pytest.mark.parametrize("size", [0.8, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("is_live", [False, True])
def test_no_text_is_cut_at_any_size(world: World, size: float, is_live: bool) -> None:  # noqa: F811
    if not is_live:
        world.theme.set_text_size(size)
    world.show("", EVERYTHING)
    world.window.resize(2600, 2400)
    if is_live:
        world.theme.set_text_size(size)
    QApplication.processEvents()
    measured = list(texts(world.window))
    assert len(measured) > 20
    assert [described(one) for one in measured if is_cut(one)] == []


def texts(window: QWidget) -> Iterator[QWidget]:
    """All labels, buttons and fields that are seen; a button with an icon alone has no text."""
    for one in window.findChildren(QWidget):
        is_icon = isinstance(one, QToolButton) and not one.text()
        is_text = isinstance(one, QLabel | QAbstractButton | QLineEdit | QAbstractSpinBox | QComboBox | QTabBar)
        if is_text and not is_icon and one.isVisible():
            yield one


def is_cut(one: QWidget) -> bool:
    hint, height = one.sizeHint(), one.fontMetrics().height()
    is_wrapped = isinstance(one, QLabel) and one.wordWrap()
    # What a field says may be longer than the field; its line has to fit.
    is_field = isinstance(one, QLineEdit | QAbstractSpinBox | QComboBox)
    wanted_width = 0 if is_wrapped or is_field else hint.width()
    return one.height() < (height if is_wrapped else max(hint.height(), height)) or one.width() < wanted_width


def described(one: QWidget) -> tuple[object, ...]:
    return (
        type(one).__name__,
        one.text() if hasattr(one, "text") else "",
        one.size().toTuple(),
        one.sizeHint().toTuple(),
    )


def test_the_size_class_follows_the_width_and_the_text_size(world: World) -> None:  # noqa: F811
    text = 'label "{window.size_class}" id=one\nif "window.size_class == \'compact\'" { label "small" id=small }'
    world.show("", text)
    seen = []
    for width in (500, 700, 1100, 500):
        world.window.resize(width, 400)
        seen.append((world["one"].text(), "small" in world.context.widgets))
    assert seen == [("compact", True), ("medium", False), ("wide", False), ("compact", True)]
    world.window.resize(1100, 400)
    world.theme.set_text_size(2.0)
    world.window.resize(1101, 400)
    assert world["one"].text() == "compact"


ROW = (
    'row id=line { label "First" id=a; button "Second one" id=b run="x.y" collapse=1; '
    'button "Third" id=c run="x.y" collapse=2 }'
)


def shown(world: World, fits: str) -> str:  # noqa: F811
    """The children that are seen in a window that is just wide enough for some of them."""
    widths = [world[name].minimumSizeHint().width() + world.theme.space("normal") for name in fits]
    world.window.resize(sum(widths) + 2 * world.theme.space("wide"), 200)
    QApplication.processEvents()
    return "".join(name for name in "abc" if not world[name].isHidden())


def test_the_highest_goes_first_and_comes_back(world: World) -> None:  # noqa: F811
    world.show("", ROW)
    assert [shown(world, fits) for fits in ("abc", "ab", "a", "ab", "abc")] == ["abc", "ab", "a", "ab", "abc"]


def test_what_the_layout_hides_is_not_shown_for_want_of_room(world: World) -> None:  # noqa: F811
    world.show("", "state more #false\n" + ROW.replace("collapse=1", 'collapse=1 visible="more"'))
    assert [shown(world, fits) for fits in ("ac", "a", "abc")] == ["ac", "a", "ac"]
    world.context.scope.publish("more", True)
    assert [shown(world, fits) for fits in ("ab", "abc")] == ["ab", "abc"]


def test_collapse_changes_while_the_row_lives(world: World) -> None:  # noqa: F811
    world.show("", ROW)
    assert shown(world, "ab") == "ab"
    world.patch("", ROW.replace("collapse=1", "collapse=3"))
    assert shown(world, "ab") == "ac"


def test_a_toolbar_lets_go_what_the_layout_says_first(world: World) -> None:  # noqa: F811
    world.show("", ROW.replace("row ", "toolbar ").replace("collapse=1", "collapse=3"))
    assert shown(world, "abc" + "c") == "abc"
    assert not world["b"].isHidden()
    world.window.resize(world["a"].width() + world["c"].width() + 110, 200)
    QApplication.processEvents()
    assert (world["b"].isHidden(), world["c"].isHidden()) == (True, False)


def test_the_least_width_is_kept(world: World) -> None:  # noqa: F811
    world.show("", 'row { button "A" id=a run="x.y" min_width=150 }')
    world.window.resize(400, 300)
    QApplication.processEvents()
    assert world["a"].width() >= 150
    before = world["a"].minimumWidth()
    world.patch("", 'row { button "A" id=a run="x.y" }')
    assert (before, world["a"].minimumWidth()) == (150, 0)


def test_the_least_height_is_kept(world: World) -> None:  # noqa: F811
    world.show("", 'column { button "A" id=a run="x.y" min_height=90 }')
    before = world["a"].minimumHeight()
    QApplication.processEvents()
    assert world["a"].height() >= 90
    world.patch("", 'column { button "A" id=a run="x.y" }')
    assert (before, world["a"].minimumHeight() < 90) == (90, True)


def test_a_split_from_the_right_keeps_within_its_edges(world: World) -> None:  # noqa: F811
    world.show("", 'split id=main { label "One" id=one; label "Two" id=two }')
    for direction in (Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight):
        world.window.setLayoutDirection(direction)
        world.window.resize(world.window.width() + 1, 300)
        QApplication.processEvents()
        is_mirrored = direction == Qt.LayoutDirection.RightToLeft
        assert (world["one"].x() > world["two"].x()) is is_mirrored
        assert all(world["main"].rect().contains(world[name].geometry()) for name in ("one", "two"))
