"""Dresses widgets by a layout's style rules: each gets the values of the rules that match it, in tokens of the theme.

States are left to Qt: a style sheet of the widget's own holds what its hover, focus and so on look like. Colour, type
and weight of containers go on to the texts in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QLabel, QWidget

from layouts.node import Node, StyleRule
from layouts.style.matching import (
    COLUMN,
    INHERITED,
    KEEPING,
    PAINTED,
    UNSTYLED,
    Look,
    look_of,
    matches,
    said_by,
    without_own,
)
from widgets.dress_sheet import sheet_of

if TYPE_CHECKING:
    from widgets.context import Context

#: Kinds whose texts take colour, type and weight of the containers around them.
_INHERITING = ("label", "group", "tabs")
_SILENT = UNSTYLED | PAINTED | KEEPING
_NOTHING = Look({})
#: Kinds that paint themselves in a frame of Qt's, and those that have columns.
_BORDERED, _COLUMNED = ("grid", "tree", "list", "pivot"), ("grid", "tree", "cards")


def take_styles(rules: Sequence[StyleRule], context: Context) -> None:
    """Have a window dressed by these rules from now on; what is built already is dressed anew if they are others."""
    dresser: Dresser | None = context.root.dresser
    if dresser is None and rules:
        dresser = context.root.dresser = Dresser(context.root)
    if dresser is not None:
        dresser.take(rules)


class Dresser:
    """The style rules of one window.

    Args:
        context: The window's surroundings.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rules: list[StyleRule] = []
        self._looks: dict[tuple[str, str, frozenset[str]], Look] = {}
        context.theme.changed.connect(self._dress_anew)
        context.disposers.add(lambda: context.theme.changed.disconnect(self._dress_anew))

    def take(self, rules: Sequence[StyleRule]) -> None:
        """Other rules; where they only stand elsewhere in their file, nothing is done."""
        is_same = list(map(_meaning, rules)) == list(map(_meaning, self._rules))
        self._rules = list(rules)
        if not is_same:
            self._dress_anew()

    def dress(self, widgets: Iterable[QWidget]) -> None:
        """Give each widget the look that the rules say now."""
        for widget in widgets:
            look = self._look(widget)
            if widget.__dict__["node"].kind in PAINTED:
                self._draw(widget, look)
            elif look or "look" in widget.__dict__:
                _put_on(widget, look, self._context)

    def _draw(self, widget: Any, look: Look) -> None:
        """Tell a widget that paints itself."""
        from widgets.grid.look_rules import Drawn

        drawn = Drawn(look, self._columns(widget.node))
        if not drawn and "is_drawn" not in widget.__dict__:
            return
        widget.is_drawn = True
        names = ("border", "border_width") if widget.node.kind in _BORDERED else ()
        border = {name: look.values[name] for name in names if name in look.values}
        if "border" in border:
            widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        _put_sheet(widget, sheet_of(widget.node.kind, Look(border), self._context.theme))
        _make_room(widget, border, self._context.theme)
        widget.draw_look(drawn)

    def _columns(self, node: Node) -> dict[frozenset[str], dict[str, str]]:
        """Classes of a view's columns → what rules say of those."""
        if node.kind not in _COLUMNED:
            return {}
        shows = node.of_kind(COLUMN) or [Node(COLUMN)]
        return {
            classes: self._matched_by((COLUMN, "", classes)).values
            for classes in {frozenset(str(show.get("class") or "").split()) for show in shows}
        }

    def dress_all(self, widget: QWidget) -> None:
        """The same for a widget and all that stand in it."""
        inside = [one for one in widget.findChildren(QWidget) if "node" in one.__dict__]
        self.dress([widget, *inside] if "node" in widget.__dict__ else inside)

    def _dress_anew(self) -> None:
        self._looks.clear()
        self.dress([widget for widget in self._context.built if widget is not None and "node" in widget.__dict__])

    def _look(self, widget: QWidget) -> Look:
        node = widget.__dict__["node"]
        if node.kind in UNSTYLED:
            return _NOTHING
        look = without_own(self._matched(widget), node)
        if node.kind not in _INHERITING:
            return look
        given = self._given(widget, said_by(node))
        return look._replace(values={**given, **look.values}) if given else look

    def _matched(self, widget: QWidget) -> Look:
        node = widget.__dict__["node"]
        return self._matched_by((node.kind, node.id, widget.__dict__.get("classes", frozenset())))

    def _matched_by(self, key: tuple[str, str, frozenset[str]]) -> Look:
        if key not in self._looks:
            theme = self._context.theme
            matched = [rule for rule in self._rules if matches(rule, *key)]
            self._looks[key] = look_of(matched, theme.scheme, theme.density) if matched else _NOTHING
        return self._looks[key]

    def _given(self, widget: QWidget, said: set[str]) -> dict[str, str]:
        """What the containers around a text give it; the nearest goes before the others."""
        given: dict[str, str] = {}
        around = widget.parentWidget()
        while around is not None:
            if "node" in around.__dict__ and around.__dict__["node"].kind not in _SILENT:
                values = self._matched(around).values
                given = {name: values[name] for name in INHERITED if name in values and name not in said} | given
            around = around.parentWidget()
        return given


def _put_on(widget: QWidget, look: Look, context: Context) -> None:
    node, theme = widget.__dict__["node"], context.theme
    sheet = sheet_of(node.kind, look, theme)
    widget.look = look  # type: ignore[attr-defined]
    if any(name in values for _, values in (((), look.values), *look.states) for name in ("ground", "border")):
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if any("hover" in names for names, _ in look.states):
        for one in (widget, *widget.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)):
            one.setAttribute(Qt.WidgetAttribute.WA_Hover)
    _put_sheet(widget, sheet)
    # Behind the sheet, which takes palettes back when it goes.
    own: Any = getattr(widget, "take_look", None)
    if own is not None:
        own(look.values)
    _make_room(widget, look.values, theme)


def _put_sheet(widget: QWidget, sheet: str) -> None:
    if sheet != widget.__dict__.get("look_sheet", ""):
        widget.look_sheet = sheet  # type: ignore[attr-defined]
        name = f"{hash(sheet) & 0xFFFFFFFF:x}" if sheet else ""
        widget.setProperty("look", name)
        widget.setStyleSheet(sheet.replace("LOOK", name))


def _make_room(widget: QWidget, values: dict[str, str], theme: Any) -> None:
    """Space inside a widget that holds others; what it was before any rule comes back when none says it."""
    inner = getattr(widget, "column", widget).layout()
    if inner is None:
        return
    wanted = {"padding", "gap", "border"} & values.keys()
    plain = widget.__dict__.get("plain_room")
    if plain is None:
        if not wanted:
            return
        plain = widget.plain_room = (inner.contentsMargins(), inner.spacing())  # type: ignore[attr-defined]
    margins, spacing = plain
    if "padding" in values:
        margins = QMargins(*[theme.space(values["padding"])] * 4)
    if "border" in values:
        width = theme.border(values.get("border_width", "hair"))
        margins = margins + QMargins(width, width, width, width)
    inner.setContentsMargins(margins)
    inner.setSpacing(theme.space(values["gap"]) if "gap" in values else spacing)


def _meaning(rule: StyleRule) -> tuple[Any, ...]:
    return (rule.kinds, rule.id, rule.classes, rule.states, rule.scheme, rule.density, rule.values)
