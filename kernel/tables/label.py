"""Guesses about a table from its names: what calls a row by name, what a reference is called, long texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kernel.tables.schema import Column, title_of

_LABELS = ("name", "title", "label", "full_name", "fullname", "display_name", "displayname", "caption", "subject",
           "description", "username", "code", "email")
_PERSONS = (("firstname", "lastname"), ("givenname", "familyname"), ("givenname", "surname"), ("forename", "surname"))
_LONG = ("note", "notes", "description", "body", "comment", "comments", "text", "content", "remark", "remarks",
         "summary", "bio", "memo", "message", "details", "html", "markdown", "abstract", "biography", "lyrics")
#: Words of columns that tell something about a row but do not call it by name.
_NEVER_LABELS = frozenset((
    "address", "street", "city", "state", "region", "country", "postal", "postcode", "zip", "zipcode", "phone", "tel",
    "telephone", "mobile", "fax", "url", "uri", "link", "website", "homepage", "path", "password", "hash", "token",
    "secret", "salt", "currency", "locale", "language", "timezone", "created", "updated", "modified", "date", "time",
    "gender", "sex", "type", "status", "kind", "priority", *_LONG))
#: So many values tell whether a column's values differ; of those that call a row by name so many do.
_TELLING, _DISTINCT = 20, 0.9


def plain(name: str) -> str:
    """A name without case and separators."""
    return name.lower().replace("_", "").replace(" ", "").replace("-", "")


def find_label(
    table: str,
    columns: Sequence[Column],
    key: Sequence[str],
    foreign: Sequence[str],
    samples: Mapping[str, Sequence[Any]] | None = None,
) -> tuple[str, ...]:
    """The columns that call a row by name: a name or title, first and last name, a text that may be one, the key.

    Args:
        table: Its name.
        columns: All of them.
        key: The columns that tell its rows apart.
        foreign: The columns that refer to others.
        samples: Column → some of its values. A text that many of them have alike calls no row, but for the usual names.
    """
    texts = [column for column in columns if column.type in ("text", "longtext") and column.name not in foreign]
    by_name = {plain(column.name): column.name for column in reversed(texts)}
    for pair in _PERSONS:
        if all(part in by_name for part in pair):
            return tuple(by_name[part] for part in pair)
    stems = _stems(table)
    wanted = [*_LABELS[:2], *(stem + label for stem in stems for label in _LABELS[:2])]
    fitting = [column for column in texts if column.name not in key and column.type == "text" and not column.choices]
    own = [column.name for column in fitting if plain(column.name) in stems]
    words = {column.name: title_of(column.name.rstrip("0123456789")).lower().split() for column in fitting
             if not _repeats((samples or {}).get(column.name, ()))}  # fmt: skip
    names = [name for name in words if words[name][-1:] in (["name"], ["title"])]
    clear = [name for name in words if not _NEVER_LABELS.intersection(words[name])]
    known = [by_name[name] for name in map(plain, _LABELS) if name in by_name]
    called = [by_name[name] for name in wanted if name in by_name]
    for found in (*called, *own, *(name for name in names if name in clear), *known, *names, *clear):
        return (found,)
    return tuple(name for name in key if any(column.name == name for column in columns))


def _repeats(values: Sequence[Any]) -> bool:
    """Whether many of the values are alike."""
    known = [value for value in values if value is not None]
    return len(known) >= _TELLING and len(set(known)) < len(known) * _DISTINCT


def key_title(table: str, key: Sequence[str], foreign: Sequence[str], name: str) -> str:
    """``ID`` for a table's own single key (``AlbumId`` of Album, ``id``), empty for every other column."""
    if tuple(key) != (name,) or name in foreign:
        return ""
    is_own = plain(name).endswith("id") and plain(name).removesuffix("id") in (*_stems(table), "")
    return "ID" if is_own else ""


def _stems(table: str) -> list[str]:
    """A table's name as columns may begin with it: as it is and in the singular."""
    whole = plain(table)
    singular = [whole[:-3] + "y"] if whole.endswith("ies") else []
    return [whole, *singular, whole.removesuffix("s"), whole.removesuffix("es")]


def is_long_text(name: str, samples: Sequence[object]) -> bool:
    """Whether a text column is edited on several lines: by its name or by the texts in it."""
    if plain(name) in _LONG:
        return True
    return any(isinstance(value, str) and ("\n" in value or len(value) > 200) for value in samples)


def reference_name(via: Sequence[str], table: str) -> str:
    """``customer`` for ``customer_id``, ``CustomerId`` or ``customerID``; else the column's own name."""
    if len(via) > 1:
        return table
    name = via[0]
    for ending in ("_id", " id", "-id", "Id", "ID"):
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            is_word = ending[0] in "_ -" or stem[-1].islower() or stem[-1].isdigit() or len(stem) == 1
            if is_word:
                return stem if "_" in stem or (stem.isupper() and len(stem) > 1) else stem[0].lower() + stem[1:]
    return name
