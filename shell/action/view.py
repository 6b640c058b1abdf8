"""Commands for the looks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

#: One step of the text size, as a share of the system's.
_STEP = 0.1


def set_theme(window: Any, mode: Literal["system", "light", "dark"]) -> None:
    """Show light or dark, or follow the system, from now on."""
    window.theme.set_mode(mode)
    window.session.config.set("ui.theme", mode)


def toggle_theme(window: Any) -> None:
    """Turn light to dark and dark to light."""
    set_theme(window, "light" if window.theme.is_dark else "dark")


def set_language(window: Any, language: Annotated[str, "language"]) -> None:
    """Speak another language (de, pt_BR), or the system's, from now on."""
    from shell.language import change_language

    change_language(window, language.strip() or "system")


def larger(window: Any) -> None:
    """One step larger, from now on."""
    _resize(window, window.theme.text_size + _STEP)


def smaller(window: Any) -> None:
    """One step smaller, from now on."""
    _resize(window, window.theme.text_size - _STEP)


def reset_size(window: Any) -> None:
    """Back to the system's size."""
    _resize(window, 1.0)


def full_screen(window: Any) -> None:
    """Fill the screen, or go back."""
    window.showNormal() if window.isFullScreen() else window.showFullScreen()


def _resize(window: Any, factor: float) -> None:
    option = window.session.config.option("ui.text_size")
    factor = round(max(option.minimum, min(option.maximum, factor)), 2)
    window.theme.set_text_size(factor)
    window.session.config.set("ui.text_size", str(factor))
