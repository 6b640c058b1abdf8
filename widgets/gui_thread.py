"""The way back to the GUI thread: any thread hands a callable over, and it is called there.

NOTE: No other thread may emit a signal of a widget or of what belongs to one: it may be taken down at that moment. The
one object here lives as long as the application, and nothing is handed over once Python ends.

NOTE: Whoever lets go of a widget last takes it down, on his thread. So no other thread may keep one alive, not even
while it calls a listener: what it is given to call is made by :func:`listener`.
"""

from __future__ import annotations

import atexit
import threading
import weakref
from collections.abc import Callable
from typing import Any

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
#: What came too late; let go of when nothing runs any more, and not on the thread that brought it.
_late: list[Callable[[], object]] = []


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
        else:
            _late.append(callback)


def call(callback: Callable[[], object], to: QObject | None = None) -> None:
    """Call ``callback`` at once when this is the GUI thread, else :func:`hand` it over."""
    if _relay is None or _relay.thread_id != threading.get_ident():
        hand(callback, to)
    elif to is None or isValid(to):
        callback()


def listener(
    method: Callable[..., object], bring: Callable[[Callable[[], object]], None] = hand
) -> Callable[..., None]:
    """A callable for any thread that calls ``method`` on the GUI thread, and does not keep its object alive.

    Args:
        method: A method of an object of the GUI thread; not called when that was let go of or taken down meanwhile.
        bring: :func:`hand`, or :func:`call`.
    """
    # NOTE: looked up on the GUI thread alone, or the looking thread would keep the object for a moment.
    found = weakref.WeakMethod(method)

    def tell(*arguments: Any) -> None:
        bring(lambda: _tell(found, arguments))

    return tell


def _tell(found: weakref.WeakMethod[Callable[..., object]], arguments: tuple[Any, ...]) -> None:
    method = found()
    to: Any = getattr(method, "__self__", None)
    if method is not None and (not isinstance(to, QObject) or isValid(to)):
        method(*arguments)


@atexit.register
def _end() -> None:
    global _is_over
    with _lock:
        _is_over = True
