"""What was typed and not written when somebody else ended Espalier: kept in words, and told at the next start.

A session that ends, or ``kill``, waits for no answer. So nobody is asked; what was typed is in the window's state until
the app is opened again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtWidgets import QWidget

from kernel.tables.schema import title_of
from kernel.words import say
from shell.focus import kind_of, row_views
from shell.state import UNWRITTEN

if TYPE_CHECKING:
    from shell.window import Window

#: Letters that are kept of one value, and values that are kept in all.
_LONGEST, _MOST = 10_000, 500


class Typed(NamedTuple):
    """One value that a person typed; the row's key is None for a new row."""

    key: tuple[Any, ...] | None
    column: str
    value: Any


def keep_unwritten(window: Window) -> None:
    """Keep what is typed in a window, beside what is kept already."""
    lines = [_line(view.handle, typed) for view, typed in _all(window)]
    window.state.remember(UNWRITTEN, [*_kept(window), *lines][:_MOST])


def tell_unwritten(window: Window) -> None:
    """Tell what was kept, once."""
    if lines := _kept(window):
        window.state.remember(UNWRITTEN, None)
        window.remembering.save()
        window.messages.report("warning", say("Espalier was ended before this was written"), "\n".join(lines))


def lines_of(view: Any) -> list[str]:
    """What is typed in a list or form and not written, a line each."""
    return [_line(view.handle, typed) for typed in _TYPED[kind_of(view)](view)][:_MOST]


def _kept(window: Window) -> list[str]:
    kept = window.state.recall(UNWRITTEN)
    return [line for line in kept if isinstance(line, str)] if isinstance(kept, list) else []


def _all(window: Window) -> Iterator[tuple[Any, Typed]]:
    for view in row_views(window):
        for typed in _TYPED[kind_of(view)](view):
            yield view, typed


def _line(handle: Any, typed: Typed) -> str:
    schema = handle.schema
    column = schema.column(typed.column) if schema is not None else None
    row = say("new row") if typed.key is None else ", ".join(map(str, typed.key))
    title = (column.label if column is not None else "") or title_of(typed.column)
    text = say("(a file)") if isinstance(typed.value, bytes | bytearray | memoryview) else str(typed.value)
    return f"{handle.name} {row}, {title}: {text[:_LONGEST]}"


def _of_grid(grid: Any) -> Iterator[Typed]:
    editing = grid.editing
    if editing.cell is not None and editing.cell.field.is_touched:
        yield Typed(editing.cell.key, editing.cell.column.path, _input(editing.cell.field))
    for (key, column), mark in editing.marks.items():
        yield Typed(key, column, mark.text or mark.value)
    for column, value in (editing.draft.typed() if editing.draft is not None else {}).items():
        if (None, column) not in editing.marks:
            yield Typed(None, column, value)


def _of_form(form: Any) -> Iterator[Typed]:
    row = form.row
    for field in form.fields if row is not None else ():
        name, key = field.column_name, None if row.is_new else row.key
        if name in row.edits:
            yield Typed(key, name, row.edits[name])
        elif field.editor is not None and field.editor.is_touched and field.check():
            yield Typed(key, name, _input(field.editor))


def _of_items(view: Any) -> Iterator[Typed]:
    rename = view.rename
    if rename is not None and rename.field is not None and rename.field.is_touched:
        yield Typed(view.current.key, rename.field.subject.column.name, _input(rename.field))


def _input(field: Any) -> Any:
    """The value of an editor, or the letters that are no value yet."""
    try:
        return field.value()
    except ValueError:
        part: QWidget | None = field.focusProxy()
        read = getattr(part, "text", None) or getattr(part, "toPlainText", None)
        return read() if read is not None else ""


_TYPED: dict[str, Callable[[Any], Iterator[Typed]]] = {
    "grid": _of_grid,
    "form": _of_form,
    "list": _of_items,
    "cards": _of_items,
}
