"""Rows of a JSON file that is a list of objects; what is nested in them stays JSON text."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from kernel.error import Where
from kernel.open_file import read_bytes
from kernel.tables.error import SourceError
from kernel.tables.exchange.given import MOST_ROWS
from kernel.words import mark

#: Bytes of a file that is read whole.
MOST_BYTES = 512 << 20


def read_json(path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    """(Headings, rows): every name that an object has is a column.

    Raises:
        SourceError: it is no list of objects, or too large to be read whole.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise SourceError(mark(f"{path.name} has {size:,} bytes, and JSON is read whole up to {MOST_BYTES:,}"),
                          hint=mark("write it as JSON lines, an object a line"))
    try:
        found = json.loads(read_bytes(path).decode("utf-8-sig"), parse_float=Decimal)
    except json.JSONDecodeError as error:
        where = Where(path.name, error.lineno, error.colno)
        raise SourceError(mark(f"this is no JSON: {error.msg}"), where=where) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise SourceError(mark(f"{path.name} is no JSON: {error}")) from error
    objects = _objects(path.name, found)
    names = list(dict.fromkeys(name for one in objects for name in one))
    return names, [tuple(_value(one.get(name)) for name in names) for one in objects]


def _objects(name: str, found: Any) -> list[dict[str, Any]]:
    """The list of objects, also when it is the only list in an object around it."""
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else found
    if not isinstance(found, list):
        raise SourceError(mark(f"{name} is no list of objects"), hint=mark('write [{"name": "value"}, …]'))
    for number, one in enumerate(found, 1):
        if not isinstance(one, dict):
            raise SourceError(mark(f"the entry {number:,} of {name} is no object"))
    if len(found) > MOST_ROWS:
        raise SourceError(mark(f"{name} has more than {MOST_ROWS:,} rows"), hint=mark("write it as JSON lines"))
    return found


def _value(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
