"""Aggregates that SQL works out exactly: counts, and sums and extremes of whole numbers and fixed-point decimals.

A decimal with digits behind the point is taken as a whole number of its last digit; a value for which that is not
exact is counted, and the caller then takes the way through Python, as for everything else.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from kernel.tables.query import Aggregate
from kernel.tables.sqlite.codec import Codec

#: Digits behind the point up to which a stored float's decimal is found again.
MOST_DIGITS = 6
#: Units below which a division by a power of ten gives back the float that was stored (15 digits are exact).
MOST_UNITS = 10**14
#: Bits of the lower half; sums are taken of halves, so that they cannot overflow.
_HALF = 32


class ExactAggregate(NamedTuple):
    """One aggregate in SQL.

    Attributes:
        function: Its name.
        sql: What it selects for a group: for a count the count alone; else how many values are not exact, the count of
            values or their sum's upper halves, and what the function wants.
        scale: Digits behind the point of the result; -1 for whole numbers.
    """

    function: str
    sql: tuple[str, ...]
    scale: int = -1

    def is_exact(self, read: tuple[Any, ...]) -> bool:
        """Whether what was read is the whole truth."""
        return len(self.sql) == 1 or not read[0]

    def feed(self, accumulator: Any, read: tuple[Any, ...]) -> None:
        """Add what was read for one group."""
        if self.function == "count":
            accumulator.add_count(read[0])
        elif self.function in ("minimum", "maximum"):
            if read[1] is not None:
                accumulator.step(self._value(read[1]))
        elif read[-1] is not None:
            units = read[-1] if read[-2] is None else (read[-2] << _HALF) + read[-1]
            accumulator.add_total(self._value(units), read[1])

    def _value(self, units: int) -> int | Decimal:
        return units if self.scale < 0 else Decimal(units).scaleb(-self.scale)


def exact_aggregate(aggregate: Aggregate, column: tuple[str, Codec] | None,
                    is_part: bool = False) -> ExactAggregate | None:
    """The aggregate in SQL, or None when SQL's answer might differ.

    Args:
        aggregate: What is asked for.
        column: SQL and codec of the one column that it works on; None without one.
        is_part: Of some ten thousand rows only, so that sums are taken whole: SQLite says when one is too large.
    """
    if aggregate.function == "count":
        if not aggregate.of:
            return ExactAggregate("count", ("count(*)",))
        return ExactAggregate("count", (f"count({column[0]})",)) if column else None
    if column is None or column[1].scale is None or column[1].scale > MOST_DIGITS:
        return None
    sql, codec = column
    if codec.scale < 0:
        units, odd = sql, f"typeof({sql}) NOT IN ('integer', 'null')"
    else:
        power = 10**codec.scale
        most = MOST_UNITS // power
        units = f"CAST(round({sql} * {power}.0) AS INTEGER)"
        odd = f"({sql} NOT BETWEEN {-most} AND {most} OR {units} / {power}.0 <> {sql})"
    return ExactAggregate(aggregate.function, (f"count(CASE WHEN {odd} THEN 1 END)",
                                               *_wanted(aggregate.function, sql, units, is_part)), codec.scale)


def _wanted(function: str, sql: str, units: str, is_part: bool) -> tuple[str, ...]:
    if function in ("minimum", "maximum"):
        return (f"{function[:3]}({units})",)
    count = f"count({sql})" if function == "average" else "1"
    if is_part:
        return count, "NULL", f"sum({units})"
    return count, f"sum({units} >> {_HALF})", f"sum({units} & {2**_HALF - 1})"
