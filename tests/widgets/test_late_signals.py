"""Signals that are made when they are asked for do what all signals do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QSlider, QWidget
from shiboken6 import delete

from widgets.late_signals import make_signals_late


@pytest.fixture(autouse=True)
def _late(qapp: object) -> None:
    make_signals_late()
    make_signals_late()  # again is no harm


class _Own(QPushButton):
    """A class with a signal of its own, and a slot."""

    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.clicked.connect(self.hear)
        self.told.connect(self.heard.append)

    def hear(self, *_words: object) -> None:
        self.heard.append("click")


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    found: list[Any] = []
    yield found
    found.clear()


def test_an_object_has_no_signal_before_it_is_asked_for() -> None:
    for make in (QWidget, QLabel, QLineEdit, QPushButton, QObject, QTimer, QAction):
        assert not [name for name, value in vars(make()).items() if "Signal" in type(value).__name__], make
    button = QPushButton()
    assert button.clicked is button.clicked
    assert list(vars(button)) == ["clicked"]


#: What makes an object, the name of its signal, and what makes it tell → what is told.
TOLD: list[tuple[Callable[[], Any], str, Callable[[Any], object], list[Any]]] = [
    (QPushButton, "clicked", lambda one: one.click(), [False]),
    (QPushButton, "toggled", lambda one: (one.setCheckable(True), one.setChecked(True)), [True]),
    (QLineEdit, "textChanged", lambda one: one.setText("words"), ["words"]),
    (QLineEdit, "textEdited", lambda one: QTest.keyClicks(one, "w"), ["w"]),
    (QLabel, "linkActivated", lambda one: one.linkActivated.emit("there"), ["there"]),
    (QSlider, "valueChanged", lambda one: one.setValue(7), [7]),
    (QWidget, "windowTitleChanged", lambda one: one.setWindowTitle("title"), ["title"]),
    (QObject, "objectNameChanged", lambda one: one.setObjectName("name"), ["name"]),
    (QAction, "toggled", lambda one: (one.setCheckable(True), one.toggle()), [True]),
    (QCheckBox, "clicked", lambda one: one.click(), [True]),
    (QComboBox, "currentTextChanged", lambda one: one.addItem("first"), ["first"]),
    (_Own, "told", lambda one: one.told.emit("own"), ["own"]),
]


@pytest.mark.parametrize(("make", "name", "act", "expected"), TOLD)
def test_a_signal_tells_until_it_is_disconnected(
    make: Callable[[], Any], name: str, act: Callable[[Any], object], expected: list[Any], heard: list[Any]
) -> None:
    one = make()
    hear = lambda value: heard.append(value)  # noqa: E731
    getattr(one, name).connect(hear)
    act(one)
    assert heard == expected
    getattr(one, name).disconnect(hear)
    act(one)
    assert heard == expected


def test_signals_of_classes_and_constructors_are_what_they_were(heard: list[Any]) -> None:
    own = _Own()
    own.click()
    own.told.emit("said")
    assert own.heard == ["click", "said"]
    button = QPushButton("words", clicked=lambda: heard.append("constructed"))
    button.click()
    assert heard == ["constructed"]
    assert isinstance(QPushButton.clicked, Signal) and "clicked(bool)" in str(QPushButton.clicked)
    line = QLineEdit()
    line.textChanged[str].connect(heard.append)
    line.setText("by type")
    gone = QObject()
    gone.destroyed.connect(lambda *_: heard.append("gone"))
    delete(gone)
    assert heard == ["constructed", "by type", "gone"]


def test_a_signal_may_be_connected_to_another(heard: list[Any]) -> None:
    first, second = QLineEdit(), QLineEdit()
    first.textChanged.connect(second.textChanged)
    second.textChanged.connect(heard.append)
    first.setText("passed on")
    assert heard == ["passed on"]


def test_a_blocked_object_tells_nothing_and_a_deleted_one_raises(heard: list[Any]) -> None:
    line = QLineEdit()
    line.textChanged.connect(heard.append)
    line.blockSignals(True)
    line.setText("unsaid")
    delete(line)
    with pytest.raises(RuntimeError):
        line.textEdited.connect(heard.append)
    assert heard == []


def test_the_shell_makes_them_so() -> None:
    code = "from shell.qt import import_qt; import_qt(); from PySide6.QtCore import QObject; print(vars(QObject()))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout == "{}\n"
