"""``espalier texts DIR [LANGUAGE…]``: an app's texts into ``locale/texts.pot`` and its catalogues."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import Any

from kernel.error import EspalierError
from layouts.texts.walk import Written, texts_of
from shell.commands_cli.layout_place import LayoutPlace, find_layouts
from shell.kinds import all_kinds, known_names
from shell.session import Session

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?(@\w+)?")
#: Rules of plurals for new catalogues; the languages that are missing have English's.
_PLURALS = {
    **dict.fromkeys(("ja", "zh", "ko", "vi", "th", "id"), "nplurals=1; plural=0;"),
    **dict.fromkeys(("fr", "pt_BR", "tr"), "nplurals=2; plural=(n > 1);"),
    **dict.fromkeys(
        ("ru", "uk", "sr", "hr", "be"),
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    ),
    "pl": "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    **dict.fromkeys(("cs", "sk"), "nplurals=3; plural=(n==1 ? 0 : n>=2 && n<=4 ? 1 : 2);"),
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
_USUAL = "nplurals=2; plural=(n != 1);"


class TextsError(EspalierError):
    """A folder whose texts cannot be gathered, or a catalogue that cannot be written."""


def run(arguments: argparse.Namespace, session: Session) -> int:
    """Gather and merge; tells each catalogue with what is left to do."""
    from layouts.texts.catalogue import open_catalogue

    place = find_layouts(arguments.path)
    if not place.is_app:
        raise TextsError(f"{arguments.path} holds no app", hint="catalogues stand beside an app.toml")
    for language in arguments.languages:
        if not _LANGUAGE.fullmatch(language):
            raise TextsError(f"{language} is no language", hint="write de, pt_BR and so on")
    template = _template(gather(place, session))
    folder = place.folder / "locale"
    catalogues = {path: open_catalogue(path.read_bytes(), str(path)) for path in sorted(folder.glob("*.po"))}
    for language in arguments.languages:
        catalogues.setdefault(folder / f"{language}.po", _empty(language))
    folder.mkdir(exist_ok=True)
    _write(folder / "texts.pot", template)
    print(f"{folder / 'texts.pot'}: {len(template)} texts")
    for path, catalogue in catalogues.items():
        _merge(catalogue, template)
        _write(path, catalogue)
        left = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
        print(f"{path}: {left} to translate" if left else f"{path}: complete")
    return 0


def gather(place: LayoutPlace, session: Session) -> list[Written]:
    """All texts of an app's layouts, as :func:`layouts.texts.walk.texts_of`, and of the tables that they show, where
    these can be opened here.

    Raises:
        LayoutError: a layout is wrong.
    """
    from layouts.load import load_layout
    from layouts.texts.schema import texts_of_schemas
    from shell.commands_cli.schemas import schemas_of

    kinds, known = all_kinds(session.config), known_names(config=session.config)
    layouts = [load_layout(path, place.read_file, kinds=kinds, known=known) for path in place.layouts]
    texts = [text for layout in layouts for text in texts_of(layout, kinds)]
    schemas = schemas_of(place.folder, place.sources, place.read_file) if place.is_app else None
    return texts + texts_of_schemas(layouts, schemas or {})


def _template(texts: list[Written]) -> Any:
    """One entry for each text, with all its places."""
    import polib

    template = polib.POFile(wrapwidth=100)
    template.metadata = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
                         "Content-Transfer-Encoding": "8bit"}  # fmt: skip
    entries: dict[str, Any] = {}
    for text in texts:
        entry = entries.get(text.text)
        if entry is None:
            plural = {"msgid_plural": text.text, "msgstr_plural": {0: "", 1: ""}} if text.count else {}
            entry = entries[text.text] = polib.POEntry(msgid=text.text, comment=text.about, **plural)
            template.append(entry)
        place = (text.where.file, str(text.where.line))
        if text.where.line and place not in entry.occurrences:
            entry.occurrences.append(place)
    return template


def _empty(language: str) -> Any:
    import polib

    catalogue = polib.POFile(wrapwidth=100)
    rule = _PLURALS.get(language) or _PLURALS.get(language.partition("_")[0], _USUAL)
    catalogue.metadata = {"Language": language, "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8",
                          "Content-Transfer-Encoding": "8bit", "Plural-Forms": rule}  # fmt: skip
    return catalogue


def _merge(catalogue: Any, template: Any) -> None:
    """Put new texts in, mark those that are gone as obsolete, keep what is translated."""
    from layouts.texts.plural import PluralError, Rule

    try:
        forms = Rule(catalogue.metadata.get("Plural-Forms") or _USUAL).forms
    except PluralError:
        forms = 2
    catalogue.merge(template)
    for entry in catalogue:
        if entry.msgid_plural and not entry.obsolete:
            first = entry.msgstr
            given = {int(index): text for index, text in entry.msgstr_plural.items()}
            entry.msgstr_plural = {
                index: given.get(index, "") or (first if index == 0 else "") for index in range(forms)
            }
            entry.msgstr = ""
        elif entry.msgstr_plural and not entry.obsolete:
            entry.msgstr, entry.msgstr_plural = entry.msgstr_plural.get(0, ""), {}


def _write(path: Path, catalogue: Any) -> None:
    """Put the file in its place whole or not at all; one that says the same already is left alone."""
    text = str(catalogue) + "\n"
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise TextsError(f"{path} cannot be written: {error.strerror or error}") from error
