"""What a pivot shows as the person left it: keys of rows and columns, figures, their titles, and how they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kernel.tables.key_list import KeyListError, parse_figures, split_list
from kernel.tables.pivot.reading import Fields
from kernel.tables.query import Aggregate
from kernel.tables.quick_filter import name_text
from kernel.tables.schema import Column, Schema, title_of
from kernel.words import mark, say
from layouts.node import Node
from widgets.format import AVERAGE, sum_format
from widgets.grid.group_value import value_words
from widgets.grid.grouped import group_by, is_known

#: Aggregate → what stands before a column's title.
TITLES = {"sum": mark("Sum of {}"), "average": mark("Average of {}"), "minimum": mark("Least {}"),
          "maximum": mark("Greatest {}"), "count": mark("Count of {}")}  # fmt: skip
_NUMBERS = ("integer", "decimal", "real")
_COUNT = Aggregate("count", "", "count()")


def fields_of(node: Node, kept: Any, schema: Schema) -> Fields:
    """What the person left, else what the layout says; columns that are gone are left out; a count at least."""
    given = {name: str(node.get(name) or "") for name in ("rows", "columns", "values")}
    if isinstance(kept, dict):
        given |= {name: kept[name] for name in given if isinstance(kept.get(name), str)}
    try:
        figures = parse_figures(given["values"])
    except KeyListError:
        figures = parse_figures(str(node.get("values") or ""))
    figures = tuple(one for one in figures if not one.of or is_known(one.of, schema))
    rows, columns = (
        tuple(dict.fromkeys(group_by(text, schema) for text in split_list(given[name]) if is_known(text, schema)))
        for name in ("rows", "columns")
    )
    return Fields(rows, tuple(key for key in columns if key not in rows), figures or (_COUNT,))


def kept_of(fields: Fields) -> dict[str, str]:
    """What to remember of it."""
    rows, columns = (", ".join(key.text for key in keys) for keys in (fields.rows, fields.columns))
    return {"rows": rows, "columns": columns, "values": ", ".join(one.name for one in fields.figures)}


def column_of(text: str, schema: Schema) -> Column | None:
    """The table's column that a key or figure is of, when it is one."""
    return schema.column(text)


def text_title(text: str, schema: Schema) -> str:
    """What people call an expression or a column."""
    column = column_of(text, schema)
    if column is not None:
        return column.label or title_of(column.name)
    if text.startswith("year(") and (inner := column_of(text[5:-1], schema)) is not None:
        return say("Year of {name}", name=(inner.label or title_of(inner.name)).lower())
    parts = text.split(".")
    if all(part.isidentifier() for part in parts):
        return " ".join(title_of(part).lower() for part in parts[-2:]).capitalize()
    return text


def figure_title(figure: Aggregate, schema: Schema) -> str:
    """``Sum of total``; ``Rows`` for their number."""
    if not figure.of:
        return say("Rows")
    title = text_title(figure.of, schema)
    return say(TITLES[figure.function]).format(title[:1].lower() + title[1:])


def figure_format(figure: Aggregate, schema: Schema) -> str:
    """How its values are written."""
    if figure.function == "count":
        return "#,##0"
    column = column_of(figure.of, schema)
    if column is None:
        return ""
    if figure.function in ("sum", "average"):
        return AVERAGE if figure.function == "average" and not column.format else sum_format(column.type, column.format)
    return column.format


def heading_words(labels: Sequence[Any]) -> str:
    """The values of a heading, outermost first."""
    return " · ".join(value_words(value, None) for value in labels)


def key_choices(schema: Schema) -> list[tuple[str, str]]:
    """(Title, text) of what can be a key: columns, and the years of dates."""
    found = []
    for column in schema.columns:
        if column.type == "blob":
            continue
        reference = schema.reference(column.name)
        text = column.name if reference is not None or column.name.isidentifier() else name_text(column.name)
        found.append((text_title(column.name, schema), text))
        if column.type in ("date", "datetime"):
            year = f"year({name_text(column.name)})"
            found.append((text_title(year, schema), year))
    return found


def figure_choices(schema: Schema) -> list[tuple[str, Aggregate]]:
    """(Title, figure) of what can be shown."""
    found = [(say("Rows"), _COUNT)]
    for column in schema.columns:
        if schema.reference(column.name) is not None or column.is_key or column.type in ("blob", "boolean"):
            continue
        functions = TITLES if column.type in _NUMBERS else ("minimum", "maximum", "count")
        for function in functions:
            of = name_text(column.name)
            figure = Aggregate(function, of, f"{function}({of})")
            found.append((figure_title(figure, schema), figure))
    return found
