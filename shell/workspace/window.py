"""What is kept of a window: which app's it is, where it stood, what had the focus, and its views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from shell import family
from shell.focus import ROW_KINDS, kind_of
from shell.workspace.view import keep_view, take_view, view_name

if TYPE_CHECKING:
    from shell.window import Window

#: Kinds of views that are shown again before the others, as those stand in them.
_FIRST = ("tabs", "search")


def keep_window(window: Window) -> dict[str, Any]:
    """Plain data of a window, as it stands now."""
    focus = window.focusWidget()
    views, focused = {}, ""
    for name, view in _views(window):
        if (data := keep_view(view)) is not None:
            views[name] = data
        if focus is not None and (view is focus or view.isAncestorOf(focus)):
            focused = name
    return {
        "target": target_of(window),
        "key": window.app.info.key,
        "index": family.key_of(window.layout_tree, window.index) if window.main is not None else "",
        "title": window.windowTitle(),
        "geometry": bytes(window.saveGeometry().toBase64()).decode("ascii"),
        "focus": focused,
        "views": views,
    }


def take_window(window: Window, record: dict[str, Any], *, is_placed: bool = True) -> None:
    """Show a window as it was kept.

    Args:
        window: Of the same app.
        record: What :func:`keep_window` answered.
        is_placed: Whether it goes to where it stood, too.
    """
    geometry, views = record.get("geometry"), record.get("views")
    if is_placed and isinstance(geometry, str):
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "replace")))
    kept = views if isinstance(views, dict) else {}
    for is_first in (True, False):  # the pages of tabs are built when they are shown
        for name, view in list(_views(window)):
            if isinstance(kept.get(name), dict) and (kind_of(view) in _FIRST) == is_first:
                take_view(view, kept[name])
    focused = next((view for name, view in _views(window) if name == record.get("focus")), None)
    if focused is not None and focused.isVisibleTo(window):
        from shell.focus_order import enter

        if focused.focusPolicy() == Qt.FocusPolicy.NoFocus:
            enter(focused)
        else:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)


def is_of(window: Window, record: dict[str, Any]) -> bool:
    """Whether a record is of this window."""
    index = family.key_of(window.layout_tree, window.index) if window.main is not None else ""
    return (record.get("key"), record.get("index")) == (window.app.info.key, index)


def target_of(window: Window) -> str:
    """What opens the window's app."""
    main = window.main or window
    return main.target or main.session.name


def typed_in(window: Window) -> list[str]:
    """What is typed in its lists and forms and not written yet, in words."""
    from shell.unwritten import lines_of

    return [line for _, view in _views(window) if kind_of(view) in ROW_KINDS and view.has_edits()
            for line in lines_of(view)]  # fmt: skip


def _views(window: Window) -> Iterator[tuple[str, QWidget]]:
    """The views of a window by what they are kept under; the first of two of the same name."""
    seen: set[str] = set()
    for view in window.context.built if window.context is not None else ():
        if view is not None and isValid(view) and (name := view_name(view)) and name not in seen:
            seen.add(name)
            yield name, view
