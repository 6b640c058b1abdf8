"""Which fields a form has when no layout names them, and in which order."""

from __future__ import annotations

from kernel.tables.schema import Schema


def sensible_order(schema: Schema) -> list[str]:
    """Every column: the label's first, then as the table has them, long texts and files last.

    The columns of a reference of several are one field, which shows the row's label and sets all of them: the last.
    """
    names = [column.name for column in schema.columns if not _is_part(schema, column.name)]
    late = [column.name for column in schema.columns if column.type in ("longtext", "blob")]
    early = [name for name in names if name in schema.label and name not in late]
    middle = [name for name in names if name not in early and name not in late]
    key = [name for name in middle if name in schema.key and schema.reference(name) is None]
    return [*key, *early, *(name for name in middle if name not in key), *late]


def _is_part(schema: Schema, name: str) -> bool:
    """Whether a column says nothing but a part of a reference that is shown whole in another one."""
    if name in schema.key or name in schema.label or schema.chosen_by(name) is not None:
        return False
    return any(name in reference.via[:-1] for reference in schema.references)
