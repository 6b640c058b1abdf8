"""A SQLite table's shape read from the file: columns, key, references, label, codecs."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from msgspec.structs import replace

from kernel.tables.label import find_label, is_long_text, key_title, reference_name
from kernel.tables.schema import Column, Reference, Schema
from kernel.tables.sqlite.codec import Codec, make_codec
from kernel.tables.sqlite.declared import affinity_of, choices_of, sizes_of, type_of, type_of_values
from kernel.tables.sqlite.moment import find_style
from kernel.tables.sqlite.name import quote
from kernel.tables.sqlite.trouble import is_locked
from kernel.words import mark

#: Rows looked at to tell how a column is stored.
SAMPLES = 100
_MOMENTS = ("date", "time", "datetime")
_ROWIDS = ("rowid", "_rowid_", "oid")
#: What SQLite says of a virtual table without its module, before the module's name.
_NO_MODULE = "no such module: "


class Shape(NamedTuple):
    """All that queries need to know of a table.

    Attributes:
        schema: What the world sees.
        codecs: Column → codec; the hidden key has one too.
        rowid: SQL name of the hidden rowid, empty when there is none that can be named.
        blobs: Columns that may hold blobs of any size.
        sql: The statement that made the table.
    """

    schema: Schema
    codecs: dict[str, Codec]
    rowid: str
    blobs: frozenset[str]
    sql: str = ""


class Listed(NamedTuple):
    """One row of the list of tables: ``kind`` is table, view or virtual."""

    name: str
    kind: str
    is_without_rowid: bool


#: The table that remembers commits; no table of the source.
LEDGER = "espalier_ledger"


def list_tables(connection: sqlite3.Connection) -> dict[str, Listed]:
    """The tables and views that a person made, by name, in the order of their making."""
    kinds = {row[0]: Listed(row[0], row[1], bool(row[2])) for row in connection.execute(
        "SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main'")}
    names = [row[0] for row in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY rowid")]
    shown = [kinds[name] for name in names if name in kinds and not name.lower().startswith(("sqlite_", LEDGER))]
    return {listed.name: listed for listed in shown if listed.kind in ("table", "view")
            or listed.kind == "virtual" and not _missing_module(connection, listed.name)}


def list_unread(connection: sqlite3.Connection) -> dict[str, str]:
    """Virtual tables that no module here can read, by name, with the module's name. They are no tables of a source.

    Those of full text and spatial indices, which SQLite brings modules for, are tables like views.
    """
    found = connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'")
    missing = {row[0]: _missing_module(connection, row[0]) for row in found.fetchall()}
    return {name: module for name, module in sorted(missing.items()) if module}


def _missing_module(connection: sqlite3.Connection, table: str) -> str:
    """The module of a virtual table when it is not here, else empty."""
    try:
        connection.execute("SELECT 1 FROM pragma_table_xinfo(?)", (table,)).fetchone()
    except sqlite3.OperationalError as error:
        return str(error).partition(_NO_MODULE)[2].strip()
    return ""


def read_shape(connection: sqlite3.Connection, listed: Listed, tables: dict[str, Listed]) -> Shape:
    """The shape of one table or view.

    Args:
        connection: Any open one.
        listed: Its row of the list.
        tables: The whole list, for references.
    """
    try:
        rows = [row for row in connection.execute("SELECT * FROM pragma_table_xinfo(?)", (listed.name,)) if row[6] != 1]
    except sqlite3.OperationalError as error:
        if listed.kind == "table" or is_locked(error):
            raise
        # A view over what is no longer there: it has no columns, and reading its rows says why.
        return Shape(Schema(listed.name, (), is_editable=False, read_only_reason=_reason(listed)), {}, "", frozenset())
    found = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ? AND type IN ('table', 'view')",
                               (listed.name,)).fetchone()
    sql = found[0] if found and isinstance(found[0], str) else ""
    samples = _samples(connection, listed.name, [row[1] for row in rows])
    key = tuple(row[1] for row in sorted((row for row in rows if row[5]), key=lambda row: row[5]))
    is_view = listed.kind != "table"
    lowered = {row[1].lower() for row in rows}
    hidden = next((name for name in _ROWIDS if name not in lowered), "")
    rowid = "" if is_view or listed.is_without_rowid else hidden
    declared = {row[1]: row[2].upper() for row in rows}
    is_rowid_key = bool(rowid) and len(key) == 1 and declared[key[0]] == "INTEGER"
    columns, codecs = [], {}
    for row in rows:
        column, codecs[row[1]] = _column(row, samples.get(row[1], []), sql, key, is_rowid_key)
        columns.append(column)
    if not key and rowid:
        key = ("rowid",)
        codecs["rowid"] = make_codec("integer", "INTEGER")
    references = () if is_view else _references(connection, listed.name, tables)
    foreign = [name for reference in references for name in reference.via]
    columns = [replace(column, label=key_title(listed.name, key, foreign, column.name)) for column in columns]
    reason = "" if key and not is_view else _reason(listed)
    label = find_label(listed.name, columns, key, foreign, samples)
    schema = Schema(listed.name, tuple(columns), key, references, label, is_editable=not reason,
                    read_only_reason=reason)
    blobs = frozenset(row[1] for row in rows if affinity_of(row[2]) in ("BLOB", "NUMERIC"))
    return Shape(schema, codecs, rowid, blobs, sql)


def _reason(listed: Listed) -> str:
    if listed.kind == "view":
        return mark("{table} is a view: its rows are calculated from other tables").format(table=listed.name)
    if listed.kind == "virtual":
        return mark("{table} is a virtual table: a module of SQLite keeps its rows").format(table=listed.name)
    return mark("{table} has neither a primary key nor a row number that can be named").format(table=listed.name)


def _column(row: Any, samples: list[Any], sql: str, key: tuple[str, ...], is_rowid_key: bool) -> tuple[Column, Codec]:
    """The column of a row of ``table_xinfo`` (cid, name, type, notnull, default, pk, hidden)."""
    name, declared = row[1], row[2]
    affinity = affinity_of(declared)
    size, scale = sizes_of(declared)
    type_, style = type_of(declared) or type_of_values(samples), None
    if type_ in _MOMENTS:
        type_, style = find_style(type_, samples)
    if declared.upper().startswith("TINYINT(1)") and all(value in (0, 1, None) for value in samples):
        type_ = "boolean"
    if type_ == "text" and size < 0 and is_long_text(name, samples):
        type_ = "longtext"
    is_generated = row[6] in (2, 3)
    is_key = name in key
    column = Column(
        name, type_, is_key=is_key,
        is_required=bool(row[3]) and not is_generated and not (is_key and is_rowid_key),
        is_generated=is_generated,
        has_default=row[4] is not None or (is_key and is_rowid_key),
        max_length=max(size, 0) if type_ in ("text", "longtext") else 0,
        choices=choices_of(sql, name) if type_ in ("text", "integer") else (),
    )
    return column, make_codec(type_, affinity, scale=scale if type_ == "decimal" else -1, style=style)


def _samples(connection: sqlite3.Connection, table: str, columns: list[str]) -> dict[str, list[Any]]:
    """Some stored values of each column, blobs and long texts cut short; a broken view has none."""
    parts = [f"CASE WHEN typeof({quote(name)}) IN ('text', 'blob') THEN substr({quote(name)}, 1, 400)"
             f" ELSE {quote(name)} END" for name in columns]
    if not parts:
        return {}
    try:
        rows = connection.execute(f"SELECT {', '.join(parts)} FROM {quote(table)} LIMIT {SAMPLES}").fetchall()
    except sqlite3.OperationalError as error:
        if is_locked(error):
            raise
        return {}
    return {name: [row[index] for row in rows] for index, name in enumerate(columns)}


def _references(connection: sqlite3.Connection, table: str, tables: dict[str, Listed]) -> tuple[Reference, ...]:
    """Foreign keys to tables that are there and columns that are unique; names are made unique."""
    by_lower = {name.lower(): name for name in tables}
    own = _names(connection, table)
    groups: dict[int, list[Any]] = {}
    for row in connection.execute("SELECT * FROM pragma_foreign_key_list(?)", (table,)):
        groups.setdefault(row[0], []).append(row)
    references: list[Reference] = []
    for _, rows in sorted(groups.items(), reverse=True):
        rows.sort(key=lambda row: row[1])
        target = by_lower.get(rows[0][2].lower())
        via = tuple(own.get(row[3].lower(), row[3]) for row in rows)
        if target is None:
            continue
        theirs = _names(connection, target)
        columns = tuple(theirs.get((row[4] or "").lower(), "") for row in rows)
        if all(row[4] is None for row in rows):
            columns = _key(connection, target)
        if len(columns) != len(via) or "" in columns or not _is_unique(connection, target, columns):
            continue
        if any(reference.via == via for reference in references):
            continue
        name = _in_path(reference_name(via, target))
        taken = {reference.name for reference in references} | (set(own.values()) - set(via))
        if name in taken:
            name = _in_path("_".join(via))
        while name in taken:
            name += "_"
        references.append(Reference(name, target, via, columns))
    return tuple(references)


def _in_path(name: str) -> str:
    """A reference's name without the signs that part a path's names."""
    return name.replace(".", "_").replace(":", "_")


def _names(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """A table's column names by their lower-case form."""
    return {row[0].lower(): row[0] for row in
            connection.execute("SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", (table,))}


def _key(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute(
        "SELECT name FROM pragma_table_xinfo(?) WHERE pk > 0 ORDER BY pk", (table,)))


def _is_unique(connection: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> bool:
    """Whether the columns are the primary key or have a unique index of their own."""
    if set(_key(connection, table)) == set(columns):
        return True
    indexes = connection.execute('SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial', (table,))
    return any(
        {row[0] for row in connection.execute("SELECT name FROM pragma_index_info(?)", (name,))} == set(columns)
        for (name,) in indexes.fetchall()
    )
