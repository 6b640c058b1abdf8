"""Who hears what of a hosted table: subscribers with one sight share a channel, and changes are gathered for it.

Where a row filter holds, a row that comes into sight is told as inserted and one that leaves it as deleted; of rows
out of sight nothing is told. The first change goes at once, what follows within the next moment goes together.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.tables.change import Key, TableChange
from server.gathering import Gathered
from server.granted_query import View

#: Publishes ``(channel, body, topic)``.
Publish = Callable[[str, Any, str], None]


class Channel(NamedTuple):
    """Subscribers of one topic who see the same rows; ``view`` is None where they see all."""

    name: str
    topic: str
    view: View | None


def channel_for(topic: str, view: View | None) -> Channel:
    """The channel for somebody who sees the table as ``view``."""
    rows = view.sight.rows("read") if view is not None else ""
    if view is None or not rows:
        return Channel(topic, topic, None)
    whose = view.sight.person.name if "user." in rows else ""
    digest = hashlib.sha256("\0".join((rows, whose)).encode(errors="surrogatepass")).hexdigest()
    return Channel(f"{topic}#{digest[:16]}", topic, view)


class Channels:
    """The channels of all hosted tables, by topic; safe from any thread.

    Args:
        publish: Sends to a channel.
        is_heard: Whether a channel has subscribers.
        later: ``later(seconds, callback)``: calls back on the loop's thread; from any thread.
    """

    def __init__(
        self, publish: Publish, is_heard: Callable[[str], bool], later: Callable[[float, Callable[[], None]], None]
    ) -> None:
        self._publish = publish
        self._is_heard = is_heard
        self._later = later
        self._lock = threading.Lock()
        self._channels: dict[str, dict[str, Channel]] = {}
        self._gathered: dict[str, Gathered] = {}
        #: Change as a source tells it, by identity → channel → what that channel hears. Filled by the commit.
        self._told: dict[int, dict[str, TableChange | None]] = {}

    def add(self, channel: Channel) -> None:
        """There is somebody for a channel."""
        with self._lock:
            self._channels.setdefault(channel.topic, {})[channel.name] = channel

    def filtered(self, *topics: str) -> list[Channel]:
        """The channels of these topics that somebody hears and that do not show all rows."""
        with self._lock:
            found = [channel for topic in topics for channel in self._channels.get(topic, {}).values()]
        return [channel for channel in found if channel.view is not None and self._is_heard(channel.name)]

    def is_heard(self, topic: str) -> bool:
        """Whether anybody hears of the table."""
        with self._lock:
            names = [topic, *self._channels.get(topic, {})]
        return any(map(self._is_heard, names))

    def note(self, change: TableChange, told: dict[str, TableChange | None]) -> None:
        """What the filtered channels will hear of a change, as its own commit found out."""
        self._told[id(change)] = told

    def forget(self, change: TableChange) -> None:
        """The commit is over."""
        self._told.pop(id(change), None)

    def tell(self, topic: str, change: TableChange | None) -> None:
        """A table has changed; None = nobody knows how, fetch again."""
        with self._lock:
            channels = list(self._channels.get(topic, {}).values()) or [Channel(topic, topic, None)]
        told = self._told.get(id(change), {})
        for channel in channels:
            heard = change if change is None or channel.view is None else _heard(channel, change, told)
            if heard is not None or change is None:
                self._gather(channel, heard)

    def _gather(self, channel: Channel, change: TableChange | None) -> None:
        with self._lock:
            gathered = self._gathered.get(channel.name)
            if gathered is None:
                gathered = self._gathered[channel.name] = Gathered(
                    lambda body: self._publish(channel.name, body, channel.topic), self._later
                )
        gathered.add(change)


def _heard(channel: Channel, change: TableChange, told: dict[str, TableChange | None]) -> TableChange | None:
    """What a filtered channel hears of a change; everything where that cannot be told without saying too much."""
    if channel.name in told:
        return told[channel.name]
    assert channel.view is not None
    is_plain = not (change.inserted or change.updated or change.deleted or change.is_everything)
    if is_plain and "." not in channel.view.sight.rows("read").replace("user.", ""):
        return change
    return TableChange(change.table, is_everything=True)


def seen_change(change: TableChange, before: set[Key], after: set[Key]) -> TableChange | None:
    """A change as somebody hears it who saw the keys ``before`` of the touched rows, and sees ``after``.

    None when there is nothing to hear.
    """
    if change.is_everything:
        return TableChange(change.table, is_everything=True)
    touched = [*change.inserted, *change.updated, *change.deleted]
    came = tuple(key for key in touched if key in after and key not in before)
    stayed = tuple(key for key in touched if key in after and key in before)
    left = tuple(key for key in touched if key in before and key not in after)
    if not (came or stayed or left):
        return None
    return TableChange(change.table, came, stayed, left)
