"""Bluetooth's tables by the real bleak over a real D-Bus of the test's own, with a BlueZ of one thermometer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.api import ConflictError, ReadOnlyError, TableError, Update
from tests.conftest import spin_until
from tests.plugins.device_window import EXAMPLES, opened_app, opened_window, tell
from tests.plugins.fake_bluez import ADDRESS, SERVICE_UUID, TEMPERATURE_UUID, FakeBlueZ
from tests.plugins.plugin_options import options_of_test
from tests.plugins.system_bus import Opened, SystemBus, read
from tests.waiting import wait_for

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="apt-get install dbus-daemon")
KEY = (ADDRESS, TEMPERATURE_UUID)


@pytest.fixture(scope="module")
def system_bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemBus]:
    made = SystemBus(tmp_path_factory.mktemp("bus"))
    yield made
    made.end()


@pytest.fixture
def bus(system_bus: SystemBus, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a bus that counts as the system's."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", system_bus.address)
    return system_bus.address


@pytest.fixture
def opened() -> Iterator[Any]:
    from plugins.bluetooth.table import tables

    made = Opened(tables)
    yield made
    made.close()


def test_a_thermometer_is_found_read_written_and_followed(bus: str, opened: Any) -> None:
    bluez = FakeBlueZ(bus)
    found = opened()
    told: list[Any] = []
    found["values"]._tell = told.append
    try:
        assert [row["name"] for row in read(found["adapters"])] == ["hci0"]
        found["adapters"].commit([Update(("hci0",), "", {"is_scanning": True})])
        wait_for(lambda: [(row["name"], row["strength"]) for row in read(found["devices"])] == [("Thermometer", -55)])
        found["devices"].commit([Update((ADDRESS,), "", {"is_connected": True})])
        assert read(found["devices"])[0]["is_connected"]
        assert [row["uuid"] for row in read(found["services"])] == [SERVICE_UUID]
        characteristics = found["characteristics"]
        assert [(row["can"], row["value"]) for row in read(characteristics)] == [("read, write, notify", None)]
        characteristics.commit([Update(KEY, "", {"is_read": True})])
        assert [(row["value"], row["number"]) for row in read(characteristics)] == [("66 08", 2150.0)]
        characteristics.commit([Update(KEY, "", {"value": "ff ff"})])
        assert bluez.temperature.value == b"\xff\xff" and read(characteristics)[0]["number"] == -1.0
        characteristics.commit([Update(KEY, "", {"is_told": True})])
        for number in (2200, 2210, 2190):
            bluez.tell(number.to_bytes(2, "little"))
        wait_for(lambda: [row["number"] for row in read(found["values"])] == [2200.0, 2210.0, 2190.0])
        assert told and read(characteristics)[0]["is_told"]
        characteristics.commit([Update(KEY, "", {"is_told": False})])
        assert not bluez.temperature.is_notifying
        bluez.drop()
        wait_for(lambda: not read(found["devices"])[0]["is_connected"])
        assert found["services"].count() == found["characteristics"].count() == 0
        with pytest.raises(ConflictError):
            characteristics.commit([Update(KEY, "", {"is_read": True})])
    finally:
        for table in found.values():
            table.close()
        bluez.close()


def test_the_adapter_and_the_seconds_of_a_search_are_options(bus: str, opened: Any, tmp_path: Path) -> None:
    with options_of_test(tmp_path / "home") as config:
        bluez = FakeBlueZ(bus)
        try:
            config.set("bluetooth.adapter", "hci7")
            found = opened()
            assert read(found["bluetooth"])[0]["reason"] == "this machine has no Bluetooth adapter hci7"
            assert found["adapters"].count() == 0
            opened.close()
            config.set("bluetooth.adapter", "HCI0")
            config.set("bluetooth.scan-seconds", "0.2")
            found = opened()
            told: list[Any] = []
            found["adapters"]._tell = lambda _change: told.append(read(found["adapters"])[0]["is_scanning"])
            found["adapters"].commit([Update(("hci0",), "", {"is_scanning": True})])
            wait_for(lambda: found["devices"].count() == 1 and told[-1:] == [False])
            assert True in told
            found["devices"].commit([Update((ADDRESS,), "", {"is_connected": True})])
            assert found["services"].count() == 1
        finally:
            opened.close()
            bluez.close()


def test_what_cannot_be_written_is_said(bus: str, opened: Any) -> None:
    bluez = FakeBlueZ(bus)
    found = opened()
    try:
        with pytest.raises(ReadOnlyError, match="only is_scanning can be written"):
            found["adapters"].commit([Update(("hci0",), "", {"address": "x"})])
        found["adapters"].commit([Update(("hci0",), "", {"is_scanning": True})])
        wait_for(lambda: found["devices"].count() == 1)
        found["devices"].commit([Update((ADDRESS,), "", {"is_connected": True})])
        with pytest.raises(TableError, match="not hexadecimal"):
            found["characteristics"].commit([Update(KEY, "", {"value": "warm"})])
    finally:
        for table in found.values():
            table.close()
        bluez.close()


def test_without_an_adapter_there_is_a_reason(bus: str, opened: Any) -> None:
    found = opened()
    assert read(found["bluetooth"])[0]["reason"] == "Bluetooth is not running on this machine"
    bluez = FakeBlueZ(bus, has_adapter=False)
    try:
        other = opened()
        assert read(other["bluetooth"])[0]["reason"] == "this machine has no Bluetooth adapter"
        names = ("adapters", "devices", "services", "characteristics", "values")
        assert [other[name].count() for name in names] == [0] * 5
    finally:
        bluez.close()


@pytest.mark.parametrize("what", ["bluez", "bus"])
def test_bluetooth_that_vanishes_while_it_looks_around_is_told_and_looks_on_when_it_is_back(
    what: str, bus: str, system_bus: SystemBus, opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugins.bluetooth.adapter._RETRY_S", 0.02)
    bluez, found = FakeBlueZ(bus), opened()
    state, devices = found["bluetooth"], found["devices"]
    found["adapters"].commit([Update(("hci0",), "", {"is_scanning": True})])
    wait_for(lambda: devices.count() == 1)
    devices.commit([Update((ADDRESS,), "", {"is_connected": True})])
    assert found["services"].count() == 1
    bluez.close()
    if what == "bus":
        system_bus.end()
    wait_for(lambda: not read(state)[0]["is_available"] and not read(devices)[0]["is_connected"])
    assert {"bluez": "not running", "bus": "D-Bus"}[what] in read(state)[0]["reason"]
    assert [found[name].count() for name in ("adapters", "services", "characteristics")] == [0, 0, 0]
    with pytest.raises(TableError):
        devices.commit([Update((ADDRESS,), "", {"is_connected": True})])
    if what == "bus":
        system_bus.begin()
    back = FakeBlueZ(bus)
    try:
        wait_for(lambda: [row["is_scanning"] for row in read(found["adapters"])] == [True])
        assert read(state)[0]["reason"] is None
        devices.commit([Update((ADDRESS,), "", {"is_connected": True})])
        assert found["services"].count() == 1
    finally:
        opened.close()
        back.close()


def test_without_a_bus_there_is_a_reason(opened: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nowhere")
    assert "D-Bus cannot be reached" in read(opened()["bluetooth"])[0]["reason"]


def test_commands_do_what_edits_do(bus: str, qapp: object, tmp_path: Path) -> None:
    bluez = FakeBlueZ(bus)
    names = ("adapters", "devices", "characteristics", "values")
    try:
        with opened_window(tmp_path, "bluetooth", names) as window:
            shown = {name: window.context.widgets[name] for name in names}
            spin_until(lambda: shown["adapters"].row_count() == 1)
            tell(window, "bluetooth.connect Thermometer", "Thermometer was not seen, or is so already")
            tell(window, "bluetooth.scan", "")
            spin_until(lambda: shown["devices"].row_count() == 1)
            tell(window, "bluetooth.connect Thermometer", "Connected")
            spin_until(lambda: shown["characteristics"].row_count() == 1)
            tell(window, f"bluetooth.follow {TEMPERATURE_UUID}", "")
            spin_until(lambda: bluez.temperature.is_notifying)
            bluez.tell(b"\x01\x00")
            spin_until(lambda: shown["values"].row_count() == 1)
            tell(window, "bluetooth.follow nothing", "no connected device has the value nothing")
            tell(window, f"bluetooth.disconnect {ADDRESS}", "Disconnected")
            spin_until(lambda: shown["characteristics"].row_count() == 0)
    finally:
        bluez.close()


def test_the_panel_looks_around_connects_and_says_why_there_is_nothing(bus: str, qapp: object, tmp_path: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    app, example = tmp_path / "app", EXAMPLES / "bluetooth"
    app.mkdir()
    (app / "app.toml").write_bytes((example / "app.toml").read_bytes())
    # Without the chart, which is another plugin's.
    lines = (example / "main.kdl").read_text().splitlines(keepends=True)
    (app / "main.kdl").write_text("".join(line for line in lines if "chart values" not in line))
    bluez = FakeBlueZ(bus)
    with opened_app(tmp_path, app) as window:
        panel = window.nearest_view("bluetooth-devices")
        spin_until(lambda: panel.fact["adapters"])
        assert (panel.accessibleName(), panel.grid.accessibleName()) == ("Devices around", "Devices")
        panel.setFocus()
        window.registry.run("bluetooth-devices.look")
        spin_until(lambda: panel.row.get("name") == "Thermometer")
        assert panel.row["signal"] == 90
        spin_until(lambda: panel.look.text() == "Stop looking")
        QTest.keyClick(panel.grid, Qt.Key.Key_Return)
        spin_until(lambda: panel.row["is_connected"])
        spin_until(lambda: panel.connect_button.text() == "Disconnect")
        window.registry.run("bluetooth-devices.connect")
        spin_until(lambda: not panel.row["is_connected"])
        bluez.close()
        spin_until(lambda: not panel._note.isHidden())
        assert panel._note.title.text() == "Bluetooth is not running on this machine"
        assert not panel.look.isEnabled()
