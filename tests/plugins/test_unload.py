"""Unloading a plugin leaves nothing of it: counted for every built-in one, and for one that registers all it can."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from plugins.registry import Plugin, find_plugins
from tests.plugins.test_failing import Place, place  # noqa: F401

#: What a plugin can leave behind: everything that this one makes.
GREEDY = """import socket
import threading

from PySide6.QtCore import QTimer, Qt
from PySide6.QtWidgets import QLabel, QWidget

from plugins.api import at_unload, watch_option

_stop = threading.Event()
_thread = threading.Thread(target=_stop.wait, name="toygreedy")
_thread.start()
_sockets = socket.socketpair()


def _end():
    _stop.set()
    _thread.join()
    for one in _sockets:
        one.close()


at_unload("toygreedy", _end)


class View(QWidget):
    def __init__(self, node, context, parent):
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        QLabel("inside", self)
        timer = QTimer(self)
        timer.timeout.connect(self.update)
        timer.start(10)
        context.theme.changed.connect(self.update)
        self._stop = watch_option("toygreedy.speed", lambda value: None)

    def set_value(self, value): ...


def do(workplace):
    workplace.message("info", "done")


def tables():
    return {}
"""
MORE = """
[sources.toygreedy]
doc = "None."
loader = "view:tables"
[[options]]
name = "speed"
type = "integer"
default = 3
doc = "How fast."
"""


@pytest.fixture(autouse=True, scope="module")
def tidied(qapp: Any) -> None:
    """What windows of other tests have left goes first: it would import again what is unloaded."""
    gc.unfreeze()
    tidy()
    gc.freeze()


def tidy() -> None:
    """Do what was put off, and collect."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    for _ in range(2):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()


class Count:
    """What there is of everything that a plugin can leave behind."""

    def __init__(self, window: Any, package: str) -> None:
        self.window, self.package = window, package
        self.has_files = sys.platform.startswith("linux") and package.split(".")[1] not in BUSY

    def now(self) -> Counter[str]:
        """Counted when all is done that was put off; garbage is collected first."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from kernel.tables.source import KINDS
        from plugins.options import values
        from shell.kinds import plugin_set

        tidy()
        window, config = self.window, self.window.session.config
        return Counter(
            widgets=len(QApplication.allWidgets()),
            timers=len(window.body.findChildren(QTimer)),
            threads=threading.active_count(),
            files=len(os.listdir("/proc/self/fd")) if self.has_files else 0,
            listeners=window.theme.receivers("2changed()"),
            followers=len(values),
            modules=sum(name.startswith(self.package) for name in list(sys.modules)),
            commands=len(list(window.registry)),
            keys=len(list(window.registry.keymap)),
            kinds=len(plugin_set(config).kinds),
            sources=len(KINDS),
            options=len(config.options),
            disposers=len(window.context.disposers),
        )


#: How often a plugin is loaded and unloaded at most until nothing grows; what leaks grows each time.
MOST_TURNS = 6


def check(window: Any, plugin: Plugin) -> tuple[Counter[str], Counter[str]]:
    """Load and unload it: nothing grows from one time to the next, and nothing that can be named is left.

    Returns:
        What was counted when it was loaded last, and when it was unloaded then.
    """
    from shell.plugin_life import load

    count, gone = Count(window, f"{plugin.package}."), []
    window.session.config.complete()
    for turn in range(MOST_TURNS):
        loaded, now = turned(count, plugin)
        gone.append(now)
        plugin = load(plugin)
        # Threads of tests before this one may end meanwhile, so that there may be less.
        if turn >= 2 and all(now[name] <= gone[-2][name] for name in now):
            return loaded, now
    pytest.fail(f"{plugin.id} leaves more each time: {[dict(one) for one in gone]}")


def turned(count: Count, plugin: Plugin) -> tuple[Counter[str], Counter[str]]:
    """What is counted while a plugin is loaded, and behind its unloading."""
    from shell.kinds import offer_sources
    from shell.plugin_life import unload

    offer_sources(count.window.session.config)
    loaded = count.now()
    unload(plugin)
    gone = count.now()
    # A source that is open goes on until its window is closed, and imports what it needs for that.
    assert gone["modules"] == 0 or count.window.app.info.sources
    offered = {"commands": plugin.manifest.commands, "kinds": plugin.manifest.kinds,
               "sources": plugin.manifest.sources, "options": plugin.manifest.options}  # fmt: skip
    for name, rows in offered.items():
        assert loaded[name] - gone[name] == len(rows), name
    assert loaded["keys"] - gone["keys"] <= sum(len(command.keys) for command in plugin.manifest.commands)
    return loaded, gone


@pytest.mark.usefixtures("qapp")
def test_what_a_plugin_can_register_is_undone(place: Place) -> None:  # noqa: F811
    from plugins.options import values

    others = len(values)  # those of plugins that other tests use
    place.write("toygreedy", GREEDY, MORE)
    manifest = place.folder / "own" / "toygreedy" / "plugin.toml"
    manifest.write_text(manifest.read_text().replace('doc = "Does it."', 'doc = "Does it."\nkeys = ["Ctrl+Alt+G"]'))
    window = place.open("toygreedy 1 id=one\n tabs { tab \"A\" { toygreedy 2 } }\n label \"x\"")
    window.registry.show_keys()
    from shell.kinds import plugin_set

    plugin = plugin_set(window.session.config).get("toygreedy")
    assert "plugins.toygreedy.view" in sys.modules and "toygreedy" in {one.name for one in threading.enumerate()}
    loaded, gone = check(window, plugin)
    lost = {name for name in loaded if loaded[name] > gone[name]}
    assert lost >= {"timers", "threads", "files", "followers", "modules", "commands", "keys", "kinds", "sources",
                    "options"}  # fmt: skip
    assert gone["followers"] == others


#: Plugin → the head of a layout, what its window shows of it, the source of its tables.
SHOWN = {
    "bluetooth": ("table bluetooth", "grid bluetooth", '[sources.radio]\nkind = "bluetooth"\n'),
    "chart": ("table orders", 'chart orders group="month(placed)" value="count"', ""),
    "chromium": ("", 'web "about:blank"', ""),
    "git": ("table log", "git-log log", '[sources.repository]\nkind = "git"\npath = "repository"\n'),
    "vlc": ("table players", 'video "nothing.mp4"', '[sources.playing]\nkind = "players"\n'),
    "wifi": ("table wifi", "grid wifi", '[sources.radio]\nkind = "wifi"\n'),
    "scintilla": ("", 'state draft "text"\n editor draft label="Draft"', ""),
}
#: Plugins whose libraries open files whenever they like.
BUSY = frozenset({"chromium"})


@pytest.mark.parametrize("plugin", [one for one in find_plugins() if one.id in SHOWN], ids=lambda one: one.id)
def test_a_built_in_plugin_leaves_nothing(place: Place, plugin: Plugin) -> None:  # noqa: F811
    """A view of it, its commands, keys, options and sources."""
    from shell.plugin_life import load

    head, body, place.sources = SHOWN[plugin.id]
    if "repository" in place.sources:
        import pygit2

        repository = pygit2.init_repository(place.folder / "app" / "repository")
        me, tree = pygit2.Signature("A", "a@example.org", 1), repository.TreeBuilder().write()
        repository.create_commit("HEAD", me, me, "First", tree, [])
    window = place.open_with(head, body)
    window.registry.show_keys()
    try:
        check(window, plugin)
    finally:
        load(plugin)


def test_the_folder_of_a_plugin_is_no_way_in_any_more(place: Place, tmp_path: Path) -> None:  # noqa: F811
    import plugins
    from shell.kinds import plugin_set
    from shell.plugin_life import unload

    place.write("toyleft")
    window = place.open("toyleft 1")
    plugin = plugin_set(window.session.config).get("toyleft")
    unload(plugin)
    assert str(tmp_path / "own") not in plugins.__path__
    assert plugin_set(window.session.config).get("toyleft") is None
