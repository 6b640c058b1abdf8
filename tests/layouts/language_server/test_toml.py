"""Manifests and keymaps: tables that say what there is, and places of unfinished TOML."""

from __future__ import annotations

import pytest

from kernel.tables.source import KINDS
from layouts.app_manifest import AppDescription
from layouts.grant import Grant
from layouts.language_server.manifest import ENTRIES, GRANT_ENTRIES, SOURCE_ENTRIES
from layouts.language_server.toml_place import toml_place


def test_every_entry_is_described() -> None:
    assert tuple(ENTRIES) == AppDescription.__struct_fields__
    assert set(GRANT_ENTRIES) == set(Grant.__struct_fields__)
    assert set(SOURCE_ENTRIES) == {"kind", "offline", *(entry for kind in KINDS.values() for entry in kind.entries)}
    assert all((ENTRIES | GRANT_ENTRIES | SOURCE_ENTRIES).values())


#: Text up to the cursor → table, key, whether a value is written, what is typed already, the open quote.
PLACES: dict[str, tuple[str, str, bool, str, str]] = {
    "na": ("", "na", False, "na", ""),
    'name = "sh': ("", "name", True, "sh", '"'),
    "name = ": ("", "name", True, "", ""),
    '[sources.desk]\nkind = "': ("sources.desk", "kind", True, "", '"'),
    "[sources.desk]\nki": ("sources.desk", "ki", False, "ki", ""),
    '[[grants]]\nmay = ["read", "e': ("grants", "may", True, "e", '"'),
    '"Ctrl+J" = "row.a': ("", "Ctrl+J", True, "row.a", '"'),
    '"Ctrl+': ("", "Ctrl+", False, "Ctrl+", '"'),
    "offline = tr": ("", "offline", True, "tr", ""),
}


@pytest.mark.parametrize("text", PLACES)
def test_places(text: str) -> None:
    place = toml_place(text, len(text))
    assert (place.table, place.key, place.is_value, place.partial, place.quote) == PLACES[text]
    assert text[place.start :].lstrip("\"'") == place.partial


def test_headers() -> None:
    place = toml_place("a = 1\n[sou", 10)
    assert place.is_header and place.partial == "sou"
