"""How widgets of each class tell what a person may choose in them, where they have no ``hint_targets`` of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
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


def _tell_button(button: QAbstractButton) -> list[HintTarget]:
    return [HintTarget(button.rect(), lambda: button.text().replace("&", "") or name_of(button), "button",
                       lambda: _press(button), lambda: focus(button))]  # fmt: skip


def _press(button: QAbstractButton) -> None:
    if not isValid(button):
        return
    if button.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        button.setFocus(_SHORTCUT)
    if isinstance(button, QPushButton | QToolButton) and button.menu() is not None:
        button.showMenu()
    else:
        button.click()


def _tell_field(field: QWidget) -> list[HintTarget]:
    return [HintTarget(field.rect(), lambda: _field_text(field), "field", lambda: focus(field))]


def _field_text(field: QWidget) -> str:
    text = field.text() if isinstance(field, QLineEdit | QAbstractSpinBox) else ""
    return " ".join(part for part in (name_of(field), text, getattr(field, "placeholderText", str)()) if part)


def _tell_combo(box: QComboBox) -> list[HintTarget]:
    def act() -> None:
        focus(box)
        if isValid(box) and not box.isEditable():
            box.showPopup()

    text = lambda: f"{name_of(box)} {box.currentText()}".strip()  # noqa: E731
    return [HintTarget(box.rect(), text, "field", act, lambda: focus(box))]


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
    return found or _tell_view(view)


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


def _tell_border(handle: QSplitterHandle) -> list[HintTarget]:
    def act() -> None:
        if isValid(handle):
            if hasattr(handle, "came_from"):
                handle.came_from = QApplication.focusWidget()
            focus(handle)

    return [HintTarget(handle.rect(), name_of(handle), "border", act)]


def _tell_pane(pane: QWidget) -> list[HintTarget]:
    """What takes the focus, and is known for nothing else: a low one is clicked in its middle, as what it may be."""
    place, is_low = pane.rect().center(), pane.height() <= _LOW
    act = (lambda: click(pane, place)) if is_low else (lambda: focus(pane))
    return [HintTarget(pane.rect(), lambda: name_of(pane), "view", act, lambda: focus(pane))]


def _tell_view(pane: QWidget) -> list[HintTarget]:
    """A pane of which only the focus is wanted."""
    return [HintTarget(pane.rect(), lambda: name_of(pane), "view", lambda: focus(pane))]


def ASKED(_widget: Any) -> list[HintTarget]:
    """Stands for a widget's own ``hint_targets``, which may answer later."""
    raise NotImplementedError


#: Class → (who tells of it, whether nothing below it is asked); the first that fits counts.
_CLASSES: tuple[tuple[type | tuple[type, ...], Tell | None, bool], ...] = (
    (QAbstractButton, _tell_button, True),
    ((QLineEdit, QPlainTextEdit, QTextEdit), _tell_field, False),
    (QAbstractSpinBox, _tell_field, True),
    (QComboBox, _tell_combo, True),
    (QTabBar, _tell_tabs, False),
    (QMenuBar, _tell_menus, True),
    (QAbstractItemView, _tell_items, False),
    (QSplitterHandle, _tell_border, True),
    (QScrollBar, None, True),
    (QAbstractSlider, _tell_view, True),
    (QScrollArea, None, False),
)
#: Class of widgets → its row of the table, without who tells of panes.
_KNOWN: WeakKeyDictionary[type, tuple[Tell | None, bool, bool]] = WeakKeyDictionary()


def teller_of(widget: QWidget) -> tuple[Tell | None, bool]:
    """Who tells what may be chosen in a widget, None for nobody; and whether nothing below it is asked."""
    kind = type(widget)
    known = _KNOWN.get(kind)
    if known is None:
        known = _KNOWN[kind] = _look_up(kind)
    tell, is_whole, is_plain = known
    if is_plain and widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None:
        return _tell_pane, is_whole
    return tell, is_whole


def _look_up(kind: type) -> tuple[Tell | None, bool, bool]:
    if hasattr(kind, "hint_targets"):
        return ASKED, False, False
    for classes, tell, is_whole in _CLASSES:
        if issubclass(kind, classes):
            return tell, is_whole, False
    return None, False, True
