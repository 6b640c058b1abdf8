"""What a window keeps for its next run: values of its widgets, and where it was.

The values are in ``state``; here is when they are written, and the geometry. A state that cannot be written or read
is told and never an obstacle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QTimer

from kernel.words import say

if TYPE_CHECKING:
    from shell.window import Window

_SAVE_AFTER_MS = 800
#: Width and height of a window whose layout asks for none, in pixels.
_SIZE = (1180, 760)


class Remembering:
    """Keeps and restores one window's ``state``."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._timer: QTimer | None = None

    def remember(self, name: str, value: Any) -> None:
        """Keep a JSON value for the next run; written a moment later."""
        self._window.state.remember(name, value)
        if self._timer is None:
            self._timer = QTimer(self._window)
            self._timer.setSingleShot(True)
            self._timer.setInterval(_SAVE_AFTER_MS)
            self._timer.timeout.connect(self.save)
        if not self._timer.isActive():  # what goes on changing is written meanwhile
            self._timer.start()

    def save(self) -> None:
        """Write what is to be kept, now."""
        try:
            self._window.state.save()
        except OSError as error:
            self._window.desk.log("warning", f"the window's state could not be written: {error}", "")

    def restore_geometry(self) -> None:
        """Put the window where it was, else give it the size that its layout asks for."""
        window = self._window
        nodes = window.layout_tree.windows if window.layout_tree else []
        node = nodes[min(window.index, len(nodes) - 1)] if nodes else None
        width, height = (node.get("width", _SIZE[0]), node.get("height", _SIZE[1])) if node else _SIZE
        window.resize(int(width), int(height))
        wants_old = window.session.config["ui.restore"] and not self._is_for_picture()
        geometry = window.state.recall(self._geometry_name()) if wants_old else None
        if isinstance(geometry, str):
            window.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "replace")))
        if window.state.problem:
            text = say("What this window remembered is damaged and was left out")
            window.messages.report("warning", text, window.state.problem)

    def save_geometry(self) -> None:
        """Keep where the window is."""
        if self._is_for_picture():
            return
        geometry = bytes(self._window.saveGeometry().toBase64()).decode("ascii")
        self._window.state.remember(self._geometry_name(), geometry)
        self.save()

    def _geometry_name(self) -> str:
        """The main window's; the others have theirs by their id, or their place in the layout."""
        window = self._window
        nodes = window.layout_tree.windows if window.layout_tree else []
        key = nodes[window.index].id if window.index < len(nodes) else ""
        return f"window.geometry:{key or window.index}" if window.index else "window.geometry"

    def _is_for_picture(self) -> bool:
        """Whether nobody will use the window: it is drawn into a file, at its own size."""
        return bool(getattr(getattr(self._window.session, "given", None), "picture", ""))
