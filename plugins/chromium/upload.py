"""The files that a page gets: Chromium reads them in this process, so none that is open as a database is among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWebEngineCore import QWebEnginePage

from plugins.api import has_databases, is_open_database, names_to_open, say

_Mode = QWebEnginePage.FileSelectionMode


def files_for(
    page: Any, mode: Any, ask_usually: Callable[[], Sequence[str]], refuse: Callable[[str], object]
) -> list[str]:
    """The names of the files that the person chooses for a page.

    Args:
        page: Asks for them; its parent is what shows it.
        mode: One file, several, a folder.
        ask_usually: Qt's own dialog, which knows what the page accepts and looks into files.
        refuse: Told of a file that is left out.
    """
    if mode not in (_Mode.FileSelectOpen, _Mode.FileSelectOpenMultiple) or not has_databases():
        return list(ask_usually())
    names = names_to_open(page.parent(), say("Choose a file"))
    for name in names:
        if is_open_database(name):
            refuse(say("{path} is a database that is open", path=name))
    found = [name for name in names if not is_open_database(name)]
    return found[:1] if mode == _Mode.FileSelectOpen else found
