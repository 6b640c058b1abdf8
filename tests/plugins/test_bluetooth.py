"""Bluetooth's tables by the real bleak over a real D-Bus of the test's own, with a BlueZ of one thermometer."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.api import ConflictError, ReadOnlyError, TableError, TableProvider, Update
from tests.plugins.fake_bluez import ADDRESS, SERVICE_UUID, TEMPERATURE_UUID, FakeBlueZ
from tests.waiting import wait_for

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="apt-get install dbus-daemon")
KEY = (ADDRESS, TEMPERATURE_UUID)


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bus that counts as the system's."""
    words = ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={tmp_path}/bus"]
    process = subprocess.Popen([*words, "--print-address=1"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    yield address
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture
def opened() -> Iterator[Any]:
    from plugins.bluetooth.table import tables

    made: list[dict[str, TableProvider]] = []

    def open_tables() -> dict[str, TableProvider]:
        made.append(tables())
        return made[-1]

    yield open_tables
    for one in made:
        for table in one.values():
            table.close()


def read(table: TableProvider) -> list[dict[str, Any]]:
    names = [column.name for column in table.schema.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows(0, 100)]


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


def test_without_a_bus_there_is_a_reason(opened: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/nowhere")
    assert "D-Bus cannot be reached" in read(opened()["bluetooth"])[0]["reason"]
