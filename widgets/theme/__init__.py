"""The looks: tokens, palette, style sheet, fonts and icons. ``Theme`` is all that other modules use."""

from __future__ import annotations

from widgets.theme.theme import Theme

__all__ = ["Theme"]
