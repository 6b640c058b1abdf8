"""Opening the sources that an app describes in ``[sources.NAME]`` of its app.toml.

``KINDS`` is the table of kinds; a plugin adds a row to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kernel.nearest import did_you_mean
from kernel.open_file import read_bytes
from kernel.tables.contract import Source
from kernel.tables.error import SourceError
from kernel.words import mark

#: Path within the app → the file's bytes; raises OSError or KeyError when there is none.
ReadFile = Callable[[str], bytes]
Loader = Callable[[Mapping[str, Any], Path, ReadFile], Source]


class Kind(NamedTuple):
    """One kind of source: its name, doc, the entries it may have, and what opens it."""

    name: str
    doc: str
    entries: tuple[str, ...]
    load: Loader


def open_source(description: Mapping[str, Any], base: Path, read_file: ReadFile | None = None) -> Source:
    """The source that a description asks for.

    Args:
        description: An entry of app.toml: ``{"kind": "sqlite", "path": "desk.sqlite", …}``.
        base: The folder that holds its data; relative paths stand in it.
        read_file: Reads the app's files; left out, they are read from ``base``.

    Raises:
        SourceError: the kind or an entry is unknown, or the source cannot be opened.
    """
    name = description.get("kind", "sqlite")
    kind = KINDS.get(name)
    if kind is None:
        raise SourceError(mark(f"there is no kind of source {name}"), hint=did_you_mean(str(name), KINDS))
    for entry in description:
        if entry not in ("kind", "offline", *kind.entries):
            raise SourceError(
                mark(f"a source of kind {name} has no entry {entry}"),
                hint=mark(f"known: {', '.join(kind.entries)}"),
            )
    return kind.load(description, base, read_file or (lambda path: read_bytes(base / path)))


def stands_in(folder: Path, description: Mapping[str, Any]) -> bool:
    """Whether a file that the description names is there in the folder, or where its whole path says."""
    tables = description.get("tables")
    told = [description, *(tables.values() if isinstance(tables, Mapping) else ())]
    paths = [one.get("path") for one in told if isinstance(one, Mapping)]
    return any((folder / path).is_file() for path in paths if isinstance(path, str) and path)


def _load_sqlite(description: Mapping[str, Any], base: Path, read_file: ReadFile) -> Source:
    from kernel.tables.sqlite.creation import create
    from kernel.tables.sqlite.source import SqliteSource

    if not isinstance(description.get("path"), str) or not description["path"]:
        raise SourceError(mark("a source of kind sqlite needs a path"))
    path = base / description["path"]
    scripts = [_text(read_file, description[entry]) for entry in ("schema", "seed") if description.get(entry)]
    if scripts and not path.exists():
        create(path, scripts)
    return SqliteSource(path, is_read_only=bool(description.get("read_only", False)))


def _load_memory(description: Mapping[str, Any], base: Path, read_file: ReadFile) -> Source:
    import msgspec

    from kernel.tables.memory import MemorySource
    from kernel.tables.schema import Schema

    try:
        tables = [(msgspec.convert({"name": name, **table.get("schema", {})}, Schema), table.get("rows", ()))
                  for name, table in description.get("tables", {}).items()]
    except (msgspec.ValidationError, AttributeError) as error:
        raise SourceError(mark(f"a table of the source is not described rightly: {error}")) from error
    return MemorySource(tables)


def _load_files(description: Mapping[str, Any], base: Path, read_file: ReadFile) -> Source:
    from kernel.tables.files.source import open_files

    return open_files(description, base)


def _load_postgres(description: Mapping[str, Any], base: Path, read_file: ReadFile) -> Source:
    try:
        from kernel.tables.postgres.opening import open_described
    except ImportError as error:
        raise SourceError(
            mark(f"PostgreSQL's library cannot be loaded: {error}"),
            hint=mark("install psycopg[binary]"),
        ) from error
    return open_described(description)


def _text(read_file: ReadFile, path: str) -> str:
    try:
        return read_file(path).decode()
    except (OSError, KeyError, UnicodeDecodeError) as error:
        raise SourceError(mark(f"the source's file {path} cannot be read: {error}")) from error


#: What a table of a file may say: one file's own, or several's in [sources.NAME.tables.TABLE].
_FILE = ("path", "tables", "types", "label", "references")
_SEPARATED = ("separator", "quote", "encoding", "header")
#: Kind's name → kind.
KINDS: dict[str, Kind] = {
    row.name: row
    for row in (
        Kind("sqlite", "A SQLite file, made from SQL texts of the app when it is missing",
             ("path", "schema", "seed", "read_only"), _load_sqlite),
        Kind("postgres", "A PostgreSQL database: an address without a password, or a connection that a server knows",
             ("address", "connection", "schema", "schemas", "read_only", "feed", "lock_s", "statement_s"),
             _load_postgres),
        Kind("memory", "Tables in memory: [sources.NAME.tables.TABLE] with schema and rows", ("tables",), _load_memory),
        Kind("csv", "Files of separated values (CSV, TSV), read in place", (*_FILE, *_SEPARATED), _load_files),
        Kind("jsonl", "Files of JSON lines, read in place", _FILE, _load_files),
        Kind("parquet", "Parquet files, read in place", _FILE, _load_files),
        Kind("arrow", "Arrow IPC files and streams, read in place", _FILE, _load_files),
    )
}
