"""Every property of every kind set, changed and taken away again in a window that lives: it looks as before then."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QWidget

from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.kinds.table import BUILT_IN
from tests.widgets.behaviour_world import World
from widgets.card import ErrorCard

#: Property type → two values as a layout writes them.
VALUES: dict[str, tuple[str, str]] = {
    "text": ('"One"', '"{1 + 1} two"'),
    "name": ("one", "two"),
    "integer": ("3", '"1 + 6"'),
    "number": ("0.25", '"0.5 + 0.25"'),
    "boolean": ("#false", '"1 == 1"'),
    "expression": ('"1"', '"2"'),
    "binding": ("view.current", "other.current"),
    "filter": ('"id > 0"', '"id > 1"'),
    "row": ("name", '"{name}!"'),
    "column": ("name", "id"),
    "table": ("goods", "goods"),
    "command": ("app.one", "app.two"),
    "icon": ("add", "close"),
    "key": ('"F7"', '"F6"'),
    "sort": ('"-name"', "id"),
    "keys": ("name", "is_sold"),
    "figures": ('"count()"', '"sum(id)"'),
    "format": ('"#,##0.00"', '"0"'),
    "sizes": ('"1,2"', '"3,1"'),
    "action": ('"app.one"', '"flag = not flag"'),
    "plain": ('"one"', '"two"'),
    "whole": ("2", "5"),
}
#: Kind → what it is written with where one word is not enough.
WRITTEN: dict[str, str] = {
    "grid": "grid goods id=x",
    "list": "list goods id=x",
    "cards": "cards goods id=x",
    "pivot": 'pivot goods id=x rows=name values="count()"',
    "form": "form of=view.current id=x",
    "record": "record of=view.current id=x",
    "input": "input flag id=x",
    "split": 'split id=x {BLOCK label "a"; label "b" }',
    "tabs": 'tabs id=x {BLOCK tab "One" { label "1" }; tab "Two" { label "2" } }',
    "docks": 'docks id=x {BLOCK dock "One" { label "1" }; label "2" }',
    "menubar": 'menubar id=x {BLOCK menu "One" { item command=app.one } }',
    "menu": 'menu "Menu" id=x {BLOCK item command=app.one }',
    "button": 'button "Press" id=x',
    "label": 'label "Text" id=x',
    "link": 'link "Follow" id=x url="https://example.org"',
    "image": 'image id=x description="None"',
    "toolbar": 'toolbar id=x {BLOCK button command=app.one }',
    "group": 'group "Group" id=x {BLOCK label "a" }',
    "message": 'message "Note" id=x',
    "missing": 'missing "map" id=x',
}  # fmt: skip
BOXES = ("row", "column", "cells", "scroll")
KINDS = sorted(
    kind.name
    for kind in BUILT_IN.values()
    if kind.loader and not kind.is_structure and not kind.parents and kind.name != "tree"
)

WaitUntil = Callable[..., None]


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.close()


def written(kind: Kind, properties: str = "") -> str:
    text = WRITTEN.get(kind.name, f'{kind.name} id=x {{BLOCK label "a"; label "b" }}' if kind.name in BOXES else "")
    text = text or f"{kind.name} id=x"
    head, brace, block = text.partition("{BLOCK")
    around = 'state flag #false\ngrid goods id=view height=120\ngrid goods id=other height=120\nlabel "below"\n'
    return f"{around}{head.rstrip()} {properties} {'{' if brace else ''}{block}\n"


def settled(world: World) -> bool:
    """Whether every list of the window has its rows."""
    views = [view for view in world.context.views.values() if hasattr(view, "row_key")]
    return all(view.row_key(0) is not None for view in views) and not world.handle.is_busy


def picture(widget: QWidget) -> bytes:
    image = widget.grab().toImage()
    return bytes(image.constBits())


def looks_like(before: bytes, world: World, _what: str) -> bool:
    return picture(world.window) == before


def at_rest(world: World, wait_until: WaitUntil) -> bytes:
    """The window once it looks the same three times."""
    seen: list[bytes] = []

    def is_at_rest() -> bool:
        seen.append(picture(world.window))
        return len(seen) >= 3 and seen[-1] == seen[-2] == seen[-3]

    wait_until(is_at_rest)
    return seen[-1]


def values_of(row: Property) -> tuple[str, ...]:
    return row.choices[:3] if row.choices else VALUES[row.type]


@pytest.mark.parametrize("name", KINDS)
def test_properties_come_and_go(world: World, wait_until: WaitUntil, name: str) -> None:
    kind = BUILT_IN[name]
    world.show(written(kind))
    wait_until(lambda: settled(world))
    world.window.setFocus()
    before = at_rest(world, wait_until)
    text = WRITTEN.get(name, "")
    for row in (*COMMON, *kind.properties):
        is_there = f"{row.name}=" in text or row.argument == 1 and name in WRITTEN
        # NOTE: for names another widget, whose text it is; requires is answered before a widget is there.
        if row.name in ("id", "for", "requires") or row.is_required or is_there:
            continue
        for value in values_of(row):
            world.patch(written(kind, f"{row.name}={value}"))
            assert world.window.findChildren(ErrorCard) == [], f"{name} {row.name}={value}"
        world.patch(written(kind))
        wait_until(lambda: settled(world))
        wait_until(functools.partial(looks_like, before, world, f"{name} without {row.name}"))
    assert world.told == []
