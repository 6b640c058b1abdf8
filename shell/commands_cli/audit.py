"""``espalier audit SERVER [FILTER]``: who changed what, and what was refused. Asks for the role ``auditor`` there."""

from __future__ import annotations

import argparse
from typing import Any

from shell.session import Session


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Print a line for each change; answers the exit code.

    Raises:
        TableError: the person may not read the audit, or the filter is wrong.
        UnavailableError: the server does not answer.
    """
    from kernel.tables.query import Query, Sort
    from kernel.tables.remote import RemoteSource

    servers = session.servers
    servers.checked_address(arguments.server)
    source = RemoteSource(servers.lazy_link(arguments.server), "espalier", "audit")  # type: ignore[arg-type]
    try:
        query = Query(filter=arguments.filter, sort=(Sort("number", True),))
        block = source.table("audit").fetch(query, 0, max(arguments.most, 0))
        for index in range(len(block)):
            print(_line(block.row(index)))
    finally:
        source.close()
        session.close()
    return 0


def _line(row: dict[str, Any]) -> str:
    who = row["person"] + ("" if row["is_verified"] else "?")
    place = "/".join(part for part in (row["app"], row["source"], row["table"]) if part)
    what = row["reason"] if row["action"] == "refused" else f"{row['before']} → {row['after']}"
    return f"{row['at']}  {who:<12}  {row['action']:<8}  {place} {row['key']}  {what}"
