"""The note in the place of a part that cannot be shown here."""

from __future__ import annotations

from tests.widgets.behaviour_world import World


def test_it_says_what_is_missing_in_words(qapp: object) -> None:
    world = World()
    world.show('missing "globe" id=one; missing "map" id=two need="plugin maps 2; permission net"')
    one, two = (world.context.widgets[name].accessibleName() for name in ("one", "two"))
    assert "is a globe, which came with a newer Espalier" in one
    assert "(map) needs what is not here: the plugin maps 2, the permission “net”." in two
    world.close()
