"""Names that ``app.toml`` gives: sources, and the tables that it describes. Where they stand; other names for them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from layouts.app_manifest import APP_FILE, SOURCE_NAME
from layouts.language_server.analysis import Analysis
from layouts.language_server.item import as_value
from layouts.language_server.lines import Lines
from layouts.language_server.rename import Edit, RenameError
from layouts.source_name import split_source

_HEADER = re.compile(r"^[ \t]*(\[\[?)([^\]\r\n]*)\]", re.MULTILINE)
_PART = re.compile(r"""[ \t]*("(?P<text>[^"]*)"|'(?P<raw>[^']*)'|(?P<bare>[\w-]+))[ \t]*\.?""")
_ENTRY = re.compile(r"""^[ \t]*(?P<key>source|table)[ \t]*=[ \t]*["'](?P<value>[^"'\r\n]*)["']""", re.MULTILINE)
_OFFLINE = re.compile(r"^[ \t]*offline[ \t]*=[ \t]*\[(?P<list>[^\]]*)\]", re.MULTILINE)
_REFERENCE = re.compile(r"""\btable[ \t]*=[ \t]*["']([^"'\r\n]*)["']""")
_TEXT = re.compile(r"""["']([^"']*)["']""")


class AppName(NamedTuple):
    """A source, or a table of one."""

    source: str
    table: str = ""


class Spoken(NamedTuple):
    """A place that speaks of one.

    Attributes:
        file: The file.
        start, stop: The first character of the name, and the one behind the last.
        name: What is spoken of.
        is_declaration: Whether it is declared there.
        before: What a new name has to stand behind there; the old one then stays (``table orders`` gets a source).
    """

    file: str
    start: int
    stop: int
    name: AppName
    is_declaration: bool = False
    before: str = ""


def spoken_of(read: Mapping[str, str], sources: Mapping[str, Any], analyses: Sequence[Analysis]) -> list[Spoken]:
    """Every place of an app's files that speaks of a source or a described table.

    Args:
        read: File → text, app.toml among them.
        sources: What app.toml describes.
        analyses: What the layouts name.
    """
    found = [*_in_manifest(read[APP_FILE], sources)]
    for analysis in analyses:
        found += _in_layout(analysis, read, sources)
    return list(dict.fromkeys(found))


def at(found: Sequence[Spoken], file: str, offset: int) -> Spoken | None:
    """The place under the cursor."""
    here = (one for one in found if one.file == file and one.start <= offset <= one.stop and not one.before)
    return min(here, key=lambda one: one.stop - one.start, default=None)


def same(found: Sequence[Spoken], name: AppName) -> list[Spoken]:
    """The places that speak of it."""
    return [one for one in found if one.name == name]


def _in_manifest(text: str, sources: Mapping[str, Any]) -> Iterator[Spoken]:
    headers = list(_HEADER.finditer(text))
    declared: set[AppName] = set()
    for number, header in enumerate(headers):
        stop = headers[number + 1].start() if number + 1 < len(headers) else len(text)
        parts = [(part["text"] or part["raw"] or part["bare"] or "", part.start(1) + bool(part["bare"] is None))
                 for part in _PART.finditer(text, header.start(2), header.end(2))]  # fmt: skip
        words = [word for word, _ in parts]
        if words[:1] == ["sources"] and len(parts) > 1:
            for length, name in ((2, AppName(words[1])), (4, AppName(words[1], words[3] if len(words) > 3 else ""))):
                if len(parts) >= length and (length == 2 or words[2] == "tables"):
                    word, start = parts[length - 1]
                    yield Spoken(APP_FILE, start, start + len(word), name, name not in declared)
                    declared.add(name)
            yield from _offline(text, header.end(), stop, words[1])
            for entry in _REFERENCE.finditer(text, header.end(), stop) if words[2:3] == ["tables"] else ():
                yield Spoken(APP_FILE, entry.start(1), entry.end(1), AppName(words[1], entry[1]))
        elif words == ["grants"]:
            yield from _of_grant(text, header.end(), stop, sources)


def _offline(text: str, start: int, stop: int, source: str) -> Iterator[Spoken]:
    for entry in _OFFLINE.finditer(text, start, stop):
        for one in _TEXT.finditer(text, entry.start("list"), entry.end("list")):
            yield Spoken(APP_FILE, one.start(1), one.end(1), AppName(source, one[1]))


def _of_grant(text: str, start: int, stop: int, sources: Mapping[str, Any]) -> Iterator[Spoken]:
    entries = {entry["key"]: entry for entry in _ENTRY.finditer(text, start, stop)}
    source, table = entries.get("source"), entries.get("table")
    if source is not None:
        yield Spoken(APP_FILE, source.start("value"), source.end("value"), AppName(source["value"]))
    if table is not None:
        owner = source["value"] if source is not None else _owner(table["value"], sources)
        yield Spoken(APP_FILE, table.start("value"), table.end("value"), AppName(owner, table["value"]))


def _in_layout(analysis: Analysis, read: Mapping[str, str], sources: Mapping[str, Any]) -> Iterator[Spoken]:
    for one in analysis.occurrences:
        file, is_implied = one.where.file, False
        if one.role == "table" and one.is_declaration and one.symbol is not None:
            is_implied = "source" not in one.symbol.node.properties
        if one.role != "source" and not is_implied:
            continue
        start = Lines(read[file]).offset_of(one.where)
        start += read[file].startswith('"', start)
        if not read[file].startswith(one.name, start):
            continue  # written with escapes
        source, table = split_source(one.name, sources)
        stop = start + len(one.name)
        if source:
            yield Spoken(file, start, start + len(source), AppName(source))
        name = AppName(source or _owner(table, sources), table)
        yield Spoken(file, stop - len(table), stop, name, before=" source=" if is_implied else "")


def _owner(table: str, sources: Mapping[str, Any]) -> str:
    """The source of a table that is named without one."""
    if len(sources) == 1:
        return next(iter(sources))
    holding = [name for name, one in sources.items() if isinstance(one, dict) and table in (one.get("tables") or {})]
    return holding[0] if len(holding) == 1 else ""


def rename_edits(one: Spoken, name: str, found: Sequence[Spoken], read: Mapping[str, str]) -> dict[str, list[Edit]]:
    """File → its edits, when a source or a described table is called ``name``.

    Raises:
        RenameError: it cannot be called so, or app.toml does not name it.
    """
    what = "table" if one.name.table else "source"
    places = same(found, one.name)
    if not any(place.is_declaration for place in places):
        said = f"app.toml does not describe the {what} {one.name.table or one.name.source}, its data do"
        raise RenameError(said, hint="a layout's own name for it is renamed where the layout declares it")
    if not SOURCE_NAME.fullmatch(name):
        raise RenameError(f"a {what} cannot be called {name or 'nothing'}",
                          hint="letters, digits, _ and -, beginning with a letter")  # fmt: skip
    later = AppName(one.name.source, name) if one.name.table else AppName(name)
    if any(place.name == later for place in found):
        raise RenameError(f"there is a {what} {name} already")
    edits: dict[str, list[Edit]] = {}
    for place in places:
        written = name
        if place.before:
            old = read[place.file][place.start : place.stop]
            written = f"{old}{place.before}{as_value(name, '')}"
        edits.setdefault(place.file, []).append(Edit(place.start, place.stop, written))
    return edits


def check_manifest(before: str, after: str, one: AppName, name: str) -> None:
    """Hold the renamed app.toml against the old one: the same, but for the name.

    Raises:
        RenameError: the name stands in it in a way that is not known here.
    """
    wanted, found = tomllib.loads(before)["sources"], tomllib.loads(after).get("sources")
    holder = wanted[one.source]["tables"] if one.table else wanted
    holder[name] = holder.pop(one.table or one.source)
    if one.table:
        _rename_in(wanted[one.source], one.table, name)
    if found != wanted:
        raise RenameError(f"app.toml names {one.table or one.source} in a way that cannot be renamed here",
                          hint=f"write it below a header of its own: [sources.{one.source}]")  # fmt: skip


def _rename_in(source: dict[str, Any], table: str, name: str) -> None:
    """Let what a source's description says of a table name it otherwise."""
    offline = source.get("offline")
    if isinstance(offline, list):
        source["offline"] = [name if one == table else one for one in offline]
    for described in source["tables"].values():
        for reference in described.get("references", {}).values() if isinstance(described, dict) else ():
            if isinstance(reference, dict) and reference.get("table") == table:
                reference["table"] = name
