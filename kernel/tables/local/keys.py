"""Sort keys of many rows in little memory: numbers as 8 bytes each, everything else as bytes in one buffer.

The order is that of :func:`kernel.tables.order.order_key`; ranks of rows by it are whole numbers from 0.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy

from kernel.tables.order import order_key

_MOST_INTEGER = 2**62
_EPOCH = datetime.datetime(1, 1, 1)
_SHIFT = 1 << 31


class MisfitError(Exception):
    """The values are not all of the one kind that the keys began with."""


class NumberKeys:
    """Keys of values that are all whole numbers, all floats, all dates or all date-times, or null.

    Args:
        kind: A row of :data:`_KINDS`.
    """

    def __init__(self, kind: str) -> None:
        self._python_type, self._number, self._value, self._dtype = _KINDS[kind]
        self._parts: list[Any] = []
        self.size = 0

    def extend(self, values: Sequence[Any]) -> None:
        """Take values.

        Raises:
            MisfitError: one is of another kind.
        """
        kinds = set(map(type, values)) - {type(None)}
        if not kinds <= self._python_type:
            raise MisfitError
        number = self._number
        try:
            numbers = [None if value is None else number(value) for value in values]
        except (OverflowError, ValueError):
            raise MisfitError from None
        nulls = numpy.array([value is None for value in numbers], bool)
        array = numpy.array([0 if value is None else value for value in numbers], self._dtype)
        self._parts.append((nulls, array))
        self.size += array.nbytes + nulls.nbytes

    def values(self) -> list[Any]:
        """The values taken, as they were or equal to them."""
        taken: list[Any] = []
        for nulls, array in self._parts:
            pairs = zip(nulls.tolist(), array.tolist(), strict=True)
            taken += [None if is_null else self._value(number) for is_null, number in pairs]
        return taken

    def ranks(self) -> Any:
        """Each row's rank."""
        if not self._parts:
            return numpy.empty(0, numpy.int64)
        nulls = numpy.concatenate([part[0] for part in self._parts])
        values = numpy.concatenate([part[1] for part in self._parts])
        self._parts.clear()
        order = numpy.lexsort((values, ~nulls))
        return _dense(order, nulls[order], values[order])


class AnyKeys:
    """Keys of any values, as bytes that sort as the values do."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._lengths: list[Any] = []
        self.size = 0

    def extend(self, values: Sequence[Any]) -> None:
        """Take values."""
        keys = list(map(_bytes_key, values))
        self._bytes += b"".join(keys)
        self._lengths.append(numpy.fromiter(map(len, keys), numpy.int64, len(keys)))
        self.size = len(self._bytes) + sum(part.nbytes for part in self._lengths) * 4

    def ranks(self) -> Any:
        """Each row's rank: by the first 8 bytes of its key, then those that are equal by the next 8, and so on."""
        if not self._lengths:
            return numpy.empty(0, numpy.int64)
        lengths = numpy.concatenate(self._lengths)
        starts = numpy.cumsum(lengths) - lengths
        buffer = numpy.frombuffer(bytes(self._bytes) + b"\0" * 8, numpy.uint8)
        self._bytes, self._lengths = bytearray(), []
        ranks = numpy.zeros(len(lengths), numpy.int64)
        unsure = numpy.arange(len(lengths))
        level = 0
        while len(unsure):
            words = _words(buffer, starts[unsure] + level * 8, lengths[unsure] - level * 8)
            here = numpy.clip(lengths[unsure] - level * 8, -1, 8)
            order = numpy.lexsort((here, words, ranks[unsure]))
            unsure = unsure[order]
            ranks[unsure] = _refined(ranks[unsure], words[order], here[order])
            unsure = unsure[_shared(ranks[unsure]) & (lengths[unsure] >= (level + 1) * 8)]
            level += 1
        return ranks


def _words(buffer: Any, starts: Any, lengths: Any) -> Any:
    """8 bytes from each start as one number; bytes behind a key's end count as 0."""
    words = numpy.zeros(len(starts), numpy.uint64)
    last = len(buffer) - 1
    for offset in range(8):
        bytes_here = buffer[numpy.minimum(starts + offset, last)].astype(numpy.uint64)
        words = (words << numpy.uint64(8)) | numpy.where(lengths > offset, bytes_here, numpy.uint64(0))
    return words


def _refined(ranks: Any, *keys: Any) -> Any:
    """New ranks of rows in order: a rank that was shared is split where a key changes.

    A rank is the number of rows before its own, so that one that is split leaves the others as they are.
    """
    is_new = numpy.ones(len(ranks), bool)
    is_group = numpy.ones(len(ranks), bool)
    if len(ranks):
        is_group[1:] = ranks[1:] != ranks[:-1]
        is_new[1:] = is_group[1:]
        for key in keys:
            is_new[1:] |= key[1:] != key[:-1]
    places = numpy.arange(len(ranks))
    first = numpy.maximum.accumulate(numpy.where(is_group, places, 0))
    own = numpy.maximum.accumulate(numpy.where(is_new, places, 0))
    return ranks + own - first


def _shared(ranks: Any) -> Any:
    """Whether a neighbour of a row has the same rank; rows are in order."""
    same = numpy.zeros(len(ranks), bool)
    if len(ranks) > 1:
        equal = ranks[1:] == ranks[:-1]
        same[1:] |= equal
        same[:-1] |= equal
    return same


def _dense(order: Any, *keys: Any) -> Any:
    """Each row's rank from the rows' order and their keys in it."""
    ranks = numpy.empty(len(order), numpy.int64)
    ranks[order] = _refined(numpy.zeros(len(order), numpy.int64), *keys)
    return ranks


def _bytes_key(value: Any) -> bytes:
    kind, key = order_key(value)
    if kind == 1:
        return b"\1" + _number_key(key)
    if kind == 4:
        return b"\4" + key.encode(errors="surrogatepass")
    return b"\0" if kind == 0 else bytes((kind,)) + key


def _number_key(value: Any) -> bytes:
    """Bytes that sort as numbers do, exactly: sign, size, digits."""
    exact = Decimal(value)
    if not exact:
        return b"\2"
    if exact.is_infinite():
        return b"\4" if exact > 0 else b"\0"
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0").encode()
    size = exact.adjusted() + _SHIFT
    if exact > 0:
        return b"\3" + size.to_bytes(5, "big") + digits
    return b"\1" + (_SHIFT * 2 - size).to_bytes(5, "big") + bytes(105 - digit for digit in digits) + b"\xff"


def _small(value: Any) -> int:
    if not -_MOST_INTEGER < value < _MOST_INTEGER:
        raise OverflowError
    return value


def _finite(value: float) -> float:
    if value != value:
        raise ValueError
    return value


def _microseconds(value: datetime.datetime) -> int:
    if value.tzinfo is not None:
        raise ValueError
    return (value - _EPOCH) // datetime.timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime.datetime:
    return _EPOCH + datetime.timedelta(microseconds=microseconds)


#: Kind → (Python types, value → number, number → value, how it is held).
_KINDS: dict[str, tuple[set[type], Any, Any, Any]] = {
    "integer": ({int, bool}, _small, int, numpy.int64),
    "boolean": ({int, bool}, _small, int, numpy.int64),
    "real": ({float}, _finite, float, numpy.float64),
    "date": ({datetime.date}, datetime.date.toordinal, datetime.date.fromordinal, numpy.int64),
    "datetime": ({datetime.datetime}, _microseconds, _moment, numpy.int64),
}


class Keys:
    """Keys of a column's values: as numbers while all fit its type, then as bytes."""

    def __init__(self, kind: str) -> None:
        self._keys: NumberKeys | AnyKeys = NumberKeys(kind) if kind in _KINDS else AnyKeys()

    @property
    def size(self) -> int:
        """Bytes held."""
        return self._keys.size

    def extend(self, values: Sequence[Any]) -> None:
        """Take values."""
        try:
            self._keys.extend(values)
        except MisfitError:
            numbers, self._keys = self._keys, AnyKeys()
            self._keys.extend(numbers.values())
            self._keys.extend(values)

    def ranks(self) -> Any:
        """Each row's rank; what was taken is let go."""
        return self._keys.ranks()
