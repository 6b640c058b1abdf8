"""What a form says when somebody else changed what the person is editing: values as their columns write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kernel.tables.schema import Column, Reference, Schema, title_of
from widgets.editor.editor import Subject
from widgets.format import writer


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
        parts.append(f"{title} is now {_written(column, pattern, schema.chosen_by(name), values, name)}")
    return f"Changed by someone else meanwhile: {', '.join(parts)}"


def _written(
    column: Column | None, pattern: str, reference: Reference | None, values: dict[str, Any], name: str
) -> str:
    value = values.get(name)
    if value is None or value == "":
        return "empty"
    label = values.get(f"{reference.name}:label") if reference is not None else None
    return f"“{label or writer(column.type if column else 'text', pattern)(value)}”"
