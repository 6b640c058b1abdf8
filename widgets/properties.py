"""Properties of built widgets: set from their node, tracked, set anew or back to their default while they live."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import MethodType
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QSplitter, QWidget

from layouts.kinds.common import COMMON
from layouts.kinds.kind import Property
from layouts.node import Formula, Template
from widgets.binding import bind
from widgets.recipe import Recipe, own_setter, own_teller
from widgets.shown import Told
from widgets.text import text_of

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

#: Property type → how an evaluated value becomes what the setter gets.
TRACKED: dict[str, Callable[[Any], Any]] = {
    "text": text_of,
    "integer": lambda value: int(value or 0),
    "number": lambda value: None if value is None else float(value),
    "boolean": bool,
    "choice": str,
    "expression": lambda value: value,
}
#: What the setter of a tracked property gets when the layout says nothing and the kind has no default.
_EMPTY: dict[str, Any] = {"text": "", "integer": 0, "number": None, "boolean": False, "choice": "", "expression": None}
#: Values that change while the widget lives.
_TRACKED = (Formula, Template)


def set_all(widget: QWidget, node: Node, recipe: Recipe, context: Context) -> None:
    """Set what the node says on a new widget; what is an expression is tracked from then on."""
    records, taken = recipe.records, recipe.taken
    for name, value in node.properties.items():
        if name in taken and not isinstance(value, _TRACKED):
            continue
        record = records.get(name)
        if record is not None:
            set_one(widget, record, value, context)


def set_one(widget: QWidget, record: Property, value: Any, context: Context) -> bool:
    """Set one property, in the place of what it was before.

    Returns:
        False when the widget has read it from its node when it was made, and cannot change it.
    """
    setter = setter_of(widget, record)
    if setter is None:
        return False
    if "bound" in widget.__dict__:
        forget(widget, record.name)
    convert = TRACKED.get(record.type)
    if convert is None:
        setter(value)
    elif isinstance(value, _TRACKED):
        tell = own_teller(type(widget), record.name)
        told = Told(tell, widget) if tell is not None else _converting(setter, convert)
        dispose = bind(value, context, told)
        bound = widget.__dict__.get("bound")
        if bound is None:
            bound = widget.bound = {}
            widget.destroyed.connect(functools.partial(_dispose_all, bound))
        bound[record.name] = dispose
    else:
        setter(convert(value))
    return True


def reset(widget: QWidget, record: Property) -> bool:
    """Set a property that the layout does not name any more back to its default; answers as :func:`set_one`."""
    own = getattr(widget, f"reset_{record.name.replace('-', '_')}", None)
    if own is not None:
        forget(widget, record.name)
        own()
        return True
    setter = setter_of(widget, record)
    if setter is None or record.is_required:
        return False
    forget(widget, record.name)
    setter(record.default if record.default is not None else _EMPTY.get(record.type, ""))
    return True


def can_reset(widget: QWidget, record: Property) -> bool:
    """Whether :func:`reset` can do it."""
    has_own = hasattr(widget, f"reset_{record.name.replace('-', '_')}")
    return has_own or (not record.is_required and setter_of(widget, record) is not None)


def forget(widget: QWidget, name: str) -> None:
    """Stop tracking a property."""
    dispose = widget.__dict__.get("bound", {}).pop(name, None)
    if dispose is not None:
        dispose()


def let_go(widget: QWidget) -> None:
    """Stop all that a widget tracks, and what it watches by itself (its ``let_go``)."""
    _dispose_all(widget.__dict__.get("bound", {}))
    own = getattr(widget, "let_go", None)
    if own is not None:
        own()


def setter_of(widget: QWidget, record: Property) -> Callable[[Any], None] | None:
    """What sets a property of a living widget; None when it is read from the node."""
    own = own_setter(type(widget), record.name)
    if own is not None:
        return MethodType(own, widget)
    common = _COMMON_SETTERS.get(record.name)
    if common is not None and any(record is one for one in COMMON):
        return functools.partial(common, widget)
    return None


def _converting(setter: Callable[[Any], None], convert: Callable[[Any], Any]) -> Callable[[Any], None]:
    """A setter that converts what it gets; texts, most of all values, are not asked what they are twice."""
    if convert is text_of:

        def say(value: Any) -> None:
            setter(value if type(value) is str else text_of(value))

        return say

    def convert_and_set(value: Any) -> None:
        setter(convert(value))

    return convert_and_set


def _dispose_all(bound: dict[str, Callable[[], None]], *_: object) -> None:
    while bound:
        bound.popitem()[1]()


def _set_visible(widget: QWidget, is_visible: bool) -> None:
    """A container that hides children by itself (a narrow toolbar) is asked to."""
    own = getattr(widget.parentWidget(), "show_child", None)
    if own is not None:
        own(widget, is_visible)
    else:
        widget.setVisible(is_visible)


def _set_collapse(widget: QWidget, order: int) -> None:
    widget.collapse = order  # type: ignore[attr-defined]
    own = getattr(widget.parentWidget(), "collapse_child", None)
    if own is not None:
        own()


def _set_tip(widget: QWidget, text: str) -> None:
    widget.setToolTip(text)
    widget.setAccessibleDescription(text)


def _set_class(widget: QWidget, text: str) -> None:
    widget.classes = frozenset(text.split())  # type: ignore[attr-defined]
    context = widget.__dict__.get("node_context")
    if context is not None and context.root.dresser is not None:
        context.root.dresser.dress_all(widget)


def _set_width(widget: QWidget, width: int) -> None:
    own = widget.__dict__.setdefault("own_width", (widget.minimumWidth(), widget.maximumWidth()))
    widget.setMinimumWidth(width if width > 0 else own[0])
    widget.setMaximumWidth(width if width > 0 else own[1])


def _set_height(widget: QWidget, height: int) -> None:
    own = widget.__dict__.setdefault("own_height", (widget.minimumHeight(), widget.maximumHeight()))
    widget.setMinimumHeight(height if height > 0 else own[0])
    widget.setMaximumHeight(height if height > 0 else own[1])


def _set_min_width(widget: QWidget, width: int) -> None:
    own = widget.__dict__.setdefault("own_min_width", widget.minimumWidth())
    widget.setMinimumWidth(width if width > 0 else own)


def _set_min_height(widget: QWidget, height: int) -> None:
    own = widget.__dict__.setdefault("own_min_height", widget.minimumHeight())
    widget.setMinimumHeight(height if height > 0 else own)


def _set_stretch(widget: QWidget, stretch: int) -> None:
    parent = widget.parentWidget()
    if isinstance(parent, QSplitter):
        parent.setStretchFactor(parent.indexOf(widget), stretch)
    elif parent is not None and hasattr(parent.layout(), "setStretchFactor"):
        parent.layout().setStretchFactor(widget, stretch)


_COMMON_SETTERS: dict[str, Callable[[QWidget, Any], None]] = {
    "class": _set_class,
    "collapse": _set_collapse,
    "visible": _set_visible,
    "enabled": QWidget.setEnabled,
    "tip": _set_tip,
    "name": QWidget.setAccessibleName,
    "stretch": _set_stretch,
    "width": _set_width,
    "height": _set_height,
    "min_width": _set_min_width,
    "min_height": _set_min_height,
}
