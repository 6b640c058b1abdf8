"""Commands for the looks."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtWidgets import QApplication

_SMALLEST, _LARGEST = 8, 32


def set_theme(window: Any, mode: Literal["system", "light", "dark"]) -> None:
    """Show light or dark, or follow the system, from now on."""
    window.theme.set_mode(mode)
    window.session.config.set("ui.theme", mode)


def toggle_theme(window: Any) -> None:
    """Turn light to dark and dark to light."""
    set_theme(window, "light" if window.theme.is_dark else "dark")


def larger(window: Any) -> None:
    """One step larger."""
    _resize(1)


def smaller(window: Any) -> None:
    """One step smaller."""
    _resize(-1)


def reset_size(window: Any) -> None:
    """Back to the theme's own size."""
    QApplication.setFont(window.theme.font("body"))


def full_screen(window: Any) -> None:
    """Fill the screen, or go back."""
    window.showNormal() if window.isFullScreen() else window.showFullScreen()


def _resize(step: int) -> None:
    font = QApplication.font()
    if font.pixelSize() > 0:
        font.setPixelSize(max(_SMALLEST, min(_LARGEST, font.pixelSize() + step)))
    else:
        font.setPointSizeF(max(_SMALLEST, min(_LARGEST, font.pointSizeF() + step)))
    QApplication.setFont(font)
