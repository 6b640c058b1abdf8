"""Writes tables of the contract into files, as another program would."""

from __future__ import annotations

import csv
import datetime
import json
from decimal import Decimal

from kernel.tables.files.source import open_files


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
    return open_files("csv", {"tables": told}, folder)


def json_files(folder, tables):
    """A source of JSON lines of the tables."""
    told = {}
    for schema, rows in tables:
        path = folder / f"{schema.name}.jsonl"
        empty = {column.name: None for column in schema.columns}
        lines = [json.dumps({name: _json(value) for name, value in (empty | row).items()}) for row in rows]
        path.write_text("".join(f"{_exact(line)}\n" for line in lines or [json.dumps(empty)]))
        told[schema.name] = described(schema, path)
    return open_files("jsonl", {"tables": told}, folder)


def _cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def _json(value):
    if isinstance(value, Decimal):
        return f"\x01{value}\x01"
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def _exact(line):
    """Decimals as JSON numbers with all their digits."""
    return line.replace('"\\u0001', "").replace('\\u0001"', "")
