"""Aggregates over values, exact: decimals stay decimals, whole numbers never overflow, floats sum correctly."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any, Protocol

from kernel.expression.operation import ARITHMETIC, number
from kernel.tables.error import TableError
from kernel.tables.order import order_key

_EXACT, _ZERO = Context(prec=200), Decimal(0)
#: Kinds of values that are compared as they are sorted.
_ORDERED = ({int}, {float}, {datetime.date}, {datetime.datetime})


class Accumulator(Protocol):
    """Takes a group's values one by one."""

    def step(self, value: Any) -> None:
        """Take one value."""

    def take(self, values: Sequence[Any]) -> None:
        """Take several values, one after the other."""

    def result(self) -> Any:
        """The aggregate of all values taken."""


class Count:
    """How many values are not null."""

    def __init__(self) -> None:
        self._count = 0

    def step(self, value: Any) -> None:
        """See :class:`Accumulator`."""
        self._count += value is not None

    def take(self, values: Sequence[Any]) -> None:
        """See :class:`Accumulator`."""
        self._count += sum(value is not None for value in values)

    def add_count(self, count: int) -> None:
        """Take so many values at once."""
        self._count += count

    def result(self) -> int:
        """See :class:`Accumulator`."""
        return self._count


class Sum:
    """The sum of the numbers; null when there is none."""

    def __init__(self) -> None:
        self.count = 0
        self._whole = 0
        self._decimal: Decimal | None = None
        self._floats: list[float] = []

    def step(self, value: Any) -> None:
        """See :class:`Accumulator`."""
        if not isinstance(value, int | float | Decimal):
            return
        value = number(value)
        if value is None:
            return
        self.count += 1
        if isinstance(value, int):
            self._whole += value
        elif isinstance(value, float):
            self._floats.append(value)
        else:
            self._decimal = _EXACT.add(_ZERO if self._decimal is None else self._decimal, value)

    def take(self, values: Sequence[Any]) -> None:
        """See :class:`Accumulator`; values of one kind are taken together."""
        kinds = set(map(type, values)) - {type(None)}
        if kinds == {int}:
            known = [value for value in values if value is not None]
            self.add_total(sum(known), len(known))
        elif kinds == {float}:
            self.add_floats([value for value in values if value is not None and value == value])
        elif kinds == {Decimal}:
            known = [value for value in values if value is not None]
            with localcontext(_EXACT):
                self._decimal = sum(known, _ZERO if self._decimal is None else self._decimal)
            self.count += len(known)
        else:
            for value in values:
                self.step(value)

    def add_total(self, total: int | Decimal, count: int) -> None:
        """Take so many numbers at once, by their sum."""
        self.step(total)
        self.count += count - 1

    def add_floats(self, values: list[float]) -> None:
        """Take many floats at once, none of them NaN."""
        self._floats += values
        self.count += len(values)

    def result(self) -> Any:
        """See :class:`Accumulator`."""
        if not self.count:
            return None
        floats = self._sum_of_floats() if self._floats else None
        if self._decimal is not None:
            total = _EXACT.add(self._decimal, Decimal(self._whole))
            return total if floats is None else _EXACT.add(total, Decimal(repr(floats)))
        return self._whole if floats is None else self._whole + floats

    def _sum_of_floats(self) -> float:
        try:
            return math.fsum(self._floats)
        except (OverflowError, ValueError):
            return sum(self._floats)


class Average(Sum):
    """The mean of the numbers; null when there is none."""

    def result(self) -> Any:
        """See :class:`Accumulator`."""
        return ARITHMETIC["Div"](super().result(), self.count)


class Extreme:
    """The least or greatest value that is not null, in the order of sorting."""

    def __init__(self, is_greatest: bool) -> None:
        self._is_greatest = is_greatest
        self._value: Any = None

    def step(self, value: Any) -> None:
        """See :class:`Accumulator`."""
        if value is None:
            return
        if self._value is None:
            self._value = value
            return
        mine, other = _total(self._value), _total(value)
        if (other > mine) if self._is_greatest else (other < mine):
            self._value = value

    def take(self, values: Sequence[Any]) -> None:
        """See :class:`Accumulator`; of values that are of one kind only those are looked at that may be the one."""
        kinds = set(map(type, values)) - {type(None)}
        known: Iterable[Any] = [value for value in values if value is not None]
        if kinds == {str}:
            known = dict.fromkeys(known)
        elif kinds in _ORDERED and not any(_is_odd(value) for value in known):
            best = max(known) if self._is_greatest else min(known)
            known = [value for value in known if value == best]
        for value in known:
            self.step(value)

    def result(self) -> Any:
        """See :class:`Accumulator`."""
        return self._value


def _is_odd(value: Any) -> bool:
    """Whether a value is not compared as it is sorted: no number, or a moment of a time zone."""
    return value != value or getattr(value, "tzinfo", None) is not None


def _total(value: Any) -> tuple[Any, ...]:
    return (*order_key(value), str(value))


#: Function name → a fresh accumulator.
ACCUMULATORS = {
    "count": Count,
    "sum": Sum,
    "average": Average,
    "minimum": lambda: Extreme(False),
    "maximum": lambda: Extreme(True),
}


def accumulator(function: str) -> Accumulator:
    """A fresh accumulator.

    Raises:
        TableError: there is no such aggregate.
    """
    if function not in ACCUMULATORS:
        raise TableError(f"there is no aggregate {function}", hint=f"known: {', '.join(ACCUMULATORS)}")
    return ACCUMULATORS[function]()
