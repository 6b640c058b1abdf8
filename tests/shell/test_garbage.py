"""Garbage with widgets in it goes on the GUI thread, whichever thread makes objects."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from shell.garbage import Collector, collect
from widgets.handle_worker import Worker


class Ours(QWidget):
    """Widgets of Python classes are taken down on the thread that lets go of them."""


def on_destroyed(widget: QWidget, note: Callable[[str], None]) -> None:
    direct = Qt.ConnectionType.DirectConnection
    widget.destroyed.connect(lambda *_: note(threading.current_thread().name), direct)


def test_garbage_is_collected_on_the_gui_thread(qapp: object, wait_until: Callable[..., None]) -> None:
    names: list[str] = []
    widget = Ours()
    widget.itself = widget
    on_destroyed(widget, names.append)
    del widget
    thread = threading.Thread(target=lambda: [[] for _ in range(20_000)], name="busy")
    collector = Collector(qapp)
    thread.start()
    thread.join()
    assert not gc.isenabled() and not names
    generations = [[] for _ in range(2 * gc.get_threshold()[0])]
    collect()
    collector.deleteLater()
    assert generations and names == ["MainThread"]


def test_a_worker_lets_go_of_widgets_on_the_gui_thread(qapp: object, wait_until: Callable[..., None]) -> None:
    names: list[str] = []
    worker = Worker("reader")
    wait_here, go = threading.Event(), threading.Event()

    def ask() -> Callable[[], None]:
        widget = Ours()
        on_destroyed(widget, names.append)
        return worker.submit(lambda: wait_here.set() or go.wait(5), lambda _answer: widget.update())

    ask()
    cancel = ask()
    assert wait_here.wait(5)
    cancel()
    go.set()
    wait_until(lambda: len(names) == 2)
    worker.stop()
    worker.join(5)
    assert names == ["MainThread"] * 2
