"""Style sheets of single widgets in tokens of the theme, which follow when another scheme is shown.

``tint(label, theme, "color: ${muted}")``. What all widgets of a kind look like is the theme's own sheet
(:mod:`widgets.theme.sheet`); this is for the few that stand out.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from widgets.theme.theme import Theme

_TOKEN = re.compile(r"\$\{([a-z-]+)\}")


def tint(widget: QWidget, theme: Theme, sheet: str) -> None:
    """Give the widget a sheet, in the place of the one that it had.

    Args:
        widget: Gets it.
        theme: Has the colours.
        sheet: Qt's style sheet, with ``${token}`` for colours.
    """
    mine = next((child for child in widget.children() if isinstance(child, _Tint)), None)
    if mine is None:
        mine = _Tint(widget, theme)
    mine.show(sheet)


class _Tint(QObject):
    """One widget's sheet; goes with the widget."""

    def __init__(self, widget: QWidget, theme: Theme) -> None:
        super().__init__(widget)
        self._theme, self._sheet, self._shown = theme, "", ""
        theme.changed.connect(self._renew)

    def show(self, sheet: str) -> None:
        """Take another sheet."""
        self._sheet = sheet
        self._renew()

    def _renew(self) -> None:
        widget, color = self.parent(), self._theme.color
        shown = _TOKEN.sub(lambda found: color(found[1]).name(), self._sheet)
        if isinstance(widget, QWidget) and shown != self._shown:
            self._shown = shown
            widget.setStyleSheet(shown)
