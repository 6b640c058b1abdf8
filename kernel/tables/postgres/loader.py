"""How psycopg reads values: what no Python value can hold stays the text that PostgreSQL writes for it.

These are dates before the year 1 and after 9999, infinite ones, the time 24:00 and NaN.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import psycopg
from psycopg.adapt import AdaptersMap, Loader


def _lenient(standard: type[Loader]) -> type[Loader]:
    class Lenient(Loader):
        """The standard loader, except that what it refuses stays a text."""

        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._load = standard(oid, context).load

        def load(self, data: Any) -> Any:
            """See :class:`psycopg.adapt.Loader`."""
            try:
                return self._load(data)
            except (psycopg.DataError, ValueError, OverflowError):
                return bytes(data).decode()

    return Lenient


def _without_nan(standard: type[Loader]) -> type[Loader]:
    class WithoutNan(Loader):
        """The standard loader, except that NaN, which has no order in Python, is a text."""

        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._load = standard(oid, context).load

        def load(self, data: Any) -> Any:
            """See :class:`psycopg.adapt.Loader`."""
            value = self._load(data)
            return "NaN" if math.isnan(value) else value

    return WithoutNan


@functools.cache
def adapters() -> AdaptersMap:
    """The map of loaders that every connection uses."""
    made = AdaptersMap(psycopg.adapters)
    wrappers = ((_lenient, ("date", "time", "timestamp", "timestamptz")), (_without_nan, ("float8", "numeric")))
    for wrap, names in wrappers:
        for name in names:
            oid = psycopg.adapters.types[name].oid
            standard = psycopg.adapters.get_loader(oid, psycopg.pq.Format.TEXT)
            made.register_loader(oid, wrap(standard))  # type: ignore[arg-type]
    return made
