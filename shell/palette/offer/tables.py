"""All tables of the app's sources, those that no view shows as well."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from kernel.tables.interrupt import current
from kernel.tables.schema import title_of
from plugins.palette import PaletteAsked as Asked
from plugins.palette import PaletteItem as Item
from plugins.palette import PalettePreview as Preview
from shell.palette.place import show_table

if TYPE_CHECKING:
    from kernel.tables.schema import Schema
    from shell.app import OpenedApp
    from shell.window import Window


def begin(window: Window):
    """What lists the tables, on a thread."""
    app = window.app

    def gather(asked: Asked) -> Iterator[Item]:
        for source, table in table_names(app):
            asked.check()
            where = f"{source}/{table}" if source else table
            yield Item(
                f"table {where}", title_of(table), partial(show_table, window, source, table), "", "table",
                detail=where, preview=partial(_preview, app, source, table),
            )  # fmt: skip

    return gather


def table_names(app: OpenedApp) -> Iterator[tuple[str, str]]:
    """Source and name of every table of an app; the only source has no name. Blocks: called on threads."""
    sources = list(app.info.sources)
    for name in sources or [""]:
        source = "" if len(sources) == 1 else name
        for table in app.source(source).table_names():
            yield source, table


def schema_of(app: OpenedApp, source: str, table: str) -> Schema:
    """The table's schema. Blocks: called on threads."""
    return app.source(source).table(table).schema


def _preview(app: OpenedApp, source: str, table: str) -> Preview:
    if (interrupt := current()) is not None:
        interrupt.check()
    schema = schema_of(app, source, table)
    fields = tuple((column.name, _said(column.name in schema.key, column.type)) for column in schema.columns)
    return Preview(schema.title or title_of(table), fields, schema.doc)


def _said(is_key: bool, column_type: str) -> str:
    return f"{column_type} ⚿" if is_key else column_type
