"""One row of a card that tells facts."""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """A name and a value; ``note`` stands below it, ``tone`` is a colour of the theme for the value."""

    name: str
    value: str
    note: str = ""
    tone: str = "text"
