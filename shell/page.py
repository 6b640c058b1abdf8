"""The page in the place of an app's widgets when there is something wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from widgets.theme import Theme
from widgets.theme.tint import tint

Action = tuple[str, Callable[[], None]]


def error_page(
    theme: Theme,
    title: str,
    problems: Sequence[Any],
    actions: Sequence[Action],
    parent: QWidget,
    sign: tuple[str, str] = ("error", "error"),
) -> QWidget:
    """What is wrong, each with its place, its line and a hint, and what to do about it.

    Args:
        theme: Looks.
        title: One sentence.
        problems: Records with ``message``, ``where``, ``hint`` and ``snippet`` (a layout's problems, an error).
        actions: Buttons: (text, callback); the first has the emphasis.
        parent: The window's body.
        sign: Icon and colour of what stands above the title.
    """
    scroll = QScrollArea(parent)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    page = QWidget()
    scroll.setWidget(page)
    row = QHBoxLayout(page)
    row.addStretch(1)
    column = QVBoxLayout()
    column.setSpacing(theme.space("wide"))
    column.setContentsMargins(theme.space("page"), 2 * theme.space("page"), theme.space("page"), theme.space("page"))
    row.addLayout(column, 6)
    row.addStretch(1)
    picture = QLabel(page)
    picture.setPixmap(theme.icon(*sign).pixmap(theme.icon_size("large"), theme.icon_size("large")))
    column.addWidget(picture)
    column.addWidget(page_label(title, theme, "title", "text", page))
    for problem in problems:
        column.addWidget(problem_card(theme, problem, page))
    column.addLayout(_buttons(theme, actions, page))
    column.addStretch(1)
    return scroll


def problem_card(theme: Theme, problem: Any, parent: QWidget) -> QWidget:
    card = QFrame(parent)
    card.setObjectName("problem")
    edge = f"border: 1px solid ${{line}}; border-radius: {theme.radius('card')}px"
    tint(card, theme, f"#problem {{ background: ${{surface}}; {edge} }}")
    column = QVBoxLayout(card)
    space = theme.space("wide")
    column.setContentsMargins(space, space, space, space)
    column.setSpacing(theme.space("normal"))
    if where := str(getattr(problem, "where", "") or ""):
        column.addWidget(page_label(where, theme, "caption", "muted", card))
    message = str(getattr(problem, "message", problem))
    column.addWidget(page_label(message, theme, "strong", "text", card))
    if snippet := getattr(problem, "snippet", ""):
        column.addWidget(_snippet(theme, snippet, card))
    if hint := getattr(problem, "hint", ""):
        column.addWidget(page_label(hint, theme, "body", "accent", card))
    return card


def _snippet(theme: Theme, text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName("snippet")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font("mono"))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    room = f"border-radius: {theme.radius('control')}px; padding: 10px 12px"
    tint(label, theme, f"#snippet {{ background: ${{sunken}}; color: ${{text}}; {room} }}")
    return label


def _buttons(theme: Theme, actions: Sequence[Action], parent: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.space("normal"))
    for index, (text, callback) in enumerate(actions):
        button = QPushButton(text, parent)
        button.setAutoDefault(True)  # Return presses the one that has the focus
        if index == 0:
            button.setProperty("emphasis", "primary")
        button.clicked.connect(lambda _checked=False, go=callback: go())
        row.addWidget(button)
    row.addStretch(1)
    return row


def page_label(text: str, theme: Theme, font: str, colour: str, parent: QWidget) -> QLabel:
    """A text of a page, which can be copied; ``font`` is a step of the type scale, ``colour`` a token."""
    label = QLabel(text, parent)
    label.setFont(theme.font(font))
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    tint(label, theme, f"color: ${{{colour}}}")
    return label
