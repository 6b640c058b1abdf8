"""A BlueZ of one adapter and one thermometer, on a bus of the test's own: what bleak asks for, and nothing else.

Interfaces are those of BlueZ's reference (org.bluez.Adapter, Device, GattService, GattCharacteristic).
"""


import asyncio
import threading
from typing import Any

from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

ADAPTER = "/org/bluez/hci0"
DEVICE = f"{ADAPTER}/dev_AA_BB_CC_DD_EE_FF"
ADDRESS = "AA:BB:CC:DD:EE:FF"
SERVICE_UUID = "0000181a-0000-1000-8000-00805f9b34fb"
TEMPERATURE_UUID = "00002a6e-0000-1000-8000-00805f9b34fb"
_READ = PropertyAccess.READ


class Adapter(ServiceInterface):
    """Looks around: the device appears."""

    def __init__(self, bluez: Any) -> None:
        super().__init__("org.bluez.Adapter1")
        self._bluez = bluez

    @dbus_method()
    def StartDiscovery(self) -> None:  # BlueZ's name
        self._bluez.show_device()

    @dbus_method()
    def StopDiscovery(self) -> None:  # BlueZ's name
        pass

    @dbus_method()
    def SetDiscoveryFilter(self, filters: "a{sv}") -> None:  # noqa: F722, UP037 - a D-Bus signature
        pass

    @dbus_property(access=_READ)
    def Address(self) -> "s":  # noqa: F821, UP037
        return "00:11:22:33:44:55"

    @dbus_property(access=_READ)
    def Powered(self) -> "b":  # noqa: F821, UP037
        return True

    @dbus_property(access=_READ)
    def Roles(self) -> "as":  # noqa: F722, UP037
        return ["central"]

    @dbus_property(access=_READ)
    def Discovering(self) -> "b":  # noqa: F821, UP037
        return True


class Device(ServiceInterface):
    """The thermometer."""

    def __init__(self, bluez: Any) -> None:
        super().__init__("org.bluez.Device1")
        self._bluez, self.is_connected = bluez, False

    @dbus_method()
    def Connect(self) -> None:  # BlueZ's name
        self._bluez.show_services()
        self.set_connected(True)

    @dbus_method()
    def Disconnect(self) -> None:  # BlueZ's name
        self.set_connected(False)

    def set_connected(self, is_connected: bool) -> None:
        self.is_connected = is_connected
        self.emit_properties_changed({"Connected": is_connected, "ServicesResolved": is_connected})

    @dbus_property(access=_READ)
    def Address(self) -> "s":  # noqa: F821, UP037
        return ADDRESS

    @dbus_property(access=_READ)
    def AddressType(self) -> "s":  # noqa: F821, UP037
        return "public"

    @dbus_property(access=_READ)
    def Name(self) -> "s":  # noqa: F821, UP037
        return "Thermometer"

    @dbus_property(access=_READ)
    def Alias(self) -> "s":  # noqa: F821, UP037
        return "Thermometer"

    @dbus_property(access=_READ)
    def Adapter(self) -> "o":  # noqa: F821, UP037
        return ADAPTER

    @dbus_property(access=_READ)
    def Paired(self) -> "b":  # noqa: F821, UP037
        return False

    @dbus_property(access=_READ)
    def Connected(self) -> "b":  # noqa: F821, UP037
        return self.is_connected

    @dbus_property(access=_READ)
    def ServicesResolved(self) -> "b":  # noqa: F821, UP037
        return self.is_connected

    @dbus_property(access=_READ)
    def UUIDs(self) -> "as":  # noqa: F722, UP037
        return [SERVICE_UUID]

    @dbus_property(access=_READ)
    def RSSI(self) -> "n":  # noqa: F821, UP037
        return -55


class Service(ServiceInterface):
    """Environmental sensing."""

    def __init__(self) -> None:
        super().__init__("org.bluez.GattService1")

    @dbus_property(access=_READ)
    def UUID(self) -> "s":  # noqa: F821, UP037
        return SERVICE_UUID

    @dbus_property(access=_READ)
    def Primary(self) -> "b":  # noqa: F821, UP037
        return True

    @dbus_property(access=_READ)
    def Device(self) -> "o":  # noqa: F821, UP037
        return DEVICE


class Temperature(ServiceInterface):
    """Hundredths of a degree."""

    def __init__(self) -> None:
        super().__init__("org.bluez.GattCharacteristic1")
        self.value, self.is_notifying = (2150).to_bytes(2, "little"), False

    @dbus_method()
    def ReadValue(self, options: "a{sv}") -> "ay":  # noqa: F722, F821, UP037
        return self.value

    @dbus_method()
    def WriteValue(self, value: "ay", options: "a{sv}") -> None:  # noqa: F722, F821, UP037
        self.value = bytes(value)

    @dbus_method()
    def StartNotify(self) -> None:  # BlueZ's name
        self.is_notifying = True

    @dbus_method()
    def StopNotify(self) -> None:  # BlueZ's name
        self.is_notifying = False

    @dbus_property(access=_READ)
    def UUID(self) -> "s":  # noqa: F821, UP037
        return TEMPERATURE_UUID

    @dbus_property(access=_READ)
    def Service(self) -> "o":  # noqa: F821, UP037
        return f"{DEVICE}/service0001"

    @dbus_property(access=_READ)
    def Flags(self) -> "as":  # noqa: F722, UP037
        return ["read", "write", "notify"]

    @dbus_property(access=_READ)
    def Value(self) -> "ay":  # noqa: F821, UP037
        return self.value

    @dbus_property(access=_READ)
    def Notifying(self) -> "b":  # noqa: F821, UP037
        return self.is_notifying

    @dbus_property(access=_READ)
    def MTU(self) -> "q":  # noqa: F821, UP037
        return 64


class FakeBlueZ:
    """Runs on a thread of its own until :meth:`close`.

    Args:
        address: The bus.
        has_adapter: Whether this machine has one.
    """

    def __init__(self, address: str, *, has_adapter: bool = True) -> None:
        self._address, self._has_adapter = address, has_adapter
        self._loop = asyncio.new_event_loop()
        self.device, self.temperature = Device(self), Temperature()
        self._shown: set[str] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result(30)

    def tell(self, value: bytes) -> None:
        """The thermometer has another value."""
        self._run(lambda: self._told(value))

    def drop(self) -> None:
        """The thermometer goes out of reach."""
        self._run(lambda: self.device.set_connected(False))

    def close(self) -> None:
        self._run(self._bus.disconnect)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def show_device(self) -> None:
        self._show(DEVICE, self.device)

    def show_services(self) -> None:
        self._show(f"{DEVICE}/service0001", Service())
        self._show(f"{DEVICE}/service0001/char0002", self.temperature)

    def _told(self, value: bytes) -> None:
        self.temperature.value = value
        self.temperature.emit_properties_changed({"Value": value})

    def _show(self, path: str, interface: ServiceInterface) -> None:
        if path not in self._shown:
            self._shown.add(path)
            self._bus.export(path, interface)

    async def _begin(self) -> None:
        self._bus = await MessageBus(bus_address=self._address).connect()
        if self._has_adapter:
            self._bus.export(ADAPTER, Adapter(self))
        await self._bus.request_name("org.bluez")

    def _run(self, work: Any) -> None:
        async def run() -> None:
            work()

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(30)


