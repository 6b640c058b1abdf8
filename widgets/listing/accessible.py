"""Views of rows as assistive technology walks them: places on the screen, made once and read anew at each question.

Their number stays small however many rows there are. Qt keeps what is registered for ever, so it is taken back.
"""

from __future__ import annotations

import atexit
import ctypes
from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget
from shiboken6 import getCppPointer, isValid

from widgets.listing.view import VIEWS as _VIEWS

#: What a view has → the class that it is walked as.
_KINDS = {
    "cell_text": "widgets.grid.accessible_table:GridTable",
    "item_text": "widgets.items.accessible:ItemList",
}
#: The views that assistive technology has met and that live.
_MET: list[Walked] = []
#: Those whose view is being taken down.
_GONE: list[Walked] = []
_has_ended = False


class Walked(QAccessibleWidget):
    """A view whose children are places in sight.

    Attributes:
        view: The view.
    """

    def __init__(self, view: QWidget, role: QAccessible.Role) -> None:
        super().__init__(view, role)
        self.view: Any = view
        self._places: dict[Hashable, QAccessibleInterface] = {}
        _MET.append(self)
        view.destroyed.connect(self.forget)

    def place(self, at: Hashable, make: Callable[[], QAccessibleInterface]) -> QAccessibleInterface:
        """What stands at a place, made when it is asked for first."""
        if at not in self._places:
            self._places[at] = make()
            QAccessible.registerAccessibleInterface(self._places[at])
        return self._places[at]

    def forget(self) -> None:
        """Take the places back from Qt."""
        places, self._places = self._places, {}
        for place in places.values():
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(place))
        if self in _MET:
            _MET.remove(self)
            # Qt takes it down in a moment, and Python must not before.
            _GONE[:] = [one for one in _GONE if isValid(one)] + [self]


class Place(QAccessibleInterface):
    """One place in a view: it has no object and no children of its own, and is edited by keys alone."""

    def __init__(self, of: Walked) -> None:
        super().__init__()
        self._of = of

    def object(self) -> QObject | None:
        """No object of its own."""
        return None

    def window(self) -> Any:
        """The view's window."""
        return self._of.view.window().windowHandle()

    def parent(self) -> QAccessibleInterface:
        """The view."""
        return self._of

    def child(self, index: int) -> None:
        """It has none."""

    def childAt(self, x: int, y: int) -> None:  # Qt's name
        """It has none."""

    def childCount(self) -> int:  # Qt's name
        """It has none."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:  # Qt's name
        """It has none."""
        return -1

    def setText(self, kind: QAccessible.Text, text: str) -> None:  # Qt's name
        """Nothing is edited this way."""


def walked(view: QWidget) -> Any:
    """The view as a :class:`Walked`; an interface that Qt made of it before our factory was there is replaced."""
    found = QAccessible.queryAccessibleInterface(view)
    if not hasattr(found, "index_of"):
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(found))
        found = QAccessible.queryAccessibleInterface(view)
    return found


def tell(view: QWidget, description: str, *place: int) -> None:
    """Tell where the person is now: what the view is described by, and which of its places has the focus."""
    view.setAccessibleDescription(description)
    if QAccessible.isActive():
        index = walked(view).index_of(*place)
        if index >= 0 and view.hasFocus():
            event = QAccessibleEvent(view, QAccessible.Event.Focus)
            event.setChild(index)
            QAccessible.updateAccessibility(event)
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.DescriptionChanged))


def _make(_name: str, thing: Any) -> Any:
    """Qt asks for each object that assistive technology meets; None leaves it to Qt."""
    path = next((path for has, path in _KINDS.items() if hasattr(thing, has)), "")
    if _has_ended or not path:
        return None
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)(thing)


@atexit.register
def _end() -> None:
    """Nobody listens when Python ends; Qt must not ask it then."""
    global _has_ended
    _has_ended = True
    QAccessible.setActive(False)
    for view in list(_MET):
        view.forget()
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(view))


def _install() -> Any:
    """Have Qt ask :func:`_make`; answers what has to live as long.

    WORKAROUND PySide6 6.11: Qt shows a factory every object, and PySide ends the process on those of Chromium, which
    are compiled without what tells their type. So the function that Qt calls is one of ctypes where that can be: it
    looks at the address alone, and only objects that Python has made already become objects of Python.
    """
    install = getattr(_qt_gui(), "_ZN11QAccessible14installFactoryEPFP20QAccessibleInterfaceRK7QStringP7QObjectE", None)
    if install is None:
        QAccessible.installFactory(_make)
        return None

    @ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    def factory(_name: int, address: int) -> int | None:
        view = next((one for one in _VIEWS if isValid(one) and getCppPointer(one)[0] == address), None)
        made = _make("", view) if view is not None else None
        return getCppPointer(made)[0] if made is not None else None

    install(factory)
    return factory


def _qt_gui() -> Any:
    """The library that Qt's part with the factories is in; None where it is called otherwise."""
    try:
        return ctypes.CDLL("libQt6Gui.so.6")
    except OSError:
        return None


_factory = _install()
