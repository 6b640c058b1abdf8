"""The QPalette of a scheme: what Qt's own drawing uses where the style sheet says nothing."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from widgets.theme.token import Tokens

#: Palette role → token.
_ROLES = {
    "Window": "window",
    "WindowText": "text",
    "Base": "surface",
    "AlternateBase": "sunken",
    "Text": "text",
    "PlaceholderText": "muted",
    "Button": "fill",
    "ButtonText": "text",
    "BrightText": "on-danger",
    "ToolTipBase": "tip",
    "ToolTipText": "tip-text",
    "Highlight": "selection",
    "HighlightedText": "selection-text",
    "Accent": "accent",
    "Link": "link",
    "LinkVisited": "link",
    "Light": "raised",
    "Midlight": "line",
    "Mid": "line",
    "Dark": "border",
    "Shadow": "border",
}
_DISABLED = ("WindowText", "Text", "ButtonText", "HighlightedText")


def make_palette(tokens: Tokens, scheme: str) -> QPalette:
    """The palette of ``light`` or ``dark``."""
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(getattr(QPalette.ColorRole, role), QColor(tokens.color(scheme, token)))
    disabled = QColor(tokens.color(scheme, "disabled"))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, getattr(QPalette.ColorRole, role), disabled)
    return palette
