"""Whatever comes as metadata: it is refused in words, or it says what its keys have signed; nothing else happens."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from securesystemslib.signer import CryptoSigner

from kernel.release import Manifest, Release, ReleaseError, decode_offered
from kernel.trust.bundle import Bundle
from kernel.trust.document import UNREADABLE, decode, encode
from kernel.trust.state import State
from tests.signed import World, manifest_of

ROLES = ("root.1", "timestamp", "snapshot", "targets", "apps", "apps/shop")
#: What a value of a document is replaced by.
STRANGE = (
    None, True, -1, 0, 1, 1 << 60, 1 << 200, 1.5, "", "x" * 1000, "\ud800", [], {}, [[]], {"a": 1},
    "2026-13-45T99:99:99Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "../..", "*", "apps/*/*",
)  # fmt: skip

@functools.cache
def world() -> World:
    """A server with two releases of shop; made once, by whichever test is the first."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    made = World(Path(folder.name))
    made.publish()
    made.publish(serial=2)
    return made


@functools.cache
def honest() -> dict[str, bytes]:
    """Its answer."""
    return world().signing.metadata("shop", {})


@functools.cache
def known() -> State:
    """What a client knows that has seen it."""
    return verified(honest(), State())


@functools.cache
def thief_of(role: str) -> CryptoSigner:
    """The key of a role."""
    name = role.removesuffix(".1")
    return world().signer(name) if name in ("root", "targets") else world().own_signer(name.partition("/")[0])


def verified(metadata: dict[str, bytes], state: State) -> State:
    """What a client knows after an answer; raises ReleaseError alone."""
    bundle = Bundle("home", state, {}, metadata, "shop", world().clock())
    bundle.verify()
    return bundle.state


def holds(metadata: dict[str, bytes]) -> None:
    """The answer is refused, or it says what the honest one says of the app."""
    before = bytes(repr(known()), "utf-8")
    try:
        state = verified(metadata, known())
    except ReleaseError as error:
        assert error.message and "Traceback" not in error.message
    else:
        assert state.apps["shop"].targets == known().apps["shop"].targets and state.root == known().root
    assert bytes(repr(known()), "utf-8") == before, "what was known has changed on the way"


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value of a document."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in inside:
        yield from places(inner, (*path, name))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The document with another value in one place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], new)
    return copy


@given(st.sampled_from(ROLES), st.binary(max_size=300), st.integers(0, 3000), st.integers(0, 50))
@example("timestamp", b"", 0, 0)
@example("root.1", b"\xef\xbb\xbf", 0, 0)
@example("snapshot", b"{" * 300, 0, 3000)
def test_bytes_in_the_place_of_others(role: str, piece: bytes, at: int, length: int) -> None:
    data = honest()[role]
    at %= len(data)
    holds(honest() | {role: data[:at] + piece + data[at + length :]})


@settings(max_examples=300)
@given(st.data())
def test_values_in_the_place_of_others_though_the_keys_were_stolen(data: st.DataObject) -> None:
    """Everything but the honest releases can be signed by a thief of one key; the others still have to fit."""
    role = data.draw(st.sampled_from(ROLES))
    document = json.loads(honest()[role])
    path = data.draw(st.sampled_from([path for path in places(document) if path]))
    document = put(document, path, data.draw(st.sampled_from(STRANGE)))
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    with contextlib.suppress(ReleaseError, *UNREADABLE):  # what cannot be read cannot be signed: it is sent as it is
        metadata = decode("root" if role.startswith("root.") else role, text)
        metadata.sign(thief_of(role))
        text = encode(metadata)
    holds(honest() | {role: text})


@given(
    st.dictionaries(st.sampled_from([*ROLES, "root.2", "root.x", "apps/notes", ""]), st.sampled_from(ROLES), max_size=6)
)
@example({"root.2": "root.1"})
@example({"timestamp": "snapshot", "snapshot": "timestamp"})
def test_roles_in_the_place_of_others(swaps: dict[str, str]) -> None:
    holds({name: honest()[name] for name in ROLES} | {name: honest()[other] for name, other in swaps.items()})


@given(st.sets(st.sampled_from(ROLES)))
def test_roles_that_are_missing(missing: set[str]) -> None:
    holds({name: data for name, data in honest().items() if name not in missing})


@given(st.binary(max_size=200), st.integers(0, 2000), st.integers(0, 30))
@example(b'"app":"shop",', 1, 0)
@example(b"NaN", 12, 3)
@example(b"[" * 200, 20, 0)
def test_manifests_are_read_in_one_way_or_in_none(piece: bytes, at: int, length: int) -> None:
    data = manifest_of()
    at %= len(data)
    text = data[:at] + piece + data[at + length :]
    try:
        manifest = decode_offered(Release(text))
    except ReleaseError:
        return
    assert isinstance(manifest, Manifest) and manifest.encode() == text
    assert (Release(text).id == Release(data).id) == (text == data)


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + manifest_of(),
        manifest_of() + b" ",
        manifest_of().replace(b'"app":"shop"', b'"app":"shop","app":"shop"'),
        manifest_of().replace(b'"app":"shop"', b'"app":"shop","zzz":1'),
        manifest_of().replace(b'"serial":1', b'"serial":1.0'),
        manifest_of().replace(b'"serial":1', b'"serial":NaN'),
        manifest_of().replace(b'"serial":1', b'"serial":' + b"9" * 1_000_000),
        manifest_of().replace(b'"serial":1', b'"requires":{},"serial":1'),
        manifest_of().replace(b'"serial":1', b'"requires":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    ],
    ids=["mark", "space", "doubled", "unknown", "float", "nan", "digits", "default", "deep"],
)
def test_manifests_with_doubled_unknown_or_endless_fields(text: bytes) -> None:
    with pytest.raises(ReleaseError, match="canonical|cannot be read"):
        decode_offered(Release(text))
