"""The one style sheet, made from tokens. Kept short: every rule costs when a widget is first shown.

Widgets opt in to variants by dynamic properties: ``emphasis`` (primary, quiet, danger) on buttons,
``panel`` (surface, sunken, card) on plain widgets, ``invalid`` on fields.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from widgets.theme.token import RESOURCES

if TYPE_CHECKING:
    from widgets.theme.theme import Theme

_FIELDS = (
    "QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit, QDateTimeEdit, QComboBox"
)
_FIELD_FOCUS = ", ".join(f"{name}:focus" for name in _FIELDS.split(", "))
_FIELD_OFF = ", ".join(f"{name}:disabled" for name in _FIELDS.split(", "))
_FIELD_BAD = ", ".join(f'{name}[invalid="true"]' for name in _FIELDS.split(", "))

#: A name of ``make_sheet``; ``string.Template`` would take a start another millisecond.
_NAME = re.compile(r"\$\{(\w+)\}")
_SHEET = """
QToolTip { background: ${tip}; color: ${tip_text}; border: 1px solid ${tip}; padding: 4px 8px; }
QPushButton, QToolButton { background: ${fill}; color: ${text}; border: 1px solid ${fill}; border-radius: ${r}px;
  padding: 0 12px; min-height: ${inner}px; }
QToolButton { padding: 0 6px; }
QPushButton:hover, QToolButton:hover { background: ${fill_hover}; border-color: ${fill_hover}; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: ${fill_pressed}; border-color:
  ${fill_pressed}; }
QPushButton:disabled, QToolButton:disabled { color: ${disabled}; }
QPushButton:focus, QToolButton:focus { border: 2px solid ${focus}; padding: 0 11px; min-height: ${inner2}px; }
QToolButton:focus { padding: 0 5px; }
QLineEdit > QToolButton, QLineEdit > QToolButton:focus { background: transparent; border: none; padding: 0;
  min-height: 0; }
QPushButton[emphasis="primary"], QDialog QPushButton:default { background: ${accent}; border-color: ${accent}; color:
  ${on_accent}; font-weight: 600; }
QPushButton[emphasis="primary"]:hover, QDialog QPushButton:default:hover { background: ${accent_hover}; border-color:
  ${accent_hover}; }
QPushButton[emphasis="primary"]:pressed, QDialog QPushButton:default:pressed { background: ${accent_pressed};
  border-color: ${accent_pressed}; }
QPushButton[emphasis="danger"] { background: ${danger}; border-color: ${danger}; color: ${on_danger}; }
QPushButton[emphasis="danger"]:hover { background: ${danger_hover}; border-color: ${danger_hover}; }
QPushButton[emphasis="primary"]:disabled, QPushButton[emphasis="danger"]:disabled,
  QDialog QPushButton:default:disabled { background: ${fill}; border-color: ${fill}; color: ${disabled}; }
QPushButton[emphasis="quiet"], QToolButton { background: transparent; border-color: transparent; }
QPushButton[emphasis="quiet"]:hover { background: ${fill}; border-color: ${fill}; }
QPushButton[emphasis="primary"]:focus, QPushButton[emphasis="danger"]:focus, QDialog QPushButton:default:focus {
  border-color: ${focus_on_fill}; }
QPushButton[emphasis="quiet"]:focus, QToolButton:focus { border-color: ${focus}; }
${fields} { background: ${surface}; color: ${text}; border: 1px solid ${border}; border-radius: ${r}px; padding: 0 8px;
  selection-background-color: ${accent}; selection-color: ${on_accent}; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: ${inner}px; }
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
${fields_focus} { border: 2px solid ${focus}; padding: 0 7px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { min-height: ${inner2}px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 3px 5px; }
${fields_off} { background: ${sunken}; color: ${muted}; border-color: ${line}; }
QLineEdit[readOnly="true"], QPlainTextEdit[quiet="true"] { background: ${sunken}; border-color: ${sunken}; }
QComboBox[quiet="true"] { color: ${text}; border-color: ${sunken}; }
QComboBox[quiet="true"]::down-arrow { image: none; }
QCheckBox[quiet="true"] { color: ${text}; }
${fields_bad} { border-color: ${error}; background: ${error_soft}; }
QAbstractSpinBox > QLineEdit { border: none; background: transparent; padding: 0 0 0 6px; min-height: 0; }
QComboBox::drop-down, QDateEdit::drop-down, QDateTimeEdit::drop-down { border: none; width: 24px; }
QComboBox::down-arrow, QDateEdit::down-arrow, QDateTimeEdit::down-arrow { image: url(${art}/down.svg); width: 12px;
  height: 12px; }
QComboBox { padding-left: 10px; } QComboBox:focus { padding-left: 9px; }
QComboBox QAbstractItemView { background: ${raised}; border: 1px solid ${line}; padding: 4px; outline: none; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 20px; background: transparent; }
QAbstractSpinBox::up-arrow { image: url(${art}/up.svg); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url(${art}/down.svg); width: 10px; height: 10px; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator, QMenu::indicator { width: 16px; height: 16px; border: 1px solid
  ${border};
  border-radius: ${rs}px; background: ${surface}; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:checked, QMenu::indicator:checked { background: ${accent}; border-color: ${accent};
  image: url(${art}/check.svg); }
QCheckBox::indicator:indeterminate { background: ${accent}; border-color: ${accent}; image: url(${art}/mixed.svg); }
QRadioButton::indicator:checked { background: ${accent}; border-color: ${accent}; image: url(${art}/dot.svg); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid ${focus}; width: 14px; height: 14px; }
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus { border-color: ${focus_on_fill}; }
QCheckBox::indicator:disabled { border-color: ${line}; background: ${sunken}; }
QCheckBox::indicator:checked:disabled, QCheckBox::indicator:indeterminate:disabled { border-color: ${muted};
  background: ${muted}; }
QMenu { background: ${raised}; border: 1px solid ${line}; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: ${rs}px; }
QMenu::item:selected { background: ${selection}; color: ${selection_text}; }
QMenu::separator { height: 1px; background: ${line}; margin: 4px 8px; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 12px; } QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: ${handle}; border-radius: 3px; }
QScrollBar::handle:vertical { margin: 2px 3px; min-height: 28px; } QScrollBar::handle:horizontal { margin: 3px 2px;
  min-width: 28px; }
QScrollBar::handle:hover { background: ${border}; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QListView, QTreeView, QTableView { background: ${surface}; border: 1px solid ${line}; border-radius: ${r}px; outline:
  none;
  selection-background-color: ${selection}; selection-color: ${selection_text}; }
QListView::item, QTreeView::item { padding: 6px 8px; border-radius: ${rs}px; }
QListView::item:hover { background: ${hover}; }
QListView::item:selected, QTreeView::item:selected { background: ${selection}; color: ${selection_text}; }
QListView:focus, QTreeView:focus { border-color: ${focus}; }
QHeaderView::section { background: ${sunken}; color: ${muted}; border: none; border-bottom: 1px solid ${line};
  padding: 4px 8px; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: ${muted}; padding: 0; margin: 0 20px 0 0; min-height: ${tab_inner}px;
  border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: ${text}; }
QTabBar::tab:selected { color: ${text}; border-bottom-color: ${accent}; }
QTabBar::tab:focus { color: ${link}; }
QTabBar::tab:disabled { color: ${disabled}; }
QTabBar QToolButton { background: ${window}; padding: 0; border: none; min-height: 0; }
QTabBar QToolButton::left-arrow { image: url(${art}/left.svg); width: 12px; height: 12px; }
QTabBar QToolButton::right-arrow { image: url(${art}/right.svg); width: 12px; height: 12px; }
QProgressBar { background: ${fill}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; text-align:
  center; }
QProgressBar::chunk { background: ${accent}; border-radius: 3px; }
QMainWindow::separator { background: transparent; width: ${gutter}px; height: ${gutter}px; }
QMainWindow::separator:hover { background: ${fill}; }
QScrollArea, QScrollArea > QWidget > QWidget[panel="clear"] { background: transparent; border: none; }
QListView[panel="list"] { background: transparent; border: 2px solid transparent; }
QListView[panel="list"]:focus { border-color: ${focus}; }
QWidget[panel="status"] { background: ${sunken}; border-top: 1px solid ${line}; }
QWidget[panel="surface"] { background: ${surface}; }
QWidget[panel="sunken"] { background: ${sunken}; }
QFrame[panel="card"] { background: ${surface}; border: 1px solid ${line}; border-radius: ${rc}px; }
"""


#: A rule of ``_SHEET``, once its names are hidden, and a length written in it.
_RULE, _LENGTH = re.compile(r"([^{}]*)\{([^{}]*)\}"), re.compile(r"(?<![\w$])(\d+)px")
#: A name of ``_SHEET`` that is hidden.
_HIDDEN = re.compile(r"<(\w+)>")
#: Lines and corners stay as thin as they are.
_THIN = ("border", "border-radius", "border-bottom", "border-color")
#: What keeps icons as large as texts; Qt's own size is that of 100 %.
_ICONS = """
QPushButton, QToolButton, QMenu, QTabBar, QComboBox, QLineEdit, QListView, QTreeView, QCheckBox {{ icon-size: {0}px; }}
"""


def grown(sheet: str, scale: float) -> str:
    """The sheet with room and marks as much larger as texts are. What a rule of the focus takes from them for its
    thicker line stays that one pixel a side.

    Args:
        scale: From 1.0 on; names in ``${}`` grow by themselves.
    """
    hidden = _NAME.sub(lambda name: f"<{name[1]}>", sheet)

    def rule(found: re.Match[str]) -> str:
        # Inside of a thicker line: (what it takes from room, from a mark).
        lost = (1, 2) if ":focus" in found[1] else (0, 0)
        return f"{found[1]}{{{';'.join(_grown(part, scale, lost) for part in found[2].split(';'))}}}"

    return _HIDDEN.sub(lambda name: f"${{{name[1]}}}", _RULE.sub(rule, hidden))


def _grown(declaration: str, scale: float, lost: tuple[int, int]) -> str:
    name = declaration.partition(":")[0].strip()
    if name in _THIN:
        return declaration
    less = lost[1] if name in ("width", "height") else lost[0]
    return _LENGTH.sub(lambda found: f"{round((int(found[1]) + less) * scale) - less}px", declaration)


def make_sheet(theme: Theme) -> str:
    """The style sheet of the theme's scheme and body size."""
    scheme = theme.scheme
    values: dict[str, object] = {
        name.replace("-", "_"): color for name, color in theme.tokens.colors[scheme].items()
    }
    values |= {
        "r": theme.radius("control"),
        "rs": theme.radius("small"),
        "rc": theme.radius("card"),
        "inner": theme.height("control") - 2,
        "inner2": theme.height("control") - 4,
        "tab_inner": theme.height("tab") - 4,
        "gutter": theme.space("wide"),
        "art": (RESOURCES / "themes" / scheme).as_posix(),
        "fields": _FIELDS,
        "fields_focus": _FIELD_FOCUS,
        "fields_off": _FIELD_OFF,
        "fields_bad": _FIELD_BAD,
    }
    sheet, scale = _SHEET, theme.scale()
    if scale > 1:
        sheet = grown(_SHEET, scale) + _ICONS.format(theme.icon_size())
    return _NAME.sub(lambda name: str(values[name[1]]), sheet)
