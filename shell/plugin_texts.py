"""What a plugin's manifest says to people, and its catalogues ``locale/LANGUAGE.po`` brought up to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layouts.texts.catalogue import split_context, with_context

if TYPE_CHECKING:
    from layouts.plugin_manifest import Manifest

#: The context in catalogues of what kinds of views say of their own keys.
KEYS = "keys"


def manifest_texts(manifest: Manifest) -> Iterator[str]:
    """Titles, sections and questions, each once: what menus, the palette and cards show."""
    found = [manifest.title]
    for command in manifest.commands:
        found += [command.title, command.section, command.confirm]
    yield from dict.fromkeys(text for text in found if text)


def manifest_docs(manifest: Manifest) -> Iterator[str]:
    """What it, its commands and their arguments, its options, kinds, their parts and sources are, each once."""
    found = [manifest.doc]
    for command in manifest.commands:
        found += [command.doc, *(argument.doc for argument in command.arguments)]
    for records in (manifest.options, manifest.kinds, manifest.sources):
        found += [record.doc for record in (records.values() if isinstance(records, Mapping) else records)]
    for kind in manifest.kinds:
        found += [part.doc for part in (*kind.properties, *kind.events)]
        found += [with_context(KEYS, doc) for _, doc in kind.keys]
    yield from dict.fromkeys(text for text in found if text)


def renew_catalogues(folder: Path, manifest: Manifest) -> Iterator[tuple[Path, int]]:
    """Bring the catalogues that a plugin has up to its manifest; each with how many of its texts are left to say."""
    import polib

    for path in sorted((folder / "locale").glob("*.po")):
        catalogue = polib.pofile(str(path), wrapwidth=100)
        known: dict[str, Any] = {with_context(entry.msgctxt, entry.msgid): entry for entry in catalogue}
        wanted = list(dict.fromkeys((*manifest_texts(manifest), *manifest_docs(manifest))))
        for text in wanted:
            if text not in known:
                context, plain = split_context(text)
                catalogue.append(polib.POEntry(msgid=plain, **({"msgctxt": context} if context else {})))
        path.write_text(f"{str(catalogue).rstrip()}\n", encoding="utf-8")
        yield path, sum(text not in known or not known[text].translated() for text in wanted)
