"""``[[rights]]`` of a repository's ``roles.toml``: who may publish which apps, read the repository, or administer it.

Without any row everybody may do everything, as with grants; with one, nothing else is allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from kernel.nearest import did_you_mean
from layouts.app_needs import NEXT, OWN, STABLE, is_channel
from layouts.grant import EVERYBODY, ROLE, Found, is_who

#: What a right allows → its doc.
RIGHTS: dict[str, str] = {
    "publish": "Publish the apps named, on the channels named.",
    "read": "Clone and fetch the repository with all its history; whoever publishes or administers may anyway.",
    "administer": "Change everything: roles, rights, roll-outs, libraries and all apps.",
}


class Right(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row.

    Attributes:
        who: A person's name, ``role:NAME``, or ``*``.
        may: Some of ``RIGHTS``.
        app: The app meant, or ``*``.
        channels: The channels meant; empty = all. A staged roll-out is a part of stable.
    """

    who: str
    may: tuple[str, ...]
    app: str = EVERYBODY
    channels: tuple[str, ...] = ()

    def fits(self, person: str, roles: Sequence[str]) -> bool:
        """Whether the row is for that person."""
        return self.who in (EVERYBODY, person) or (
            self.who.startswith(ROLE) and self.who.removeprefix(ROLE) in roles
        )


class Rights(msgspec.Struct, frozen=True):
    """All rows, and who has which roles."""

    rows: tuple[Right, ...] = ()
    roles: dict[str, tuple[str, ...]] = {}

    def may_publish(self, person: str, app: str, channel: str) -> bool:
        """Whether a person may change what an app has on a channel. One's own channel needs a right for the app."""
        if not self._limits("publish", "administer") or self.may_administer(person):
            return not (channel.startswith(OWN) and channel != OWN + person)
        if channel.startswith(OWN) and channel != OWN + person:
            return False
        wanted = STABLE if channel == NEXT else channel
        return any(
            "publish" in row.may
            and row.app in (EVERYBODY, app)
            and (not row.channels or wanted in row.channels or channel.startswith(OWN))
            for row in self._of(person)
        )

    def may_administer(self, person: str) -> bool:
        """Whether a person may change everything else in the repository."""
        return not self._limits("publish", "administer") or any("administer" in row.may for row in self._of(person))

    def may_change_anything(self, person: str) -> bool:
        """Whether a person may push to branches that are not served."""
        return not self._limits("publish", "administer") or any(
            {"publish", "administer"} & set(row.may) for row in self._of(person)
        )

    def may_read(self, person: str) -> bool:
        """Whether a person may clone and fetch."""
        return not self._limits("read") or any(self._of(person))

    def _of(self, person: str) -> Iterator[Right]:
        return (row for row in self.rows if row.fits(person, self.roles.get(person, ())))

    def _limits(self, *actions: str) -> bool:
        return any(action in row.may for row in self.rows for action in actions)


_TYPES: dict[str, tuple[type, str]] = {
    "who": (str, 'a text: a name, "role:NAME" or "*"'),
    "may": (list, "a list of texts"),
    "app": (str, "a text"),
    "channels": (list, "a list of texts"),
}


def right_problems(rows: Any) -> Iterator[Found]:
    """What is wrong with the value of ``rights``."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        yield ("rights",), True, "rights must be tables: [[rights]]", ""
        return
    for index, row in enumerate(rows):
        place = ("rights", index)
        for name in row:
            if name not in _TYPES:
                yield (*place, name), False, f"a right has no entry {name}", did_you_mean(name, _TYPES)
        for name in ("who", "may"):
            if name not in row:
                yield place, False, f"a right needs {name}", f"{name} must be {_TYPES[name][1]}"
        for name, (type, called) in _TYPES.items():
            value = row.get(name, type())
            if not isinstance(value, type) or (type is list and not all(isinstance(part, str) for part in value)):
                yield (*place, name), True, f"{name} must be {called}", ""
            elif name in row:
                yield from _value_problems((*place, name), name, value)


def _value_problems(place: tuple[str | int, ...], name: str, value: Any) -> Iterator[Found]:
    if name == "who" and not is_who(value):
        yield place, True, f"there can be nobody called {value or 'nothing'}", 'a name, "role:NAME" or "*"'
    elif name == "may":
        for action in value or ("",):
            if action not in RIGHTS:
                hint = did_you_mean(action, RIGHTS) or f"known: {', '.join(RIGHTS)}"
                yield place, True, f"there is no right to {action or 'nothing'}", hint
    elif name == "channels":
        for channel in value:
            if not is_channel(channel):
                yield place, True, f"there can be no channel {channel or 'nothing'}", ""
