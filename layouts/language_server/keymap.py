"""A keymap in an editor: the commands that its keys may run."""

from __future__ import annotations

from layouts.language_server.documentation import command_text
from layouts.language_server.item import Item
from layouts.language_server.surroundings import Surroundings
from layouts.language_server.toml_place import toml_place, whole_word

#: The name of the file in the configuration directory.
KEYMAP_FILE = "keys.toml"


def keymap_items(text: str, offset: int, around: Surroundings) -> list[Item]:
    """Commands, behind an equals sign."""
    place = toml_place(text, offset)
    if place.is_header or not place.is_value or place.key in ("title", "view", "mode"):
        return []
    return [
        Item(name, "command", name if place.quote else f'"{name}"', place.start, one.title, command_text(name, one))
        for name, one in around.commands.items()
    ]


def keymap_hover(text: str, offset: int, around: Surroundings) -> str:
    """What the command at a place does."""
    start, stop = whole_word(text, offset)
    command = around.commands.get(text[start:stop])
    return command_text(text[start:stop], command) if command else ""
