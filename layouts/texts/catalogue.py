"""A catalogue: what texts are in another language, read from a .po file, and put into a layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from kernel.error import EspalierError, Where
from kernel.expression import ExpressionError, parse_template
from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.node import Formula, Layout, Template
from layouts.texts.plural import PluralError, Rule
from layouts.texts.walk import Text, count_of, source_of, with_texts

#: The rule of a catalogue that says none: English's.
_USUAL = "nplurals=2; plural=(n != 1);"
#: What stands between a context and its text, as in gettext's own .mo files.
CONTEXT_END = "\x04"


class CatalogueError(EspalierError):
    """A catalogue that cannot be read."""


class Catalogue(msgspec.Struct):
    """Source text → its forms in another language, one where it does not depend on a count."""

    plural: str
    texts: dict[str, tuple[str, ...]]


def read_catalogue(content: bytes, path: str) -> Catalogue:
    """The catalogue of a .po file; texts that are not translated or marked fuzzy are left out.

    Raises:
        CatalogueError: it is no such file.
    """
    entries = open_catalogue(content, path)
    texts: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        if entry.obsolete or entry.fuzzy:
            continue
        forms = tuple(entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)) or (entry.msgstr,)
        if all(forms):
            texts[with_context(entry.msgctxt, entry.msgid)] = forms
    return Catalogue(entries.metadata.get("Plural-Forms") or _USUAL, texts)


def with_context(context: str | None, text: str) -> str:
    """What a text that means one thing here and another there is called in :attr:`Catalogue.texts`."""
    return f"{context}{CONTEXT_END}{text}" if context else text


def split_context(name: str) -> tuple[str, str]:
    """The context, empty for none, and the text of such a name."""
    context, _, text = name.rpartition(CONTEXT_END)
    return context, text


def open_catalogue(content: bytes, path: str):  # noqa: ANN201 (polib is imported by those who need it alone)
    """The file as polib has it.

    Raises:
        CatalogueError: it is no such file.
    """
    import polib

    try:
        # NOTE: polib takes a text that is a file's name for that file; none has a line end in it.
        return polib.pofile(content.decode("utf-8-sig") + "\n")
    except UnicodeDecodeError as error:
        raise CatalogueError("this catalogue is no UTF-8 text", where=Where(path, 1, 1)) from error
    except (OSError, ValueError) as error:
        line = next((int(word) for word in str(error).replace(")", " ").split() if word.isdigit()), 1)
        raise CatalogueError("this is no catalogue of texts", where=Where(path, line, 1), hint=str(error)) from error


def translated(layout: Layout, catalogue: Catalogue, kinds: Mapping[str, Kind] = BUILT_IN) -> Layout:
    """The layout in the catalogue's language; what it lacks, or has with a mistake, stays as it is."""
    try:
        rule = Rule(catalogue.plural)
    except PluralError:
        rule = Rule(_USUAL)

    def change(text: Text, _where: Where) -> Text:
        forms = catalogue.texts.get(source_of(text))
        return text if forms is None else in_forms(text, forms, rule) or text

    return with_texts(layout, change, kinds)


def schema_words(catalogue: Catalogue) -> Callable[[Schema], Schema]:
    """A function from a table's schema to the same in the catalogue's language."""
    from layouts.texts.schema import worded

    def word(text: str) -> str:
        forms = catalogue.texts.get(source_of(text))
        return forms[0].replace("{{", "{").replace("}}", "}") if forms else text

    return lambda schema: worded(schema, word)


def in_forms(text: Text, forms: tuple[str, ...], rule: Rule) -> Text | None:
    """A text's translation; with several forms each part of them is there for its counts alone. None when wrong."""
    try:
        read = [_parts(form) if isinstance(text, Template) else (form,) for form in forms]
    except ExpressionError:
        return None
    count = count_of(text)
    if len(read) == 1 or not count:
        parts = read[0]
        return "".join(parts) if all(isinstance(part, str) for part in parts) else Template(parts)  # type: ignore[arg-type]
    found: list[str | Formula] = []
    for index, parts in enumerate(read[: rule.forms]):
        condition = rule.condition(index, count)
        for part in parts:
            value = repr(part) if isinstance(part, str) else f"({part.text})"
            found.append(_formula(f"{value} if {condition} else ''"))
    return Template(tuple(found))


def _parts(text: str) -> tuple[str | Formula, ...]:
    return tuple(part if isinstance(part, str) else Formula(part.text.strip(), part.names)
                 for part in parse_template(text))  # fmt: skip


def _formula(text: str) -> Formula:
    from kernel.expression import parse

    return Formula(text, parse(text).names)
