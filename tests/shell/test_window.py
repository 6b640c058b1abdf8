"""The window with real key events: commands, palette, keys, messages, reload, what it remembers."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from kernel.config import load
from kernel.error import EspalierError, Where
from kernel.tables.memory import MemorySource
from kernel.tables.schema import Column, Schema
from layouts.node import CommandDeclaration, Formula, Layout, Node, TableDeclaration
from shell.app import AppInfo
from tests.waiting import PATIENCE_S

ORDERS = Schema("orders", (Column("id", "integer", is_key=True), Column("status")), key=("id",), label=("id",))


class App:
    """An app over one table in memory."""

    def __init__(self, state: str = "local") -> None:
        self.info = AppInfo("desk", "desk", "Order desk", "1.2")
        self.state = state
        self.tables = MemorySource([(ORDERS, [{"id": 1, "status": "open"}, {"id": 2, "status": "sent"}])])
        self.release = lambda: None

    def read_file(self, path):
        return None

    def source(self, name=""):
        return self.tables

    def remembered_table(self, source, table):
        return None

    def on_state(self, listener):
        self.tell = listener
        listener(self.state)
        return lambda: None

    def on_release(self, listener):
        self.release = listener
        return lambda: None

    def refresh(self):
        pass

    def close(self):
        pass


class Session(SimpleNamespace):
    """What the boot queue hands to a window."""

    before_reload = word_of = None
    scripts_wait = ""

    def load_layout(self, *, is_kept=True):
        if isinstance(self.next, Exception):
            raise self.next
        return self.next

    def run_script(self, run, window, *, command):
        self.ran.append(run)

    def close(self):
        pass


def layout(text: str = "Hello") -> Layout:
    nodes = [
        Node("search", id="find", properties={"placeholder": "Search", "key": "/"}),
        Node("label", id="greeting", properties={"text": text}),
    ]
    ship = CommandDeclaration(
        "order.ship", title="Ship the order", key="Ctrl+Return", run="desk.shipping:ship", confirm="Really ship it?"
    )
    ready = Formula("ready == true", ("ready",))
    gated = CommandDeclaration("order.gated", title="Gated", run="desk:gated", when=ready)
    tables = [TableDeclaration("orders", "orders")]
    return Layout("Orders", tables=tables, commands=[ship, gated], windows=[Node("window", children=nodes)])


@pytest.fixture
def make(qapp, tmp_path, monkeypatch):
    from shell import desk
    from shell.window import open_window

    monkeypatch.setattr(desk, "_DESKS", {})
    opened = []

    def make(app=None, first=None, basedir=tmp_path):
        session = Session(
            config=load(basedir, {}, ["ui.theme=light"]), app=app or App(), layout=first or layout(), kinds=None,
            ran=[], next=layout("Hello again"), servers=None, given=None,
        )  # fmt: skip
        window = open_window(session)
        opened.append(window)
        window.activateWindow()
        return window

    yield make
    for window in opened:
        window.desk.disposers()
        window.close()


@pytest.fixture
def press(qapp):
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    def press(key, *modifiers, window=None):
        code = key if len(key) == 1 else getattr(Qt.Key, f"Key_{key}")
        bits = Qt.KeyboardModifier.NoModifier
        for name in modifiers:
            bits |= getattr(Qt.KeyboardModifier, f"{name}Modifier")
        QTest.keyClick(QApplication.focusWidget() or window, code, bits)

    return press


def focus():
    from PySide6.QtWidgets import QApplication

    return QApplication.focusWidget()


def test_the_palette_gives_the_focus_back(make, press, wait_until):
    window = make()
    wait_until(lambda: focus() is not None)
    before = focus()
    press("p", "Control", "Shift")
    palette = window.cards.palette()
    assert palette.isVisible() and focus() is palette.line
    for letter in "dark":
        press(letter)
    assert palette.current().id == "theme.dark"
    press("Escape")
    assert not palette.isVisible() and focus() is before


def test_the_palette_runs_what_is_chosen(make, press, wait_until):
    window = make()
    wait_until(lambda: focus() is not None)
    press("p", "Control")
    for letter in "dark them":
        press("Space" if letter == " " else letter)
    press("Return")
    assert window.theme.scheme == "dark" and window.session.config["ui.theme"] == "light"  # the command line wins
    assert window.state.recall("palette.use")["theme.dark"][0] == 1.0


def test_typed_letters_stay_with_the_editor(make, press, wait_until):
    window = make()
    box = window.context.widgets["find"]
    wait_until(lambda: focus() is not None)
    window.registry.keymap = window.keys.files.load(
        [CommandDeclaration("order.ship", key="g"), CommandDeclaration("order.gated", key="/")]
    )
    box.setFocus()
    for letter in "g/":
        press(letter)
    assert box.text() == "g/"
    assert window.session.ran == []


def test_a_declared_key_asks_and_runs(make, press, wait_until):
    window = make()
    wait_until(lambda: focus() is not None)
    before = focus()
    press("Return", "Control")
    question = window.cards.question()
    assert question.isVisible() and question.text.text() == "Really ship it?"
    press("Escape")
    assert not question.isVisible() and window.session.ran == [] and focus() is before
    press("Return", "Control")
    press("Return")
    assert window.session.ran == ["desk.shipping:ship"] and focus() is before


def test_a_sequence_shows_what_may_follow(make, press, wait_until):
    window = make()
    wait_until(lambda: focus() is not None)
    press("k", "Control")
    card = window.cards.made["pending keys"]
    assert card.isVisible()
    wait_until(lambda: "Switch between light and dark" in card.accessibleName())
    press("t", "Control")
    assert not card.isVisible() and window.theme.scheme == "dark"
    press("k", "Control")
    press("x")
    assert not card.isVisible() and window.context.widgets["find"].text() == ""


def test_when_gates_a_command(make):
    window = make()
    window.registry.run("order.gated")
    assert window.session.ran == []
    window.scope.publish("ready", True)
    window.registry.run("order.gated")
    assert window.session.ran == ["desk:gated"]


def test_every_declared_table_has_its_commands(make):
    window = make()
    for verb in ("add", "delete", "commit"):
        assert window.registry.get(f"orders.{verb}") is not None
    window.registry.run("orders.add")
    assert "no list or form of orders" in window.messages.history[-1].text


def test_a_new_release_is_swapped_in_whole(make, wait_until):
    window = make()
    window.app.info = window.app.info._replace(version="1.3")
    window.app.release()
    wait_until(lambda: window.context.widgets["greeting"].text() == "Hello again")
    assert window.messages.history[-1].text == "Updated to version 1.3"


def test_a_wrong_release_leaves_the_last_good_one(make, wait_until):
    window = make()
    body = window.body
    window.session.next = EspalierError("there is no kind gird", where=Where("main.kdl", 3, 5))
    window.app.release()
    wait_until(lambda: window.messages.history)
    assert window.body is body and window.context.widgets["greeting"].text() == "Hello"
    assert "main.kdl:3:5" in window.messages.history[-1].detail


@pytest.mark.parametrize(
    ("is_release", "text"),
    [
        (False, "Some edits are not written yet; write them or take them back, then reload (F5)"),
        (True, "A newer version is ready; write your edits or take them back, then reload (F5)"),
    ],
)
def test_edits_that_are_not_written_hold_a_reload_back(make, monkeypatch, is_release, text):
    from shell import reload
    from shell.live import patching

    def refuse(*_):
        raise patching.UnwrittenError

    window = make()
    window.registry.show_keys()
    monkeypatch.setattr(patching, "patch_window", refuse)
    body = window.body
    reload.reload_window(window, is_release=is_release)
    assert window.body is body
    assert window.messages.history[-1].text == text


def test_offline_is_said(make):
    app = App("offline")
    window = make(app)
    assert window.bar.pill.text() == "Offline — showing version 1.2"
    app.tell("online")
    assert window.bar.pill.isHidden()


def test_an_uncaught_failure_becomes_a_message_and_a_log_entry(make, tmp_path, wait_until):
    import threading

    window = make()

    def fail():
        raise RuntimeError("the worker broke")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join(PATIENCE_S)
    try:
        raise ValueError("the slot broke")
    except ValueError:
        sys.excepthook(*sys.exc_info())
    wait_until(lambda: len(window.messages.history) == 2)
    assert {message.level for message in window.messages.history} == {"error"}
    log = (tmp_path / "state" / "espalier.log").read_text()
    assert "the worker broke" in log and "the slot broke" in log and "Traceback" in log


def test_size_and_values_are_remembered_per_app(make):
    window = make()
    window.resize(713, 555)
    window.remembering.remember("split:main", [2, 3])
    window.close()
    again = make()
    assert (again.width(), again.height()) == (713, 555)
    assert again.context.recall("split:main") == [2, 3]


def test_damaged_state_is_told(make, tmp_path):
    file = tmp_path / "state" / "windows" / "desk.json"
    file.parent.mkdir(parents=True)
    file.write_text("{broken")
    window = make()
    assert "damaged" in window.messages.history[0].text
    window.close()
    assert file.read_text().startswith('{"')


def test_notes_do_not_cover_fields(qapp):
    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QLineEdit, QWidget

    from shell.toast import free_corner

    window = QWidget()
    window.resize(1000, 700)
    field = QLineEdit(window)
    field.setGeometry(600, 560, 380, 120)
    window.show()
    place = free_corner(window, 380, 100)
    assert QRect(window.rect()).contains(place)
    assert not place.intersects(field.geometry())
    window.close()


def test_arguments_are_asked_one_by_one(make, press, wait_until):
    from shell.command import Command

    window = make()
    wait_until(lambda: focus() is not None)
    got = []

    def run(count: int, is_urgent: bool) -> None:
        got.append((count, is_urgent))

    window.registry.register([Command("order.count", "Count", run)])
    window.registry.run("order.count")
    palette = window.cards.palette()
    press("x")
    press("Return")
    assert "no whole number" in palette.about.text() and got == []
    press("Backspace")
    press("7")
    press("Return")
    press("n")
    press("Return")
    assert got == [(7, False)] and not palette.isVisible()


def test_closing_with_edits_asks_first(make, press, wait_until):
    nodes = [
        Node("grid", id="view", properties={"table": "orders"}),
        Node("form", id="edit", properties={"of": Formula("view.current", ("view.current",))}),
    ]
    first = Layout("Orders", tables=[TableDeclaration("orders", "orders")], windows=[Node("window", children=nodes)])
    window = make(first=first)
    form = window.context.widgets["edit"]
    wait_until(lambda: form.row is not None and form.row.values is not None)
    wait_until(lambda: focus() is not None)
    form.row.edit("status", "lost")
    assert not window.close() and window.isVisible()
    assert "not written" in window.cards.question().text.text()
    press("Escape")
    assert window.isVisible()
    window.close()
    assert window.cards.question().no.hasFocus()
    press("Tab")
    press("Return")
    assert not window.isVisible()


def test_wrong_keys_of_the_person_are_told_at_the_start(make, tmp_path, wait_until):
    file = tmp_path / "config" / "keys.toml"
    file.parent.mkdir(parents=True)
    file.write_text('[mine]\n"Ctrl+Nokey" = "row.add"\n')
    window = make()
    wait_until(lambda: window.messages.history)
    assert "keys.toml:2:1" in window.messages.history[0].detail
    assert window.registry.key("palette.open") in window.bar.find.toolTip()


def test_each_window_of_a_layout_can_be_opened(make):
    windows = [
        Node("window", properties={"title": "List"}, children=[Node("label", properties={"text": "one"})]),
        Node("window", properties={"title": "Board", "width": 640}, children=[Node("search", id="find")]),
    ]
    first = make(first=Layout("Orders", tables=[TableDeclaration("orders", "orders")], windows=windows))
    assert first.windowTitle() == "List" and "find" not in first.context.widgets
    opener = first.registry.get("window.open-2")
    assert opener.title == "Open window: Board" and opener.is_listed
    first.registry.run("window.open-2")
    [second] = [window for window in first.desk.windows if window is not first]
    assert (second.windowTitle(), second.width()) == ("Board", 640) and "find" in second.context.widgets
    first.registry.run("window.open-2")
    second.registry.run("window.open-1")
    assert len(first.desk.windows) == 2
    second.resize(500, 400)
    second.close()
    first.resize(900, 700)
    first.close()
    from shell.state import State

    assert {"window.geometry", "window.geometry:1"} <= set(State(first.state.path)._values)


def test_one_window_needs_no_command_to_open_it(make):
    assert make().registry.get("window.open-1") is None


def test_an_update_waits_for_typed_edits(make, wait_until):
    nodes = [
        Node("grid", id="view", properties={"table": "orders"}),
        Node("form", id="edit", properties={"of": Formula("view.current", ("view.current",))}),
    ]
    window = make(
        first=Layout("Orders", tables=[TableDeclaration("orders", "orders")], windows=[Node("window", children=nodes)])
    )
    form = window.context.widgets["edit"]
    wait_until(lambda: form.row is not None and form.row.values)
    form.row.edit("status", "typed")
    body = window.body
    window.app.release()
    wait_until(lambda: window.messages.history)
    assert window.body is body and form.row.edits == {"status": "typed"}
    assert "newer version" in window.messages.history[-1].text
    form.revert_row()
    window.reload()
    assert "greeting" in window.context.widgets


def test_a_command_may_wait_for_the_server(make, wait_until):
    online = Formula("app.is_online", ("app.is_online",))
    ship = CommandDeclaration("order.ship", title="Ship", run="desk:ship", when=online)
    app = App("connecting")
    first = Layout("Orders", commands=[ship], windows=[Node("window", children=[Node("label")])])
    registry = make(app, first).registry
    assert registry.is_enabled("order.ship")
    app.tell("offline")
    wait_until(lambda: not registry.is_enabled("order.ship"))
    app.tell("online")
    wait_until(lambda: registry.is_enabled("order.ship"))
