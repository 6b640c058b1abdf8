"""Metadata that somebody altered, left unsigned, signed with other keys, made endless or ambiguous."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from kernel.trust import key
from kernel.trust import role as making
from kernel.trust.limit import MAX_BUNDLE, MAX_ROLE
from tests.attacks.hostile import Desk

ROLES = ("timestamp", "snapshot", "targets", "apps", "apps/shop")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_with_one_letter_altered(desk: Desk, role: str) -> None:
    data = desk.metadata()[role]
    at = data.index(b"spec_version") + 1
    desk.instead({role: data[:at] + b"q" + data[at + 1 :]})
    desk.refuse("cannot be read|not the one that belongs")


@pytest.mark.parametrize("role", ROLES)
def test_another_content_under_the_old_signatures(desk: Desk, role: str) -> None:
    from tests.signed import altered

    desk.instead({role: altered(desk.metadata()[role], lambda signed: making.renew(signed, role))})
    desk.refuse("with 0 of the 1 keys|not the one that belongs")


@pytest.mark.parametrize("role", ("snapshot", "targets", "apps", "apps/shop"))
def test_a_role_that_nobody_has_signed_though_stolen_keys_name_it(desk: Desk, role: str) -> None:
    content = desk.content(role)
    making.renew(content, role)
    unsigned = making.sign(content, [])
    desk.instead(desk.top_of({role: unsigned}) if role != "snapshot" else {role: unsigned})
    desk.refuse("with 0 of the 1 keys|not the one that belongs")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_signed_with_an_unknown_key(desk: Desk, role: str) -> None:
    forged = desk.signed(role, lambda content: None, key.new_signer())
    desk.instead(desk.top_of({role: forged}) if role not in ("snapshot", "timestamp") else {role: forged})
    desk.refuse("with 0 of the 1 keys|not the one that belongs")


def test_stolen_keys_of_snapshot_and_timestamp_sign_a_release(desk: Desk) -> None:
    forged = desk.signed("apps/shop", lambda content: None, desk.signer("snapshot"), desk.signer("timestamp"))
    desk.instead(desk.top_of({"apps/shop": forged}))
    desk.refuse("'apps/shop' 2 of home is signed with 0 of the 1 keys that are needed")


def threshold_of_two(root: Any) -> None:
    root.add_key(key.new_signer().public_key, "timestamp")
    root.roles["timestamp"].threshold = 2


def test_fewer_signatures_than_the_threshold(desk: Desk) -> None:
    state = desk.delivery.trust.state
    root = desk.signed("root", threshold_of_two)
    timestamp = desk.signed("timestamp", lambda content: None)
    from kernel.trust.bundle import Bundle

    held = {role: desk.metadata()[role] for role in ROLES}
    bundle = Bundle("home", state, held, {"root.2": root, "timestamp": timestamp}, "shop", time.time())
    with pytest.raises(Exception, match="with 1 of the 2 keys that are needed"):
        bundle.verify()


def test_one_key_under_two_names_and_one_signature_twice(desk: Desk) -> None:
    """Two names of one key would count as two signatures."""

    def twice(root: Any) -> None:
        first = root.keys[root.roles["root"].keyids[0]]
        other = type(first)("f" * 64, first.keytype, first.scheme, dict(first.keyval))
        root.add_key(other, "root")
        root.roles["root"].threshold = 2

    desk.instead({"root.2": desk.signed("root", twice)})
    desk.refuse("one key has two names")
    data = json.loads(desk.signed("timestamp", lambda content: None))
    data["signatures"] *= 2
    desk.instead({"timestamp": json.dumps(data, sort_keys=True, separators=(",", ":")).encode()})
    desk.refuse("'timestamp' cannot be read: Multiple signatures")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, "cannot be read"),
        (lambda data: data.replace(b'"version":', b'"version":1,"version":', 1), "canonical"),
        (lambda data: data.replace(b"{", b"{ ", 1), "canonical"),
        (lambda data: data + b"\n", "canonical"),
        (lambda data: data + data, "cannot be read"),
        (lambda data: data.replace(b'"version":', b'"weight":NaN,"version":', 1), "NaN is no value"),
        (lambda data: data.replace(b'"version":', b'"weight":1e999,"version":', 1), "no value"),
        (lambda data: data.replace(b'"version":', b'"weight":1.0,"version":', 1), "no value"),
        (lambda data: b"[" * 200_000, "cannot be read"),
        (lambda data: data[:-1], "cannot be read"),
        (lambda data: b"", "cannot be read"),
        (lambda data: b"\xff" * 100, "cannot be read"),
        (lambda data: b"null", "cannot be read"),
        (lambda data: b'{"signatures":[],"signed":{}}', "cannot be read"),
        (lambda data: data.replace(b'"version":', b'"version":' + b"9" * 5000 + b',"x":', 1), "cannot be read"),
        (lambda data: data.replace(b'"version":', b'"version":-', 1), "cannot be read"),
        (lambda data: data.replace(b'"version":', b'"version":99999999999999999', 1), "plausible"),
        (lambda data: data.replace(b'"sha256"', b'"md5"', 1), "no SHA-256"),
        (lambda data: data.replace(b'"sha256"', b'"sha512"', 1), "no SHA-256"),
    ],
)  # fmt: skip
def test_texts_that_can_be_read_in_two_ways_or_in_none(desk: Desk, spoil: Any, words: str) -> None:
    data = spoil(desk.signed("timestamp", lambda content: None))
    desk.instead({"timestamp": data})
    desk.refuse(words)


@pytest.mark.parametrize(("old", "new"), [('"ed25519"', '"rsa"'), ('"scheme":"ed25519"', '"scheme":"ed448"')])
def test_another_kind_of_keys_or_signatures(desk: Desk, old: str, new: str) -> None:
    data = desk.signed("root", lambda root: None)
    desk.instead({"root.2": data.replace(old.encode(), new.encode())})
    desk.refuse("no ed25519 key|Unsupported public key")


@pytest.mark.parametrize("role", ROLES)
def test_metadata_without_end(desk: Desk, role: str) -> None:
    desk.instead({role: b"[" * (MAX_ROLE + 1)})
    desk.refuse("the limit is|not the one that belongs")
    desk.instead({f"root.{number}": b" " * 200_000 for number in range(2, 4 + MAX_BUNDLE // 200_000)})
    desk.refuse("of metadata, the limit is")
    desk.instead({f"root.{number}": b"{}" for number in range(2, 1000)})
    desk.refuse("roots, the limit is")


@pytest.mark.parametrize("name", ["apps/notes", "../targets", "root", "root.x", "root.01", "root.-1", "", "root.²"])
def test_roles_that_nobody_asked_for(desk: Desk, name: str) -> None:
    desk.instead({name: desk.metadata()["timestamp"]})
    desk.refuse("nobody asked for|strange name")


@pytest.mark.parametrize("role", ["snapshot", "targets", "apps/shop", "timestamp"])
@pytest.mark.parametrize("as_role", ["timestamp", "snapshot", "targets"])
def test_a_role_in_the_place_of_another(desk: Desk, role: str, as_role: str) -> None:
    if role == as_role:
        pytest.skip("its own place")
    desk.instead({as_role: desk.metadata()[role]})
    desk.refuse("cannot be read|not the one that belongs")


def test_an_altered_manifest(desk: Desk) -> None:
    from kernel.release import Release

    title = Release(desk.first.encode().replace(b'"Shop"', b'"Shoq"', 1))
    with pytest.raises(Exception, match="is not the one that is signed"):
        desk.delivery.trust.accept("shop", {}, title)


def test_metadata_of_a_role_stay_as_they_were_after_all_this(desk: Desk) -> None:
    assert desk.accept().serial == 1
    version = desk.content("timestamp").version
    assert desk.delivery.trust.state.floors["timestamp"] == version
