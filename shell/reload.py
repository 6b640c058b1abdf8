"""Showing a newer version of an app: read and built whole first, swapped in then; else the old one stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.error import EspalierError
from shell.focus import has_edits

if TYPE_CHECKING:
    from shell.window import Window


def reload_window(window: Window, *, is_release: bool = False) -> None:
    """Read the app's layout again and show it; on an error the last good widgets stay and the error is told.

    Args:
        window: Shows the app.
        is_release: Whether a newer release came, rather than that a person asked.
    """
    if has_edits(window):
        asked, came = "Some edits are not written yet; write them", "A newer version is ready; write your edits"
        text = f"{came if is_release else asked} or take them back, then reload"
        window.messages.report("info", f"{text} ({window.registry.key('app.reload')})")
        return
    before = window.shown_version
    try:
        layout = window.session.load_layout()
        window.show_layout(layout)
    except EspalierError as error:
        _tell(window, error)
        return
    window.session.layout = layout
    version = window.shown_version
    window.messages.report("success", _sentence(version, before, is_release))


def _sentence(version: str, before: str, is_release: bool) -> str:
    if version and version != before:
        return f"Updated to version {version}"
    return "Updated to what was published last" if is_release else "The app was read again"


def _tell(window: Window, error: EspalierError) -> None:
    problems = list(getattr(error, "problems", None) or [error])
    if window.layout_tree.windows:
        detail = "\n".join(f"{getattr(one, 'where', '')} {getattr(one, 'message', one)}".strip() for one in problems)
        window.messages.report("error", "The newer version cannot be shown; this is the last good one", detail)
        return
    window.show_problem("This app cannot be shown", problems)
