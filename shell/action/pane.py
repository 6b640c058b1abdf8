"""Commands that show a view alone, or once more beside the others."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtWidgets import QApplication

from kernel.error import EspalierError
from kernel.words import say


def toggle_zoom(window: Any) -> None:
    """Fill the window with the view that the person is in, or show all of it again."""
    from shell.zoom import end, zoom, zoomed

    if zoomed(window) is not None:
        end(window)
        return
    zoom(window, _here(window))


def split(window: Any, side: Literal["right", "below"]) -> None:
    """Show the view that the person is in once more."""
    from shell.panes import panes_of
    from shell.zoom import end

    view = _here(window)
    end(window)
    panes_of(window).split(view, side)


def close(window: Any) -> None:
    """Close the second view that the person is in, else the last one that was opened."""
    from shell.panes import panes_of

    panes = panes_of(window)
    if not panes.panes:
        raise EspalierError(say("there is no second view"), hint=say("view.split opens one"))
    panes.close(panes.around(QApplication.focusWidget()) or panes.panes[-1])


def move(window: Any, step: int) -> None:
    """Put the second view that the person is in one place on, or back with -1."""
    from shell.panes import panes_of

    panes = panes_of(window)
    pane = panes.around(QApplication.focusWidget())
    if pane is None:
        raise EspalierError(say("go into a second view first"), hint=say("view.split opens one"))
    panes.move(pane, step)


def _here(window: Any) -> Any:
    """The view that the person is in, else the one that they were in last."""
    from shell.place.place import VIEW_KINDS, view_around

    view = view_around(window, window.focusWidget())
    if view is None or view.node.kind not in VIEW_KINDS:
        view = window.active_view()
    if view is None:
        raise EspalierError(say("go into a view first"))
    return view
