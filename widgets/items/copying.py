"""Copying items: a line each, what they say by tabs. Rows that are not here are read first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from kernel.words import mark, say

if TYPE_CHECKING:
    from widgets.items.content import Item
    from widgets.items.view import ItemView

#: Items that are copied at once at most; more are an export.
MOST = 10_000
_TOO_MANY = mark("{count} rows are too many to copy at once; at most {most}")


def copy_items(view: ItemView) -> None:
    """Put the selected items on the clipboard."""
    spans, total = view.selection.spans(), view.selection.row_total()
    if total > MOST:
        view.context.reporter.report("warning", say(_TOO_MANY, count=f"{total:,}", most=f"{MOST:,}"))
        return
    lines: list[str] = []

    def go_on(left: list[tuple[int, int]]) -> None:
        if not left:
            QGuiApplication.clipboard().setText("\n".join(lines))
            return
        first, last = left[0]

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                view.context.reporter.report("error", say("The rows cannot be copied: {answer}", answer=answer))
                return
            lines.extend(_line(view.content.item_of(answer, at)) for at in range(len(answer)))
            go_on(left[1:])

        items = [view.content.item(row) for row in range(first, last + 1)]
        if None not in items:
            lines.extend(_line(item) for item in items if item is not None)
            go_on(left[1:])
        else:
            view.handle.fetch(view.rows.query(), first, last + 1, take)

    go_on(spans)


def _line(item: Item) -> str:
    fields = [text for _label, text in item.fields]
    return "\t".join(text for text in (item.title, item.subtitle, item.trailing, item.tag, *fields) if text)
