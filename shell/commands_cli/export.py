"""``espalier export TARGET TABLE FILE``: rows into a file, whole or not at all."""

from __future__ import annotations

import argparse
from pathlib import Path

from kernel.tables.exchange.export import all_columns, export
from kernel.tables.exchange.format import OutColumn, format_of
from kernel.tables.query import Query, parse_sort
from kernel.tables.schema import Schema
from shell.commands_cli.opened_table import opened_table, teller
from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Export and say how many rows; answers the exit code."""
    path = Path(arguments.file).expanduser()
    format_ = format_of(path, arguments.format)
    with opened_table(arguments.target, arguments.table, session) as table:
        query = Query(filter=arguments.filter, sort=parse_sort(arguments.sort))
        columns = _columns(arguments.columns, table.schema)
        count = export(table, query, columns, path, format_, teller("Exporting"))
    print(f"{count:,} row{'' if count == 1 else 's'} written to {path}")
    return 0


def _columns(text: str, schema: Schema) -> list[OutColumn]:
    paths = [path.strip() for path in text.split(",") if path.strip()]
    if not paths:
        return all_columns(schema)
    return [OutColumn(path, path, column.type if (column := schema.column(path)) else "text") for path in paths]
