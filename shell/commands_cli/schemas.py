"""The tables of an app folder, to check its layouts against; nothing of the folder is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from kernel.tables.error import TableError
from kernel.tables.schema import Schema


def schemas_of(
    folder: Path, sources: Mapping[str, Mapping[str, Any]], read_file: Callable[[str], bytes | None]
) -> dict[str, Schema] | None:
    """``table`` and ``source/table`` → schema; None when a source cannot be opened here, so nothing can be said.

    A database that is not there yet is made from its schema text, in a temporary directory.
    """
    import tempfile

    found: dict[str, Schema] = {}
    with tempfile.TemporaryDirectory(prefix="espalier-check-") as scratch:
        for name, description in sources.items():
            try:
                schemas = _schemas(folder, description, read_file, Path(scratch) / name)
            except TableError:
                return None
            for schema in schemas:
                found[f"{name}/{schema.name}"] = schema
                if len(sources) == 1:
                    found[schema.name] = schema
    return found


def _schemas(
    folder: Path, description: Mapping[str, Any], read_file: Callable[[str], bytes | None], scratch: Path
) -> list[Schema]:
    from kernel.tables.source import open_source, stands_in

    def need(path: str) -> bytes:
        content = read_file(path)
        if content is None:
            raise KeyError(path)
        return content

    is_there = stands_in(folder, description)
    base = folder if is_there else scratch
    with suppress(FileExistsError):
        scratch.mkdir()
    # Rows are not needed for a check, and a seed may take its time.
    wanted = {key: value for key, value in description.items() if key != "seed"}
    can_be_read_only = is_there and wanted.get("kind", "sqlite") == "sqlite"
    source = open_source({**wanted, "read_only": True} if can_be_read_only else wanted, base, need)
    try:
        return [source.table(table).schema for table in source.table_names()]
    finally:
        source.close()
