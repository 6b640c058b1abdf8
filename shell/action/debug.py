"""Commands for reports about Espalier itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from kernel.words import say


def copy_tree(window: Any) -> None:
    """Copy a text of every widget."""
    QGuiApplication.clipboard().setText(widget_tree(window))
    window.messages.report("success", say("The tree of widgets is on the clipboard"))


def save_tree(window: Any) -> None:
    """Write the same text into ``tree.txt`` of the state directory."""
    from shell.app import OpenError

    path = window.session.config.paths.state / "tree.txt"
    beside = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(widget_tree(window), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise OpenError(say("{path} cannot be written: {value}", path=path, value=error.strerror or error)) from error
    window.messages.report("success", say("The tree of widgets is in {path}", path=path))


def copy_layout(window: Any) -> None:
    """Copy the checked layout."""
    from layouts.dump import dump

    QGuiApplication.clipboard().setText(dump(window.layout_tree))
    window.messages.report("success", say("The layout is on the clipboard"))


def widget_tree(widget: QWidget, depth: int = 0) -> str:
    """One line per widget: class, layout kind and id, place, accessible name, text, whether it is hidden or has focus.

    A grid's rows in sight follow it, a line each.
    """
    node = getattr(widget, "node", None)
    kind = f" {node.kind}#{node.id}" if node is not None and node.id else f" {node.kind}" if node is not None else ""
    area = widget.geometry()
    marks = (" hidden" if widget.isHidden() else "") + (" focus" if widget.hasFocus() else "")
    name = f" “{widget.accessibleName()}”" if widget.accessibleName() else ""
    text = f" = {shown!r}" if (shown := _text(widget)) else ""
    size = f"{area.x()},{area.y()} {area.width()}×{area.height()}"
    margin = "  " * depth
    lines = [f"{type(widget).__name__}{kind} {size}{name}{text}{marks}", *(f"| {row}" for row in _rows(widget))]
    children = (child for child in widget.children() if isinstance(child, QWidget))
    return "".join(f"{margin}{line}\n" for line in lines) + "".join(widget_tree(child, depth + 1) for child in children)


#: Widget class → the method that answers what stands in it.
_TEXTS: tuple[tuple[type[QWidget], str], ...] = (
    (QLabel, "text"),
    (QAbstractButton, "text"),
    (QLineEdit, "text"),
    (QComboBox, "currentText"),
    (QPlainTextEdit, "toPlainText"),
)
_LONGEST = 200


def _text(widget: QWidget) -> str:
    for kind, method in _TEXTS:
        if isinstance(widget, kind):
            return str(getattr(widget, method)())[:_LONGEST]
    return ""


def _rows(widget: Any) -> list[str]:
    """The headings and the rows in sight of a grid, or the entries of a list; the current one marked."""
    if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
        current = widget.currentIndex().row()
        texts = [str(model.index(row, 0).data() or "") for row in range(min(model.rowCount(), _LONGEST))]
        return [("> " if row == current else "  ") + text for row, text in enumerate(texts)]
    if not hasattr(widget, "cell_text"):
        return []
    columns = range(len(widget.columns))
    first = widget.places.first_row()
    last = min(first + widget.places.page_rows() + 1, widget.row_count())
    rows = [" | ".join(widget.columns[column].label for column in columns)]
    for row in range(first, last):
        mark = "> " if row == widget.current_row else "  "
        rows.append(mark + " | ".join(widget.cell_text(row, column) for column in columns))
    return rows
