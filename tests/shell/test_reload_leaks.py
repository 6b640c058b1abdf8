"""Many newer layouts in one window: what there is of widgets, timers, watches, tables and objects does not grow.

``RELOADS=1000`` in the environment shows as many, which takes minutes.
"""

from __future__ import annotations

import gc
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from PySide6.QtCore import SIGNAL, QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from layouts.load import load_layout
from layouts.node import Layout
from shell import desk as desk_module
from shell.reload import show_newer
from tests.shell.test_live import LAYOUT, Place

WaitUntil = Callable[..., None]
Show = Callable[[Any, Layout], object]
#: How many layouts are shown until it is counted again; an even number, for there are two.
RELOADS = int(os.environ.get("RELOADS", "40"))
#: How many before it is counted first: what is made once is made then.
FIRST = 6
#: Kinds of objects that come and go by themselves: what is prepared for painting.
_UNSTEADY = ("widgets.grid.cell_plan.", "PySide6.QtGui.QPen", "PySide6.QtGui.QColor", "PySide6.QtGui.QBrush")
_ROOMS = ("PySide6.", "kernel.", "layouts.", "shell.", "widgets.")
#: What differs from the first layout: other kinds, structures, a table behind another name, commands, styles, timers.
OTHER = """layout 1 title="Shop, other"
table items source="items" sort="-id"
table dear source="items" filter="price > 400"
style label color=muted
command shop.greet title="Greet all" key="Ctrl+G" run="hello:greet"
command shop.more title="More" key="Ctrl+M" when="many" run="hello:greet"
window {
    state many #true
    menubar { menu "Shop" { item command=shop.more; item command=shop.greet } }
    toolbar { button command=shop.more icon=add; button command=shop.greet }
    row { search id=look placeholder="Look"; input many; button command=shop.more }
    list dear id=view { on current-changed "app.reload" }
    if "many" { label "There are {dear.count}" }
    else { label "few" }
    timer "5 s" run="many = not many"
    watch "dear.count" run="many = True"
    label "Items: {items.count}" id=words style=heading icon=search
    split id=halves {
        group "One" { label "{view.current.name}"; context-menu { item command=shop.more } }
        progress 0.4
    }
    tabs id=pages { tab "Two" { label "second" }; tab "Three" { label "third" } }
    dialog about title="About" { label "words" }
}
"""


@pytest.fixture(scope="module")
def place(qapp: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    before, desk_module._DESKS = desk_module._DESKS, {}
    folder: Path = tmp_path_factory.mktemp("leaks")
    made = Place(folder / "shop", folder / "home")
    yield made
    made.developing.stop()
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            window.close()
    made.session.close()
    desk_module._DESKS = before


def _read(text: str) -> Layout:
    return load_layout("main.kdl", {"main.kdl": text.encode(), "hello.py": b"def greet(app): ..."}.get)


def _collect() -> None:
    """Let go of what nobody holds."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def _of_qt(window: Any) -> Counter[str]:
    """How much there is of what Qt and the window hold.

    NOTE: looking makes objects of Python, which stay with the window; they are counted before.
    """
    _collect()
    return Counter({
        "widgets": len(window.findChildren(QWidget)),
        "objects": len(window.findChildren(QObject)),
        "timers": len(window.findChildren(QTimer)),
        "who hears the theme": window.theme.receivers(SIGNAL("changed()")),
        "who hears the focus": QApplication.instance().receivers(SIGNAL("focusChanged(QWidget*,QWidget*)")),
        "who hears the table": window.context.tables["items"].receivers(SIGNAL("changed(PyObject)")),
        "built": len(window.context.built),
        "named": len(window.context.widgets),
        "watched commands": sum(map(len, window.registry._watchers.values())),
        "threads": sum(one.name.startswith("table ") for one in threading.enumerate()),
    })


def _of_python() -> Counter[str]:
    """Kind → how many objects there are of it, for functions the function that made them."""
    _collect()
    kinds: Counter[str] = Counter()
    for one in gc.get_objects():
        kind: Any = one if type(one) is FunctionType else type(one)
        kinds[f"{kind.__module__}.{kind.__qualname__}"] += 1
    return Counter({name: n for name, n in kinds.items() if name.startswith(_ROOMS) and not name.startswith(_UNSTEADY)})


def _grown(before: Counter[str], now: Counter[str]) -> dict[str, int]:
    """The kinds of which there is another one for every fourth layout at least; a few come and go with the focus."""
    return {name: more for name, more in (now - before).items() if more >= RELOADS // 4}


def _patch(window: Any, layout: Layout) -> None:
    show_newer(window, layout, set())


def _build_anew(window: Any, layout: Layout) -> None:
    window.show_layout(layout)
    window.session.layout = layout


def _is_settled(place: Place) -> bool:
    """Whether the first layout shows its rows and has its fields, and nothing is asked."""
    if "editor" not in place.window.context.widgets or place.words() != "Items: 500":
        return False
    fields, rows = place.widget("editor").fields, place.widget("view").rows
    are_built = bool(fields) and all(field.editor is not None for field in fields)
    return are_built and rows.is_showing and not rows.is_awaited and not rows.handle.is_busy


@pytest.mark.parametrize("show", [_patch, _build_anew])
def test_many_newer_layouts_leave_nothing_behind(place: Place, wait_until: WaitUntil, show: Show) -> None:
    window, layouts = place.window, (_read(LAYOUT), _read(OTHER))

    def show_many(count: int) -> None:
        for number in range(1, count + 1):
            show(window, layouts[number % 2])
            QApplication.processEvents()
        wait_until(lambda: _is_settled(place))

    show_many(FIRST)
    of_qt = _of_qt(window)
    show_many(FIRST)
    of_python = _of_python()
    show_many(RELOADS)
    wait_until(lambda: not _grown(of_python, _of_python()))
    wait_until(lambda: not _grown(of_qt, _of_qt(window)))
    assert [message.text for message in window.messages.shown] == []
