"""The tables that an app's own SQL texts make, to check its layouts against. Nothing that exists is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kernel.tables.schema import Schema
from layouts.app_manifest import AppDescription


def described_schemas(app: AppDescription, read_file: Callable[[str], bytes | None]) -> dict[str, Schema] | None:
    """``table`` and ``source/table`` → schema; None when a source's tables are not the app's to say.

    Raises:
        TableError: an SQL text of the app is wrong.
    """
    import tempfile

    found: dict[str, Schema] = {}
    with tempfile.TemporaryDirectory(prefix="espalier-check-") as scratch:
        for name, description in app.sources.items():
            schemas = list(_schemas(description, read_file, Path(scratch) / f"{name}.sqlite"))
            if not schemas:
                return None
            found |= {f"{name}/{schema.name}": schema for schema in schemas}
            if len(app.sources) == 1:
                found |= {schema.name: schema for schema in schemas}
    return found


def _schemas(
    description: Mapping[str, Any], read_file: Callable[[str], bytes | None], scratch: Path
) -> Iterator[Schema]:
    """The tables of a SQLite source with a schema text; the seed is left out, rows say nothing here."""
    text = read_file(description["schema"]) if description.get("schema") else None
    if description.get("kind") != "sqlite" or text is None:
        return
    from kernel.tables.error import SourceError
    from kernel.tables.sqlite.creation import create
    from kernel.tables.sqlite.source import SqliteSource

    try:
        script = text.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{description['schema']} is no UTF-8 text") from error
    create(scratch, [script])
    source = SqliteSource(scratch, is_read_only=True)
    try:
        for table in source.table_names():
            yield source.table(table).schema
    finally:
        source.close()
