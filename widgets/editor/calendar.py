"""The calendar below a date field: quiet like the rest, with the theme's own arrows."""

from __future__ import annotations

import datetime

from PySide6.QtCore import QDate, QSize, Qt
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton, QWidget

from widgets.theme import Theme

#: Size at 100 %, in pixels.
SIZE = QSize(296, 272)
_SHEET = """
#calendar {{ background: {raised}; border: 1px solid {border}; }}
#qt_calendar_navigationbar {{ background: {raised}; }}
QCalendarWidget QToolButton {{ color: {text}; font-weight: 600; padding: 0 8px; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
QCalendarWidget QAbstractItemView {{ background: {raised}; border: none; border-radius: 0;
  selection-background-color: {accent}; selection-color: {on_accent}; }}
"""


class Calendar(QCalendarWidget):
    """A popup with one month; ``activated`` and ``clicked`` tell the chosen day."""

    def __init__(self, theme: Theme, day: datetime.date, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setGridVisible(False)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.setSelectedDate(QDate(day.year, day.month, day.day))
        self.setMinimumSize(SIZE)
        self.setObjectName("calendar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.layout().setContentsMargins(1, 1, 1, 1)
        names = ("raised", "text", "accent", "on-accent", "border")
        self.setStyleSheet(_SHEET.format(**{name.replace("-", "_"): theme.color(name).name() for name in names}))
        self._dress_days(theme)
        for name, icon in (("qt_calendar_prevmonth", "chevron-left"), ("qt_calendar_nextmonth", "chevron-right")):
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(theme.icon(icon, "text"))

    def _dress_days(self, theme: Theme) -> None:
        """Weekends as quiet as other days, their names muted; today in the accent's colour."""
        self.setHeaderTextFormat(_ink(theme.color("muted"), theme.color("raised")))
        for weekday in Qt.DayOfWeek:
            is_end = weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)
            self.setWeekdayTextFormat(weekday, _ink(theme.color("muted" if is_end else "text"), theme.color("raised")))
        today = _ink(theme.color("link"), theme.color("raised"))
        today.setFontWeight(700)
        self.setDateTextFormat(QDate.currentDate(), today)


def _ink(color: QColor, ground: QColor) -> QTextCharFormat:
    ink = QTextCharFormat()
    ink.setForeground(color)
    ink.setBackground(ground)
    return ink
