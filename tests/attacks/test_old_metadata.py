"""Old metadata in the place of new ones: rolled back, frozen, mixed; and clocks that somebody put wrong."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from kernel.error import EspalierError
from kernel.release import ReleaseError
from kernel.trust import role as making
from kernel.trust.document import decode
from kernel.trust.moment import as_date
from kernel.trust.server_trust import REMEMBERED
from tests.attacks.hostile import Desk
from tests.signed import Client, World

YEAR_S = 365 * making.DAY_S


@pytest.fixture(scope="module")
def old(shared_desk: Desk) -> dict[str, Any]:
    """Metadata and answer of before a push that the client has seen."""
    before = {"metadata": shared_desk.metadata(), "answer": shared_desk.between.answer({"app": "shop", "seen": {}})}
    shared_desk.push(main_kdl='layout 1 title="Shop"\nwindow { label "Second" }\n')
    shared_desk.accept()
    return before


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "apps/shop"])
def test_an_older_version_of_one_role(desk: Desk, old: dict[str, Any], role: str) -> None:
    desk.instead({role: old["metadata"][role]})
    desk.refuse("was seen; it was refused|not the one that belongs")


def test_all_roles_and_the_release_of_yesterday(desk: Desk, old: dict[str, Any]) -> None:
    desk.between.alter = lambda answer: old["answer"]
    error = desk.refuse(r"version \d of 'timestamp', of which version \d was seen")
    assert "restored from an older backup" in error.hint and "espalier keys restored" in error.hint


def test_the_release_of_yesterday_under_the_metadata_of_today(desk: Desk, old: dict[str, Any]) -> None:
    desk.between.alter = lambda answer: answer | {"release": old["answer"]["release"]}
    desk.refuse("is not the one that is signed")


def test_an_older_release_signed_into_newer_metadata(desk: Desk, old: dict[str, Any]) -> None:
    """Whoever has the key of pushes can sign; going back needs a higher number all the same."""
    targets = decode("apps/shop", old["metadata"]["apps/shop"]).signed.targets
    forged = desk.signed("apps/shop", lambda content: setattr(content, "targets", targets))
    roles = desk.top_of({"apps/shop": forged})
    desk.between.alter = lambda answer: answer | {"metadata": roles, "release": old["answer"]["release"]}
    state = desk.folder / "data" / "trust"
    shutil.copytree(state, desk.folder / "kept")
    desk.refuse("release 1 of 'shop', which is older than release 2 that was here")
    shutil.rmtree(state)
    shutil.move(desk.folder / "kept", state)


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "apps/shop"])
def test_stolen_keys_name_an_older_version(desk: Desk, role: str) -> None:
    def lower(content: Any) -> None:
        if role == "timestamp":
            content.version = 1
        elif role == "snapshot":
            content.snapshot_meta.version = 1
        else:
            content.meta[f"{role}.json"].version = 1

    which = "snapshot" if role == "apps/shop" else "timestamp"
    desk.instead(desk.top_of({}, **{which: lower}))
    desk.refuse("was seen; it was refused|an older version of|as version|not the one that belongs")


def test_stolen_keys_leave_a_role_out(desk: Desk) -> None:
    desk.instead(desk.top_of({}, snapshot=lambda content: content.meta.pop("apps/notes.json")))
    desk.refuse("names no version of 'apps/notes'")


def test_new_targets_with_an_old_snapshot(desk: Desk) -> None:
    new = desk.signed("targets", lambda content: None)
    desk.instead({"targets": new})
    desk.refuse("'targets' of home is not the one that belongs to its other metadata")
    roles = desk.top_of({"targets": new})
    desk.instead({name: roles[name] for name in ("targets", "timestamp")})
    desk.refuse("home sent no 'snapshot'|not the one that belongs")


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "apps/shop"])
def test_roles_that_have_expired(desk: Desk, role: str) -> None:
    past = as_date(time.time() - 3600)

    def end(content: Any) -> None:
        content.expires = past

    if role in ("timestamp", "snapshot"):
        desk.instead(desk.top_of({}, **{role: end}))
    else:
        desk.instead(desk.top_of({role: desk.signed(role, end)}))
    error = desk.refuse(f"'{role}' of home has expired on .*; nothing newer can be proven")
    assert "this machine's clock says" in error.hint


def test_a_root_that_has_expired(desk: Desk) -> None:
    root = desk.signed("root", lambda content: setattr(content, "expires", as_date(time.time() - 3600)))
    state = Path(desk.delivery.trust._states.path("home"))
    before = state.read_bytes()
    desk.instead({"root.2": root})
    desk.refuse("'root' of home has expired")
    state.write_bytes(before)  # the step was right by itself and was kept


def test_a_server_that_withholds_news_is_shown_as_such_and_refused_in_the_end(desk: Desk) -> None:
    proof = desk.delivery.proof()
    assert proof is not None and proof.left_s > 86_400
    ends = desk.delivery.trust.state.expires
    desk.between.alter = lambda answer: {}
    later = desk.open(clock=lambda: ends + 5 * making.DAY_S, grace_s=10 * making.DAY_S)
    assert later.refresh("shop") == desk.first, "nothing changed, it says"
    assert later.proof() == (0.0, ends)
    assert later.cached("shop") == desk.first
    much_later = desk.open(clock=lambda: ends + 11 * making.DAY_S, grace_s=10 * making.DAY_S)
    assert much_later.cached("shop") is None
    assert "longer than the option trust.grace_days allows" in much_later.refused["shop"].message


def test_releases_without_their_files_never_cost_the_one_that_is_here(own_desk: Desk) -> None:
    """A server that offers one release after the other and withholds their files: what is here opens all the same."""
    between, held = own_desk.between, own_desk.first
    between.withholds_files = True
    for number in range(REMEMBERED + 2):
        own_desk.push(main_kdl=f'layout 1 title="Shop"\nwindow {{ label "{number}" }}\n')
        with pytest.raises(EspalierError, match="does not have"):
            own_desk.delivery.refresh("shop")
    assert own_desk.open().cached("shop") == held and own_desk.delivery.cached("shop") == held
    between.withholds_files = False
    assert own_desk.delivery.refresh("shop").serial == held.serial + REMEMBERED + 2


def test_a_staged_release_of_before_is_no_way_back(tmp_path: Path) -> None:
    """The app's role still names a staged release that the stable one has passed."""
    world = World(tmp_path / "home")
    world.publish()
    staged = world.publish(serial=2, channel="next")
    world.publish(serial=3)
    client = Client(tmp_path / "person", world.clock)
    assert client.refresh(world).serial == 3
    with pytest.raises(ReleaseError, match="release 2 of 'shop', which is older than release 3 that was here"):
        client.offered(world.signing.metadata("shop", client.trust.seen("shop")), staged)
    assert client.refresh(world).serial == 3


def test_a_clock_that_was_set_back_makes_nothing_fresh_again(desk: Desk) -> None:
    state = desk.delivery.trust.state
    assert abs(state.good_time - time.time()) < YEAR_S
    back = desk.open(clock=lambda: time.time() - 2 * YEAR_S)
    expired = desk.top_of({}, timestamp=lambda content: setattr(content, "expires", as_date(state.good_time - 60)))
    desk.instead(expired)
    desk.refuse("'timestamp' of home has expired", back)


def test_a_timestamp_that_is_to_hold_for_years(desk: Desk) -> None:
    """Whoever had the server's key for a moment could withhold every release of the next years with it."""
    now = time.time()
    endless = desk.top_of({}, timestamp=lambda content: setattr(content, "expires", as_date(now + 2 * YEAR_S)))
    desk.instead(endless)
    before = desk.delivery.trust.state
    error = desk.refuse("is to hold until .*, which is longer than the 30 days that are believed")
    assert "somebody else may have the server's key" in error.hint and desk.delivery.trust.state == before


def test_a_clock_far_ahead_is_named(desk: Desk) -> None:
    ahead = desk.open(clock=lambda: time.time() + 10 * YEAR_S)
    desk.instead({"timestamp": desk.signed("timestamp", lambda content: None)})
    with pytest.raises(ReleaseError, match="has expired") as caught:
        ahead.refresh("shop")
    assert str(time.localtime(time.time() + 10 * YEAR_S).tm_year) in caught.value.hint
    assert desk.open().cached("shop") == desk.first, "the clock is right again"


def test_without_metadata_in_the_cache_the_floors_hold(desk: Desk, old: dict[str, Any]) -> None:
    desk.delivery.cache.remove_record("metadata\nhome")
    desk.between.alter = lambda answer: old["answer"]
    desk.refuse(r"version \d of 'timestamp', of which version \d was seen")
    desk.accept()


def test_without_cache_and_state_it_is_a_first_contact_and_told_as_one(
    desk: Desk, old: dict[str, Any], tmp_path: Path
) -> None:
    met: list[str] = []
    desk.between.alter = lambda answer: old["answer"]
    from kernel.cache import Cache
    from kernel.trust.server_trust import ServerTrust

    trust = ServerTrust(tmp_path / "data", "home", Cache(tmp_path / "cache"), on_met=met.append)
    trust.take("shop", old["metadata"])
    assert met == [desk.delivery.trust.state.fingerprint]
