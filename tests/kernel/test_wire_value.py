"""Values, frames, codes, addresses and blob streams as plain functions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from msgspec.msgpack import Ext

from kernel.tables import error as table_error
from kernel.tables.block import Block
from kernel.tables.change import Change, Delete, Insert, Update
from kernel.wire import code, frame, value
from kernel.wire.address import Address, parse_address
from kernel.wire.blob_stream import pack_blobs, unpack_blobs
from kernel.wire.error import AddressError, FrameError, RemoteError

VALUES = [
    None, True, 0, -1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**400, 1.5, float("inf"), "", "ä\0",
    "\ud800x", b"", b"\xff", Decimal("1.10"), Decimal("-0"), Decimal("1E+40"), date(1, 1, 1), date(9999, 12, 31),
    time(23, 59, 59, 999999),
    time(1, tzinfo=UTC), datetime(2020, 2, 29, 12), datetime(2020, 1, 1, tzinfo=UTC),
    datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=30))),
]  # fmt: skip


@pytest.mark.parametrize("wanted", VALUES, ids=repr)
def test_values_come_back_with_their_type(wanted):
    got = value.decode(value.encode([wanted]))[0]
    assert got == wanted and type(got) is type(wanted)
    if isinstance(wanted, Decimal):
        assert got.as_tuple() == wanted.as_tuple()
    if isinstance(wanted, (datetime, time)):
        assert got.utcoffset() == wanted.utcoffset()


def test_blocks_and_changes_come_back_equal():
    block = Block(5, {"a": list(VALUES), "b": [1] * len(VALUES)}, [(item, "k") for item in VALUES], ["v"] * len(VALUES))
    assert value.decode(value.encode(block), Block) == block
    changes = [Insert({"d": Decimal("2.50")}), Update((date(2020, 1, 1),), "v", {"x": 2**70}), Delete((1,), "")]
    assert value.decode(value.encode(changes), list[Change]) == changes


def test_plain_data_is_not_copied():
    plain = {"a": [1, "x"], "b": {"c": [None, 1.5]}}
    assert value.prepare(plain) is plain


@pytest.mark.parametrize("ext", [Ext(99, b""), Ext(1, b"one"), Ext(2, b"2020-13-01"), Ext(4, b"\xff"), Ext(6, b"\xff")])
def test_broken_values_are_a_value_error(ext):
    with pytest.raises(ValueError):
        value.decode(value.encode({"x": ext}))


def test_what_has_no_form_is_a_type_error_and_leaves_no_half_frame():
    buffer = bytearray(b"before")
    for broken in (object(), {"x": [object()]}):
        with pytest.raises(TypeError):
            frame.append(buffer, frame.EVENT, ["topic", broken])
        with pytest.raises(TypeError):
            frame.append_reply(buffer, 1, broken)
    assert buffer == b"before"


ERRORS = [
    table_error.UnknownTableError("no table x", hint="did you mean y?"),
    table_error.UnknownColumnError("no column"),
    table_error.ReadOnlyError("a view"),
    table_error.LockedError("locked"),
    table_error.UnavailableError("away"),
    table_error.SourceError("no database"),
    table_error.TableError("something"),
    table_error.ConstraintError("too long", column="name", index=4, hint="shorter"),
    table_error.ConflictError("changed", current=Block(0, {"d": [Decimal("1.0")]}, [(1,)], ["v"]), index=2),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_table_errors_survive_the_way(error):
    failure = code.failure_of(error)
    assert failure.code != 0
    detail = value.decode(value.encode(failure.detail))
    back = code.table_error_of(RemoteError(code.NAMES[failure.code], failure.error, detail))
    assert type(back) is type(error) and str(back) == str(error)
    for name in ("column", "index", "current"):
        assert getattr(back, name, None) == getattr(error, name, None)


def test_codes_are_unique_and_documented():
    assert len({row.number for row in code.CODES}) == len({row.name for row in code.CODES}) == len(code.CODES)
    assert all(row.doc.endswith(".") for row in code.CODES)
    assert {name for _, name in code.ERRORS} <= set(code.NUMBERS)


def test_a_hostile_detail_is_still_an_error():
    error = code.table_error_of(RemoteError("conflict", "changed", {"current": "nonsense", "index": "x"}))
    assert isinstance(error, table_error.ConflictError) and len(error.current) == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("beast:5060", Address("beast", 5060)),
        ("beast", Address("beast", 5060)),
        ("127.0.0.1:0", Address("127.0.0.1", 0)),
        ("[::1]:80", Address("::1", 80)),
        ("[::1]", Address("::1", 5060)),
        ("unix:/run/a b", Address(path="/run/a b")),
    ],
)
def test_addresses(text, wanted):
    assert parse_address(text) == wanted
    assert parse_address(str(wanted)) == wanted


@pytest.mark.parametrize(
    "text", ["", ":80", "a:b", "a:99999", "::1", "[::1", "[::1]x", "[a]:1", "unix:", "a b:1", "x/y", "a:²"]
)
def test_texts_that_are_no_address(text):
    with pytest.raises(AddressError):
        parse_address(text)


def test_blob_streams():
    blobs = [b"", b"a", None, b"b" * 600_000]
    pieces = list(pack_blobs(blobs))
    assert max(map(len, pieces)) <= frame.CHUNK_SIZE
    assert list(unpack_blobs(pieces, [0, 1, 7, 600_000])) == blobs
    for sizes in ([0, 2, 7, 600_000], [0, 1, 7, 599_999], [0, 1, 7], [0, 1, 7, 600_000, 1]):
        with pytest.raises(FrameError):
            list(unpack_blobs(pieces, sizes))
