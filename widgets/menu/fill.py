"""The lines of a layout's menu as Qt's actions, made anew each time it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from widgets.act import act
from widgets.binding import evaluate
from widgets.text import text_of

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context


def fill(menu: QMenu, nodes: list[Node], context: Context) -> None:
    """Put the lines of ``nodes`` into the menu; what is not visible now is left out."""
    for node in nodes:
        if not evaluate(node.get("visible", True), context):
            continue
        if node.kind == "separator":
            menu.addSeparator()
        elif node.kind == "menu":
            inner = menu.addMenu(text_of(evaluate(node.get("text", ""), context)))
            inner.setToolTipsVisible(True)
            _dress(inner, node, context)
            fill(inner, node.children, context)
        else:
            _add(menu, node, context)


def empty(menu: QMenu) -> None:
    """Take all lines out of a menu, and delete the menus that were behind them."""
    inner = menu.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    menu.clear()
    for one in inner:
        one.deleteLater()


def fill_at_opening(menu: QMenu, nodes: list[Node], context: Context) -> None:
    """Fill a menu each time it opens, with the titles and states of that moment."""

    def anew() -> None:
        empty(menu)
        fill(menu, nodes, context)

    menu.setToolTipsVisible(True)
    menu.aboutToShow.connect(anew)
    # Without a line Qt does not open it, and so would never fill it.
    fill(menu, nodes, context)


def _add(menu: QMenu, node: Node, context: Context) -> None:
    commands, command = context.commands, str(node.get("command") or "")
    text = text_of(evaluate(node.get("text", ""), context)) or (commands.title(command) if command else "")
    key = commands.key(command) if command else ""
    line = menu.addAction(f"{text}\t{key}" if key else text)
    is_allowed = bool(evaluate(node.get("enabled", True), context))
    line.setEnabled(is_allowed and (not command or commands.is_enabled(command)))
    line.setToolTip(text_of(evaluate(node.get("tip", ""), context)))
    icon = str(node.get("icon") or "") or (commands.icon(command) if command else "")
    if icon:
        line.setIcon(context.theme.icon(icon, "muted"))
    if node.get("checked") is not None:
        line.setCheckable(True)
        line.setChecked(bool(evaluate(node.get("checked"), context)))
    run = node.get("run")
    line.triggered.connect(lambda _on=False: commands.run(command) if run is None else act(run, context))


def _dress(menu: QMenu, node: Node, context: Context) -> None:
    icon = str(node.get("icon") or "")
    if icon:
        menu.setIcon(context.theme.icon(icon, "muted"))
    menu.setEnabled(bool(evaluate(node.get("enabled", True), context)))
