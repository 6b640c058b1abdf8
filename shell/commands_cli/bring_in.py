"""``espalier import FILE TARGET TABLE``: the rows of a file into a table, all of them or none."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from kernel.tables.exchange.given import open_given
from kernel.tables.exchange.intake import Checked, bring_in, check
from kernel.tables.exchange.mapping import Pair, mode_of, suggested
from kernel.tables.schema import Schema
from shell.command_line import UsageError
from shell.commands_cli.opened_table import opened_table, teller
from shell.session import Session

#: Problems that are listed.
_MOST_SHOWN = 20


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Bring the rows in and say what happened; answers 1 when rows are wrong."""
    mode = mode_of(arguments.mode)
    source, given = open_given(Path(arguments.file).expanduser(), _told(arguments))
    try:
        with opened_table(arguments.target, arguments.table, session) as table:
            pairs = _pairs(arguments, given.schema, table.schema)
            work = check if arguments.check else bring_in
            done = work(given, table, pairs, mode, teller("Checking" if arguments.check else "Importing"))
    finally:
        source.close()
    return _tell(done, pairs, given.schema, arguments.check)


def _told(arguments: argparse.Namespace) -> dict[str, Any]:
    """What is known of the file better than guessed."""
    told = {name: value for name in ("sheet", "separator") if (value := getattr(arguments, name))}
    return told | ({"header": arguments.header == "yes"} if arguments.header else {})


def _pairs(arguments: argparse.Namespace, given: Schema, into: Schema) -> list[Pair]:
    told = []
    for text in arguments.map:
        name, equals, column = text.rpartition("=")
        if not equals:
            raise UsageError(f"--map {text} lacks its column", hint="write --map GIVEN=COLUMN")
        told.append(Pair(name, column))
    if arguments.only_mapped:
        return told
    given_names, columns = {pair.given for pair in told}, {pair.column for pair in told}
    rest = [pair for pair in suggested(given, into) if pair.given not in given_names and pair.column not in columns]
    return [*told, *rest]


def _tell(done: Checked, pairs: list[Pair], given: Schema, is_check: bool) -> int:
    if done.problem_count:
        for problem in done.problems[:_MOST_SHOWN]:
            place = f"row {problem.row:,}, {problem.column}" if problem.column else f"row {problem.row:,}"
            print(f"{place}: {problem.message}", file=sys.stderr)
        if len(done.problems) > _MOST_SHOWN:
            print("…", file=sys.stderr)
        rows = f"{done.problem_count:,} row{'' if done.problem_count == 1 else 's'}"
        print(f"espalier: {rows} cannot be brought in, so nothing was written", file=sys.stderr)
        return 1
    unused = [column.name for column in given.columns if column.name not in {pair.given for pair in pairs}]
    if unused:
        print(f"Not used: {', '.join(unused)}")
    would = "would be " if is_check else ""
    left_out = f", {done.left_out:,} {would}left out" if done.left_out else ""
    print(f"{done.added:,} {would}added, {done.updated:,} {would}updated{left_out}")
    return 0
