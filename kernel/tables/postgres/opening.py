"""Opening a PostgreSQL source as an app's ``[sources.NAME]`` describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.tables.error import SourceError
from kernel.tables.postgres.address import check_address
from kernel.tables.postgres.source import PostgresSource

#: Ways to hear of other programs' writes.
FEEDS = ("poll", "triggers")


def open_described(description: Mapping[str, Any], *, address: str = "", password: str = "") -> PostgresSource:
    """The source of a description.

    Args:
        description: The entries of kind ``postgres``.
        address: Instead of the description's, from a place that others cannot read.
        password: Likewise; empty: libpq looks for it.

    Raises:
        SourceError: an entry is wrong, or there is no way to the database.
    """
    if not address:
        if description.get("connection"):
            raise SourceError(f"only a source server knows the connection {description['connection']!r}",
                              hint="name the database itself: address = \"postgresql://user@host/database\"")
        address = check_address(description.get("address", ""))
    check_address(address, may_hold_password=True)
    feed = description.get("feed", "poll")
    if feed not in FEEDS:
        raise SourceError(f"there is no feed {feed!r}", hint=f"known: {', '.join(FEEDS)}")
    names = description.get("schemas", [description.get("schema", "public")])
    if not isinstance(names, list | tuple) or not names or not all(isinstance(one, str) and one for one in names):
        raise SourceError("schema of a source of kind postgres is a name, and schemas a list of names")
    return PostgresSource(
        address, password=password, schemas=names, is_read_only=bool(description.get("read_only", False)),
        has_triggers=feed == "triggers", lock_s=_seconds(description, "lock_s", 2.0),
        statement_s=_seconds(description, "statement_s", 0.0))


def _seconds(description: Mapping[str, Any], entry: str, otherwise: float) -> float:
    value = description.get(entry, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 86_400:
        raise SourceError(f"{entry} of a source of kind postgres is a number of seconds")
    return float(value)
