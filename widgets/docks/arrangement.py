"""Where the docks stand: as the layout says, as a person left them, and behind each other where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt, QTimer

if TYPE_CHECKING:
    from widgets.docks.dock import Dock
    from widgets.docks.docks import Docks

#: Changes when what is remembered means something else.
_VERSION = 1
#: Narrower than this, in pixels at 100 %, docks have no room beside the centre.
_NARROW = 640
#: Width and height of a dock that says none, in pixels at 100 %.
_WIDTH, _HEIGHT = 280, 200
_ACROSS = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)


class Arrangement:
    """Of one ``docks``.

    What is remembered is Qt's own state by the docks' names: those that a newer layout has no more are left out of
    it, those that it has besides stand where it says.
    """

    def __init__(self, docks: Docks) -> None:
        self._docks = docks
        self._name = f"docks:{docks.key}"
        self._begun = False
        #: While docks are put somewhere by us, nothing is kept of it.
        self._is_moving = False
        self._is_due = False
        #: Whether docks stand behind each other for want of room.
        self.is_narrow = False

    def begin(self) -> None:
        """The room is known: take the sizes of the layout, then what is remembered."""
        self._begun = True
        self._as_kept()
        # Docks go behind each other only once Qt has laid them out where they are.
        QTimer.singleShot(0, self._docks, self.take_room)

    def end(self) -> None:
        """Remember nothing more; what was still to be remembered is, now."""
        if self._is_due:
            self._keep()
        self._begun = False

    def reset(self) -> None:
        """Forget what is remembered; all docks as the layout has them."""
        self.is_narrow = False
        self._docks.context.remember(self._name, None)
        self._as_written()
        self.take_room()

    def add(self, dock: Dock) -> None:
        """A dock that the layout has; a new one in a window that is shown takes its place at once."""
        self._put(dock)
        if self._begun:
            self._size([dock])

    def take(self, dock: Dock, what: str) -> None:
        """A newer layout says something else of a dock."""
        if not self._begun and what != "open":
            return
        if what == "open":
            self.show_as_kept(dock)
        elif what == "room":
            self._size([dock])
        else:
            self._put(dock)

    def show_as_kept(self, dock: Dock) -> None:
        """Show or hide it as the layout says."""
        dock.setVisible(dock.is_wanted and dock.is_open)

    def keep_soon(self, *_: Any) -> None:
        """Remember where the docks stand, once what happens now is over."""
        if self._begun and not self._is_moving and not self._is_due and not self.is_narrow:
            self._is_due = True
            QTimer.singleShot(0, self._docks, self._keep)

    def _keep(self) -> None:
        self._is_due = False
        if self._begun and not self._is_moving and not self.is_narrow and self._docks.isVisible():
            self._remember(self._docks.saveState(_VERSION))

    def _remember(self, state: QByteArray) -> None:
        text = bytes(state.toBase64()).decode("ascii")
        self._docks.context.remember(self._name, {"state": text, "is_mirrored": self._docks.isRightToLeft()})

    def take_room(self) -> None:
        """Docks at the sides go behind each other below the centre in a narrow window, and back in a wide one."""
        if not self._begun:
            return
        docks = self._docks
        is_narrow = docks.width() < _NARROW * docks.context.theme.text_size
        if is_narrow == self.is_narrow:
            return
        if is_narrow and self._is_due:
            self._keep()
        self.is_narrow = is_narrow
        if is_narrow:
            self._moving(self._stack)
        else:
            self._is_moving = True  # until then nothing is to be remembered
            QTimer.singleShot(0, docks, self._widen)

    def _widen(self) -> None:
        """There is room again, and Qt knows how much."""
        self._is_moving = False
        if self._begun and not self.is_narrow:
            self._as_kept()

    def _stack(self) -> None:
        docks = self._docks
        before: Dock | None = None
        for dock in docks.docks():
            if dock.isFloating() or dock.isHidden():
                continue
            if before is None:
                docks.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
            else:
                docks.tabifyDockWidget(before, dock)
            before = before or dock
        if before is not None:
            QTimer.singleShot(0, before, before.raise_)  # the tabs are made in the next turn
            docks.resizeDocks([before], [docks.height() // 2], Qt.Orientation.Vertical)

    def _as_kept(self) -> None:
        """As a person left them last; as the layout has them where that is not known, or for the other direction."""
        self._as_written()
        kept = self._docks.context.recall(self._name)
        if isinstance(kept, dict) and kept.get("is_mirrored") == self._docks.isRightToLeft():
            self._restore(_bytes(kept.get("state")))

    def _restore(self, state: QByteArray | None) -> None:
        if state is None or state.isEmpty():
            return
        self._moving(lambda: self._docks.restoreState(state, _VERSION))
        for dock in self._docks.docks():
            if dock.isHidden() and not dock.is_closable:
                dock.show()

    def _as_written(self) -> None:
        docks = self._docks.docks()

        def put() -> None:
            for dock in docks:
                dock.setFloating(False)
                self._docks.removeDockWidget(dock)
            for dock in docks:
                self._put(dock)

        self._moving(put)
        self._size(docks)

    def _put(self, dock: Dock) -> None:
        """To its side, behind the dock before it where the layout says so."""
        docks = self._docks
        area = docks.area_of(dock)
        before = _before(docks.docks(), dock) if dock.is_tabbed else None
        if before is not None and docks.dockWidgetArea(before) == area and not before.isFloating():
            docks.tabifyDockWidget(before, dock)
            QTimer.singleShot(0, before, before.raise_)
        else:
            docks.addDockWidget(area, dock)
        self.show_as_kept(dock)

    def _size(self, docks: list[Dock]) -> None:
        scale = self._docks.context.theme.text_size
        for orientation, is_across, own in (
            (Qt.Orientation.Horizontal, True, _WIDTH),
            (Qt.Orientation.Vertical, False, _HEIGHT),
        ):
            found = [one for one in docks if (self._docks.dockWidgetArea(one) in _ACROSS) is is_across]
            if found:
                self._docks.resizeDocks(found, [round((one.room or own) * scale) for one in found], orientation)

    def _moving(self, act: Any) -> None:
        self._is_moving = True
        try:
            act()
        finally:
            self._is_moving = False


def _before(docks: list[Dock], dock: Dock) -> Dock | None:
    """The dock before one on its side."""
    ahead = docks[: docks.index(dock)] if dock in docks else docks
    return next((one for one in reversed(ahead) if one.side == dock.side), None)


def _bytes(text: Any) -> QByteArray | None:
    return QByteArray.fromBase64(text.encode("ascii", "replace")) if isinstance(text, str) else None
