"""What one server's keys have signed may run: honest answers, keys that change, time that goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.release import Release, ReleaseError
from kernel.trust import fingerprint as prints
from kernel.trust import key
from tests.signed import Client, Clock, World, manifest_of


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "home")
    world.publish()
    return world


@pytest.fixture
def client(tmp_path: Path, world: World) -> Client:
    return Client(tmp_path / "person", world.clock)


def test_the_first_contact_is_told_and_later_ones_are_not(world: World, client: Client) -> None:
    assert client.refresh(world).serial == 1
    assert client.met == [world.signing.fingerprint]
    world.publish(serial=2)
    assert client.refresh(world).serial == 2 and len(client.met) == 1
    assert len(prints.shown(client.met[0]).split()) == 10 and prints.parse(prints.shown(client.met[0])) == client.met[0]


def test_nothing_changed_needs_no_metadata_and_a_release_only_three_roles(world: World, client: Client) -> None:
    client.refresh(world)
    assert world.signing.metadata("shop", client.trust.seen("shop")) == {}
    world.publish(serial=2)
    changed = world.signing.metadata("shop", client.trust.seen("shop"))
    assert sorted(changed) == ["apps/shop", "snapshot", "timestamp"] and sum(map(len, changed.values())) < 2000


def test_a_start_needs_what_was_accepted_and_nothing_else(world: World, client: Client, tmp_path: Path) -> None:
    release = Release(world.releases["shop", "stable"])
    client.refresh(world)
    again = Client(tmp_path / "person", world.clock)
    assert again.trust.recheck("shop", release.id) is None
    with pytest.raises(ReleaseError, match="never accepted"):
        again.trust.recheck("shop", Release(manifest_of(serial=7)).id)
    stranger = Client(tmp_path / "other", world.clock)
    assert stranger.trust.recheck("shop", release.id) is None, "nothing is known of the server yet"


def test_an_emptied_cache_gets_all_roles_again_and_floors_hold(world: World, client: Client, tmp_path: Path) -> None:
    old = world.signing.metadata("shop", {})
    client.refresh(world)
    world.publish(serial=2)
    client.refresh(world)
    for path in (tmp_path / "person" / "cache" / "records").iterdir():
        path.unlink()
    assert set(client.trust.seen("shop")) == {"root"}
    with pytest.raises(ReleaseError, match="was seen; it was refused"):
        client.offered(old, Release(manifest_of()))
    assert client.refresh(world).serial == 2


@pytest.mark.parametrize("role", ["snapshot", "timestamp", "apps"])
def test_the_servers_keys_are_replaced_without_a_question(world: World, client: Client, role: str) -> None:
    client.refresh(world)
    before = world.own_signer(role).public_key.keyid
    world.rotate(role)
    assert world.own_signer(role).public_key.keyid != before
    assert client.refresh(world).serial == 1
    assert client.trust.recheck("shop", Release(world.releases["shop", "stable"]).id) is None
    world.publish(serial=2)
    assert client.refresh(world).serial == 2 and len(client.met) == 1
    world.open()
    assert client.refresh(world).serial == 2


def test_the_root_key_is_replaced_and_the_fingerprint_with_it(world: World, client: Client, tmp_path: Path) -> None:
    client.refresh(world)
    fresh = key.new_signer()

    def change(root):
        root.revoke_key(root.roles["root"].keyids[0], "root")
        root.add_key(fresh.public_key, "root")

    first = world.signing.fingerprint
    world.signing.take_top({"root.2": world.change_root(change, [world.signer("root"), fresh])})
    assert client.refresh(world).serial == 1 and client.trust.state.fingerprint == world.signing.fingerprint != first
    for pinned in (first, world.signing.fingerprint):
        invited = Client(tmp_path / pinned, world.clock)
        invited.trust.pin(pinned)
        assert invited.refresh(world).serial == 1 and invited.met == [], "somebody has compared it"


def test_an_app_with_a_publisher_of_its_own(world: World, client: Client) -> None:
    ann = key.new_signer()
    client.refresh(world)
    world.delegate("shop", [ann])
    second = manifest_of(serial=2)
    assert world.signing.take({("shop", "stable"): second}) == {
        ("shop", "stable"): "the release of 'shop' (stable) waits for the signature of its publisher"
    }
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": second}, [ann]))
    assert world.signing.take({("shop", "stable"): second}) == {}
    world.releases["shop", "stable"] = second
    assert client.refresh(world).serial == 2


def test_channels_have_serials_of_their_own(world: World, client: Client) -> None:
    client.refresh(world)
    world.publish(serial=9, channel="beta")
    assert client.refresh(world, channel="beta").serial == 9
    world.publish(serial=2)
    assert client.refresh(world).serial == 2


def test_another_app_of_the_server_comes_with_its_own_role_alone(world: World, client: Client) -> None:
    world.publish("notes", serial=5)
    client.refresh(world)
    assert sorted(world.signing.metadata("notes", client.trust.seen("notes"))) == ["apps/notes"]
    assert client.refresh(world, "notes").serial == 5


def test_timestamps_are_renewed_before_they_expire(world: World, client: Client) -> None:
    client.refresh(world)
    for _ in range(40):
        world.clock.now += world.signing.renew()
        world.signing.renew()
        client.refresh(world)
        assert client.trust.proof().ended == 0
    assert 30 <= world.content("timestamp").version <= 60 and world.content("snapshot").version >= 3


def test_a_server_that_is_away_leaves_an_app_that_says_since_when(world: World, client: Client) -> None:
    release = Release(world.releases["shop", "stable"])
    client.refresh(world)
    ends = world.content("timestamp").expires.timestamp()
    assert client.trust.proof().ended == 0
    world.clock.go(5)
    assert client.trust.proof() == (0, ends) and client.trust.recheck("shop", release.id) is None
    world.clock.go(90)
    with pytest.raises(ReleaseError, match=r"longer than the option trust\.grace_days allows"):
        client.trust.recheck("shop", release.id)
    world.signing.renew()
    assert client.refresh(world).serial == 1 and client.trust.proof().ended == 0
    assert client.trust.recheck("shop", release.id) is None


def test_no_grace_means_for_ever(world: World, tmp_path: Path) -> None:
    client = Client(tmp_path / "person", world.clock, grace_s=0.0)
    client.refresh(world)
    world.clock.go(2000)
    assert client.trust.recheck("shop", Release(world.releases["shop", "stable"]).id) is None


def test_a_server_that_never_signed_is_believed_until_it_signs_once(world: World, client: Client) -> None:
    plain = Release(manifest_of(serial=4))
    assert client.offered({}, plain).serial == 4 and client.trust.state is None
    client.refresh(world)
    with pytest.raises(ReleaseError, match="not the one that is signed"):
        client.offered({}, plain)


def test_a_damaged_state_is_no_first_contact(world: World, client: Client, tmp_path: Path) -> None:
    client.refresh(world)
    (path,) = (tmp_path / "person" / "data" / "trust").glob("*.state")
    path.write_bytes(path.read_bytes()[:-1])
    for ask in (lambda: client.refresh(world), lambda: client.trust.recheck("shop", Release(manifest_of()).id)):
        with pytest.raises(ReleaseError, match=r"cannot be read.*espalier keys forget home"):
            try:
                ask()
            except ReleaseError as error:
                raise ReleaseError(str(error)) from error


def test_clocks(world: World, client: Client) -> None:
    """What was signed is the time that holds, once it is later than the clock."""
    client.refresh(world)
    world.clock.go(-700)
    assert client.trust.proof().ended == 0
    world.clock.go(700 + 5)
    world.signing.renew()
    client.refresh(world)
    client.clock = Clock(world.clock() - 1000 * 86_400)
    assert client.trust.state.good_time == int(world.clock())
