"""Shows windows and runs the user interface; without a screen it draws the window into a picture instead."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kernel.disposer import Disposers
from kernel.quick_enum import quick_enums
from shell.bytecode import bytecode
from shell.display import has_display, start_virtual_display
from shell.qt import load_descriptions
from shell.session import Session

_displays = Disposers()
#: Milliseconds after a window was opened in which it has better things to do.
_QUIET_MS = 3000


def show(session: Session) -> None:
    """Open a window of the session, or use the one that waits; on a machine without a screen under a virtual one."""
    if session.waiting is not None:
        window, session.waiting = session.waiting, None
        window.adopt()
        return
    if not has_display(os.environ):
        _displays.add(start_virtual_display(os.environ))
        if not session.given.picture:
            session.given = session.given._replace(picture=str(_picture_path(session)))
            print(f"No display here: the window is drawn into {session.given.picture}", flush=True)
    # A start makes objects that stay; looking through them for garbage would take 10 ms of it. See shell/garbage.py.
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        session.windows.append(_open(session))
    except BaseException:
        if was_collecting:
            gc.enable()
        raise


def _open(session: Session) -> Any:
    from shell.qt import import_qt, make_application

    import_qt()
    from shell.plugin_import import take_imports

    take_imports()
    if session.is_program and not session.given.picture and not session.windows:
        # Before a window can be seen: who sees it may want to end it.
        _end_on_signals(make_application())
    if session.given.picture:
        from shell.offscreen import drop_note

        drop_note()
    with quick_enums():
        from shell.window import open_window

        return open_window(session)


def run_loop(session: Session) -> int:
    """Run until the last window is closed, or the picture is made; answers the exit code."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    try:
        if session.given.picture:
            from shell.picture import take_picture

            take_picture(session.windows[0], Path(session.given.picture))
            for window in session.windows:
                window.close()
            return 0
        _do_when_quiet(application, session)
        gc.freeze()  # what a start made stays: looking through it takes 20 ms
        return application.exec()
    finally:
        bytecode.note()
        session.windows.clear()
        _displays()


def _do_when_quiet(application: Any, session: Session) -> None:
    """What no window waits for: Qt's descriptions of signatures, and a process for the next start."""
    from PySide6.QtCore import QTimer

    def act() -> None:
        from shell.garbage import keep_all
        from shell.places import sweep_behind
        from shell.ready.keep import keep_ready

        keep_ready(session.config)
        sweep_behind(session.places)
        if session.windows and session.windows[0].app.info.key == "home":
            from shell.login_offer import offer_login

            offer_login(session.windows[0])
        if session.config["updates.shell"] and session.windows:
            from shell.version_update import update_behind

            update_behind(session, session.windows[0])
        _load_one(load_descriptions())
        keep_all()

    def _load_one(descriptions: Iterator[None]) -> None:
        for _ in descriptions:
            QTimer.singleShot(0, application, lambda: _load_one(descriptions))
            return

    QTimer.singleShot(_QUIET_MS, application, act)


def _picture_path(session: Session) -> Path:
    name = session.app.info.key if session.app is not None else "window"
    return session.config.paths.state / "pictures" / f"{name.replace('/', '_')}.png"


def _end_on_signals(application: Any) -> None:
    """SIGINT closes the windows as a person would, SIGTERM without a question; Python needs a turn to hear them."""
    import _signal as signal  # the module itself takes milliseconds to dress its numbers up

    from PySide6.QtCore import QSocketNotifier

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        # NOTE: Python runs this between any two of its instructions, in the middle of building a window too, where an
        # exception would be lost in one of Qt's calls; what closes windows waits for the event loop.
        signal.signal(number, lambda *_: None)

    def close(*_: object) -> None:
        if signal.SIGTERM not in os.read(reading, 64):
            application.closeAllWindows()
            return
        from shell.closing import end_all

        end_all(application)

    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read, application)
    notifier.activated.connect(close)
