"""The way back to the GUI thread: any thread hands a callable over, and it is called there.

NOTE: No other thread may emit a signal of a widget or of what belongs to one: it may be taken down at that moment. The
one object here lives as long as the application, and nothing is handed over once Python ends.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid


class _Relay(QObject):
    _handed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.thread_id = threading.get_ident()
        self._handed.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def hand(self, callback: Callable[[], object]) -> None:
        self._handed.emit(callback)

    @Slot(object)
    def _call(self, callback: Callable[[], object]) -> None:
        callback()


# Reentrant: a collection of garbage may run in the middle of handing over, and what goes may hand over as well.
_lock = threading.RLock()
_relay: _Relay | None = None
_is_over = False


def prepare() -> None:
    """Call this on the GUI thread before other threads hand anything over."""
    global _relay
    if _relay is None:
        _relay = _Relay()


def hand(callback: Callable[[], object], to: QObject | None = None) -> None:
    """Call ``callback`` on the GUI thread when that is back in its event loop.

    Args:
        callback: Never called when Python ends before.
        to: What it is about; it is not called when that was taken down meanwhile.
    """
    with _lock:
        if _relay is not None and not _is_over:
            _relay.hand(callback if to is None else lambda: callback() if isValid(to) else None)


def call(callback: Callable[[], object], to: QObject | None = None) -> None:
    """Call ``callback`` at once when this is the GUI thread, else :func:`hand` it over."""
    if _relay is None or _relay.thread_id != threading.get_ident():
        hand(callback, to)
    elif to is None or isValid(to):
        callback()


@atexit.register
def _end() -> None:
    global _is_over
    with _lock:
        _is_over = True
