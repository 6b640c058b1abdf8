"""The names of theme tokens that style rules may use, and what they are; a test holds them to tokens.toml."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

_TOKENS = Path(__file__).parent.parent.parent / "resources" / "themes" / "tokens.toml"

SCHEMES = ("light", "dark")
COLORS = (
    "window", "surface", "raised", "sunken", "fill", "fill-hover", "fill-pressed", "hover", "line", "border", "text",
    "muted", "disabled", "accent", "accent-hover", "accent-pressed", "on-accent", "selection", "selection-quiet",
    "selection-text", "link", "focus", "focus-on-fill", "info", "success", "warning", "error", "danger",
    "danger-hover", "on-danger", "info-soft", "success-soft", "warning-soft", "error-soft", "tip", "tip-text",
    "handle", "hint", "hint-text", "hint-typed", "hint-rim",
)  # fmt: skip
SPACES = ("none", "hair", "tight", "normal", "wide", "page")
RADII = ("none", "small", "control", "card")
BORDERS = ("hair", "focus")
STEPS = ("body", "strong", "caption", "heading", "title", "mono")
WEIGHTS = ("normal", "medium", "strong", "bold")
#: Where texts of a column stand.
SIDES = ("start", "center", "end")


@functools.cache
def read_tokens() -> dict[str, Any]:
    """The whole of tokens.toml; only checks ask for it."""
    import tomllib

    return tomllib.loads(_TOKENS.read_text(encoding="utf-8"))
