"""Commands that open by name: tables, rows, files of the app, settings."""

from __future__ import annotations

from typing import Annotated, Any

from kernel.error import EspalierError
from kernel.words import say


def open_table(window: Any, table: Annotated[str, "table"]) -> None:
    """Show the rows of a table, whether a view of the app shows them or not.

    Raises:
        EspalierError: the app has no such table.
    """
    from shell.palette.place import show_table

    show_table(window, *_found(window, table))


def open_row(window: Any, table: Annotated[str, "table"], row: Annotated[str, "row"]) -> None:
    """Go to a row of a table by its key.

    Raises:
        EspalierError: the app has no such table, or its key is another.
    """
    from shell.palette.place import show_row

    source, name = _found(window, table)
    show_row(window, source, name, _key_of(window, source, name, row))


def edit_file(window: Any, path: Annotated[str, "file"], line: int = 0) -> None:
    """Edit a file of the app, at a line from 1."""
    from shell.over import edit_file

    edit_file(window, path, line)


def set_option(window: Any, option: Annotated[str, "option"], value: Annotated[str, "value"]) -> None:
    """Keep another value of a setting.

    Raises:
        ConfigError: there is none such, or it cannot have the value.
    """
    config = window.session.config
    config.set(option, value)
    text = say("{name} is {value} now", name=option, value=config.text(option) or say("empty"))
    later = say("It counts after the next start.") if config.option(option).is_restart else ""
    window.messages.report("success", text, later)


def _found(window: Any, text: str) -> tuple[str, str]:
    """The source and the name there of a table as people or layouts call it.

    Raises:
        EspalierError: the app has no such table.
    """
    from layouts.source_name import split_source

    sources = window.app.info.sources
    if text in window.tables.handles:
        return window.tables.source_of(text)
    source, table = split_source(text, sources)
    if not sources:
        raise EspalierError(say("this app has no tables"))
    return "" if len(sources) == 1 else source, table


def _key_of(window: Any, source: str, table: str, text: str) -> tuple[Any, ...]:
    """The key that a text means: a JSON list of its values, or the only one."""
    import json

    schema = window.tables.take(source, table).schema
    columns = [schema.column(name) for name in schema.key] if schema is not None else []
    values = json.loads(text) if text.startswith("[") else [text]
    if columns and len(values) != len(columns):
        raise EspalierError(say("a row of {table} has {count} values in its key", table=table, count=len(columns)))
    types = [column.type if column is not None else "integer" for column in columns] or ["text"] * len(values)
    return tuple(
        int(value) if kind == "integer" and str(value).lstrip("-").isdecimal() else value
        for kind, value in zip(types, values, strict=True)
    )
