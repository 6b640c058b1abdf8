"""Colours of a page → the nearest of the theme's, such that texts can be read in the light and in the dark."""

from __future__ import annotations

import functools

import tinycss2.color3

from layouts.style.contrast import ratio
from layouts.style.token import SCHEMES, read_tokens

_TEXTS = ("text", "muted", "accent", "link", "info", "success", "warning", "error", "on-accent", "tip-text")
_GROUNDS = ("window", "surface", "sunken", "fill", "accent", "info-soft", "success-soft", "warning-soft", "error-soft",
            "danger", "tip")  # fmt: skip
#: Contrast that texts need.
_LEAST = 4.5


def nearest_color(value: str, scheme: str, *, is_ground: bool) -> str:
    """The token nearest to a CSS colour; empty for none, or one that shows what is behind it."""
    parts = value.replace("!important", "").split(" ") if value and "(" not in value else [value]
    color = next((found for found in map(_parsed, parts) if found is not None), None)
    if color is None or color.alpha < 0.3:
        return ""
    given = (color.red * 255, color.green * 255, color.blue * 255)
    colors = read_tokens()["colors"][scheme]
    return min(_GROUNDS if is_ground else _TEXTS, key=lambda name: _distance(given, _rgb(colors[name])))


def _parsed(text: str) -> tinycss2.color3.RGBA | None:
    found = tinycss2.color3.parse_color(text) if text else None
    return found if isinstance(found, tinycss2.color3.RGBA) else None


def _distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """How different two colours look: red and blue weigh by how red they are (the "redmean" formula)."""
    red, (r, g, b) = (one[0] + other[0]) / 2, (a - b for a, b in zip(one, other, strict=True))
    return (2 + red / 256) * r * r + 4 * g * g + (2 + (255 - red) / 256) * b * b


def _rgb(text: str) -> tuple[float, ...]:
    return tuple(int(text[at : at + 2], 16) for at in (1, 3, 5))


@functools.cache
def readable(color: str, ground: str) -> str:
    """The colour itself, or the first that can be read on this ground in both schemes; empty where none can."""
    colors = read_tokens()["colors"]
    for name in (color, "text", "on-accent", "on-danger", "tip-text"):
        if name and all(ratio(colors[scheme][name], colors[scheme][ground]) >= _LEAST for scheme in SCHEMES):
            return name
    return ""
