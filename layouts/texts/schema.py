"""What a table's schema says to people in the language of a catalogue: headings, descriptions, choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kernel.error import Where
from kernel.tables.schema import Column, Schema, title_of
from layouts.node import Layout
from layouts.source_name import beside
from layouts.texts.walk import Written, is_read, source_of

Word = Callable[[str], str]


def worded(schema: Schema, word: Word) -> Schema:
    """The schema with its texts as ``word`` answers them; values and names stay as they are.

    Args:
        word: A text → the same in another language, or the text itself.
    """
    import msgspec

    return msgspec.structs.replace(
        schema,
        columns=tuple(_worded_column(column, word) for column in schema.columns),
        title=_changed(schema.title, title_of(schema.name), word),
        doc=_changed(schema.doc, "", word),
        read_only_reason=_changed(schema.read_only_reason, "", word),
    )


def _worded_column(column: Column, word: Word) -> Column:
    import msgspec

    words = tuple(word(value) if isinstance(value, str) else str(value) for value in column.choices)
    return msgspec.structs.replace(
        column,
        label=_changed(column.label, title_of(column.name), word),
        doc=_changed(column.doc, "", word),
        read_only_reason=_changed(column.read_only_reason, "", word),
        words=words if any(one != value for one, value in zip(words, column.choices, strict=True)) else (),
    )


def _changed(text: str, made: str, word: Word) -> str:
    """The text, or the one that is made where there is none, in the language; what has no other words stays."""
    said = text or made
    changed = word(said) if said else said
    return text if changed == said else changed


def texts_of_schemas(layouts: Sequence[Layout], schemas: Mapping[str, Schema]) -> list[Written]:
    """The texts of the tables that the layouts declare, and of those that these refer to.

    Args:
        schemas: What a layout calls a table (``orders``, ``stock/orders``) → its schema.
    """
    wanted: dict[str, Schema] = {}
    for layout in layouts:
        for declared in layout.tables:
            if (schema := schemas.get(declared.source)) is None:
                continue
            wanted[declared.source] = schema
            for reference in schema.references:
                name = beside(declared.source, schema, reference.table)
                if name in schemas:
                    wanted[name] = schemas[name]
    found: dict[str, Written] = {}
    for schema in wanted.values():
        for text, about in _texts(schema):
            if is_read(text):
                found.setdefault(text, Written(source_of(text), "", Where(), about))
    return list(found.values())


def _texts(schema: Schema) -> Iterator[tuple[str, str]]:
    """Each text with what it is, for translators."""
    yield schema.title or title_of(schema.name), f"table {schema.name}"
    for text in (schema.doc, schema.read_only_reason):
        yield text, f"about the table {schema.name}"
    for column in schema.columns:
        yield column.label or title_of(column.name), f"column {column.name} of {schema.name}"
        for text in (column.doc, column.read_only_reason):
            yield text, f"about the column {column.name} of {schema.name}"
        choices: tuple[Any, ...] = column.choices
        for choice in choices:
            yield choice if isinstance(choice, str) else "", f"choice of {column.name} of {schema.name}"
