"""The server's signing: what is on the disk when it broke off, keys that are missing, root and targets in time."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from kernel.release import Release, ReleaseError
from kernel.trust import key
from kernel.trust.admin import Change
from kernel.trust.publisher import may_sign, sign_app
from kernel.trust.role import DAY_S, lasts_s
from server.error import SigningError
from server.log import Log
from server.signing.first import make_first, renew_offline
from server.signing.signing import open_signing
from server.signing.store import Store, lock
from tests.signed import Client, World, manifest_of


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "home")
    world.publish()
    return world


@pytest.fixture
def client(tmp_path: Path, world: World) -> Client:
    client = Client(tmp_path / "person", world.clock)
    client.refresh(world)
    return client


def test_keys_are_private_and_offline_ones_are_elsewhere(world: World) -> None:
    own = list((world.store.folder / "keys").iterdir())
    offline = list(world.offline.iterdir())
    assert sorted(path.name for path in offline) == ["root.pem", "targets.pem"] and len(own) == 6
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (*own, *offline))
    publics = {key.load(path).public_key.keyid for path in own}
    assert not publics & {key.load(path).public_key.keyid for path in offline}


def test_nothing_new_is_signed_when_nothing_changed(world: World) -> None:
    before = world.signing.all_roles()
    world.signing.take(world.releases)
    world.open()
    world.signing.take(world.releases)
    assert world.signing.all_roles() == before


@pytest.mark.parametrize("count", range(1, 5))
def test_a_writing_that_breaks_off_is_gone_on_with(
    world: World, client: Client, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is written before the end, clients follow, and versions rise."""
    writes = 0
    real = Store.write

    def write(store: Store, role: str, data: bytes) -> None:
        nonlocal writes
        writes += 1
        if writes == count:
            raise SigningError("the disk is full")
        real(store, role, data)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", write)
        if count < 4:
            with pytest.raises(SigningError, match="full"):
                world.publish(serial=2)
        else:
            world.publish(serial=2)
    if count < 4:
        assert client.trust.seen("shop") == {**client.trust.seen("shop"), "apps/shop": 1}
        assert world.signing.metadata("shop", client.trust.seen("shop")) == {}, "nobody sees half of it"
    world.open()
    world.publish(serial=2)
    assert client.refresh(world).serial == 2
    world.publish(serial=3)
    assert client.refresh(world).serial == 3


def test_a_first_start_that_broke_off_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "trust")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", lambda *_: (_ for _ in ()).throw(SigningError("the disk is full")))
        with pytest.raises(SigningError):
            make_first(store, tmp_path / "keys")
    assert not store.has_root and len(store.keys()) == 6
    signing, said = open_signing(tmp_path / "trust", tmp_path / "keys", Log(tmp_path / "log"))
    assert len(store.keys()) == 6 and said[-1].startswith("Fingerprint ") and signing.root.version == 1
    again, said = open_signing(tmp_path / "trust", tmp_path / "keys", Log(tmp_path / "log"))
    assert len(said) == 1 and again.fingerprint == signing.fingerprint


def test_a_first_start_without_a_place_for_keys_says_so(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises(key.KeyFileError, match=r"the key .*root\.pem cannot be written: Not a directory"):
        make_first(Store(tmp_path / "trust"), tmp_path / "keys")
    assert not Store(tmp_path / "trust").has_root


def test_a_role_that_is_damaged_is_not_made_anew(world: World) -> None:
    path = world.store.folder / "snapshot.json"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SigningError, match=r"snapshot\.json cannot be read.*backup"):
        try:
            world.open()
        except SigningError as error:
            raise SigningError(str(error)) from error


def test_a_key_that_is_missing_is_named(world: World) -> None:
    world.clock.go(3)
    timestamp = world.own_signer("timestamp").public_key
    world.store.drop_key(timestamp)
    with pytest.raises(SigningError, match="lacks keys for 'timestamp'.* has 0 of the 1 that are needed"):
        world.open()
        world.signing.renew()


def test_one_process_signs(tmp_path: Path) -> None:
    held = lock(tmp_path / "trust")
    with pytest.raises(SigningError, match="another process signs"):
        lock(tmp_path / "trust")
    os.close(held)
    os.close(lock(tmp_path / "trust"))


def test_root_and_targets_are_renewed_by_whoever_has_their_keys(world: World, client: Client, tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    assert not renew_offline(world.signing, world.offline, log, world.clock())
    world.clock.go(lasts_s("root") / DAY_S / 2 + 1)
    world.signing.renew()
    assert not renew_offline(world.signing, tmp_path / "nowhere", log, world.clock())
    assert renew_offline(world.signing, world.offline, log, world.clock())
    world.clock.go(lasts_s("root") / DAY_S / 2 + 1)
    world.signing.renew()
    assert client.refresh(world).serial == 1 and client.trust.state.root_version == 2


def test_the_log_says_before_root_expires(world: World, tmp_path: Path) -> None:
    world.clock.go(lasts_s("root") / DAY_S - 30)
    world.signing.renew()
    assert "root expires soon" in (tmp_path / "home" / "log").read_text()


def test_an_app_that_is_not_served_any_more_is_signed_as_such(world: World, client: Client) -> None:
    gone = Release(world.releases.pop(("shop", "stable")))
    world.signing.take(world.releases)
    client.trust.take("shop", world.signing.metadata("shop", client.trust.seen("shop")))
    with pytest.raises(ReleaseError, match="that nobody has signed"):
        client.trust.confirm("shop", "stable", gone.id, len(gone.manifest))


def test_a_publisher_signs_what_is_new_and_keeps_the_other_channels(world: World, client: Client) -> None:
    ann = key.new_signer()
    world.publish(serial=2, channel="beta")
    roles = world.signing.all_roles()
    assert not may_sign(roles, "shop", ann.public_key.keyid)
    with pytest.raises(ReleaseError, match="may not sign releases of 'shop'"):
        sign_app(roles, "shop", {"stable": manifest_of(serial=3)}, ann)
    change = Change(roles, [world.signer("targets")], now=world.clock())
    change.delegate("shop", ann.public_key)
    world.signing.take_top(change.signed())
    roles = world.signing.all_roles()
    assert may_sign(roles, "shop", ann.public_key.keyid) and world.signing.can_sign("shop")
    third = manifest_of(serial=3)
    world.signing.take_signed("shop", sign_app(roles, "shop", {"stable": third}, ann, world.clock()))
    world.releases["shop", "stable"] = third
    assert client.refresh(world).serial == 3 and client.refresh(world, channel="beta").serial == 2
    back = sign_app(world.signing.all_roles(), "shop", {"beta": b""}, ann, world.clock())
    world.signing.take_signed("shop", back)
    assert world.signing.targets_of("shop").keys() == {"stable"}


@pytest.mark.parametrize("spoil", ["again", "skipped", "expired"])
def test_a_publishers_role_that_does_not_follow(world: World, spoil: str) -> None:
    ann = key.new_signer()
    world.delegate("shop", [ann])
    data = world.sign_app("shop", {"stable": manifest_of(serial=2)}, [ann])
    words = "does not follow version"
    if spoil == "again":
        world.signing.take_signed("shop", data)
    elif spoil == "skipped":
        from tests.signed import altered

        data = altered(data, lambda signed: setattr(signed, "version", 99), [ann])
    else:
        world.clock.go(3000)
        words = "has expired already"
    with pytest.raises(ReleaseError, match=words):
        world.signing.take_signed("shop", data)


def test_many_apps_change_one_role_each(world: World, client: Client) -> None:
    for number in range(50):
        world.releases[f"app{number}", "stable"] = manifest_of(f"app{number}")
    world.signing.take(world.releases)
    client.refresh(world)
    world.publish(serial=2)
    changed: dict[str, Any] = world.signing.metadata("shop", client.trust.seen("shop"))
    assert sorted(changed) == ["apps/shop", "snapshot", "timestamp"] and client.refresh(world).serial == 2
