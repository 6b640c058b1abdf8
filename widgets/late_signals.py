"""Signals of Qt's objects are made when somebody asks for them, not all of them with each object.

PySide6 gives each new object of Python its signals as attributes, 13 of a line to type in, after a look at everything
that its classes have: a third of what the constructor takes, and a kilobyte. It also makes a signal that is asked for
and is not there yet, as it does for objects that Qt made; so what it looks for is put out of its sight.
"""

from __future__ import annotations

import sys
from typing import Any

#: Module → its classes with signals that many objects are made of, or of classes derived from them; all of these are in
#: use at every start, others would be made for this alone.
_CLASSES = {
    "PySide6.QtCore": ("QObject", "QTimer"),
    "PySide6.QtGui": ("QAction",),
    "PySide6.QtWidgets": ("QAbstractButton", "QAbstractSlider", "QLabel", "QLineEdit", "QWidget"),
}


class _Late:
    """Stands for a signal in its class; asked through an object or the class it answers what the signal would."""

    __slots__ = ("_signal",)

    def __init__(self, signal: Any) -> None:
        self._signal = signal

    def __get__(self, owner: Any, of: type | None = None) -> Any:
        return self._signal if owner is None else self._signal.__get__(owner, of)

    def __repr__(self) -> str:
        return repr(self._signal)


def make_signals_late() -> None:
    """Have the signals of the classes that most objects are of made when they are asked for; once is enough."""
    signal = sys.modules["PySide6.QtCore"].Signal
    for module, names in _CLASSES.items():
        for name in names:
            made = getattr(sys.modules[module], name)
            for word, value in list(made.__dict__.items()):
                if type(value) is signal:
                    setattr(made, word, _Late(value))
