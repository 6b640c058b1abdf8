"""What a layout's ``source`` names: ``table``, or ``source/table`` where the app has several sources.

A table's own name may have slashes too, so the part in front counts only where it names a source of the app.
"""

from __future__ import annotations

from collections.abc import Collection

from kernel.tables.schema import Schema


def split_source(text: str, sources: Collection[str]) -> tuple[str, str]:
    """The source, empty when none is named, and the table.

    Args:
        text: As the layout has it.
        sources: The sources that the app declares; none of their names has a slash.
    """
    source, slash, table = text.partition("/")
    return (source, table) if slash and source in sources else ("", text)


def join_source(source: str, table: str) -> str:
    """The text that names a table of a source, which may be empty."""
    return f"{source}/{table}" if source else table


def beside(text: str, schema: Schema, table: str) -> str:
    """The text that names another table of the same source.

    Args:
        text: Names a table.
        schema: The schema of that table.
        table: The other one's name.
    """
    return join_source(text.removesuffix(schema.name).rstrip("/"), table)
