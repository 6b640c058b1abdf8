"""What the audit has of one row, for those who may know it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kernel.tables.block import Block
from kernel.tables.error import ForbiddenError
from kernel.tables.query import Query, Sort
from kernel.tables.row_history import MOST
from server.audit import AUDIT, AUDIT_APP
from server.audit_entry import key_text
from server.granted import GrantedSource
from server.hosting import Hosting
from server.identity import Person

_COLUMNS = ("at", "person", "is_verified", "action", "before", "after")
_FILTER = "app == row.app and source == row.source and table == row.table and key == row.key and action != 'refused'"


def row_history(hosting: Hosting, place: tuple[str, str, str], key: Sequence[Any], person: Person) -> Block:
    """The newest lines of the audit about a row: all of them for auditors, and for everybody where an app has no
    grants.

    Args:
        hosting: The server's tables and its audit.
        place: App, source and table.
        key: The row's key.
        person: Who asks.

    Raises:
        ForbiddenError: he may not know it.
        TableError: there is no such table.
    """
    app, source, name = place
    table = hosting.table_for(app, source, name, person)
    if isinstance(hosting.source_for(app, source, person), GrantedSource):
        try:
            audit = hosting.table_for(AUDIT_APP, AUDIT, AUDIT, person)
        except ForbiddenError:
            raise ForbiddenError("only auditors may see who changed these rows") from None
    else:
        audit = hosting.audit.source().table(AUDIT)
    row = {"row.app": app, "row.source": hosting.full_name(app, source), "row.table": table.schema.name,
           "row.key": key_text(key)}  # fmt: skip
    return audit.fetch(Query(filter=_FILTER, parameters=row, sort=(Sort("number", True),), columns=_COLUMNS), 0, MOST)
