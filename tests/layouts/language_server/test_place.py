"""What is being written at a cursor."""

from __future__ import annotations

import pytest

from layouts.language_server.place import place_at

#: Text up to the cursor → what, the node's name, the property, what is typed already, the open quote, nodes around.
PLACES: dict[str, tuple[str, str, str, str, str, list[str]]] = {
    "": ("node", "", "", "", "", []),
    "win": ("node", "", "", "win", "", []),
    "window ": ("entry", "window", "", "", "", []),
    "window { grid or": ("entry", "grid", "", "or", "", ["window"]),
    "grid orders filter=": ("value", "grid", "filter", "", "", []),
    "grid orders filter=a.b": ("value", "grid", "filter", "a.b", "", []),
    'grid orders filter="a == ': ("value", "grid", "filter", "a == ", '"', []),
    'label "a': ("entry", "label", "", "a", '"', []),
    'label "a" ': ("entry", "label", "", "", "", []),
    'label "a\\"': ("entry", "label", "", 'a\\"', '"', []),
    'label #"a"b': ("entry", "label", "", 'a"b', '#"', []),
    'label """\n  a\n  b': ("entry", "label", "", "\n  a\n  b", '"""', []),
    'label """\n  a\n  """ ': ("entry", "label", "", "", "", []),
    "row { label a; ": ("node", "", "", "", "", ["row"]),
    "row { label a }\n": ("node", "", "", "", "", []),
    "row {\n  tabs { tab a { ": ("node", "", "", "", "", ["row", "tabs", "tab"]),
    "row { // grid ": ("nothing", "", "", "", "", ["row"]),
    "row { /* grid ": ("nothing", "", "", "", "", ["row"]),
    "row { /* grid */ la": ("node", "", "", "la", "", ["row"]),
    "grid \\\n  or": ("entry", "grid", "", "or", "", []),
    'label "never closed\n  gr': ("node", "", "", "gr", "", []),
    "grid orders frozen=(u8)": ("value", "grid", "frozen", "", "", []),
    "grid x = ": ("value", "grid", "x", "", "", []),
    "} } row ": ("entry", "row", "", "", "", []),
}


@pytest.mark.parametrize("text", PLACES)
def test_places(text: str) -> None:
    place = place_at(text, len(text))
    name = place.node.name if place.node else ""
    around = [node.name for node in place.around[1:]]
    assert (place.what, name, place.property, place.partial, place.quote, around) == PLACES[text]
    assert text[place.start :] == place.partial


def test_what_stands_behind_the_cursor_does_not_count() -> None:
    text = 'grid orders filter="a'
    assert place_at(text + '" sort=id { show id }', len(text)) == place_at(text, len(text))


def test_values_so_far_are_known() -> None:
    place = place_at('row { grid orders id=list filter="a b" { show ', 47)
    assert place.around[2].arguments == ["orders"]
    assert place.around[2].properties == {"id": "list", "filter": "a b"}


def test_the_node_before_is_known() -> None:
    assert place_at('row { if "a" { label b }; ', 26).around[-1].before == "if"
