"""The languages that the shell or the app has a catalogue of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from kernel.words import say
from shell.words import RESOURCES

if TYPE_CHECKING:
    from shell.window import Window


def languages(window: Window) -> list[tuple[str, str]]:
    """Code and name of each; the system's first."""
    own = [path.stem for path in (RESOURCES / "locale").glob("*.po")]
    apps = [name.removesuffix(".po") for name in window.app.tree().entries("locale") if name.endswith(".po")]
    codes = sorted({"en", *own, *apps})
    return [("system", say("as the desktop is")), *((code, QLocale(code).nativeLanguageName()) for code in codes)]
