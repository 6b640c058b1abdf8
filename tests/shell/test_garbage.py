"""Garbage with widgets in it goes on the GUI thread, whichever thread makes objects."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from shell.garbage import LOOK_MS, SOON_MS, Collector, keep_all, let_go
from tests.waiting import PATIENCE_S
from widgets.handle_worker import Worker


class Ours(QWidget):
    """Widgets of Python classes are taken down on the thread that lets go of them."""


def make_circles(count: int) -> None:
    """Make what nobody holds and only a collection finds."""
    for _ in range(count):
        circle: list[object] = []
        circle.append(circle)


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
    collector.look()
    collector.deleteLater()
    assert generations and names == ["MainThread"]


def test_a_worker_lets_go_of_widgets_on_the_gui_thread(qapp: object, wait_until: Callable[..., None]) -> None:
    names: list[str] = []
    worker = Worker("reader")
    wait_here, go = threading.Event(), threading.Event()

    def ask() -> Callable[[], None]:
        widget = Ours()
        on_destroyed(widget, names.append)
        return worker.submit(lambda: wait_here.set() or go.wait(PATIENCE_S), lambda _answer: widget.update())

    ask()
    cancel = ask()
    assert wait_here.wait(PATIENCE_S)
    cancel()
    go.set()
    wait_until(lambda: len(names) == 2)
    worker.stop()
    worker.join(PATIENCE_S)
    assert names == ["MainThread"] * 2


def test_much_garbage_is_looked_for_soon_and_old_objects_only_when_there_are_more(qapp: object) -> None:
    looked_at: list[int] = []
    collector = Collector(qapp)

    def hear(phase: str, facts: dict[str, int]) -> None:
        looked_at.extend([facts["generation"]] if phase == "start" else [])

    gc.callbacks.append(hear)
    try:
        for _ in range(300):
            make_circles(gc.get_threshold()[0] + 1)
            collector.look()
        assert looked_at.count(2) == 1, "nothing stayed that would make it worth another time"
        assert looked_at.count(0) > looked_at.count(1) > 1
        many = [[] for _ in range(20_000)]
        collector.look()
        assert many and collector.findChild(QTimer).interval() == SOON_MS
        collector.look()
        assert collector.findChild(QTimer).interval() == LOOK_MS
    finally:
        gc.callbacks.remove(hear)
        collector.deleteLater()


def test_what_a_start_made_is_looked_through_again_when_its_window_has_gone(qapp: object) -> None:
    keep_all()
    assert gc.get_freeze_count() > 0
    let_go()
    assert gc.get_freeze_count() == 0
