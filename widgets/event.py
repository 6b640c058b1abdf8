"""Events of widgets: ``on changed "…"`` in a layout, joined to the widget's signals."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from widgets.act import act

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.kinds.kind import Kind
    from layouts.node import Node
    from widgets.context import Context


def join(widget: QWidget, nodes: list[Node], kind: Kind, context: Context) -> None:
    """Have each ``on`` node's action done at its event, in the place of those before; ends when the widget lets go."""
    signals = {event.name: event.signal for event in kind.events}
    bound = widget.__dict__.setdefault("bound", {})
    for name in [name for name in bound if name.startswith("on ")]:
        bound.pop(name)()
    for number, node in enumerate(nodes):
        signal = getattr(widget, signals[str(node.get("event"))])
        slot = functools.partial(_act, node.get("run"), context)
        connection = signal.connect(slot)
        bound[f"on {number}"] = functools.partial(widget.disconnect, connection)


def _act(action: Any, context: Context, *_: Any) -> None:
    act(action, context)
