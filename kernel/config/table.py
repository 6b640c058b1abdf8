"""Tables of the configuration file whose keys are free: known servers, and a person's own boot table."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.error import EspalierError

#: A problem inside a table: the path below it, what is wrong, a hint.
TableProblem = tuple[tuple[str, ...], str, str]


class FreeTable(NamedTuple):
    """One table: what it is for, and its check: entries → (good entries, problems)."""

    doc: str
    check: Callable[[Any], tuple[dict[str, Any], list[TableProblem]]]
    example: str


def _check_servers(rows: Any) -> tuple[dict[str, Any], list[TableProblem]]:
    if not isinstance(rows, dict):
        return {}, [((), "[servers] must be a table of name = address", "")]
    from kernel.wire.address import parse_address

    good: dict[str, Any] = {}
    problems: list[TableProblem] = []
    for name, address in rows.items():
        if not re.fullmatch(r"[\w-]+", name):
            problems.append(((name,), f"the server name {name!r} may hold only letters, digits, - and _", ""))
        elif not isinstance(address, str):
            problems.append(((name,), f"servers.{name} must be an address", 'write "host:5060"'))
        else:
            try:
                good[name] = str(parse_address(address))
            except EspalierError as error:
                problems.append(((name,), f"servers.{name}: {error.message}", error.hint))
    return good, problems


def _check_boot(rows: Any) -> tuple[dict[str, Any], list[TableProblem]]:
    if not isinstance(rows, dict):
        return {}, [((), "[boot] must be a table of name = list of agents", "")]
    from kernel.boot.table import NO_QUEUE, QUEUE_HINT, is_queue

    good = {name: tuple(items) for name, items in rows.items() if is_queue(items)}
    return good, [((name,), NO_QUEUE.format(name), QUEUE_HINT) for name in rows if name not in good]


#: Table name → row.
TABLES: dict[str, FreeTable] = {
    "servers": FreeTable(
        "Known servers: a name of your choice and the address; `espalier shop@home` then finds it.",
        _check_servers,
        'home = "beast:5060"',
    ),
    "boot": FreeTable(
        "Your own boot table: a name and its queue of agents with their arguments; it wins over the built-in one.",
        _check_boot,
        'till = ["open", "shop@home"]',
    ),
}
