"""Keys: who may sign what, keys that were stolen and revoked, roots that do not follow, keys where they must not be."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from kernel.release import Release, ReleaseError
from kernel.trust import key
from kernel.trust import role as making
from kernel.trust.document import decode
from kernel.wire.error import RemoteError
from tests.attacks.hostile import Desk
from tests.served import ServerProcess
from tests.signed import Client, World, manifest_of
from tests.waiting import wait_for


@pytest.fixture
def world(tmp_path: Any) -> World:
    world = World(tmp_path / "home")
    world.publish()
    world.publish("notes")
    return world


@pytest.fixture
def client(tmp_path: Any, world: World) -> Client:
    client = Client(tmp_path / "person", world.clock)
    client.refresh(world)
    return client


def forged(world: World, roles: dict[str, bytes]) -> dict[str, bytes]:
    """The roles under a snapshot and a timestamp of the server's own, as who has stolen its keys makes them."""
    snapshot, timestamp = world.content("snapshot"), world.content("timestamp")
    for role, data in roles.items():
        snapshot.meta[f"{role}.json"] = making.file_of(data, decode(role, data).signed.version)
    signed = making.sign(making.renew(snapshot, "snapshot", world.clock()), [world.own_signer("snapshot")])
    timestamp.snapshot_meta = making.file_of(signed, snapshot.version)
    making.renew(timestamp, "timestamp", world.clock())
    return roles | {"snapshot": signed, "timestamp": making.sign(timestamp, [world.own_signer("timestamp")])}


def test_the_publisher_of_one_app_signs_another(world: World, client: Client) -> None:
    ann = key.new_signer()
    world.delegate("notes", [ann])
    evil = manifest_of("shop", 2)
    role = world.sign_app("shop", {"stable": evil}, [ann])
    with pytest.raises(ReleaseError, match="with 0 of the 1 keys"):
        world.signing.take_signed("shop", role)
    with pytest.raises(ReleaseError, match="with 0 of the 1 keys"):
        honest = {"targets": world.signing.all_roles()["targets"]}
        client.trust.take("shop", honest | forged(world, {"apps/shop": role}))


def test_the_publisher_of_one_app_names_another_in_their_own_role(world: World, client: Client) -> None:
    ann = key.new_signer()
    world.delegate("notes", [ann])
    content = making.new_targets("apps/notes", world.clock())
    content.version = world.content("apps/notes").version
    evil = manifest_of("shop", 2)
    content.targets = making.app_targets("shop", {"stable": evil}, {"stable": {"serial": 2, "version": "1"}})
    role = making.sign(making.renew(content, "apps/notes", world.clock()), [ann])
    with pytest.raises(ReleaseError, match="names apps/shop/stable, which is not the app's"):
        world.signing.take_signed("notes", role)
    roles = forged(world, {"targets": world.signing.all_roles()["targets"], "apps/notes": role})
    client.trust.take("notes", {name: data for name, data in roles.items() if name != "apps/shop"})
    with pytest.raises(ReleaseError, match="is not the one that is signed"):
        client.trust.accept("shop", {}, Release(evil))
    with pytest.raises(ReleaseError, match="that nobody has signed"):
        client.trust.accept("notes", {}, Release(manifest_of("notes", 2)))


def test_a_delegation_outside_the_apps_own_path(world: World, client: Client) -> None:
    ann = key.new_signer()
    evil = manifest_of("shop", 2)

    def wide(targets: Any) -> None:
        making.delegate(targets, "apps/notes", [ann.public_key], ["apps/*/*"], is_first=True)

    targets = world.change_targets(wide)
    content = making.new_targets("apps/notes", world.clock())
    content.version = world.content("apps/notes").version
    content.targets = making.app_targets("shop", {"stable": evil}, {"stable": {"serial": 2, "version": "1"}})
    role = making.sign(making.renew(content, "apps/notes", world.clock()), [ann])
    client.trust.take("notes", forged(world, {"targets": targets, "apps/notes": role}))
    with pytest.raises(ReleaseError, match="is not the one that is signed"):
        client.trust.accept("shop", {}, Release(evil))


def test_fewer_publishers_than_are_needed(world: World, client: Client) -> None:
    ann, ben = key.new_signer(), key.new_signer()
    world.delegate("shop", [ann, ben], threshold=2)
    second = manifest_of(serial=2)
    with pytest.raises(ReleaseError, match="with 1 of the 2 keys"):
        world.signing.take_signed("shop", world.sign_app("shop", {"stable": second}, [ann]))
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": second}, [ann, ben]))
    world.releases["shop", "stable"] = second
    assert client.refresh(world).serial == 2


def test_a_publishers_key_that_was_revoked(world: World, client: Client) -> None:
    """What it has signed alone opens no more from the next contact on, not even what is here."""
    ann, ben = key.new_signer(), key.new_signer()
    world.delegate("shop", [ann])
    second = manifest_of(serial=2)
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": second}, [ann]))
    world.releases["shop", "stable"] = second
    client.refresh(world)
    assert client.trust.recheck("shop", Release(second).id) is None
    world.delegate("shop", [ben])
    client.refresh(world, "notes")
    with pytest.raises(ReleaseError, match="signed with a key that home has revoked") as caught:
        client.trust.recheck("shop", Release(second).id)
    assert "connect to home once" in caught.value.hint
    with pytest.raises(ReleaseError, match="that nobody has signed"):
        client.refresh(world)
    third = manifest_of(serial=3)
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": third}, [ben]))
    world.releases["shop", "stable"] = third
    assert client.refresh(world).serial == 3 and client.trust.recheck("shop", Release(third).id) is None


def test_a_revoked_key_of_the_only_app_that_is_opened(world: World, client: Client) -> None:
    """The answer that takes the key away has no release that may be taken; it counts all the same."""
    ann, ben = key.new_signer(), key.new_signer()
    world.delegate("shop", [ann])
    second = manifest_of(serial=2)
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": second}, [ann]))
    world.releases["shop", "stable"] = second
    client.refresh(world)
    world.delegate("shop", [ben])
    with pytest.raises(ReleaseError, match="is signed with 0 of the 1 keys"):
        client.refresh(world)
    with pytest.raises(ReleaseError, match="signed with a key that home has revoked"):
        client.trust.recheck("shop", Release(second).id)
    assert client.refresh(world, "notes").serial == 1
    third = manifest_of(serial=3)
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": third}, [ben]))
    world.releases["shop", "stable"] = third
    assert client.refresh(world).serial == 3


def test_an_app_that_nobody_may_sign_any_more(world: World, client: Client) -> None:
    held = Release(world.releases["shop", "stable"])
    assert client.trust.recheck("shop", held.id) is None
    world.delegate("shop", [key.new_signer()])
    with pytest.raises(ReleaseError):
        client.refresh(world)
    with pytest.raises(ReleaseError, match="has revoked"):
        client.trust.recheck("shop", held.id)


def test_the_highest_number_of_a_stolen_key_binds_nobody_once_it_is_revoked(world: World, client: Client) -> None:
    ann, ben = key.new_signer(), key.new_signer()
    world.delegate("shop", [ann])
    highest = manifest_of(serial=(1 << 53) - 1)
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": highest}, [ann]))
    world.releases["shop", "stable"] = highest
    client.refresh(world)
    world.delegate("shop", [ben])
    second = manifest_of(serial=2)
    world.signing.take_signed("shop", world.sign_app("shop", {"stable": second}, [ben]))
    world.releases["shop", "stable"] = second
    assert client.refresh(world).serial == 2


@pytest.mark.parametrize("role", ["snapshot", "timestamp"])
def test_versions_raised_without_end_by_stolen_keys_are_recovered_from(world: World, client: Client, role: str) -> None:
    timestamp, snapshot = world.content("timestamp"), world.content("snapshot")
    if role == "snapshot":
        snapshot.version = (1 << 31) - 2
        for file in snapshot.meta.values():
            file.version = (1 << 31) - 1
        data = making.sign(making.renew(snapshot, "snapshot", world.clock()), [world.own_signer("snapshot")])
        timestamp.snapshot_meta = making.file_of(data, snapshot.version)
    else:
        data = world.signing.all_roles()["snapshot"]
        timestamp.version = (1 << 31) - 2
    timestamp.unrecognized_fields["espalier"]["made"] = "2999-01-01T00:00:00Z"
    making.renew(timestamp, "timestamp", world.clock())
    raised = making.sign(timestamp, [world.own_signer("timestamp")])
    with pytest.raises(ReleaseError) if role == "snapshot" else pytest.MonkeyPatch.context():
        client.trust.take("shop", {"snapshot": data, "timestamp": raised})
    world.rotate(role)
    world.publish(serial=2)
    assert client.refresh(world).serial == 2


def root_with(*, keys: list[key.CryptoSigner]) -> Any:
    def change(root: Any) -> None:
        for keyid in list(root.roles["root"].keyids):
            root.revoke_key(keyid, "root")
        for signer in keys:
            root.add_key(signer.public_key, "root")

    return change


def test_a_root_that_only_its_own_new_keys_have_signed(desk: Desk) -> None:
    mallory = key.new_signer()
    desk.instead({"root.2": desk.signed("root", root_with(keys=[mallory]), mallory)})
    desk.refuse("'root' 2 of home is signed by the keys of the root before it with 0 of the 1 keys")


def test_a_root_that_only_the_old_keys_have_signed(desk: Desk) -> None:
    desk.instead({"root.2": desk.signed("root", root_with(keys=[key.new_signer()]))})
    desk.refuse("'root' 2 of home is signed by its own keys with 0 of the 1 keys")


def test_a_root_with_a_gap_before_it(desk: Desk) -> None:
    third = desk.signed("root", lambda root: setattr(root, "version", 3))
    desk.instead({"root.3": third})
    desk.refuse("home sent root 3 without the 1 before it")
    desk.instead({"root.2": third})
    desk.refuse("sent root 3 as root 2")


def test_roots_are_believed_up_to_the_one_that_is_wrong(world: World, client: Client) -> None:
    """An offline client at 1 meets 2 to 5, of which the third was signed with a key that the second has revoked."""
    old, new = world.signer("root"), key.new_signer()
    second = world.change_root(root_with(keys=[new]), [old, new])
    root = decode("root", second).signed
    third = making.sign(making.renew(root, "root", world.clock()), [old])
    fourth = making.sign(making.renew(root, "root", world.clock()), [new])
    with pytest.raises(ReleaseError, match="'root' 3 of home is signed by the keys of the root before it with 0 of"):
        client.trust.take("shop", {"root.2": second, "root.3": third, "root.4": fourth})
    assert client.trust.state.root_version == 2
    right = making.sign(making.renew(decode("root", second).signed, "root", world.clock()), [new])
    client.trust.take("shop", {**world.signing.metadata("shop", {}), "root.3": right})
    assert client.trust.state.root_version == 3


def test_a_client_that_was_away_for_five_roots(world: World, client: Client) -> None:
    for role in ("timestamp", "snapshot", "timestamp", "snapshot", "timestamp"):
        world.rotate(role)
    assert client.refresh(world).serial == 1 and client.trust.state.root_version == 6


def test_another_server_under_the_name_of_the_first(desk: Desk, tmp_path: Any) -> None:
    from tests.served import make_repository

    bare, _ = make_repository(tmp_path / "other")
    with ServerProcess(bare, log_path=tmp_path / "other.log") as other:
        from kernel.wire.link import Link

        link = Link(other.address)
        answer = link.call("release", {"app": "shop", "seen": {}})
        link.close()
    desk.between.alter = lambda honest: answer
    error = desk.refuse("with 0 of the 1 keys that are needed")
    assert "another server" in error.hint


def test_a_server_stops_signing(desk: Desk) -> None:
    desk.between.alter = lambda answer: {name: value for name, value in answer.items() if name == "release"}
    delivery = desk.open()
    delivery.forget("shop")
    assert delivery.refresh("shop") == desk.first, "it is the signed one"
    own = manifest_of("shop", 99)
    plain = {"release": {"manifest": own}}
    desk.between.alter = lambda answer: plain
    desk.refuse("is not the one that is signed")


@pytest.mark.parametrize("name", ["root", "targets"])
@pytest.mark.parametrize("place", ["espalier/trust/keys", "espalier/notes", "espalier/data"])
def test_a_server_with_an_offline_key_in_reach_does_not_start(own_desk: Desk, name: str, place: str) -> None:
    source = next((own_desk.folder / "keys").iterdir()) / f"{name}.pem"
    folder = own_desk.bare / place
    folder.mkdir(parents=True, exist_ok=True)
    own_desk.real.stop()
    shutil.copy(source, folder / "innocent.pem")
    with pytest.raises(AssertionError, match=f"the private key of '{name}' lies in .*innocent.pem"):
        own_desk.start()
    (folder / "innocent.pem").unlink()
    own_desk.start()


def test_a_server_with_keys_that_others_can_read_does_not_start(own_desk: Desk) -> None:
    path = next((own_desk.trust_folder / "keys").iterdir())
    own_desk.real.stop()
    path.chmod(0o644)
    with pytest.raises(AssertionError, match="can be read by others"):
        own_desk.start()
    path.chmod(0o600)
    own_desk.start()


def test_a_server_that_was_restored_from_an_older_backup(own_desk: Desk) -> None:
    """Its clients stay with what they have and say why; it says so too; three new keys bring them together again."""
    backup = own_desk.folder / "backup.git"

    def copy() -> None:
        shutil.copytree(own_desk.bare, backup)

    own_desk.restart(copy)
    own_desk.push(main_kdl='layout 1 title="Shop"\nwindow { label "Second" }\n')
    own_desk.accept()

    def restore() -> None:
        shutil.rmtree(own_desk.bare)
        shutil.move(backup, own_desk.bare)

    own_desk.restart(restore)
    error = own_desk.refuse("was seen; it was refused")
    assert "restored from an older backup" in error.hint
    wait_for(lambda: "clients have seen newer releases than this server has" in own_desk.real.log())
    assert "espalier keys restored" in own_desk.real.log()


def test_strangers_cannot_change_the_keys_of_a_server(own_desk: Desk) -> None:
    mallory = key.new_signer()
    link = own_desk.between.real
    root = own_desk.signed("root", root_with(keys=[mallory]), mallory)
    targets = own_desk.signed("targets", lambda content: None, mallory)
    before = link.call("keys", {})["roles"]
    for roles in ({"root.2": root}, {"targets": targets}, {"timestamp": before["timestamp"]}, {"root.9": root}):
        with pytest.raises(RemoteError) as caught:
            link.call("keys.take", {"roles": roles})
        assert caught.value.code == "bad_arguments" and caught.value.message
    assert link.call("keys", {})["roles"] == before
    assert not any(b"PRIVATE" in data for data in before.values())
