"""The language that windows speak: formats of numbers and dates, the direction of texts, and the change of both."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, Qt

from kernel.words import say
from layouts.texts.language import is_right_to_left, language_of
from shell.words import take_words, translate_qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def speak(application: QApplication, option: str) -> None:
    """Write numbers and dates as this language does, and mirror the windows when it runs from the right.

    Args:
        option: ``ui.language``: ``system``, or a language (``de``, ``pt_BR``).
    """
    if option != "system" or application.property("speaks"):
        application.setProperty("speaks", option)
        QLocale.setDefault(QLocale.system() if option == "system" else QLocale(option.replace("-", "_")))
    language = language_of(option, os.environ)
    take_words(language)
    if language not in ("", "en") or application.property("translator") is not None:
        translate_qt(application, language)
    is_mirrored = is_right_to_left(language)
    wanted = Qt.LayoutDirection.RightToLeft if is_mirrored else Qt.LayoutDirection.LeftToRight
    if application.layoutDirection() != wanted:
        application.setLayoutDirection(wanted)


def change_language(window: Any, language: str) -> None:
    """Have all windows speak another language from now on; their layouts are built anew in it.

    Where a window has edits that are not written, nothing is changed and the person is told.
    """
    from shell.focus import has_edits

    if any(has_edits(one) for one in window.desk.windows):
        window.messages.report("info", say("Some edits are not written yet; write them or take them back first"))
        return
    window.session.config.set("ui.language", language)
    speak(window.desk.application, language)
    for one in window.desk.windows:
        one.take_language()
        if one.session.config is not window.session.config:
            one.session.config.set("ui.language", language)
        if one.main is None and one.layout_tree is not None and one.layout_tree.windows:
            one.session.layout = one.session.load_layout()
            one.show_layout(one.session.layout)
            one.build_rest()
            one.ask_tables()
