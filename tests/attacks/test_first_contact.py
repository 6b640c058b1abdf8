"""The first contact: an invitation's fingerprint, and whoever answers in the server's place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kernel.cache import Cache
from kernel.delivery import Delivery
from kernel.release import ReleaseError
from kernel.trust import key
from kernel.trust.server_trust import ServerTrust
from kernel.wire.link import Link
from tests.attacks.hostile import Desk
from tests.attacks.test_keys import root_with


@pytest.fixture
def invited(desk: Desk, tmp_path: Path) -> Any:
    """Makes the delivery of a new person, who has a fingerprint of an invitation or none."""
    links = []

    def make(fingerprint: str = "") -> Delivery:
        links.append(Link(str(desk.between.server.address)))
        cache = Cache(tmp_path / "cache")
        trust = ServerTrust(tmp_path / "trust", "home", cache)
        if fingerprint:
            trust.pin(fingerprint)
        return Delivery(cache, "home", lambda: links[-1], trust)

    yield make
    for link in links:
        link.close()


def test_the_right_fingerprint(desk: Desk, invited: Any) -> None:
    assert invited(desk.delivery.trust.state.fingerprint).refresh("shop") == desk.first


def test_a_wrong_fingerprint(desk: Desk, invited: Any) -> None:
    delivery = invited("ab" * 20)
    with pytest.raises(ReleaseError, match="not the server that was expected: its fingerprint is .*, not abab abab"):
        delivery.refresh("shop")
    assert delivery.cached("shop") is None and delivery.cache.size() == 0
    with pytest.raises(ReleaseError, match="another server is known as home already"):
        delivery.trust.pin("cd" * 20)


def test_a_server_that_signs_nothing_though_a_fingerprint_was_given(desk: Desk, invited: Any) -> None:
    desk.between.alter = lambda answer: {name: value for name, value in answer.items() if name != "metadata"}
    delivery = invited(desk.delivery.trust.state.fingerprint)
    with pytest.raises(ReleaseError, match="that nobody has signed"):
        delivery.refresh("shop")
    assert delivery.cache.size() == 0


def test_a_root_of_somebody_else_that_claims_to_follow_the_right_one(desk: Desk, invited: Any) -> None:
    mallory = key.new_signer()
    desk.instead({"root.2": desk.signed("root", root_with(keys=[mallory]), mallory)})
    with pytest.raises(ReleaseError, match="by the keys of the root before it"):
        invited(desk.delivery.trust.state.fingerprint).refresh("shop")


def test_a_first_contact_that_goes_wrong_pins_nothing(desk: Desk, invited: Any) -> None:
    desk.instead({"timestamp": desk.signed("timestamp", lambda content: None, key.new_signer())})
    delivery = invited()
    with pytest.raises(ReleaseError, match="with 0 of the 1 keys"):
        delivery.refresh("shop")
    assert delivery.trust.state is None
    desk.between.alter = lambda answer: answer
    assert delivery.refresh("shop") == desk.first


def test_a_first_contact_without_a_root(desk: Desk, invited: Any) -> None:
    desk.between.alter = lambda answer: (
        answer | {"metadata": {name: data for name, data in answer["metadata"].items() if not name.startswith("root.")}}
    )
    with pytest.raises(ReleaseError, match="sent no root to begin with"):
        invited().refresh("shop")
