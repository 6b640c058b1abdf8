"""The topics of the source server, and waiting until a table's changes are heard.

``apps``, ``release:<app>``, ``publishing:<app>`` and ``table:<app>/<source>/<table>``; nothing else can be subscribed
to.
"""

from __future__ import annotations

import asyncio
import re
from typing import NamedTuple

from kernel.wire.error import RemoteError
from kernel.wire.session import Protocol

#: Most characters of a topic: more than any table's name that a person gave.
MAX_LENGTH = 600
_APP = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Topic(NamedTuple):
    """A topic's parts; ``app``, ``source`` and ``table`` are empty where the kind has none."""

    kind: str
    app: str = ""
    source: str = ""
    table: str = ""


def parse_topic(text: str) -> Topic:
    """The parts of a topic.

    Raises:
        RemoteError: there can be no such topic (``not_found``).
    """
    kind, _, rest = text.partition(":")
    if text == "apps":
        return Topic("apps")
    app, _, place = rest.partition("/")
    source, _, table = place.partition("/")
    if len(text) <= MAX_LENGTH and text.isprintable() and _APP.fullmatch(app):
        if kind in ("release", "publishing") and rest == app:
            return Topic(kind, app)
        if kind == "table" and table:
            return Topic(kind, app, source, table)
    shown = text if len(text) <= 100 else f"{text[:100]}…"
    raise RemoteError(
        "not_found",
        f"there is no topic '{shown}'",
        {"hint": "topics are apps, release:APP, publishing:APP and table:APP/SOURCE/TABLE"},
    )


def channels_of(session: Protocol) -> dict[str, str]:
    """Topic → the channel that the connection hears of it; empty while that is being found out."""
    return session.data.setdefault("channels", {})


class Feeds:
    """A connection's subscriptions to tables that do not hold yet, because a database is being opened."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], str] = {}

    @classmethod
    def of(cls, session: Protocol) -> Feeds:
        """The connection's own."""
        return session.data.setdefault("feeds", cls())

    async def hold(self, app: str, work: asyncio.Future[None]) -> None:
        """Wait for a subscription to an app's table; :meth:`settle` waits for it as well."""
        self._waiting[work] = app
        work.add_done_callback(self._done)
        await asyncio.shield(work)

    def _done(self, work: asyncio.Future[None]) -> None:
        del self._waiting[work]
        if not work.cancelled():
            work.exception()  # told to whoever subscribed, unless he went away

    async def settle(self, app: str | None = None) -> None:
        """Wait until what was subscribed to before holds: the tables of ``app``, or all."""
        waiting = [work for work, one in self._waiting.items() if app in (one, None)]
        if waiting:
            await asyncio.wait(waiting)
