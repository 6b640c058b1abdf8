"""Design tokens from resources/themes/tokens.toml and icon names from resources/icons.toml. No Qt here."""

from __future__ import annotations

import functools
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import resources
from kernel.error import EspalierError
from kernel.shipped import read_shipped

RESOURCES = Path(resources.__file__).parent
SCHEMES = ("light", "dark")


class TokenError(EspalierError):
    """A name that the design tokens do not have."""


class TypeStep(NamedTuple):
    """One step of the type scale: factor of the body size, weight from 100 to 900."""

    size: float
    weight: int


class Tokens:
    """All tokens of both schemes.

    Attributes:
        lengths: ``space``, ``radius``, ``height``, ``border``, ``icon`` → name → pixels at 100 %; ``weight`` as it is.
        colors: Scheme → name → ``#rrggbb``.
        tags: Tag colour → scheme → ``{"ground", "text"}``.
        type_steps: Name → step; ``smallest_body`` in pixels.
    """

    def __init__(self, table: dict[str, Any]) -> None:
        self.lengths: dict[str, dict[str, int]] = {
            name: table[name] for name in ("space", "radius", "height", "border", "weight", "icon")
        }
        self.colors: dict[str, dict[str, str]] = table["colors"]
        self.tags: dict[str, dict[str, dict[str, str]]] = table["tags"]
        steps = dict(table["type"])
        self.smallest_body: int = steps.pop("smallest_body")
        self.type_steps = {name: TypeStep(**step) for name, step in steps.items()}
        meanings = dict(table["meanings"])
        self._other: list[str] = meanings.pop("other")
        self._meaning = {word: color for color, words in meanings.items() for word in words}

    def length(self, group: str, name: str) -> int:
        """Pixels at 100 %.

        Raises:
            TokenError: no such token.
        """
        return _named(self.lengths[group], name, group)

    def color(self, scheme: str, name: str) -> str:
        """``#rrggbb``; raises TokenError for an unknown name."""
        return _named(self.colors[scheme], name, "colour")

    def step(self, name: str) -> TypeStep:
        """A step of the type scale; raises TokenError for an unknown name."""
        return _named(self.type_steps, name, "font")

    def tag_color(self, value: str) -> str:
        """The tag colour's name for a value: by its meaning, else always the same one for the same value."""
        word = value.strip().casefold().replace("_", " ").replace("-", " ")
        known = self._meaning.get(word)
        return known or self._other[zlib.crc32(word.encode()) % len(self._other)]


def _named(table: dict[str, Any], name: str, what: str) -> Any:
    try:
        return table[name]
    except KeyError:
        raise TokenError(f"there is no {what} token called {name!r}", hint=f"known: {', '.join(table)}") from None


@functools.cache
def load_tokens() -> Tokens:
    """The tokens, read once per process."""
    return Tokens(read_shipped(RESOURCES / "themes" / "tokens.toml"))


@functools.cache
def load_icons() -> dict[str, str]:
    """Our icon name → glyph name, read once per process."""
    return read_shipped(RESOURCES / "icons.toml")
