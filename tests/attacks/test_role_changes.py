"""Roles that come as changes of those that are here: small for a server of many apps, and proven like whole ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.delivery.zstd import deflate
from kernel.release import ReleaseError
from kernel.trust.limit import MAX_ROLE
from kernel.trust.role_change import RoleChange, changed
from tests.attacks.hostile import Desk
from tests.signed import Client, World, manifest_of

APPS = 120


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A server of many apps."""
    world = World(tmp_path_factory.mktemp("large"))
    names = ["shop", *(f"app{number}" for number in range(APPS))]
    world.releases = {(name, "stable"): manifest_of(name, 1) for name in names}
    world.signing.take(world.releases)
    return world


@pytest.fixture
def person(large: World, tmp_path: Path) -> Client:
    """Somebody who has the server's newest roles."""
    client = Client(tmp_path, large.clock)
    client.refresh(large)
    return client


def asked(world: World, client: Client) -> tuple[dict[str, bytes], dict[str, RoleChange]]:
    """The roles that the server sends whole, and those that it sends as changes."""
    seen = client.trust.seen("shop")
    roles = world.signing.metadata("shop", seen)
    changes = world.signing.changes(roles, seen)
    return {role: data for role, data in roles.items() if role not in changes}, changes


def test_a_change_of_one_app_among_many_is_small(large: World, person: Client) -> None:
    serial = person.trust.state.apps["shop"].targets["stable"].serial
    release = large.publish(serial=serial + 1)
    roles, changes = asked(large, person)
    assert set(changes) == {"snapshot"} and len(large.signing.all_roles()["snapshot"]) > 10_000
    assert sum(map(len, roles.values())) + sum(len(change.data) for change in changes.values()) < 3_000
    assert person.trust.whole(changes)["snapshot"] == large.signing.all_roles()["snapshot"]
    assert person.trust.accept("shop", roles | person.trust.whole(changes), release).serial == serial + 1


def test_a_server_that_has_started_anew_sends_the_whole(large: World, person: Client) -> None:
    large.open()
    large.publish(serial=person.trust.state.apps["shop"].targets["stable"].serial + 1)
    large.open()
    roles, changes = asked(large, person)
    assert not changes and "snapshot" in roles


def test_a_change_of_an_older_snapshot_is_still_an_older_snapshot(large: World, person: Client) -> None:
    old = large.signing.all_roles()["snapshot"]
    serial = person.trust.state.apps["shop"].targets["stable"].serial
    newer = large.publish(serial=serial + 1)
    person.trust.accept("shop", large.signing.metadata("shop", {}), newer)
    here = large.signing.all_roles()["snapshot"]
    back = RoleChange(len(old), deflate(old, here))
    large.publish(serial=serial + 2)
    roles, _ = asked(large, person)
    with pytest.raises(ReleaseError, match="'snapshot' of home is not the one that belongs to its other metadata"):
        person.trust.take("shop", roles | person.trust.whole({"snapshot": back}))
    assert person.trust.state.apps["shop"].targets["stable"].serial == serial + 1


#: Changes that no honest server sends → what is said of them.
SPOILT: dict[str, tuple[RoleChange, str]] = {
    "a bomb": (RoleChange(1000, deflate(bytes(1 << 25))), "33554432 bytes, 1000 were expected"),
    "larger than any role": (RoleChange(MAX_ROLE + 1, deflate(b"")), "the limit is"),
    "smaller than nothing": (RoleChange(-1, deflate(b"")), "the limit is"),
    "no zstd": (RoleChange(6, b"<html>"), "begin as no zstd frame"),
    "of something else": (RoleChange(4000, deflate(b"ab" * 2000, b"ab" * 1999 + b"x")), "damaged"),
    "cut off": (RoleChange(4000, deflate(b"ab" * 2000)[:-3]), "damaged|hold"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_changes(name: str) -> None:
    change, words = SPOILT[name]
    with pytest.raises(ReleaseError, match=f"'snapshot' .*({words})"):
        changed("snapshot", change, b"cd" * 1999 + b"y")


def test_whoever_spoils_changes_is_asked_for_the_whole_and_then_refused(desk: Desk) -> None:
    spoilt = {"snapshot": {"size": 5, "data": b"wrong"}}
    desk.push(main_kdl='layout 1\nwindow { label "changed" }\n')
    asked = len(desk.between.asked)
    desk.between.alter = lambda answer: answer | {"changes": spoilt}
    desk.refuse("the metadata of 'snapshot' cannot be unpacked")
    assert [one["with_changes"] for one in desk.between.asked[asked:]] == [True, False]
    once = iter([lambda answer: answer | {"changes": spoilt}, lambda answer: answer])
    desk.between.alter = lambda answer: next(once)(answer)
    assert desk.delivery.refresh("shop") != desk.first
    desk.accept()


#: Roles that a change may not be of.
STRANGE: dict[str, Callable[[], dict[str, Any]]] = {
    "one that is not here": lambda: {"apps/other": {"size": 1, "data": b""}},
    "a root": lambda: {"root.2": {"size": 1, "data": b""}},
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_change_of_what_is_not_here(desk: Desk, name: str) -> None:
    desk.between.alter = lambda answer: answer | {"changes": STRANGE[name]()}
    desk.refuse("sent a change of .*, which is not here")
