"""The table ``players``: a row for each view that plays, to be read and steered by layouts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from plugins.api import (
    Change,
    Column,
    Committed,
    ReadOnlyError,
    Schema,
    TableChange,
    TableProvider,
    Update,
    hand,
    mark,
    say,
)

if TYPE_CHECKING:
    from plugins.vlc.view import MediaView

#: libvlc's states by their number (libvlc_state_t) → ours.
STATES = ("empty", "opening", "buffering", "playing", "paused", "stopped", "ended", "error")
SCHEMA = Schema(
    "players",
    (
        Column("id", "text", is_key=True, is_generated=True, doc="The view's id, or a number where it has none."),
        Column("title", "text", is_generated=True),
        Column("state", "text", choices=STATES, doc="Write playing, paused or stopped."),
        Column("seconds", "real", label=mark("Place"), doc="Seconds from the beginning; edited to go there."),
        Column("length", "real", is_generated=True, doc="Seconds."),
        Column("volume", "integer", doc="Per cent."),
        Column("rate", "real", label=mark("Speed"), doc="1 is as it was recorded."),
        Column("is_muted", "boolean", label=mark("Muted")),
        Column("error", "text", is_generated=True),
    ),
    key=("id",), label=("title",), can_add=False, can_delete=False, title=mark("Players"),
)  # fmt: skip


class Players:
    """The views of this process; rows are kept as they were told last, so that any thread may read them."""

    _of_process: Players | None = None

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._views: dict[str, MediaView] = {}
        self._rows: dict[str, tuple[Any, ...]] = {}
        self._count = 0
        self.listeners: list[Callable[[], None]] = []

    @classmethod
    def of_process(cls) -> Players:
        """The one of the process."""
        if cls._of_process is None:
            cls._of_process = cls()
        return cls._of_process

    def add(self, view: MediaView, name: str) -> Callable[[], None]:
        """Take a view in, on the GUI thread; the disposer forgets it."""
        with self._lock:
            self._count += 1
            key = name if name and name not in self._views else f"{name or 'player'}-{self._count}"
            self._views[key] = view
        follow = lambda: self._follow(key)  # noqa: E731
        view.player.changed.connect(follow)
        follow()
        is_gone = False

        def leave() -> None:
            # A view that ends with its window is told twice; its key may be another one's by then.
            nonlocal is_gone
            if is_gone:
                return
            is_gone = True
            with self._lock:
                self._views.pop(key, None)
                self._rows.pop(key, None)
            self._tell()

        return leave

    def rows(self) -> list[tuple[Any, ...]]:
        """All rows, in the order in which the views were made."""
        with self._lock:
            return list(self._rows.values())

    def act(self, key: str, values: Mapping[str, Any]) -> None:
        """Do what new values say, on the GUI thread."""
        view = self._views.get(key)
        if view is None:
            return
        player = view.player
        acts: dict[str, Callable[[Any], None]] = {
            "state": lambda state: {"playing": player.play, "paused": player.pause, "stopped": player.stop}[state](),
            "seconds": lambda seconds: player.seek(round(seconds * 1000)),
            "volume": player.set_volume, "rate": player.set_rate, "is_muted": player.set_muted,
        }  # fmt: skip
        for name, value in values.items():
            acts[name](value)

    def _follow(self, key: str) -> None:
        view = self._views.get(key)
        if view is None:
            return
        player = view.player
        row = (key, view.title, player.state, player.time / 1000, player.length / 1000, player.volume, player.rate,
               player.is_muted, player.error or None)
        with self._lock:
            was, self._rows[key] = self._rows.get(key), row
        if was != row:
            self._tell()

    def _tell(self) -> None:
        for listener in list(self.listeners):
            listener()


class PlayerTable(TableProvider):
    """The rows of :class:`Players`."""

    schema = SCHEMA

    def __init__(self) -> None:
        self._players = Players.of_process()
        self._players.listeners.append(self.announce)

    def count(self) -> int:
        """See :class:`TableProvider`."""
        return len(self._players.rows())

    def rows(self, start: int, stop: int) -> Sequence[Sequence[Any]]:
        """See :class:`TableProvider`."""
        return self._players.rows()[start:stop]

    def find(self, key: tuple[Any, ...]) -> int | None:
        """See :class:`TableProvider`."""
        return next((place for place, row in enumerate(self._players.rows()) if row[0] == key[0]), None)

    def version(self) -> Any:
        """See :class:`TableProvider`."""
        return tuple(self._players.rows())

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Steer the players."""
        for change in changes:
            if not isinstance(change, Update) or not change.values.keys() <= _WRITTEN:
                raise ReadOnlyError(say("only state, place, volume, speed and mute can be written"))
            if change.values.get("state", "playing") not in ("playing", "paused", "stopped"):
                raise ReadOnlyError(say("write playing, paused or stopped"))
        for change in changes:
            assert isinstance(change, Update)
            hand(lambda change=change: self._players.act(change.key[0], change.values))
        return Committed(tuple(change.key for change in changes if isinstance(change, Update)),
                         TableChange("players", is_everything=True))

    def close(self) -> None:
        """Hear no more."""
        if self.announce in self._players.listeners:
            self._players.listeners.remove(self.announce)


_WRITTEN = {"state", "seconds", "volume", "rate", "is_muted"}


def tables() -> dict[str, TableProvider]:
    """The table by its name."""
    return {"players": PlayerTable()}
