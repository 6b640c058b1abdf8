"""Writes tables of the contract into files, as another program would."""

from __future__ import annotations

import csv
import datetime
import json
from decimal import Decimal

from kernel.tables.source import open_source


def described(schema, path):
    """The table's description in ``app.toml``."""
    references = {
        one.name: {"table": one.table, "via": list(one.via), "columns": list(one.columns)} for one in schema.references
    }
    types = {column.name: column.type for column in schema.columns}
    return {"path": path.name, "types": types, "references": references, "label": list(schema.label)}


def csv_files(folder, tables, *, encoding="utf-8", separator=",", newline="\n", quoting=csv.QUOTE_MINIMAL):
    """A source of CSV files of the tables; null and an empty text are both an empty cell."""
    told = {}
    for schema, rows in tables:
        path = folder / f"{schema.name}.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=separator, lineterminator=newline, quoting=quoting)
            names = [column.name for column in schema.columns]
            writer.writerow(names)
            writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
        told[schema.name] = described(schema, path)
    return open_source({"kind": "csv", "tables": told}, folder)


def json_files(folder, tables):
    """A source of JSON lines of the tables."""
    told = {}
    for schema, rows in tables:
        path = folder / f"{schema.name}.jsonl"
        empty = {column.name: None for column in schema.columns}
        lines = ["{" + ", ".join(f"{json.dumps(name)}: {_json(value)}" for name, value in (empty | row).items()) + "}"
                 for row in rows]  # fmt: skip
        path.write_text("".join(f"{line}\n" for line in lines))
        told[schema.name] = described(schema, path)
    return open_source({"kind": "jsonl", "tables": told}, folder)


def _cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def _json(value):
    """JSON of a value; a decimal is a number with all of its digits."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return json.dumps(value.isoformat() if isinstance(value, datetime.date | datetime.time) else value)


_STORED = {
    "text": "VARCHAR",
    "longtext": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(18, 4)",
    "real": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "time": "TIME",
    "datetime": "TIMESTAMP",
    "blob": "BLOB",
}


def columnar_files(folder, tables, *, kind):
    """A source of Parquet or Arrow files of the tables."""
    import duckdb
    from nanoarrow import ArrayStream
    from nanoarrow.ipc import StreamWriter

    told = {}
    for schema, rows in tables:
        path = folder / f"{schema.name}.{kind}"
        names = [column.name for column in schema.columns]
        connection = duckdb.connect()
        declared = ", ".join(f'"{column.name}" {_STORED[column.type]}' for column in schema.columns)
        connection.execute(f"CREATE TABLE t ({declared})")
        for row in rows:
            connection.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", [row.get(one) for one in names])
        if kind == "parquet":
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        else:
            with StreamWriter.from_path(path) as writer:
                writer.write_stream(ArrayStream(connection.sql("SELECT * FROM t").__arrow_c_stream__()))
        connection.close()
        told[schema.name] = {entry: value for entry, value in described(schema, path).items() if entry != "types"}
    return open_source({"kind": kind, "tables": told}, folder)
