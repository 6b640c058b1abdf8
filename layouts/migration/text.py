"""The text of a layout in the newest version of the language, with its comments and in canonical form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kernel.error import Where
from layouts.construct import LANGUAGE_VERSION
from layouts.format.shape import Remark, Written, shape
from layouts.format.text import written_text
from layouts.kdl import read
from layouts.migration.syntax import modernise, version_of
from layouts.migration.table import MIGRATIONS, Migration, newer_version
from layouts.problem import LayoutError, Problem, snippet


class Migrated(NamedTuple):
    """A file's new text, its version before (None without one), and each older spelling with its place."""

    text: str
    version: int | None
    changes: list[tuple[Where, Migration]]


def migrate_text(text: str, file: str = "") -> Migrated:
    """The text in the newest version; the very same text when nothing of it is older.

    A file without a version line, which others take, is rewritten wherever it writes something in an older way.

    Raises:
        LayoutError: it has syntax problems, or is of a newer version than this Espalier knows.
    """
    document = read(text, file)
    problems = [Problem(*problem, snippet(text, problem.where)) for problem in document.problems]
    version = version_of(document.nodes)
    if version is not None and version > LANGUAGE_VERSION:
        where = document.nodes[0].arguments[0].where
        problems.append(Problem(where, *newer_version(version), snippet(text, where)))
    if problems:
        raise LayoutError(problems)
    changes: list[tuple[Where, Migration]] = []
    modernise(document.nodes, version or 1, lambda where, row: changes.append((where, row)))
    if not changes and version in (None, LANGUAGE_VERSION):
        return Migrated(text, version, [])
    items = shape(text, file)
    is_part = version is not None and any(node.name == "use" for node in document.nodes)
    for row in MIGRATIONS:
        if row.version > (version or 1):
            _rewrite(items, row)
            if row.new_kind and (is_part or any(change is row for _, change in changes)):
                _widen(items, row)
    if version is not None:
        _name_version(items)
    made = written_text(items)
    if len(read(made).problems) or _left(made):
        raise RuntimeError(f"{file or 'the text'} would not be read rightly once migrated; it stays as it is")
    return Migrated(made, version, sorted(changes, key=lambda one: one[0]))


def _left(text: str) -> bool:
    """Whether an older spelling is still there."""
    found: list[Where] = []
    modernise(read(text).nodes, 1, lambda where, _row: found.append(where))
    return bool(found)


def _rewrite(items: Sequence[Remark | Written], row: Migration) -> None:
    for item in items:
        if isinstance(item, Remark):
            continue
        names = [_property_of(entry) for entry in item.head[1:]]
        if item.head[0] in (row.kind, f'"{row.kind}"') and row.has in names:
            entries = [_renamed(entry, row) for entry in item.head[1:]]
            item.head = [row.new_kind or item.head[0], *(entry for entry in entries if entry)]
        _rewrite(item.block or (), row)


def _widen(items: Sequence[Remark | Written], row: Migration) -> None:
    """Rules for the kind are for the new one as well; see :func:`layouts.migration.syntax.modernise`."""
    for item in items:
        if isinstance(item, Written) and item.head[0] == "style":
            kinds = [entry.strip('"') for entry in item.head[1:] if not _property_of(entry)]
            if row.kind in kinds and row.new_kind not in kinds:
                at = next(index for index, entry in enumerate(item.head) if index and entry.strip('"') == row.kind)
                item.head = [*item.head[: at + 1], row.new_kind, *item.head[at + 1 :]]


def _renamed(entry: str, row: Migration) -> str:
    name = _property_of(entry)
    if name not in row.properties:
        return entry
    new = row.properties[name]
    return f"{new}={entry.partition('=')[2]}" if new else ""


def _property_of(entry: str) -> str:
    """The name of a property's entry; empty for arguments, comments and what is taken out by ``/-``."""
    if entry.startswith(("/", "(", "#")):
        return ""
    if entry.startswith('"'):
        end = entry.find('"', 1)
        return entry[1:end] if entry[end + 1 : end + 2] == "=" else ""
    return entry.partition("=")[0] if "=" in entry else ""


def _name_version(items: Sequence[Remark | Written]) -> None:
    """Put the newest version into the file's first line."""
    header = next(item for item in items if isinstance(item, Written) and item.head[0] in ("layout", '"layout"'))
    entries = enumerate(header.head[1:], 1)
    at = next(index for index, entry in entries if entry[0] != "/" and not _property_of(entry))
    header.head[at] = str(LANGUAGE_VERSION)
