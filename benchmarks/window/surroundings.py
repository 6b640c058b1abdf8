"""What the widgets of a benchmark are built with: the theme and nothing behind it."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication

from widgets.context import Context
from widgets.late_signals import make_signals_late
from widgets.scope import Scope
from widgets.theme import Theme


class _Commands:
    """Every command may run, and does nothing."""

    def title(self, command: str) -> str:
        return command

    def icon(self, _command: str) -> str:
        return ""

    def key(self, _command: str) -> str:
        return ""

    def is_enabled(self, _command: str) -> bool:
        return True

    def watch(self, _command: str, listener: Callable[[bool], None]) -> Callable[[], None]:
        listener(True)
        return lambda: None

    def run(self, command: str, **arguments: Any) -> None: ...

    def act(self, action: str) -> None: ...


class _Reporter:
    """A benchmark has nothing to report; what is reported is an error."""

    def report(self, level: str, text: str, detail: str = "") -> None:
        raise RuntimeError(f"{level}: {text} {detail}")


@functools.cache
def application() -> QApplication:
    """The application, dressed, without a screen, as the shell makes it."""
    make_signals_late()
    return dressed()


def dressed() -> QApplication:
    """The application with our style sheet, of PySide6 as it comes."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    made = QApplication.instance() or QApplication([])
    theme().apply(made)
    return made


@functools.cache
def theme() -> Theme:
    """The light theme."""
    return Theme("light")


def new_context() -> Context:
    """Surroundings of one window."""
    return Context(
        scope=Scope(),
        commands=_Commands(),
        reporter=_Reporter(),
        theme=theme(),
        tables={},
        open_table=lambda handle, _name: handle,
        read_file=lambda _path: None,
    )
