"""Plugins that fail wherever they can: a card or a message names plugin, file and line, and the rest goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import plugins
from tests.conftest import spin_until

MANIFEST = """
id = "PLUGIN"
api = 1
title = "Failing"
doc = "Fails."
MORE
[[kinds]]
name = "PLUGIN"
doc = "Fails."
loader = "view:View"
role = "Graphic"
properties = [{ name = "value", type = "number", doc = "A number.", argument = 1 }]
[[commands]]
id = "PLUGIN.do"
title = "Do it"
loader = "view:do"
doc = "Does it."
"""
VIEW = """from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from plugins.api import Context, Node


class View(QLabel):
    def __init__(self, node: Node, context: Context, parent) -> None:
        super().__init__(parent)
        self.go()

    def go(self) -> None: ...

    def set_value(self, value) -> None:
        self.setText(f"shows {value}")


def do(workplace) -> None:
    raise ValueError("not done")
"""
#: An endless loop that lets no mistake end it.
LOOP = "while True:\n    try:\n        while True: ...\n    except Exception: ..."
#: What is done to the code → what the card says, and whether the plugin is switched off.
AT_BUILDING = {
    "import": (("class View", "1 / 0\n\n\nclass View"), "view.py:7:1: the plugin PLUGIN fails: ZeroDivision", True),
    "syntax": (("class View", "class class View"), "view.py:7:7: the plugin PLUGIN fails: SyntaxError", True),
    "exit": (("class View", "import sys\nsys.exit(3)\n\n\nclass View"), "fails: SystemExit: 3", True),
    "hang": (("class View", "import time\ntime.sleep(600)\n\n\nclass View"), "did not end within 0.2 s", True),
    "loop": (("class View", f"{LOOP}\n\n\nclass View"), "did not end within 0.2 s", True),
    "constructor": (("self.go()", "self.gone()"), "view.py:10:1: the plugin PLUGIN fails: AttributeError", False),
    "setter": (("self.setText", "self.setTxt"), "view.py:15:1: the plugin PLUGIN fails: AttributeError", False),
    "class": (("class View", "class Other"), "has no attribute 'View'", False),
}  # fmt: skip


class Place:
    """A folder of plugins, and windows of an app with their kinds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sessions: list[Any] = []
        #: What the app's manifest says of its sources.
        self.sources = ""

    def write(self, name: str, code: str = VIEW, more: str = "") -> None:
        place = self.folder / "own" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / "plugin.toml").write_text(MANIFEST.replace("PLUGIN", name).replace("MORE", more))
        (place / "__init__.py").write_text("")
        (place / "view.py").write_text(code)

    def open(self, body: str, *settings: str) -> Any:
        """The window of an app whose layout's window has this body."""
        return self.open_with("", body, *settings)

    def open_with(self, head: str, body: str, *settings: str) -> Any:
        from shell.boot import boot
        from shell.session import Given

        app = self.folder / "app"
        app.mkdir(exist_ok=True)
        (app / "app.toml").write_text(f'name = "app"\n{self.sources}')
        (app / "main.kdl").write_text(f"layout 1\n{head}\nwindow {{ {body} }}\n")
        given = Given(str(self.folder / "home"), (f"plugins.folders={self.folder / 'own'}", *settings))
        session = boot(str(app), given)
        self.sessions.append(session)
        return session.windows[0]


@pytest.fixture
def place(tmp_path: Path, qapp: Any) -> Iterator[Place]:
    from plugins import watch
    from plugins.code import host

    before, limit = list(plugins.__path__), watch.limit_s
    place = Place(tmp_path)
    yield place
    watch.limit_s = limit
    for session in place.sessions:
        for window in session.windows:
            window.close()
        session.close()
    plugins.__path__[:] = before
    for plugin in host.known():
        if plugin.directory.is_relative_to(tmp_path):
            host.drop(plugin)


def cards(window: Any) -> list[str]:
    from widgets.card import ErrorCard

    return [card.accessibleDescription() for card in window.body.findChildren(ErrorCard) if not is_gone(card)]


def texts(window: Any) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in window.body.findChildren(QLabel) if not is_gone(label)]


def is_gone(widget: Any) -> bool:
    """Whether it was hidden to be deleted; one that waits to be shown is not."""
    from PySide6.QtCore import Qt

    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


@pytest.mark.parametrize("case", AT_BUILDING)
def test_a_plugin_that_fails_gets_a_card_and_the_others_go_on(
    place: Place, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.code import host
    from shell import plugin_life

    (old, new), said, is_off = AT_BUILDING[case]
    name = f"toyfails{case}"
    place.write(name, VIEW.replace(old, new, 1))
    place.write(f"toygood{case}")
    if case in ("hang", "loop"):
        monkeypatch.setattr(plugin_life, "import_limit_s", lambda config: 0.2)
    window = place.open(f"{name} 1\n toygood{case} 2\n {name} 3")
    first, second = cards(window)
    assert said.replace("PLUGIN", name) in first and name in second
    assert "shows 2.0" in texts(window) or "shows 2" in texts(window)
    assert (name in host.off) == is_off and f"toygood{case}" not in host.off
    if case == "constructor":
        from widgets.card import ErrorCard

        card = window.body.findChild(ErrorCard)
        assert "self.gone()" in card.detail.text() and not card.detail.isVisibleTo(window)


def test_a_module_that_is_missing_is_told_with_what_to_type(place: Place) -> None:
    place.write("toyneeds", more='modules = [{ name = "toylibrary", install = "pip install toylibrary" }]')
    window = place.open("toyneeds 1")
    assert "needs toylibrary, which is missing (pip install toylibrary)" in cards(window)[0]
    assert "plugins.toyneeds.view" not in sys.modules


def test_a_plugin_that_fails_in_slots_again_and_again_is_switched_off(place: Place) -> None:
    from plugins.code import MOST_FAILURES, host

    code = VIEW.replace("def go(self) -> None: ...", "def go(self) -> None:\n        self.timer = QTimer(self)\n"
                        "        self.timer.timeout.connect(self.fail)\n        self.timer.start(0)\n\n"
                        "    def fail(self) -> None:\n        raise KeyError(self.text())")  # fmt: skip
    place.write("toyslots", code)
    place.write("toycalm")
    window = place.open("toyslots 1\n toycalm 2")
    spin_until(lambda: len(cards(window)) == 1)
    spin_until(lambda: any("toyslots was switched off" in message.text for message in window.messages.history))
    assert "toyslots" in host.off and "view.py:18:1: the plugin toyslots fails: KeyError" in cards(window)[0]
    said = [message.text for message in window.messages.history if "toyslots" in message.text]
    assert len([text for text in said if text.startswith("Something went wrong")]) == MOST_FAILURES
    assert "The plugin toyslots was switched off" in said
    assert any("shows 2" in text for text in texts(window))


def test_a_plugin_that_fails_at_painting_is_switched_off(place: Place) -> None:
    code = VIEW.replace("def go(self) -> None: ...", "def go(self) -> None: ...\n\n    def paintEvent(self, event):\n"
                        "        self.update()\n        raise KeyError(1)")  # fmt: skip
    place.write("toypaints", code)
    window = place.open("toypaints 1")
    window.show()
    spin_until(lambda: len(cards(window)) == 1)
    assert "the plugin toypaints fails: KeyError" in cards(window)[0]


def test_a_command_that_fails_is_told_with_its_place(place: Place) -> None:
    place.write("toydoes")
    window = place.open("toydoes 1")
    window.registry.run("toydoes.do")
    message = window.messages.history[-1]
    assert message.text == "Do it: the plugin toydoes fails: ValueError: not done" and "view.py:19:1" in message.detail


def test_a_safe_start_uses_no_plugin_and_says_so(place: Place) -> None:
    from shell.command_line import split_options
    from shell.kinds import plugin_set

    assert split_options(["--safe", "orders"])[0].settings == ("plugins.use=false",)
    place.write("toysafe")
    window = place.open("toysafe 1\n label \"here\"", "plugins.use=false")
    (card,) = cards(window)
    assert "toysafe is not used: Espalier was started without plugins" in card
    assert "here" in texts(window) and "plugins.toysafe" not in sys.modules
    assert not plugin_set(window.session.config).plugins and window.registry.get("toysafe.do") is None
    window.desk._is_announced = False
    window.desk._after_forms(window)
    assert any("Started without plugins" in message.text for message in window.messages.history)


def test_a_plugin_is_switched_off_and_on_by_commands(place: Place) -> None:
    place.write("toyturns")
    window = place.open("toyturns 1")
    window.registry.run("plugin.stop toyturns")
    assert "the plugin toyturns is switched off" in cards(window)[0]
    assert window.registry.get("toyturns.do") is None and "plugins.toyturns" not in sys.modules
    place.write("toyturns", VIEW.replace("shows", "tells"))
    window.registry.run("plugin.start toyturns")
    assert not cards(window) and any("tells 1" in text for text in texts(window))
    assert window.registry.get("toyturns.do") is not None
    window.registry.run("plugin.stop toyturn")
    assert "there is no plugin toyturn" in window.messages.history[-1].text


def test_a_change_within_the_same_second_is_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    place.write("toyswift")
    window = place.open("toyswift 1")
    [source] = place.folder.rglob("toyswift/view.py")
    before = source.stat()
    window.registry.run("plugin.stop toyswift")
    place.write("toyswift", VIEW.replace("shows", "tells"))
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    window.registry.run("plugin.start toyswift")
    assert any("tells 1" in text for text in texts(window))
