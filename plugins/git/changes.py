"""The tables ``changes`` and ``diff``: the files that a commit changes, and a change line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plugins.api import Change as Edit
from plugins.api import Column, Committed, ReadOnlyError, Reference, Schema, Update, mark, say
from plugins.git.change import STAGED, STATES, UNSTAGED, Change, diff_of
from plugins.git.editing import everything, refuse_stale
from plugins.git.keyed import KeyedRows
from plugins.git.path import shown_path
from plugins.git.repository import Repository, shown
from plugins.git.setting import settings
from plugins.git.staging import stage_lines

_FIXED = mark("It is worked out from the repository")
#: Lines of one change that are shown; what is longer is cut, and the last line says so.
MOST_LINES = 200_000

#: Hunk, kind, old line, new line and text.
Line = tuple[int, str, int | None, int | None, str]


class Changes(KeyedRows):
    """The changed files of ``state``: a commit's id, ``staged`` or ``unstaged``."""

    column = "state"
    schema = Schema(
        "changes",
        (
            Column("id", "text", label=mark("Change"), is_key=True, doc="state:path, as the table diff takes it."),
            Column("state", "text", doc="A commit's id, staged or unstaged."),
            Column("path", "text", label=mark("File")),
            Column("old_path", "text", label=mark("Earlier name")),
            Column("change", "text", choices=tuple(STATES.values())),
            Column("added", "integer", label=mark("Lines added")),
            Column("removed", "integer", label=mark("Lines removed")),
            Column("is_binary", "boolean", label=mark("Binary")),
        ),
        key=("id",), label=("path",), is_editable=False, read_only_reason=_FIXED, title=mark("Changed files"),
    )  # fmt: skip

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self._repository = repository

    def stamp(self) -> Any:
        """Commits stay; what is staged or not changes with the index."""
        return self._repository.state_stamp()

    def find(self, key: tuple[Any, ...]) -> int | None:
        """Where a change stands among those that were asked for."""
        wanted = Change.read(key[0])
        return self.place_of(wanted.state, lambda row: row[0] == key[0])

    def rows_of(self, value: Any) -> Sequence[Sequence[Any]]:
        """The files of one state."""
        if value in (STAGED, UNSTAGED):
            self._repository.follow()
        return self._repository.look(files_of, str(value))


def files_of(repository: Repository, state: str) -> list[tuple[Any, ...]]:
    """The rows of the files that differ in a state."""
    rows = []
    for patch in diff_of(repository.open(), state, whole=repository.whole):
        delta = patch.delta
        old, new = shown_path(delta.old_file.raw_path), shown_path(delta.new_file.raw_path)
        _, added, removed = patch.line_stats
        rows.append((Change(state, new).text(), state, new, old if old != new else None,
                     STATES.get(delta.status_char(), delta.status_char()), added, removed, delta.is_binary))
    return rows


class DiffLines(KeyedRows):
    """The lines of one change."""

    column = "change"
    schema = Schema(
        "diff",
        (
            Column("change", "text", is_key=True, doc="state:path, a key of the table changes."),
            Column("number", "integer", is_key=True, doc="The line of the difference, from 1."),
            Column("hunk", "integer", doc="Which hunk, from 1; 0 for a line about the file."),
            Column("kind", "text", choices=("@", " ", "+", "-", "!"), read_only_reason=_FIXED,
                   doc="Head of a hunk, same, added, removed, note."),
            Column("old_line", "integer", label=mark("Old"), read_only_reason=_FIXED),
            Column("new_line", "integer", label=mark("New"), read_only_reason=_FIXED),
            Column("text", "text", read_only_reason=_FIXED),
            Column("staged", "boolean", doc="Edited to stage the line, or the hunk that it heads; null in commits."),
        ),
        key=("change", "number"), can_add=False, can_delete=False, title=mark("Difference"),
        references=(Reference("of", "changes", ("change",), ("id",)),),
    )  # fmt: skip

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self._repository = repository

    def stamp(self) -> Any:
        """See :class:`Changes`; how much stands around a change counts as well."""
        return (*self._repository.state_stamp(), settings().context)

    def find(self, key: tuple[Any, ...]) -> int | None:
        """Where a line stands."""
        return self.place_of(key[0], lambda row: row[1] == key[1])

    def rows_of(self, value: Any) -> Sequence[Sequence[Any]]:
        """The lines of one change; a binary file is one line that says so."""
        wanted = Change.read(value)
        if wanted.state in (STAGED, UNSTAGED):
            self._repository.follow()
        found = self._repository.look(lines_of_change, wanted)
        return [(value, number, *line, _staged(wanted.state, line[1])) for number, line in enumerate(found, 1)]

    def commit(self, changes: Sequence[Edit]) -> Committed:
        """Stage lines and hunks, or take them out of what is staged."""
        self.forget()
        refuse_stale(self, changes)
        numbers: dict[str, set[int]] = {}
        for change in changes:
            if not isinstance(change, Update) or change.values.keys() != {"staged"}:
                raise ReadOnlyError(say("only the column staged can be edited here"))
            numbers.setdefault(change.key[0], set()).update(self._meant(change.key))
        for name, wanted in numbers.items():
            self._repository.change(stage_lines, Change.read(name), wanted)
        return everything(self, self._repository, [change.key for change in changes if isinstance(change, Update)])

    def _meant(self, key: tuple[Any, ...]) -> set[int]:
        """The lines that a row stands for: itself, or all of the hunk that it heads."""
        rows = self.rows_of(key[0])
        row = rows[key[1] - 1]
        return {one[1] for one in rows if one[2] == row[2]} if row[3] == "@" else {row[1]}


def _staged(state: str, kind: str) -> bool | None:
    """Whether a line is staged; null for one that cannot be."""
    return state == STAGED if state in (STAGED, UNSTAGED) and kind in "@+-" else None


def lines_of_change(repository: Repository, change: Change) -> list[Line]:
    """The lines of one file's change; none where there is no such change."""
    for patch in diff_of(repository.open(), change.state, settings().context, repository.whole):
        if shown_path(patch.delta.new_file.raw_path) == change.path:
            return list(lines_of(patch))
    return []


def lines_of(patch: Any) -> Iterator[Line]:
    """Hunk, kind, old line, new line and text of a patch's lines."""
    if patch.delta.is_binary:
        yield 0, "!", None, None, "binary"
        return
    count = 0
    for number, hunk in enumerate(patch.hunks, 1):
        yield number, "@", None, None, hunk.header.rstrip("\n")
        for line in hunk.lines:
            if count == MOST_LINES:
                yield 0, "!", None, None, "cut"
                return
            count += 1
            yield _line(number, line)


def _line(hunk: int, line: Any) -> Line:
    if line.origin in "=><":
        return hunk, "!", None, None, "no newline"
    old = line.old_lineno if line.old_lineno > 0 else None
    new = line.new_lineno if line.new_lineno > 0 else None
    return hunk, line.origin, old, new, shown(line.raw_content).rstrip("\n")
