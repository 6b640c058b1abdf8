"""Wi-Fi's tables over a real D-Bus of the test's own, with NetworkManager played by dbusmock's template."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.api import ConflictError, Delete, Insert, ReadOnlyError, TableError, Update
from tests.conftest import spin_until
from tests.plugins.device_window import EXAMPLES, opened_app, opened_window, tell
from tests.plugins.plugin_options import options_of_test
from tests.plugins.system_bus import Opened, SystemBus, read
from tests.waiting import wait_for

#: Debian's own Python has dbusmock, and what it needs in C.
PYTHON = Path("/usr/bin/python3")
_HAS_MOCK = shutil.which("dbus-daemon") is not None and PYTHON.exists() and not subprocess.run(
    [PYTHON, "-c", "import dbusmock"], capture_output=True
).returncode  # fmt: skip
pytestmark = pytest.mark.skipif(not _HAS_MOCK, reason="apt-get install dbus-daemon python3-dbusmock")
MOCK, NAME = "org.freedesktop.DBus.Mock", "org.freedesktop.NetworkManager"
DEVICE = "/org/freedesktop/NetworkManager/Devices/wlan0"


class Mock:
    """A bus and a NetworkManager on it."""

    def __init__(self, folder: Path) -> None:
        self.bus = SystemBus(folder)
        self.address = self.bus.address
        self.manager: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start NetworkManager."""
        import os

        environ = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": self.address}
        words = [PYTHON, "-m", "dbusmock", "--system", "--template", "networkmanager"]
        self.manager = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL)
        wait_for(lambda: NAME in self._run("org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames"))

    def end(self) -> None:
        """Stop NetworkManager."""
        if self.manager is not None:
            self.manager.terminate()
            self.manager.wait()
            self.manager = None

    def call(self, member: str, *words: str, path: str = "/org/freedesktop/NetworkManager") -> str:
        """A method of the mock."""
        return self._run(NAME, path, f"{MOCK}.{member}", *words)

    def _run(self, name: str, path: str, member: str, *words: str) -> str:
        command = ["dbus-send", f"--bus={self.address}", "--print-reply", f"--dest={name}", path, member, *words]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def property(self, name: str) -> str:
        words = (f"string:{NAME}", f"string:{name}")
        return self._run(NAME, "/org/freedesktop/NetworkManager", "org.freedesktop.DBus.Properties.Get", *words)

    def add_device(self) -> None:
        self.call("AddWiFiDevice", "string:wlan0", "string:wlan0", "uint32:100")

    def add_point(self, name: str, ssid: str, strength: int, security: int = 0x100) -> None:
        numbers = ("uint32:2", "uint32:2437", "uint32:54", f"byte:{strength}", f"uint32:{security}")
        self.call("AddAccessPoint", f"objpath:{DEVICE}", f"string:{name}", f"string:{ssid}", "string:00:11:22:33:44:55",
                  *numbers)  # fmt: skip

    def close(self) -> None:
        self.end()
        self.bus.end()


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    made = Mock(tmp_path_factory.mktemp("bus"))
    yield made
    made.close()


@pytest.fixture
def mock(bus: Mock) -> Iterator[Mock]:
    bus.begin()
    yield bus
    bus.end()


@pytest.fixture
def opened(bus: Mock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from plugins.wifi.table import tables

    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address)
    made = Opened(tables)
    yield made
    made.close()


def test_networks_in_reach_come_and_go(mock: Mock, opened: Any) -> None:
    mock.add_device()
    mock.add_point("weak", "Home", 30)
    found = opened()
    told: list[Any] = []
    found["networks"]._tell = told.append
    assert [row["name"] for row in read(found["devices"])] == ["wlan0"]
    wait_for(lambda: [(row["name"], row["strength"]) for row in read(found["networks"])] == [("Home", 30)])
    mock.add_point("strong", "Home", 80)
    mock.add_point("cafe", "Café", 55, security=0)
    wait_for(lambda: [row["strength"] for row in read(found["networks"])] == [80, 55])
    assert [row["name"] for row in read(found["networks"])] == ["Home", "Café"]
    assert [row["security"] for row in read(found["networks"])] == ["WPA", "open"]
    assert told
    point = "/org/freedesktop/NetworkManager/AccessPoint/cafe"
    mock.call("RemoveAccessPoint", f"objpath:{DEVICE}", f"objpath:{point}")
    wait_for(lambda: [row["name"] for row in read(found["networks"])] == ["Home"])


def test_joining_makes_a_connection_that_is_forgotten_again(mock: Mock, opened: Any) -> None:
    mock.add_device()
    mock.add_point("home", "Home", 80)
    found = opened()
    wait_for(lambda: found["networks"].count() == 1)
    networks, connections = found["networks"], found["connections"]
    with pytest.raises(TableError, match="8 to 63 characters"):
        networks.commit([Update(("wlan0", "Home"), "", {"is_connected": True})])
    networks.commit([Update(("wlan0", "Home"), "", {"is_connected": True, "password": "correct horse"})])
    wait_for(lambda: [row["name"] for row in read(connections)] == ["Home"])
    wait_for(lambda: read(networks)[0]["is_known"])
    assert read(networks)[0]["password"] is None
    [row] = read(connections)
    connections.commit([Delete((row["uuid"],), "")])
    wait_for(lambda: read(connections) == [])
    with pytest.raises(ConflictError):
        connections.commit([Delete((row["uuid"],), "")])


def test_a_hotspot_is_a_new_row(mock: Mock, opened: Any) -> None:
    mock.add_device()
    found = opened()
    with pytest.raises(TableError, match="8 to 63 characters"):
        found["connections"].commit([Insert({"name": "Bench", "password": "short"})])
    # dbusmock plays no hotspots and refuses in its own words: what it was asked is what counts.
    with pytest.raises(TableError, match="could not be found"):
        found["connections"].commit([Insert({"name": "Bench", "password": "long enough"})])
    said = mock.call("GetMethodCalls", "string:AddAndActivateConnection")
    assert all(f'string "{word}"' in said for word in ("ap", "shared", "wpa-psk", "long enough"))


#: What NetworkManager does with a hotspot → what the adapter's row says, by dbusmock's own Python.
FAILURES = {
    "refused": ("raise dbus.exceptions.DBusException('no hotspot here', name='org.mock.No')", None, "no hotspot here"),
    "failed": ("ret = ('/a', '/b')", 10, "the network refused"),
    "strange": ("ret = ('/a', '/b')", 77, "NetworkManager's reason 77"),
}


@pytest.mark.parametrize("way", FAILURES)
def test_a_hotspot_that_fails_is_told(mock: Mock, opened: Any, way: str) -> None:
    code, reason, said = FAILURES[way]
    mock.add_device()
    found = opened()
    wait_for(lambda: found["devices"].count() == 1)
    if reason is not None:
        code += (
            f"; device = objects['{DEVICE}']; device.UpdateProperties('{NAME}.Device', {{'State': dbus.UInt32(120)}})"
            f"; device.EmitSignal('{NAME}.Device', 'StateChanged', 'uuu', [120, 50, {reason}])"
        )
    mock.call("AddMethod", f"string:{NAME}", "string:AddAndActivateConnection", "string:a{sa{sv}}oo", "string:oo",
              f"string:{code}")  # fmt: skip
    hotspot = Insert({"name": "Bench", "password": "long enough"})
    if reason is None:
        with pytest.raises(TableError, match=said):
            found["connections"].commit([hotspot])
        return
    found["connections"].commit([hotspot])
    wait_for(lambda: read(found["devices"])[0]["failure"] == said)
    assert read(found["devices"])[0]["state"] == "failed"
    mock.call("AddMethod", f"string:{NAME}", "string:AddAndActivateConnection", "string:a{sa{sv}}oo", "string:oo",
              f"string:{code.replace('120, 50', '40, 30')}")  # fmt: skip
    found["connections"].commit([hotspot])
    wait_for(lambda: read(found["devices"])[0]["failure"] is None)


def test_a_hotspot_wants_an_adapter_and_a_name(mock: Mock, opened: Any) -> None:
    found = opened()
    with pytest.raises(TableError, match="there is no Wi-Fi adapter"):
        found["connections"].commit([Insert({"name": "Bench", "password": "long enough"})])
    mock.add_device()
    wait_for(lambda: found["devices"].count() == 1)
    for name in ("", "ü" * 17):
        with pytest.raises(TableError, match="1 to 32 bytes"):
            found["connections"].commit([Insert({"name": name, "password": "long enough"})])


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Any]:
    with options_of_test(tmp_path / "home") as made:
        yield made


def _scans(mock: Mock, adapter: str = DEVICE) -> int:
    return mock.call("GetMethodCalls", "string:RequestScan", path=adapter).count("uint64")


def test_only_the_interface_of_the_option_counts(mock: Mock, opened: Any, config: Any) -> None:
    mock.add_device()
    mock.call("AddWiFiDevice", "string:wlan1", "string:wlan1", "uint32:100")
    mock.add_point("home", "Home", 80)
    found = opened()
    wait_for(lambda: found["devices"].count() == 2 and found["networks"].count() == 1)
    config.set("wifi.interface", "wlan1")
    wait_for(lambda: [row["name"] for row in read(found["devices"])] == ["wlan1"])
    assert found["networks"].count() == 0
    config.set("wifi.interface", "wlan7")
    wait_for(lambda: read(found["wifi"])[0]["reason"] == "this machine has no Wi-Fi adapter wlan7")
    with pytest.raises(TableError, match="there is no Wi-Fi adapter"):
        found["connections"].commit([Insert({"name": "Bench", "password": "long enough"})])
    config.set("wifi.interface", "")
    wait_for(lambda: found["devices"].count() == 2 and found["networks"].count() == 1)


def test_networks_are_searched_for_as_often_as_the_option_says(mock: Mock, opened: Any, config: Any) -> None:
    mock.add_device()
    found = opened()
    wait_for(lambda: found["devices"].count() == 1)
    assert _scans(mock) == 0
    config.set("wifi.scan-seconds", "0.1")
    wait_for(lambda: _scans(mock) >= 3)


def test_a_network_that_no_search_finds_again_is_left_out(mock: Mock, opened: Any, config: Any) -> None:
    mock.add_device()
    mock.add_point("old", "Old", 80)
    found = opened()
    wait_for(lambda: found["networks"].count() == 1)  # the mock has seen it in the first second of the machine
    config.set("wifi.gone-seconds", "0.01")
    wait_for(lambda: found["networks"].count() == 0)
    config.set("wifi.gone-seconds", "0")
    wait_for(lambda: found["networks"].count() == 1)


def test_what_cannot_be_written_is_said(mock: Mock, opened: Any) -> None:
    mock.add_device()
    mock.add_point("home", "Home", 80)
    found = opened()
    wait_for(lambda: found["networks"].count() == 1)
    with pytest.raises(ReadOnlyError):
        found["networks"].commit([Update(("wlan0", "Home"), "", {"strength": 100})])
    with pytest.raises(ConflictError):
        found["networks"].commit([Update(("wlan0", "Away"), "", {"is_connected": True})])
    with pytest.raises(ReadOnlyError):
        found["devices"].commit([Update(("wlan0",), "", {"state": "failed"})])


def test_without_adapter_or_manager_there_is_a_reason(bus: Mock, opened: Any) -> None:
    found = opened()
    [row] = read(found["wifi"])
    assert not row["is_available"] and "NetworkManager is not running" in row["reason"]
    assert found["networks"].count() == found["devices"].count() == found["connections"].count() == 0
    bus.begin()
    try:
        wait_for(lambda: read(found["wifi"])[0]["reason"] == "this machine has no Wi-Fi adapter")
        bus.add_device()
        wait_for(lambda: read(found["wifi"])[0]["is_available"])
    finally:
        bus.end()
    wait_for(lambda: read(found["wifi"])[0]["reason"] == "NetworkManager went away")
    assert found["devices"].count() == 0


def test_without_a_bus_there_is_a_reason(opened: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nowhere")
    found = opened()
    assert "D-Bus cannot be reached" in read(found["wifi"])[0]["reason"]
    assert found["networks"].count() == 0


def test_a_bus_that_vanishes_is_told_and_read_again_when_it_is_back(
    mock: Mock, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.wifi.network_manager._RETRY_S", 0.02)
    mock.add_device()
    mock.add_point("home", "Home", 80)
    found = opened()
    wait_for(lambda: found["networks"].count() == 1)
    found["devices"].commit([Update(("wlan0",), "", {"scan": True})])
    mock.end()
    mock.bus.end()
    wait_for(lambda: "D-Bus" in (read(found["wifi"])[0]["reason"] or ""))
    assert [found[name].count() for name in ("devices", "networks", "connections")] == [0, 0, 0]
    with pytest.raises(TableError):
        found["wifi"].commit([Update((1,), "", {"is_on": False})])
    mock.bus.begin()
    mock.begin()
    mock.add_device()
    wait_for(lambda: [row["name"] for row in read(found["devices"])] == ["wlan0"])
    assert read(found["wifi"])[0]["reason"] is None


def test_commands_do_what_edits_do(
    mock: Mock, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", mock.address)
    mock.add_device()
    mock.add_point("cafe", "Bar", 55, security=0)
    names = ("wifi", "devices", "networks", "connections")
    with opened_window(tmp_path, "wifi", names) as window:
        shown = {name: window.context.widgets[name] for name in names}
        spin_until(lambda: shown["networks"].row_count() == 1)
        for command, said in (
            ("wifi.connect Nowhere", "Nowhere is not in reach"), ("wifi.scan", ""),
            ("wifi.connect Bar", "Connecting"), ("wifi.forget Nowhere", "Nowhere is not known"),
        ):  # fmt: skip
            tell(window, command, said)
        spin_until(lambda: shown["connections"].row_count() == 1)
        tell(window, "wifi.forget Bar", "Forgotten")
        spin_until(lambda: shown["connections"].row_count() == 0)
        tell(window, "wifi.disconnect Nowhere", "Nowhere is not connected")
        tell(window, "wifi.switch", "")
        spin_until(lambda: "boolean false" in mock.property("WirelessEnabled"))


@pytest.fixture
def panel(mock: Mock, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The panel of the example app, with one network that wants a password and an open one."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", mock.address)
    mock.add_device()
    mock.add_point("home", "Home", 80)
    mock.add_point("cafe", "Bar", 55, security=0)
    with opened_app(tmp_path, EXAMPLES / "wifi") as window:
        view = window.nearest_view("wifi-networks")
        spin_until(lambda: len(view.rows) == 2 and view.fact["state"])
        yield view


def test_a_network_is_joined_and_forgotten_by_keys(panel: Any, mock: Mock) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    window = panel.window()
    panel.setFocus()
    assert (panel.accessibleName(), panel.grid.accessibleName()) == ("Networks in reach", "Networks")
    QTest.keyClick(panel.grid, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    spin_until(lambda: panel.row.get("name") == "Home")
    assert panel.password.isVisibleTo(panel) and not panel.forget.isVisibleTo(panel)
    window.registry.run("wifi-networks.join")  # there is no password yet
    assert panel.focusWidget() is panel.password or panel.password.hasFocus()
    QTest.keyClicks(panel.password, "correct horse")
    QTest.keyClick(panel.password, Qt.Key.Key_Return)
    assert panel.password.text() == ""
    spin_until(lambda: panel.row["is_known"])
    assert "correct horse" in mock.call("GetMethodCalls", "string:AddAndActivateConnection")
    assert panel.forget.isVisibleTo(panel) and not panel.password.isVisibleTo(panel)
    window.registry.ask = lambda _question, _command, agree: agree()
    window.registry.run("wifi-networks.forget")
    spin_until(lambda: not panel.row["is_known"])


def test_the_panel_says_why_there_is_nothing(panel: Any, mock: Mock) -> None:
    mock.end()
    spin_until(lambda: panel.fact["state"].get("reason"))
    spin_until(lambda: not panel._note.isHidden())
    assert "NetworkManager went away" in panel._note.title.text()
    assert not panel.look.isEnabled() and not panel.join.isEnabled()


def test_a_hotspot_is_asked_for_in_a_card_and_its_password_is_kept_nowhere(panel: Any, mock: Mock) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLineEdit

    from plugins.wifi.hotspot import HotspotCard

    code = "ret = ('/a', '/b')"
    mock.call("AddMethod", f"string:{NAME}", "string:AddAndActivateConnection", "string:a{sa{sv}}oo", "string:oo",
              f"string:{code}")  # fmt: skip
    window = panel.window()
    window.registry.run("wifi.hotspot")
    [card] = window.findChildren(HotspotCard)
    assert card.password.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClicks(card.name, "Bench")
    QTest.keyClicks(card.password, "short")
    QTest.keyClick(card.password, Qt.Key.Key_Return)
    spin_until(lambda: not card.problem.isHidden())
    assert "8 to 63 characters" in card.problem.text() and not card.isHidden()
    spin_until(card.make.isEnabled)
    card.password.setText("long enough")
    card.make.click()
    spin_until(lambda: "The hotspot Bench is being made" in [one.text for one in window.messages.history])
    assert "long enough" in mock.call("GetMethodCalls", "string:AddAndActivateConnection")
    kept = [path for path in Path(window.session.config.paths.config).parent.rglob("*") if path.is_file()]
    assert kept and not [path for path in kept if b"long enough" in path.read_bytes()]
    assert not [one for one in window.messages.history if "long enough" in f"{one.text} {one.detail}"]
