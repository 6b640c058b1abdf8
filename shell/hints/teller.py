"""How widgets of each class tell what a person may choose in them, where they have no ``hint_targets`` of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSplitterHandle,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from widgets.hint import HintTarget

Tell = Callable[[Any], list[HintTarget]]
TellOne = Callable[[Any], HintTarget]
#: What is chosen as a whole has no place of its own.
_WHOLE = QRect()
#: A pane that is higher than this, in pixels, is gone to; a lower one is clicked.
_LOW = 56
_SHORTCUT = Qt.FocusReason.ShortcutFocusReason


def name_of(widget: QWidget) -> str:
    """What a widget is called: its accessible name, else its tooltip."""
    return widget.accessibleName() or widget.toolTip()


def focus(widget: QWidget) -> None:
    """Put the focus into a widget that still is there."""
    if isValid(widget):
        widget.setFocus(_SHORTCUT)


def click(widget: QWidget, place: QPoint) -> None:
    """Click there as the mouse does; the focus goes along where a click takes it."""
    if not isValid(widget):
        return
    if widget.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        widget.setFocus(Qt.FocusReason.MouseFocusReason)
    left, at, on_screen = Qt.MouseButton.LeftButton, QPointF(place), QPointF(widget.mapToGlobal(place))
    for kind, buttons in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, Qt.MouseButton(0))):
        if isValid(widget):
            event = QMouseEvent(kind, at, on_screen, left, buttons, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(widget, event)


def _tell_button(button: QAbstractButton) -> HintTarget:
    return HintTarget(_WHOLE, lambda: _button_text(button), "button", lambda: _press(button), lambda: focus(button))


def _button_text(button: QAbstractButton) -> str:
    return button.text().replace("&", "") or name_of(button)


def _press(button: QAbstractButton) -> None:
    if not isValid(button):
        return
    if button.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        button.setFocus(_SHORTCUT)
    if isinstance(button, QPushButton | QToolButton) and button.menu() is not None:
        button.showMenu()
    else:
        button.click()


def _tell_field(field: QWidget) -> HintTarget:
    return HintTarget(_WHOLE, lambda: _field_text(field), "field", lambda: focus(field))


def _field_text(field: QWidget) -> str:
    text = field.text() if isinstance(field, QLineEdit | QAbstractSpinBox) else ""
    return " ".join(part for part in (name_of(field), text, getattr(field, "placeholderText", str)()) if part)


def _tell_combo(box: QComboBox) -> HintTarget:
    def act() -> None:
        focus(box)
        if isValid(box) and not box.isEditable():
            box.showPopup()

    text = lambda: f"{name_of(box)} {box.currentText()}".strip()  # noqa: E731
    return HintTarget(_WHOLE, text, "field", act, lambda: focus(box))


def _tell_tabs(bar: QTabBar) -> list[HintTarget]:
    return [_tab(bar, index) for index in range(bar.count()) if bar.isTabVisible(index) and bar.isTabEnabled(index)]


def _tab(bar: QTabBar, index: int) -> HintTarget:
    def act() -> None:
        if isValid(bar) and index < bar.count():
            bar.setCurrentIndex(index)
            focus(bar)

    take_away = getattr(bar, "taken_away", None)
    out = (lambda: take_away.emit(index)) if take_away is not None else None
    return HintTarget(bar.tabRect(index), bar.tabText(index).replace("&&", "&"), "tab", act,
                      lambda: focus(bar), open_outside=out)  # fmt: skip


def _tell_menus(bar: QMenuBar) -> list[HintTarget]:
    shown = [action for action in bar.actions() if action.isVisible() and action.isEnabled()]
    return [
        HintTarget(bar.actionGeometry(action), action.text().replace("&", ""), "menu",
                   lambda action=action: bar.setActiveAction(action) if isValid(bar) else None)
        for action in shown
    ]  # fmt: skip


def _tell_items(view: QAbstractItemView) -> list[HintTarget]:
    """The lines in sight, each by its first column."""
    found, port = [], view.viewport()
    offset, model = port.pos(), view.model()
    index = view.indexAt(QPoint(4, 4)) if model is not None else None
    if index is not None and not index.isValid():
        index = model.index(0, 0, view.rootIndex())
    while index is not None and index.isValid():
        box = view.visualRect(index)
        if box.top() >= port.height() or len(found) > port.height():
            break
        if box.isValid() and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            found.append(_line(view, index, box, offset))
        below = view.indexBelow(index) if hasattr(view, "indexBelow") else index.siblingAtRow(index.row() + 1)
        index = below
    return found or [_tell_view(view)._replace(rect=view.rect())]


def _line(view: QAbstractItemView, index: Any, box: QRect, offset: QPoint) -> HintTarget:
    place, said = box.center(), str(index.data() or "")

    def act() -> None:
        if isValid(view):
            focus(view)
            view.setCurrentIndex(index)
            click(view.viewport(), place)

    def go() -> None:
        if isValid(view):
            focus(view)
            view.setCurrentIndex(index)

    return HintTarget(box.translated(offset), said, "row", act, go)


def _tell_border(handle: QSplitterHandle) -> HintTarget:
    def act() -> None:
        if isValid(handle):
            if hasattr(handle, "came_from"):
                handle.came_from = QApplication.focusWidget()
            focus(handle)

    return HintTarget(_WHOLE, name_of(handle), "border", act)


def _tell_pane(pane: QWidget) -> HintTarget:
    """What takes the focus, and is known for nothing else: a low one is clicked in its middle, as what it may be."""
    place, is_low = pane.rect().center(), pane.height() <= _LOW
    act = (lambda: click(pane, place)) if is_low else (lambda: focus(pane))
    return HintTarget(_WHOLE, lambda: name_of(pane), "view", act, lambda: focus(pane))


def _tell_view(pane: QWidget) -> HintTarget:
    """A pane of which only the focus is wanted."""
    return HintTarget(_WHOLE, lambda: name_of(pane), "view", lambda: focus(pane))


class Teller(NamedTuple):
    """Who tells what may be chosen in a widget.

    Attributes:
        one: Tells the widget itself as a target.
        many: Tells several targets in it.
        is_whole: Whether nothing below it is asked.
        is_asked: Whether the widget's own ``hint_targets`` is asked, which may answer later.
        is_plain: Whether nothing is known of its class, so that it is one when it takes the focus.
    """

    one: TellOne | None = None
    many: Tell | None = None
    is_whole: bool = False
    is_asked: bool = False
    is_plain: bool = False


_NOBODY, _PANE = Teller(is_plain=True), Teller(_tell_pane)
#: The first row that fits a class counts.
_CLASSES: tuple[tuple[type | tuple[type, ...], Teller], ...] = (
    (QAbstractButton, Teller(_tell_button, is_whole=True)),
    ((QLineEdit, QPlainTextEdit, QTextEdit), Teller(_tell_field)),
    (QAbstractSpinBox, Teller(_tell_field, is_whole=True)),
    (QComboBox, Teller(_tell_combo, is_whole=True)),
    (QTabBar, Teller(many=_tell_tabs)),
    (QMenuBar, Teller(many=_tell_menus, is_whole=True)),
    (QAbstractItemView, Teller(many=_tell_items)),
    (QSplitterHandle, Teller(_tell_border, is_whole=True)),
    (QScrollBar, Teller(is_whole=True)),
    (QAbstractSlider, Teller(_tell_view, is_whole=True)),
    (QScrollArea, Teller()),
)
#: Class of widgets → its row.
_KNOWN: WeakKeyDictionary[type, Teller] = WeakKeyDictionary()


def teller_of(widget: QWidget) -> Teller:
    """Who tells what may be chosen in a widget."""
    kind = type(widget)
    known = _KNOWN.get(kind)
    if known is None:
        known = _KNOWN[kind] = _look_up(kind)
    if known.is_plain and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None:
        return _PANE
    return known


def _look_up(kind: type) -> Teller:
    if hasattr(kind, "hint_targets"):
        return Teller(is_asked=True)
    return next((teller for classes, teller in _CLASSES if issubclass(kind, classes)), _NOBODY)
