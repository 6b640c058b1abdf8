"""Plugins in other languages: a catalogue beside the manifest, for those that come along and for anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.words import say, use_words
from layouts.plugin_manifest import read_manifest
from layouts.texts.catalogue import with_context
from plugins.registry import find_plugins
from shell.plugin_texts import manifest_docs, manifest_texts, renew_catalogues
from shell.words import take_plugin_words, take_words

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
MANIFEST = """id = "toydial"
api = 1
title = "Dials"
doc = "Dials."
[[commands]]
id = "toydial.turn"
title = "Turn the dial"
loader = "command:turn"
doc = "Turns it."
confirm = "Turn it all the way?"
[[kinds]]
name = "dial"
loader = "view:Dial"
role = "view"
doc = "A dial."
keys = [["Space", "turn"]]
[[kinds.properties]]
name = "angle"
type = "number"
doc = "Its angle, in degrees."
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    take_words("")
    use_words({})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path = tmp_path / "toydial"
    (tmp_path / "locale").mkdir(parents=True)
    (tmp_path / "plugin.toml").write_text(MANIFEST)
    text = 'msgid "Turn the dial"\nmsgstr "Den Regler drehen"\n\nmsgid "Cancel"\nmsgstr "Nie"\n'
    (tmp_path / "locale" / "de.po").write_text(HEAD + text)
    return tmp_path


def test_a_plugin_speaks_the_language_in_force(folder: Path) -> None:
    take_words("de")
    assert say("Turn the dial") == "Turn the dial"
    take_plugin_words([folder])
    assert say("Turn the dial") == "Den Regler drehen"
    assert say("Cancel") == "Abbrechen"  # the shell's own texts go first
    take_words("")
    take_plugin_words([folder])
    assert say("Turn the dial") == "Turn the dial"


def test_a_broken_catalogue_leaves_its_plugin_in_english(folder: Path) -> None:
    (folder / "locale" / "de.po").write_text('msgid "Turn the dial\n')
    take_words("de")
    take_plugin_words([folder])
    assert say("Turn the dial") == "Turn the dial"


def test_a_catalogue_is_brought_up_to_its_manifest(folder: Path) -> None:
    manifest = read_manifest(folder / "plugin.toml")
    assert list(manifest_texts(manifest)) == ["Dials", "Turn the dial", "Turn it all the way?"]
    docs = list(manifest_docs(manifest))
    assert {"A dial.", "Its angle, in degrees.", with_context("keys", "turn")} <= set(docs)
    assert [left for _, left in renew_catalogues(folder, manifest)] == [2 + len(docs)]
    written = (folder / "locale" / "de.po").read_text()
    assert "Turn it all the way?" in written and "Den Regler drehen" in written
    assert 'msgctxt "keys"\nmsgid "turn"' in written
    assert [left for _, left in renew_catalogues(folder, manifest)] == [2 + len(docs)]
    assert written.endswith('"\n')


@pytest.mark.parametrize("plugin", find_plugins(), ids=lambda one: one.id)
def test_plugins_that_come_along_speak_german(plugin: object) -> None:
    take_words("de")
    assert say("Next hunk") == "Next hunk"
    take_plugin_words([plugin.directory])  # type: ignore[attr-defined]
    said = [say(text) != text for text in manifest_texts(plugin.manifest)]  # type: ignore[attr-defined]
    assert sum(said) >= len(said) // 2
    docs = list(manifest_docs(plugin.manifest))  # type: ignore[attr-defined]
    assert [doc for doc in docs if say(doc) == doc] == []
