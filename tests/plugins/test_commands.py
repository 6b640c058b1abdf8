"""Commands and keys of plugins in a real window: of the focused view, of the nearest one, of no view."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

import plugins
from tests.conftest import spin_until

MANIFEST = """
id = "toydial"
api = 1
title = "Dials"
doc = "Dials."
[[kinds]]
name = "toydial"
doc = "A number on a dial."
loader = "dial:Dial"
role = "Dial"
[[commands]]
id = "toydial.turn"
title = "Turn the dial"
loader = "command:turn"
doc = "Turns it."
view = "toydial"
keys = ["Ctrl+F", "Ctrl+Alt+D t"]
arguments = [{ name = "far", type = "integer", doc = "How far.", default = 1 }]
[[commands]]
id = "toydial.tell"
title = "Tell of dials"
loader = "command:tell"
doc = "Tells of them."
arguments = [{ name = "mood", type = "choice", choices = ["good", "bad"] }]
[[commands]]
id = "toydial.due"
title = "Due"
loader = "command:due"
doc = "Takes a day."
arguments = [
    { name = "day", type = "date", doc = "The day." },
    { name = "mood", type = "choice", choices = ["good", "bad"], default = "bad" },
]
[[agents]]
name = "toydial-agent"
loader = "command:run_agent"
[[options]]
name = "step"
type = "integer"
default = 10
doc = "How far it turns."
[[palette]]
name = "marks"
title = "Marks"
doc = "marks of dials"
prefix = "!"
loader = "marks:marks"
view = "toydial"
[[palette]]
name = "numbers"
title = "Numbers"
loader = "marks:numbers"
is_live = true
is_general = false
prefix = "+"
"""
MARKS = """from plugins.api import PaletteItem, PalettePreview


def marks(dial):
    names = [f"Mark {number} at {dial.at}" for number in (1, 2)]

    def gather(asked):
        for name in names:
            yield PaletteItem(name, name, lambda name=name: setattr(dial, "marked", name), detail="dial")

    return gather


def numbers(workplace):
    def gather(asked):
        yield PaletteItem("number", f"Number {int(asked.text)}", lambda: workplace.message("info", "chosen"))

    return gather
"""
DIAL = """from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from plugins.api import Context, Node, watch_option


class Dial(QLabel):
    def __init__(self, node: Node, context: Context, parent) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.at = 0
        context.disposers.add(watch_option("toydial.step", self._take))

    def _take(self, step) -> None:
        self.step = step
"""
COMMAND = """def due(workplace, day, mood) -> None:
    workplace.message("info", f"due {day} {mood}")


def turn(dial, far) -> None:
    dial.at += far * dial.step


def run_agent(queue) -> None:
    queue.session.windows[0].context.widgets["first"].heard = queue.pop()


def tell(workplace, mood) -> None:
    dial = workplace.view("toydial")
    workplace.message("info", f"{mood} {dial.at} {workplace.option('toydial.step')} {sorted(workplace.tables)}")
"""


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[Any]:
    from shell.boot import boot
    from shell.session import Given

    folder = tmp_path_factory.mktemp("dials")
    place = folder / "own" / "toydial"
    place.mkdir(parents=True)
    files = {"plugin.toml": MANIFEST, "__init__.py": "", "dial.py": DIAL, "command.py": COMMAND, "marks.py": MARKS}
    for name, text in files.items():
        (place / name).write_text(text)
    app = folder / "app"
    app.mkdir()
    (app / "app.toml").write_text('name = "app"\n')
    (app / "main.kdl").write_text(
        'layout 1\nwindow { toydial id=first\n toydial id=second\n button "Turn" command="toydial.turn" }\n'
    )
    before = list(plugins.__path__)
    session = boot(str(app), Given(str(folder / "home"), (f"plugins.folders={folder / 'own'}",)))
    (window,) = session.windows
    window.activateWindow()
    spin_until(lambda: window.isActiveWindow() and not window.registry.waits_to_show_keys)
    yield window
    window.close()
    session.close()
    plugins.__path__[:] = before
    for name in [name for name in sys.modules if name.startswith("plugins.toydial")]:
        del sys.modules[name]


def press(window: Any, text: str) -> None:
    from PySide6.QtGui import QKeySequence
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    for part in text.split():
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(part))


def test_a_key_acts_on_the_view_that_has_the_focus_and_nowhere_else(window: Any) -> None:
    first, second = (window.context.widgets[name] for name in ("first", "second"))
    second.setFocus()
    press(window, "Ctrl+F")
    assert (first.at, second.at) == (0, 10)
    first.setFocus()
    press(window, "Ctrl+Alt+D T")
    assert (first.at, second.at) == (10, 10)
    keymap = window.registry.keymap
    assert not [clash for clash in keymap.clashes if clash.winner.view or clash.loser.view]
    window.setFocus()
    keys = next(one.keys for one in keymap if one.command == "toydial.turn" and len(one.keys) == 1)
    everywhere = keymap.look_up(keys).binding
    assert everywhere is None or everywhere.command != "toydial.turn"
    first.at = second.at = 0


def test_a_command_acts_on_the_view_that_was_left_last(window: Any) -> None:
    first, second = (window.context.widgets[name] for name in ("first", "second"))
    second.setFocus()
    window.setFocus()
    window.registry.run("toydial.turn far=3")
    assert (first.at, second.at) == (0, 30)
    window.registry.run("toydial.turn", far=-3)
    assert second.at == 0


def test_commands_are_in_the_palette_with_their_keys_and_sections(window: Any) -> None:
    from shell.palette.provider import quick_items

    items = {item.id: item for item in quick_items(window)}
    assert items["toydial.turn"].section == "Dials" and "Ctrl+F" in items["toydial.turn"].key
    assert "toydial.tell" in items


def test_a_command_without_a_view_gets_the_workplace(window: Any) -> None:
    window.context.widgets["first"].setFocus()
    window.registry.run("toydial.tell good")
    assert window.messages.history[-1].text == "good 0 10 []"
    window.registry.run("toydial.tell middling")
    assert "is none of good, bad" in window.messages.history[-1].text


def test_an_option_is_followed(window: Any) -> None:
    from plugins.api import option, set_option

    dial = window.context.widgets["first"]
    set_option("toydial.step", 7)
    assert dial.step == 7 == option("toydial.step")
    set_option("toydial.step", 10)


def test_the_persons_keys_win(window: Any) -> None:
    from shell.key import parse_keys

    window.keys.files._user_file.parent.mkdir(parents=True, exist_ok=True)
    keys, views = parse_keys("Ctrl+F"), ["toydial"]
    text = '[mine]\n"Ctrl+F" = "app.quit"\n[dials]\nview = "toydial"\n"Ctrl+Alt+J" = "toydial.turn far=9"\n'
    window.keys.files._user_file.write_text(text)
    keymap = window.keys.files.load()
    assert keymap.look_up(keys, views).binding.command == "app.quit"
    assert keymap.look_up(parse_keys("Ctrl+Alt+J"), views).binding.command == "toydial.turn far=9"
    assert keymap.look_up(parse_keys("Ctrl+Alt+J")).binding is None
    window.keys.files._user_file.unlink()
    assert window.keys.files.load().look_up(keys, views).binding.command == "toydial.turn"


def test_keys_of_the_built_in_plugins_meet_no_others() -> None:
    from plugins.registry import find_plugins
    from shell.keymap import Keymap
    from shell.keys import built_in
    from shell.plugin_command import plugin_bindings

    told: list[tuple[str, str, str]] = []
    bindings = [*built_in(), *plugin_bindings(find_plugins(), lambda *words: told.append(words))]
    clashes = [str(one) for one in Keymap(bindings).clashes if "plugin" in (one.winner.layer, one.loser.layer)]
    assert clashes == [] and told == []


def test_an_agent_of_a_plugin_takes_part_in_the_boot(window: Any) -> None:
    from shell.boot import continue_boot

    continue_boot(["toydial-agent", "a word"], window.session)
    assert window.context.widgets["first"].heard == "a word"


def test_the_palette_finds_what_a_plugin_offers(window: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    palette = window.cards.palette()
    first = window.context.widgets["first"]
    first.setFocus()
    first.at = 7
    palette.open_with("!")
    assert "toydial.marks" in {one.name for one in palette.search.providers}
    spin_until(lambda: [one.item.title for one in palette.model.found] == ["Mark 1 at 7", "Mark 2 at 7"])
    QTest.keyClicks(palette.line, "2")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert first.marked == "Mark 2 at 7" and not palette.isVisible()
    first.at = 0


def test_nothing_of_a_plugin_stays_in_the_palette_when_it_goes(window: Any) -> None:
    palette = window.cards.palette()
    palette.open_with("!")
    spin_until(lambda: any(one.title.startswith("Mark 1") for one in palette.search.items()))
    palette.close_card()
    window.keys.renew_plugins()
    assert palette.search.items() == [] and palette.search.providers == []
    palette.open_with("!")
    spin_until(lambda: any(one.title.startswith("Mark 1") for one in palette.search.items()))
    palette.close_card()


def test_what_fails_in_a_plugin_is_told_with_its_name(window: Any) -> None:
    palette = window.cards.palette()
    palette.open_with("+4")
    spin_until(lambda: [one.item.title for one in palette.model.found] == ["Number 4"])
    palette.line.setText("+x")
    spin_until(lambda: [one.item.title for one in palette.model.found] == ["Numbers cannot be looked through"])
    assert "toydial fails: ValueError" in palette.model.found[0].item.reason
    palette.close_card()


def test_a_plugins_arguments_are_completed_by_their_types(window: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    palette = window.cards.palette()
    window.registry.run("toydial.due")
    assert "tomorrow" in [one.item.detail for one in palette.model.found]
    QTest.keyClicks(palette.line, "2026-03-01")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.messages.history[-1].text == "due 2026-03-01 bad" and not palette.isVisible()
