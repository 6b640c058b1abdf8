"""Contrast of two colours, and how much a text needs (WCAG 2.2, success criterion 1.4.3)."""

from __future__ import annotations

from layouts.style.token import read_tokens

#: Pixels from which a text is large: 18 points, or 14 where it is strong.
_LARGE, _LARGE_STRONG = 24.0, 18.66
_STRONG_WEIGHT = 600


def ratio(one: str, other: str) -> float:
    """The contrast of two colours (``#rrggbb``), from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def wanted_ratio(step: str, weight: str = "") -> float:
    """The least contrast of a text in a step of the type scale: 4.5, or 3 where it is large."""
    tokens = read_tokens()
    record = tokens["type"].get(step, tokens["type"]["body"])
    size = record["size"] * tokens["type"]["smallest_body"]
    heavy = tokens["weight"].get(weight, record["weight"])
    return 3.0 if size >= _LARGE or (size >= _LARGE_STRONG and heavy >= _STRONG_WEIGHT) else 4.5


def _luminance(color: str) -> float:
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
