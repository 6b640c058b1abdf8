"""The table ``downloads``: the files that pages of this process have saved or are saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugins.api import (
    Change,
    Column,
    Committed,
    ConstraintError,
    Delete,
    Schema,
    TableChange,
    TableProvider,
    Update,
    hand,
)
from plugins.chromium.download import STATES, Download, Downloads

_SCHEMA = Schema(
    "downloads",
    (
        Column("id", "integer", label="No.", is_key=True, is_generated=True),
        Column("name", label="File", read_only_reason="the file has this name"),
        Column("state", label="State", choices=STATES, doc="Write cancelled, paused or running into it."),
        Column("progress", "real", label="Progress", format="0 %", read_only_reason="it says how far the file is"),
        Column("received", "integer", label="Bytes", format="#,##0", read_only_reason="it says how far the file is"),
        Column("size", "integer", label="Size", format="#,##0", read_only_reason="the file has this size"),
        Column("address", label="From", read_only_reason="the file came from there"),
        Column("path", label="Saved as", read_only_reason="the file lies there"),
        Column("reason", label="Reason", read_only_reason="it says what went wrong"),
        Column("began", "datetime", label="Began", read_only_reason="it began then"),
        Column("app", label="App", read_only_reason="the app that it was loaded for"),
    ),
    ("id",),
    label=("name",),
    can_add=False,
    doc="What pages of this process have saved or are saving.",
)
_ACTIONS = {"insert": "inserted", "update": "updated", "delete": "deleted"}


class DownloadTable(TableProvider):
    """Rows of the process's downloads, which say what becomes of them as it happens."""

    schema = _SCHEMA

    def __init__(self) -> None:
        self._downloads = Downloads.of_process()
        self._downloads.listeners.append(self._hear)

    def close(self) -> None:
        """See :class:`TableProvider`."""
        if self._hear in self._downloads.listeners:
            self._downloads.listeners.remove(self._hear)

    def count(self) -> int:
        """See :class:`TableProvider`."""
        return len(self._downloads.all())

    def rows(self, start: int, stop: int) -> Sequence[Mapping[str, Any]]:
        """See :class:`TableProvider`."""
        return [one.values() for one in self._downloads.all()[start:stop]]

    def find(self, key: tuple[Any, ...]) -> int | None:
        """See :class:`TableProvider`."""
        return next((place for place, one in enumerate(self._downloads.all()) if one.number == key[0]), None)

    def version(self) -> Any:
        """See :class:`TableProvider`."""
        return tuple((one.number, one.state, one.received) for one in self._downloads.all())

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Do what the new states say; a row that is deleted is given up and forgotten."""
        found = [self._wanted(change, index) for index, change in enumerate(changes)]
        for download, act in found:
            hand(lambda download=download, act=act: act(self._downloads, download))
        keys = tuple((download.number,) for download, _ in found)
        return Committed(keys, TableChange("downloads", updated=keys))

    def _wanted(self, change: Change, index: int) -> tuple[Download, Any]:
        """The row of a change, and what is to be done with it.

        Raises:
            ConstraintError: it cannot be done.
        """
        download = self._downloads.get(change.key[0]) if isinstance(change, Update | Delete) else None
        if download is None:
            raise ConstraintError("there is no such download", index=index)
        if isinstance(change, Delete):
            return download, Downloads.remove
        act = _ACTS.get(change.values.get("state")) if set(change.values) == {"state"} else None
        if act is None or download.state not in ("asked", "running", "paused"):
            raise ConstraintError("this download cannot be changed so", column="state", index=index)
        return download, act

    def _hear(self, number: int, action: str) -> None:
        self.announce(TableChange("downloads", **{_ACTIONS[action]: ((number,),)}))


_ACTS: dict[Any, Any] = {
    "cancelled": Downloads.cancel,
    "paused": lambda downloads, one: downloads.pause(one, True),
    "running": lambda downloads, one: downloads.pause(one, False),
}


def tables() -> dict[str, TableProvider]:
    """The tables of the source ``downloads``."""
    return {"downloads": DownloadTable()}
