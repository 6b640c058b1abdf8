"""What a form says and asks when somebody else changed what the person is editing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from kernel.tables.schema import Column, Reference, Schema, title_of
from kernel.words import say
from widgets.editor.editor import Subject
from widgets.format import column_writer, writer

if TYPE_CHECKING:
    from widgets.form import Form


def ask(form: Form, columns: list[str]) -> None:
    """Ask above the fields whose values are right."""
    row = form.row
    subjects = [field.editor.subject for field in form.fields if field.editor]
    text = conflict_text(columns, row.values or {}, form.handle.schema, subjects)
    answer = (say("Take theirs"), lambda: form.take_theirs(columns))
    if len(columns) > 1:
        answer = (say("Choose for each…"), lambda: _compare(form, columns, subjects))
    text = say("{text}. Ctrl+S goes to the answers", text=text)
    form.bar.say(text, "warning", answer, (say("Keep mine"), row.keep_mine), is_asking=True)


def _compare(form: Form, columns: list[str], subjects: list[Subject]) -> None:
    """Let the person choose column by column; nothing is decided before."""
    from widgets.conflict_card import ConflictCard
    from widgets.conflict_row import differences_of

    row, schema = form.row, form.handle.schema
    mine = {name: row.edits[name] for name in columns if name in row.edits}
    shown = differences_of(list(mine), row.values or {}, mine, schema, form.context, form.handle, subjects, row.base)
    card = ConflictCard(form.window(), form.context.theme)
    card.closed.connect(card.deleteLater)

    def take(values: dict[str, Any]) -> None:
        row.edits.update(values)
        row.keep_mine()

    card.closed.connect(lambda: None if card.is_saved else QTimer.singleShot(0, form, lambda: ask(form, columns)))
    card.ask(say("Which values are right?"), say("Somebody else changed this row meanwhile."), shown, take)


def conflict_text(columns: Iterable[str], values: dict[str, Any], schema: Schema, subjects: Iterable[Subject]) -> str:
    """One sentence with the values that are stored now.

    Args:
        columns: The columns that both sides changed.
        values: The stored row, with labels of references.
        schema: The table's schema.
        subjects: What the form's fields edit; their labels and formats are used.
    """
    by_name = {subject.column.name: subject for subject in subjects}
    parts = []
    for name in columns:
        column, subject = schema.column(name), by_name.get(name)
        title = subject.title if subject else (column.label if column else "") or title_of(name)
        pattern = subject.format if subject else ""
        parts.append(
            say(
                "{title} is now {value}",
                title=title,
                value=_written(column, pattern, schema.chosen_by(name), values, name),
            )
        )
    return say("Changed by someone else meanwhile: {text}", text=', '.join(parts))


def _written(
    column: Column | None, pattern: str, reference: Reference | None, values: dict[str, Any], name: str
) -> str:
    value = values.get(name)
    if value is None or value == "":
        return say("empty")
    label = values.get(f"{reference.name}:label") if reference is not None else None
    write = column_writer(column, pattern) if column is not None else writer("text", pattern)
    return f"“{label or write(value)}”"
