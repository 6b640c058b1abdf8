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
    Update,
    mark,
    say,
)
from plugins.git import committing, remote
from plugins.git.credential import Secret
from plugins.git.path import real_path
from plugins.git.repository import Repository
from plugins.git.staging import discard_files
from plugins.git.transfer import CANCELLED, DONE, RUNNING, STATES, Transfer, Work, refuse_second


def _merged(result: str) -> str:
    return {
        "nothing": say("Everything was there already"), "forward": say("Moved forward"), "merged": say("Merged"),
        "conflicts": say("There are conflicts: take a side of each file, then commit"),
    }[result]  # fmt: skip


def _done(_nothing: None = None) -> str:
    return say("Done")


def _pulled(repository: Repository, callbacks: remote.Callbacks) -> str:
    name = remote.fetch_upstream(repository.open(), callbacks)
    return _merged(repository.change(committing.merge_branch, name))


#: Action → what does it with (repository, target), and answers what to say.
ACTIONS: dict[str, Callable[[Repository, str], str]] = {
    "merge": lambda repository, target: _merged(repository.change(committing.merge_branch, target)),
    "give up merge": lambda repository, _: _done(repository.change(committing.give_up_merge)),
    "amend": lambda repository, target: repository.change(committing.commit_index, target, is_amending=True),
    "discard": lambda repository, target: _done(repository.change(discard_files, [real_path(target)])),
    "delete branch": lambda repository, target: _done(
        repository.change(committing.delete_branch, target, is_forced=True)
    ),
}  # fmt: skip
#: Those that speak with a remote: with (repository, target, callbacks), beside everything else.
TRANSFERS: dict[str, Work] = {
    "fetch": lambda repository, target, callbacks: _done(remote.fetch_remote(repository.open(), target, callbacks)),
    "pull": lambda repository, _, callbacks: _pulled(repository, callbacks),
    "push": lambda repository, target, callbacks: _done(remote.push_branch(repository.open(), target, callbacks)),
}
_TOLD = mark("The transfer says so")
#: Seconds that a transfer may take to end when its repository is closed.
_PATIENCE_S = 2.0


class Actions(TableProvider):
    """What was done since the repository was opened, the last first; fetch, pull and push go on while they are rows."""

    schema = Schema(
        "actions",
        (
            Column("number", "integer", is_key=True, is_generated=True),
            Column("action", "text", choices=(*ACTIONS, *TRANSFERS), is_required=True),
            Column("target", "text", doc="A branch, a remote, a file or a message, as the action takes it."),
            Column("state", "text", choices=STATES, has_default=True, doc="Edited to cancelled to give it up."),
            Column("progress", "real", read_only_reason=_TOLD, doc="From 0 to 1, of a transfer."),
            Column("question", "text", read_only_reason=_TOLD, doc="What it asks before it can go on."),
            Column("result", "text", is_generated=True),
            Column("at", "datetime", label=mark("When"), is_generated=True),
            Column("user", "text", doc="Written with secret, where the question asks for both."),
            Column("secret", "text", doc="The answer to the question, a password or passphrase; never read."),
            Column("is_kept", "boolean", label=mark("Remember"), doc="Whether the keyring gets the secret."),
            Column("can_ask", "boolean", doc="Whether the one who makes the row can answer a question."),
        ),
        key=("number",), can_delete=False, title=mark("Actions"),
    )  # fmt: skip

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._rows: list[tuple[Any, ...]] = []
        self._transfers: dict[int, Transfer] = {}
        self._last: Transfer | None = None
        self._version = 0

    def version(self) -> int:
        """See :class:`TableProvider`."""
        return self._version

    def count(self) -> int:
        """See :class:`TableProvider`."""
        return len(self._rows)

    def rows(self, start: int, stop: int) -> Sequence[Sequence[Any]]:
        """See :class:`TableProvider`."""
        return [self._shown(row) for row in self._rows[::-1][start:stop]]

    def find(self, key: tuple[Any, ...]) -> int | None:
        """See :class:`TableProvider`."""
        return len(self._rows) - key[0] if isinstance(key[0], int) and 0 < key[0] <= len(self._rows) else None

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Do what the new row says, one at a time, since each may be refused; or answer and give up a transfer."""
        if len(changes) == 1 and isinstance(changes[0], Update):
            return self._steer(changes[0])
        if len(changes) != 1 or not isinstance(changes[0], Insert):
            raise ReadOnlyError(say("an action is one new row"))
        values = changes[0].values
        name, target = str(values.get("action")), str(values.get("target") or "")
        if name not in ACTIONS and name not in TRANSFERS:
            names = ", ".join((*ACTIONS, *TRANSFERS))
            raise TableError(say("there is no action {name}", name=name), hint=say("there are: {names}", names=names))
        with self._lock:
            number = len(self._rows) + 1
            if name in TRANSFERS:
                refuse_second(self._last)
                self._rows.append((number, name, target or None, RUNNING, None, datetime.datetime.now()))
                can_ask = bool(values.get("can_ask"))
                self._last = Transfer(self._repository, TRANSFERS[name], target, self._hear, can_ask=can_ask)
                self._transfers[number] = self._last
                self._last.start()
            else:
                result = ACTIONS[name](self._repository, target)
                self._rows.append((number, name, target or None, DONE, result, datetime.datetime.now()))
        self._version += 1
        self._repository.tell()
        return Committed(((number,),), TableChange("actions", inserted=((number,),)))

    def close(self) -> None:
        """Give up what is under way."""
        if self._last is not None:
            self._last.cancel()
            self._last.wait(_PATIENCE_S)

    def _steer(self, change: Update) -> Committed:
        transfer = self._transfers.get(change.key[0])
        values = change.values
        if not values.keys() <= {"state", "user", "secret", "is_kept"} or values.get("state", CANCELLED) != CANCELLED:
            raise ReadOnlyError(say("a transfer is answered or cancelled"))
        if transfer is None or transfer.is_over:
            raise TableError(say("it is over already"))
        if values.get("state") == CANCELLED:
            transfer.cancel()
        elif values.get("secret") is not None:
            transfer.answer(Secret(str(values.get("user") or ""), str(values["secret"]), bool(values.get("is_kept"))))
        return Committed((change.key,), TableChange("actions", updated=(change.key,)))

    def _hear(self) -> None:
        """A transfer goes on, on its thread."""
        self._version += 1
        if self._last is not None and self._last.is_over:
            self._repository.tell()
        else:
            self.announce()

    def _shown(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """The row as it is now, in the schema's order."""
        number, name, target, state, result, at = row
        transfer = self._transfers.get(number)
        progress, wish = None, None
        if transfer is not None:
            state, progress, wish = transfer.state, transfer.progress, transfer.wish
            result, at = transfer.result or None, transfer.ended or at
        user = wish.user if wish is not None else None
        text = wish.text if wish is not None else None
        return (number, name, target, state, progress, text, result, at.replace(microsecond=0), user, None, None, None)
