"""The table ``actions``: what is done with the repository as a whole. A new row does it; its result stands in it."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Sequence
from typing import Any

from plugins.api import (
    Change,
    Column,
    Committed,
    Insert,
    ReadOnlyError,
    Schema,
    TableChange,
    TableError,
    TableProvider,
    mark,
    say,
)
from plugins.git import committing, remote
from plugins.git.path import real_path
from plugins.git.repository import Repository
from plugins.git.staging import discard_files


def _merged(result: str) -> str:
    return {
        "nothing": say("Everything was there already"), "forward": say("Moved forward"), "merged": say("Merged"),
        "conflicts": say("There are conflicts: take a side of each file, then commit"),
    }[result]  # fmt: skip


def _done(_nothing: None = None) -> str:
    return say("Done")


#: Action → what does it with (repository, target), and answers what to say.
ACTIONS: dict[str, Callable[[Any, str], str]] = {
    "fetch": lambda repository, target: _done(remote.fetch_remote(repository, target)),
    "pull": lambda repository, _: _merged(remote.pull_branch(repository)),
    "push": lambda repository, target: _done(remote.push_branch(repository, target)),
    "merge": lambda repository, target: _merged(committing.merge_branch(repository, target)),
    "give up merge": lambda repository, _: _done(committing.give_up_merge(repository)),
    "amend": lambda repository, target: committing.commit_index(repository, target, is_amending=True),
    "discard": lambda repository, target: _done(discard_files(repository, [real_path(target)])),
    "delete branch": lambda repository, target: _done(committing.delete_branch(repository, target, is_forced=True)),
}  # fmt: skip


class Actions(TableProvider):
    """What was done since the repository was opened, the last first."""

    schema = Schema(
        "actions",
        (
            Column("number", "integer", is_key=True, is_generated=True),
            Column("action", "text", choices=tuple(ACTIONS), is_required=True),
            Column("target", "text", doc="A branch, a remote, a file or a message, as the action takes it."),
            Column("result", "text", is_generated=True),
            Column("at", "datetime", label=mark("When"), is_generated=True),
        ),
        key=("number",), can_edit=False, can_delete=False, title=mark("Actions"),
    )  # fmt: skip

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._rows: list[tuple[Any, ...]] = []

    def version(self) -> int:
        """See :class:`TableProvider`."""
        return len(self._rows)

    def count(self) -> int:
        """See :class:`TableProvider`."""
        return len(self._rows)

    def rows(self, start: int, stop: int) -> Sequence[Sequence[Any]]:
        """See :class:`TableProvider`."""
        return self._rows[::-1][start:stop]

    def find(self, key: tuple[Any, ...]) -> int | None:
        """See :class:`TableProvider`."""
        return len(self._rows) - key[0] if isinstance(key[0], int) and 0 < key[0] <= len(self._rows) else None

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Do what the new row says; one at a time, since each may be refused."""
        if len(changes) != 1 or not isinstance(changes[0], Insert):
            raise ReadOnlyError(say("an action is one new row"))
        values = changes[0].values
        action = ACTIONS.get(str(values.get("action")))
        if action is None:
            raise TableError(say("there is no action {name}", name=values.get("action")),
                             hint=say("there are: {names}", names=", ".join(ACTIONS)))
        target = str(values.get("target") or "")
        with self._lock:
            result = action(self._repository.open(), target)
            key = (len(self._rows) + 1,)
            now = datetime.datetime.now().replace(microsecond=0)
            self._rows.append((*key, values["action"], target or None, result, now))
        self._repository.tell()
        return Committed((key,), TableChange("actions", inserted=(key,)))
