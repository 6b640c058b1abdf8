"""The table ``log``: a row for each commit, newest first; a history of a million opens like one of ten."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from plugins.api import (
    Change,
    Column,
    Committed,
    Insert,
    ReadOnlyError,
    Schema,
    TableError,
    TableProvider,
    mark,
    say,
)
from plugins.git.committing import commit_index
from plugins.git.editing import everything
from plugins.git.graph import Graph
from plugins.git.history import History
from plugins.git.reference import names_by_commit
from plugins.git.repository import Repository

SCHEMA = Schema(
    "log",
    (
        Column("id", "text", is_generated=True, label=mark("Commit"), is_key=True, doc="The commit's whole id."),
        Column("graph", "text", is_generated=True, doc="The commit's row of the graph, drawn by git-log."),
        Column("summary", "text", is_generated=True, doc="The message's first line."),
        Column("references", "text", is_generated=True, doc="Branches and tags that name the commit."),
        Column("author", "text", is_generated=True),
        Column("email", "text", is_generated=True, label=mark("E-mail")),
        Column("date", "datetime", is_generated=True, doc="When it was written, by the author's clock."),
        Column("committer", "text", is_generated=True),
        Column("committed", "datetime", is_generated=True, doc="When it was committed, by the committer's clock."),
        Column("parents", "text", is_generated=True, doc="Ids of the commits before it."),
        Column("message", "longtext", is_required=True, doc="The whole message."),
    ),
    key=("id",), label=("summary",), can_edit=False, can_delete=False, title=mark("Log"),
    doc=mark("A new row commits what is staged; commits are what they are"),
)  # fmt: skip


class Log(TableProvider):
    """The commits reachable from a branch, from HEAD or from every branch and tag.

    Args:
        repository: Where.
        branch: A reference's name, ``HEAD``, or ``*`` for all of them.
    """

    schema = SCHEMA

    def __init__(self, repository: Repository, branch: str = "HEAD") -> None:
        self._repository = repository
        self._branch = branch
        self._lock = threading.Lock()
        self._stamp: Any = None
        self._history = History(repository, ())
        self._graph = Graph(self._history.rows)
        self._names: Mapping[str, Sequence[str]] = {}

    def version(self) -> Any:
        """Another value once a reference is another."""
        return self._repository.references_stamp()

    def count(self) -> int | None:
        """Known once the history's beginning has been seen."""
        history = self._current()
        return len(history) if history.is_whole and not history.trouble else None

    def rows(self, start: int, stop: int) -> Sequence[Mapping[str, Any]]:
        """Commits, each read when a column of it is asked for."""
        history = self._current()
        ids = history.ids(start, stop)
        if history.trouble and start >= len(history):
            raise TableError(say("the history breaks off after {count} commits: {error}", count=f"{len(history):,}",
                                 error=history.trouble), hint=say("git fsck says what is damaged"))
        lane, names = self._graph_of(history).text, self._names
        return [_Row(self._repository, identity, position, lane, names) for position, identity in enumerate(ids, start)]

    def find(self, key: tuple[Any, ...]) -> int | None:
        """Where the commit stands."""
        return self._current().find(str(key[0]))

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Commit what is staged, with the new row's message."""
        keys = []
        for change in changes:
            if not isinstance(change, Insert):
                raise ReadOnlyError(say("commits are what they are"), hint=say("commit again, or amend the last one"))
            keys.append((commit_index(self._repository.open(), str(change.values.get("message") or "")),))
        return everything(self, self._repository, keys)

    def _graph_of(self, history: History) -> Graph:
        """The lanes of what is known now; once all is known at once, rows have other numbers."""
        with self._lock:
            if self._graph.rows is not history.rows:
                self._graph = Graph(history.rows)
            return self._graph

    def _current(self) -> History:
        """The history of the heads as they are now."""
        with self._lock:
            stamp = self._repository.references_stamp()
            if stamp != self._stamp:
                repository = self._repository.open()
                heads, self._names = names_by_commit(repository, self._branch)
                self._history = History(self._repository, heads)
                self._stamp = stamp
            return self._history


class _Row(Mapping[str, Any]):
    """One commit; what costs something is worked out when it is asked for."""

    __slots__ = ("_commit", "_lane", "_names", "_position", "_repository", "identity")

    def __init__(self, repository: Repository, identity: str, position: int, lane: Callable[[int], str],
                 names: Mapping[str, Sequence[str]]) -> None:
        self._repository, self.identity = repository, identity
        self._position, self._lane, self._names, self._commit = position, lane, names, None

    def __getitem__(self, name: str) -> Any:
        if self._commit is None and name in _READ:
            self._commit = self._repository.object(self.identity)
        return _COLUMNS[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(_COLUMNS)

    def __len__(self) -> int:
        return len(_COLUMNS)


def moment(time: int, offset: int) -> datetime.datetime:
    """A time of git, seconds since 1970 and minutes east of Greenwich, as that place's clock showed it."""
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time, minutes=offset)


def text_of_message(commit: Any) -> str:
    """The commit's message in the encoding that it names, else UTF-8; other bytes are shown as what they are."""
    try:
        return commit.raw_message.decode(commit.message_encoding or "utf-8", "backslashreplace")
    except LookupError:
        return commit.raw_message.decode("utf-8", "backslashreplace")


def _person(signature: Any, part: str) -> str:
    return getattr(signature, f"raw_{part}").decode("utf-8", "backslashreplace")


#: Column → its value for a row.
_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "id": lambda row: row.identity,
    "graph": lambda row: row._lane(row._position),
    "summary": lambda row: text_of_message(row._commit).lstrip("\n").partition("\n")[0],
    "references": lambda row: ", ".join(row._names.get(row.identity, ())),
    "author": lambda row: _person(row._commit.author, "name"),
    "email": lambda row: _person(row._commit.author, "email"),
    "date": lambda row: moment(row._commit.author.time, row._commit.author.offset),
    "committer": lambda row: _person(row._commit.committer, "name"),
    "committed": lambda row: moment(row._commit.committer.time, row._commit.committer.offset),
    "parents": lambda row: " ".join(str(parent) for parent in row._commit.parent_ids),
    "message": lambda row: text_of_message(row._commit),
}
#: Columns for which the commit itself is read.
_READ = _COLUMNS.keys() - {"id", "graph", "references"}
