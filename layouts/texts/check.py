"""What is wrong with a catalogue: texts that it lacks or that are gone, placeholders that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kernel.error import Where
from kernel.expression import ExpressionError, parse_template
from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.node import Layout
from layouts.problem import Problem, snippet
from layouts.texts.catalogue import CatalogueError, open_catalogue
from layouts.texts.plural import PluralError, Rule
from layouts.texts.schema import texts_of_schemas
from layouts.texts.walk import Written, texts_of


def check_catalogues(
    paths: Sequence[str],
    read_file: Callable[[str], bytes | None],
    layouts: Sequence[Layout],
    kinds: Mapping[str, Kind],
    schemas: Mapping[str, Schema],
) -> list[Problem]:
    """The problems of an app's catalogues.

    Args:
        paths: The catalogues.
        read_file: Content of a file of the app.
        layouts: All of the app's, without an error.
        kinds: Those that they are written with.
        schemas: The tables that they show, as far as these are known.
    """
    texts = [text for layout in layouts for text in texts_of(layout, kinds)] + texts_of_schemas(layouts, schemas)
    return [one for path in paths for one in check_catalogue(read_file(path) or b"", path, texts)]


def check_catalogue(content: bytes, path: str, texts: Sequence[Written]) -> list[Problem]:
    """The problems of one catalogue for an app with these texts, in order of place."""
    try:
        entries = open_catalogue(content, path)
    except CatalogueError as error:
        return [Problem(error.where or Where(path, 1, 1), error.message, error.hint)]
    lines = content.decode("utf-8-sig", "replace")
    found: list[Problem] = []

    def report(line: int, message: str, hint: str = "", severity: str = "warning") -> None:
        where = Where(path, max(line, 1), 1)
        found.append(Problem(where, message, hint, snippet(lines, where), severity))

    try:
        rule = Rule(entries.metadata.get("Plural-Forms") or "nplurals=2; plural=(n != 1);")
    except PluralError as error:
        rule = None
        report(1, str(error), 'write "Plural-Forms: nplurals=2; plural=(n != 1);\\n"', "error")
    wanted = {text.text: text for text in texts}
    present = {entry.msgid: entry for entry in entries if not entry.obsolete}
    for msgid, entry in present.items():
        if msgid not in wanted:
            report(entry.linenum, f"nothing in the app says {_short(msgid)}", "espalier texts takes it away")
            continue
        forms = [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)] or [entry.msgstr]
        if entry.fuzzy or not all(forms):
            report(entry.linenum, f"{_short(msgid)} is not translated")
            continue
        if entry.msgstr_plural and rule is not None and len(forms) != rule.forms:
            report(entry.linenum, f"{_short(msgid)} has {len(forms)} forms, the language has {rule.forms}")
        for form in forms:
            if difference := _difference(msgid, form, wanted[msgid].count if entry.msgstr_plural else ""):
                report(entry.linenum, f"the translation of {_short(msgid)} {difference}")
    missing = [text for text in wanted if text not in present]
    if missing:
        count = f"{len(missing)} texts" if len(missing) > 1 else "the text"
        report(1, f"{count} {'are' if len(missing) > 1 else 'is'} missing: {_short(missing[0])}"
               f"{' and others' if len(missing) > 1 else ''}", "espalier texts puts them in")  # fmt: skip
    return sorted(found, key=lambda one: one.where)


def _difference(source: str, form: str, count: str) -> str:
    """How the placeholders of a translation differ from those of its source; empty when they do not.

    A form for one count may leave the count out.
    """
    if not _is_template(source):
        return ""
    try:
        wanted, given = _placeholders(source), _placeholders(form)
    except ExpressionError as error:
        return f"cannot be read: {error.message}"
    if strange := sorted(given - wanted):
        return f"has {{{strange[0]}}}, which the text has not"
    if lost := sorted(wanted - given - {count}):
        return f"lacks {{{lost[0]}}}"
    return ""


def _is_template(source: str) -> bool:
    try:
        return bool(_placeholders(source))
    except ExpressionError:
        return False


def _placeholders(text: str) -> set[str]:
    """The expressions of a text, but for those that hold words of its language (``'line' if n == 1 else 'lines'``)."""
    found = {part.text.strip() for part in parse_template(text) if not isinstance(part, str)}
    return {one for one in found if "'" not in one}


def _short(text: str) -> str:
    return f"“{text if len(text) <= 50 else text[:49] + '…'}”".replace("\n", "\\n")
