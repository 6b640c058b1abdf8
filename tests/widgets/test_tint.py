"""Sheets of single widgets follow the theme, as the widgets that use them do."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from widgets.form_bar import FormBar
from widgets.theme import Theme
from widgets.theme.tint import tint


@pytest.fixture
def theme(qapp: Any) -> Theme:
    return Theme("light")


def test_a_sheet_follows_the_scheme(theme: Theme) -> None:
    label = QLabel("text")
    tint(label, theme, "color: ${muted}; padding: 1px")
    light = label.styleSheet()
    assert light == f"color: {theme.color('muted').name()}; padding: 1px"
    theme.set_mode("dark")
    assert label.styleSheet() == f"color: {theme.color('muted').name()}; padding: 1px" != light


def test_a_newer_sheet_takes_the_place_of_the_one_before(theme: Theme) -> None:
    label = QLabel("text")
    tint(label, theme, "color: ${muted}")
    tint(label, theme, "color: ${error}")
    theme.set_mode("dark")
    assert label.styleSheet() == f"color: {theme.color('error').name()}"
    assert len(label.children()) == 1


def test_a_widget_that_is_gone_is_left_alone(theme: Theme) -> None:
    parent = QWidget()
    tint(QLabel("text", parent), theme, "color: ${muted}")
    parent.deleteLater()
    del parent
    theme.set_mode("dark")


def test_a_bar_that_says_something_changes_with_the_scheme(theme: Theme) -> None:
    parent = QWidget()
    bar = FormBar(theme, parent)
    bar.say("The server is away", "warning")
    theme.set_mode("dark")
    assert theme.color("warning-soft").name() in bar.styleSheet() and theme.color("text").name() in bar.styleSheet()
