"""Showing a newer version of an app: read and built whole first, swapped in then; else the old one stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.error import EspalierError

if TYPE_CHECKING:
    from shell.window import Window


def reload_window(window: Window) -> None:
    """Read the app's layout again and show it; on an error the last good widgets stay and the error is told."""
    before = window.shown_version
    try:
        layout = window.session.load_layout()
        window.show_layout(layout)
    except EspalierError as error:
        _tell(window, error)
        return
    window.session.layout = layout
    version = window.shown_version
    text = f"Updated to version {version}" if version and version != before else "The app was read again"
    window.messages.report("success", text)


def _tell(window: Window, error: EspalierError) -> None:
    problems = list(getattr(error, "problems", None) or [error])
    if window.layout_tree.windows:
        detail = "\n".join(f"{getattr(one, 'where', '')} {getattr(one, 'message', one)}".strip() for one in problems)
        window.messages.report("error", "The newer version cannot be shown; this is the last good one", detail)
        return
    window.show_problem("This app cannot be shown", problems)
