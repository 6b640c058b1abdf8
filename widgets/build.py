"""The builder: node tree → widgets. Passes: construct all, bind properties, give accessible names.

What fails becomes a card in its place, and the rest goes on.
"""

from __future__ import annotations

import functools
import importlib
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QSplitter, QWidget

from kernel.disposer import Disposers
from kernel.error import EspalierError
from kernel.tables.schema import title_of
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.kinds.table import BUILT_IN
from layouts.node import Layout, Node
from widgets.binding import bind
from widgets.context import Context
from widgets.text import text_of

#: Property type → how an evaluated value becomes what the setter gets.
TRACKED: dict[str, Callable[[Any], Any]] = {
    "text": text_of,
    "integer": lambda value: int(value or 0),
    "number": lambda value: None if value is None else float(value),
    "boolean": bool,
    "choice": str,
    "expression": lambda value: value,
}
#: Properties that give an accessible name, in this order, where the layout says none.
NAMING = ("name", "text", "title", "label", "placeholder", "description", "table", "column")


class BuildError(EspalierError):
    """A node cannot become a widget."""


def build_window(
    layout: Layout,
    context: Context,
    kinds: Mapping[str, Kind] = BUILT_IN,
    index: int = 0,
    parent: QWidget | None = None,
) -> QWidget:
    """The widget of a layout's window, built whole; ``context.build`` works afterwards.

    Args:
        kinds: The kind table, with the plugins' kinds in it.
        index: Which of the layout's windows.
        parent: The widget to build it in; a later move between parents would dress every widget again.
    """
    builder = Builder(context, kinds)
    if index >= len(layout.windows):
        error = BuildError("the layout has no window", hint='write: window { label "Hello" }')
        return builder.card(Node("window"), error, parent)
    return builder.build(layout.windows[index], parent)


class Builder:
    """Builds nodes for one window; nested calls come from containers, one activation ends the outermost."""

    def __init__(self, context: Context, kinds: Mapping[str, Kind] = BUILT_IN) -> None:
        self.context = context
        self.kinds = kinds
        self._depth = 0
        self._pending: list[tuple[QWidget, Node, Kind]] = []
        context.build = self.build

    def build(self, node: Node, parent: QWidget | None) -> QWidget:
        """The widget of ``node``, or the card that says why there is none; never raises."""
        self._depth += 1
        try:
            widget = self._construct(node, parent)
        finally:
            self._depth -= 1
        if self._depth == 0:
            self._activate()
        return widget

    def card(self, node: Node, error: Exception, parent: QWidget | None) -> QWidget:
        """A card that names the node's place and the error; the error is reported as well."""
        from widgets.card import ErrorCard

        where = str(node.where)
        message = str(error) or type(error).__name__
        if not isinstance(error, EspalierError):
            message = f"{type(error).__name__}: {message} ({_code_place(error)})"
        detail = "".join(traceback.format_exception(error))
        self.context.reporter.report("error", f"{node.kind} cannot be shown: {message}", detail)
        return ErrorCard(f"“{node.kind}” cannot be shown", message, where, self.context, parent)

    def _construct(self, node: Node, parent: QWidget | None) -> QWidget:
        started = len(self._pending)
        place = len(self.context.built)
        self.context.built.append(None)
        try:
            kind = self._kind(node)
            widget = load_class(kind)(node, self.context, parent)
        except Exception as error:  # A plugin's or an app's fault must not take the window with it.
            del self._pending[started:]
            return self.card(node, error, parent)
        #: What the window's commands and the widget dump know a widget by.
        widget.node = node
        self.context.built[place] = widget
        if node.id:
            self.context.widgets[node.id] = widget
            widget.setObjectName(node.id)
        self._pending.append((widget, node, kind))
        return widget

    def _kind(self, node: Node) -> Kind:
        kind = self.kinds.get(node.kind)
        if kind is None or not kind.loader:
            from kernel.nearest import did_you_mean

            raise BuildError(f"there is no widget kind {node.kind!r}", hint=did_you_mean(node.kind, self.kinds))
        return kind

    def _activate(self) -> None:
        pending, self._pending = self._pending, []
        for widget, node, kind in pending:
            try:
                self._bind_all(widget, node, kind)
            except Exception as error:  # As in _construct.
                _replace(widget, self.card(node, error, widget.parentWidget()))
        for widget, node, kind in pending:
            _give_name(widget, node, kind)

    def _bind_all(self, widget: QWidget, node: Node, kind: Kind) -> None:
        properties = _properties(kind)
        bag = Disposers()
        widget.destroyed.connect(lambda *_: bag())
        self.context.disposers.add(bag)
        for name, value in node.properties.items():
            record = properties.get(name)
            if record is None:
                continue
            setter = _setter(widget, record)
            if setter is None:
                continue
            if record.type in TRACKED:
                bag.add(bind(value, self.context, functools.partial(_convert_and_set, setter, TRACKED[record.type])))
            else:
                setter(value)


def load_class(kind: Kind) -> type[QWidget]:
    """The widget class of a kind; imports its module on first use."""
    module, _, name = kind.loader.partition(":")
    return getattr(importlib.import_module(module), name)


def _convert_and_set(setter: Callable[[Any], None], convert: Callable[[Any], Any], value: Any) -> None:
    setter(convert(value))


@functools.lru_cache(maxsize=256)
def _properties(kind: Kind) -> dict[str, Property]:
    return {record.name: record for record in (*COMMON, *kind.properties)}


def _setter(widget: QWidget, record: Property) -> Callable[[Any], None] | None:
    own = getattr(widget, f"set_{record.name.replace('-', '_')}", None)
    if own is not None:
        return own
    common = _COMMON_SETTERS.get(record.name)
    if common is not None and record in COMMON:
        return functools.partial(common, widget)
    # The widget reads the property from its node.
    return None


def _set_tip(widget: QWidget, text: str) -> None:
    widget.setToolTip(text)
    widget.setAccessibleDescription(text)


def _set_width(widget: QWidget, width: int) -> None:
    if width > 0:
        widget.setFixedWidth(width)


def _set_height(widget: QWidget, height: int) -> None:
    if height > 0:
        widget.setFixedHeight(height)


def _set_stretch(widget: QWidget, stretch: int) -> None:
    parent = widget.parentWidget()
    if isinstance(parent, QSplitter):
        parent.setStretchFactor(parent.indexOf(widget), stretch)
    elif parent is not None and hasattr(parent.layout(), "setStretchFactor"):
        parent.layout().setStretchFactor(widget, stretch)


_COMMON_SETTERS: dict[str, Callable[[QWidget, Any], None]] = {
    "visible": QWidget.setVisible,
    "enabled": QWidget.setEnabled,
    "tip": _set_tip,
    "name": QWidget.setAccessibleName,
    "stretch": _set_stretch,
    "width": _set_width,
    "height": _set_height,
}


def _give_name(widget: QWidget, node: Node, kind: Kind) -> None:
    """Every widget that a person can meet by a screen reader has a name."""
    if widget.accessibleName() or kind.role in ("", "StaticText", "Whitespace", "Separator"):
        return
    for name in NAMING:
        value = node.get(name)
        if isinstance(value, str) and value:
            widget.setAccessibleName(value if name in ("name", "text", "title") else title_of(value))
            return
    widget.setAccessibleName(title_of(node.id or kind.name))


def _replace(widget: QWidget, card: QWidget) -> None:
    parent = widget.parentWidget()
    if isinstance(parent, QSplitter):
        parent.replaceWidget(parent.indexOf(widget), card)
    elif parent is not None and parent.layout() is not None:
        parent.layout().replaceWidget(widget, card)
    widget.hide()
    widget.deleteLater()


def _code_place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "no place known"
