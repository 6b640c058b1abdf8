"""What the attacks share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.attacks.hostile import Desk


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk for attacks that change nothing at the server; see ``desk``."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    yield desk
    desk.close()


@pytest.fixture
def desk(shared_desk: Desk) -> Desk:
    """The desk of this file's attacks, with an honest server."""
    shared_desk.accept()
    return shared_desk


@pytest.fixture
def own_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk for one attack that changes the server."""
    desk = Desk(tmp_path_factory.mktemp("own"))
    yield desk
    desk.close()
