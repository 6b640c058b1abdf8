"""Values on the wire: msgpack, with ext types for what msgpack cannot say exactly.

A value of a block comes back with the Python type it had: decimals and integers of any size exact, a naive
datetime naive, an aware one with the same offset. Tuples come back as lists unless a type asks for tuples.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from msgspec.msgpack import Ext

from kernel.tables.block import LargeBlob
from kernel.wire.error import WireError

#: Digits of a decimal before or after its point at most; written out, more of them would fill the memory.
_MOST_DIGITS = 200_000


class Extension(NamedTuple):
    """One ext type: its msgpack code, the Python type, and the two directions."""

    code: int
    type: type
    doc: str
    pack: Callable[[Any], bytes]
    unpack: Callable[[bytes], Any]


def _pack_integer(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True)


def _unpack_integer(data: bytes) -> int:
    return int.from_bytes(data, "big", signed=True)


def _unpack_decimal(data: bytes) -> Decimal:
    value = Decimal(data.decode("ascii"))
    if value.is_snan() or value.is_finite() and abs(value.adjusted()) > _MOST_DIGITS:
        raise ValueError("no number that any table holds")
    return value


#: Order matters only for documentation; ``datetime`` is looked up by exact type, so it never counts as a date.
EXTENSIONS: tuple[Extension, ...] = (
    Extension(1, Decimal, "decimal as text", lambda v: str(v).encode(), _unpack_decimal),
    Extension(2, date, "ISO 8601 date", lambda v: v.isoformat().encode(), lambda d: date.fromisoformat(d.decode())),
    Extension(3, time, "ISO 8601 time", lambda v: v.isoformat().encode(), lambda d: time.fromisoformat(d.decode())),
    Extension(4, datetime, "ISO 8601", lambda v: v.isoformat().encode(), lambda d: datetime.fromisoformat(d.decode())),
    Extension(5, int, "beyond 64 bit: two's complement, big-endian", _pack_integer, _unpack_integer),
    Extension(
        6, str, "text with lone surrogates", lambda v: v.encode("utf-8", "surrogatepass"),
        lambda d: d.decode("utf-8", "surrogatepass"),
    ),
    Extension(
        7, LargeBlob, "a file too large to send with every row, its size in bytes",
        lambda v: _pack_integer(v.size), lambda d: LargeBlob(_unpack_integer(d)),
    ),
)  # fmt: skip

_UNPACK = {row.code: row.unpack for row in EXTENSIONS}
_INTEGER, _TEXT = EXTENSIONS[4], EXTENSIONS[5]
_ALWAYS = {row.type: row for row in (*EXTENSIONS[:4], EXTENSIONS[6])}
_PLAIN = frozenset((str, int, float, bool, bytes, type(None)))


def ext_hook(code: int, data: memoryview) -> Any:
    """The value of one ext type, for ``msgspec.msgpack.Decoder(ext_hook=…)``.

    Raises:
        ValueError: an unknown code, or bytes that are no such value.
    """
    unpack = _UNPACK.get(code)
    if unpack is None:
        raise ValueError(f"unknown value type {code}")
    try:
        return unpack(bytes(data))
    except (ValueError, ArithmeticError) as error:
        raise ValueError(f"broken value of type {code}: {error}") from error


def prepare(value: Any, is_wide: bool = False) -> Any:
    """``value`` with everything msgpack cannot say replaced by ext types; the same object when there is nothing.

    Args:
        value: Plain data, structs, lists, tuples and dicts with text keys.
        is_wide: Also look for integers beyond 64 bit and lone surrogates (slower; see :func:`encode_into`).
    """
    kind = type(value)
    if kind in _PLAIN:
        return _prepare_wide(value, kind) if is_wide else value
    row = _ALWAYS.get(kind)
    if row is not None:
        return Ext(row.code, row.pack(value))
    if kind is dict:
        return _prepare_dict(value, is_wide)
    if kind is list or kind is tuple:
        if not is_wide and _PLAIN.issuperset(map(type, value)):
            return value
        return [prepare(item, is_wide) for item in value]
    if isinstance(value, msgspec.Struct):
        return _prepare_struct(value, is_wide)
    return value


def _prepare_wide(value: Any, kind: type) -> Any:
    if kind is int and not -(2**63) <= value < 2**64:
        return Ext(_INTEGER.code, _INTEGER.pack(value))
    if kind is str and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return Ext(_TEXT.code, _TEXT.pack(value))
    return value


def _prepare_dict(value: dict[Any, Any], is_wide: bool) -> dict[Any, Any]:
    changed = {}
    for key, item in value.items():
        if is_wide or type(item) not in _PLAIN:
            made = prepare(item, is_wide)
            if made is not item:
                changed[key] = made
    return {**value, **changed} if changed else value


def _prepare_struct(value: msgspec.Struct, is_wide: bool) -> msgspec.Struct:
    changed = {}
    for name in value.__struct_fields__:
        item = getattr(value, name)
        made = prepare(item, is_wide)
        if made is not item:
            changed[name] = made
    return msgspec.structs.replace(value, **changed) if changed else value


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(ext_hook=ext_hook)


def encode(value: Any) -> bytes:
    """``value`` as msgpack bytes.

    Raises:
        TypeError: something in it has no form on the wire.
    """
    buffer = bytearray()
    encode_into(value, buffer)
    return bytes(buffer)


def encode_into(value: Any, buffer: bytearray) -> None:
    """Append ``value``'s msgpack bytes to ``buffer``; see :func:`encode`.

    Raises:
        TypeError: something in it has no form on the wire.
        WireError: a name in it has none.

    NOTE: integers and texts that fit are the rule, so the search for others is made only after msgpack refuses.
    """
    value = prepare(value)
    length = len(buffer)
    try:
        _encoder.encode_into(value, buffer, -1)
    except (OverflowError, UnicodeEncodeError):
        del buffer[length:]
        _encode_wide(prepare(value, is_wide=True), buffer)


def encode_array_into(head: tuple[Any, ...], value: Any, buffer: bytearray, *tail: Any) -> None:
    """Append the array ``[*head, value, *tail]``, where only ``value`` may need ext types; see :func:`encode`."""
    if type(value) not in _PLAIN:
        value = prepare(value)
    length = len(buffer)
    try:
        _encoder.encode_into((*head, value, *tail), buffer, -1)
    except (OverflowError, UnicodeEncodeError):
        del buffer[length:]
        _encode_wide((*head, prepare(value, is_wide=True), *tail), buffer)


def _encode_wide(value: Any, buffer: bytearray) -> None:
    """Append what was prepared for anything; only the names of maps have no second form."""
    length = len(buffer)
    try:
        _encoder.encode_into(value, buffer, -1)
    except UnicodeEncodeError as error:
        del buffer[length:]
        raise WireError(f"the name {error.object!r} holds half a character, which cannot be sent") from None


def decode(data: bytes | msgspec.Raw, type: Any = Any) -> Any:
    """The value of msgpack bytes, checked against ``type``.

    Raises:
        msgspec.DecodeError: no msgpack, or not of that type.
        ValueError: a broken ext value.
    """
    if type is Any:
        return _decoder.decode(data)
    return decoder(type).decode(data)


_decoders: dict[Any, msgspec.msgpack.Decoder] = {}


def decoder(type: Any) -> msgspec.msgpack.Decoder:
    """The decoder for ``type``, made once."""
    made = _decoders.get(type)
    if made is None:
        made = _decoders[type] = msgspec.msgpack.Decoder(type, ext_hook=ext_hook)
    return made
