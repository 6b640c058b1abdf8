"""Bluetooth of this machine: what is around and what is connected; on a thread with a loop of its own.

bleak speaks with the system (BlueZ over D-Bus, CoreBluetooth, WinRT); here its answers become rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import sys
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from bleak import BleakClient, BleakScanner
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from plugins.api import TableError, UnavailableError, option, say

#: Seconds that a device may take to answer.
_PATIENCE_S = 30.0
#: Values of notifications that are kept, of all devices together.
KEPT_VALUES = 10_000
#: What bleak and D-Bus raise when something is away or refuses.
_FAILURES = (BleakError, OSError, EOFError, asyncio.TimeoutError)


class Device(NamedTuple):
    """A device that was seen."""

    address: str
    name: str
    strength: int | None
    seen: datetime.datetime
    is_connected: bool = False


class Value(NamedTuple):
    """A value that a device told."""

    number: int
    device: str
    characteristic: str
    at: datetime.datetime
    data: bytes


class Radio:
    """The state, replaced piece by piece on the radio's thread; any thread may read it.

    Attributes:
        devices: Address → what was seen.
        clients: Address → the connection.
        adapters: Names of the adapters, None while they are not known.
        values: What was told, the last at the end.
        latest: (address, characteristic) → the bytes read or told last.
        notified: What is told now.
        is_scanning: Whether it looks around.
        reason: Why there is nothing; empty while all is well.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self.devices: dict[str, Device] = {}
        self.clients: dict[str, BleakClient] = {}
        self.adapters: list[tuple[str, str]] = []
        self.values: deque[Value] = deque(maxlen=KEPT_VALUES)
        self.latest: dict[tuple[str, str], bytes] = {}
        self.notified: set[tuple[str, str]] = set()
        self.is_scanning, self.reason, self.version, self._count = False, "", 0, 0
        self._scanner: BleakScanner | None = None
        #: Whether somebody wants it to look around, also while there is nothing to look with.
        self._is_wanted = False
        self._tasks: set[asyncio.Task[Any]] = set()
        #: What bleak calls a device by; without it bleak looks around anew to connect.
        self._found: dict[str, BLEDevice] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bluetooth", daemon=True)
        self._thread.start()
        self.call(self._begin())

    def call(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run it on the radio's thread, from any other one.

        Raises:
            UnavailableError: Bluetooth is away, or the device does not answer.
            TableError: the device refuses.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(_PATIENCE_S)
        except TimeoutError as error:
            future.cancel()
            raise UnavailableError(say("the device does not answer")) from error
        except _FAILURES as error:
            raise TableError(say("Bluetooth says: {error}", error=str(error) or type(error).__name__)) from error

    def close(self) -> None:
        """Let go of every device, and end the thread."""
        if self._loop.is_closed():
            return
        try:
            self.call(self._let_go())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    # -- on the radio's thread ------------------------------------------------------------------------------------

    async def scan(self, is_wanted: bool) -> None:
        """Look around, or stop."""
        self._is_wanted = is_wanted
        if is_wanted and self._scanner is None:
            self._need()
            scanner = BleakScanner(self._see, **self._chosen())
            await scanner.start()
            self._scanner = scanner
            self._end_later(float(option("bluetooth.scan-seconds", 0)))
        elif not is_wanted and self._scanner is not None:
            scanner, self._scanner = self._scanner, None
            await scanner.stop()
        self.is_scanning = self._scanner is not None
        self._change()

    async def connect(self, address: str) -> None:
        """Connect, and learn what the device offers."""
        if address in self.clients:
            return
        self._need()
        known = self._found.get(address, address)
        client = BleakClient(known, disconnected_callback=lambda _: self._lose(address), timeout=_PATIENCE_S / 2,
                             **self._chosen())
        await client.connect()
        self.clients = {**self.clients, address: client}
        self._mark(address, is_connected=True)

    async def disconnect(self, address: str) -> None:
        """Let a device go."""
        client = self.clients.get(address)
        if client is not None:
            await client.disconnect()
            self._lose(address)

    async def read(self, address: str, characteristic: str) -> None:
        """Ask for a value."""
        data = await self._client(address).read_gatt_char(characteristic)
        self.latest = {**self.latest, (address, characteristic): bytes(data)}
        self._change()

    async def write(self, address: str, characteristic: str, data: bytes) -> None:
        """Write a value; the device says that it has taken it where it can."""
        await self._client(address).write_gatt_char(characteristic, data)
        self.latest = {**self.latest, (address, characteristic): data}
        self._change()

    async def notify(self, address: str, characteristic: str, is_wanted: bool) -> None:
        """Have values told as they change, or no more."""
        key, client = (address, characteristic), self._client(address)
        if is_wanted and key not in self.notified:
            await client.start_notify(characteristic, lambda source, data: self._hear(address, source, data))
            self.notified = self.notified | {key}
        elif not is_wanted and key in self.notified:
            await client.stop_notify(characteristic)
            self.notified = self.notified - {key}
        self._change()

    def _chosen(self) -> dict[str, Any]:
        """What bleak takes to use the adapter of the option; nothing for the system's choice."""
        is_chosen = sys.platform == "linux" and option("bluetooth.adapter", "")
        return {"bluez": {"adapter": self.adapters[0][0]}} if is_chosen else {}

    def _end_later(self, seconds: float) -> None:
        """Have this search end by itself; 0 is never. One that was stopped meanwhile is another's business."""
        scanner = self._scanner

        async def end() -> None:
            await asyncio.sleep(seconds)
            if self._scanner is scanner:
                await self._search(False)

        if seconds:
            self._go(end())

    def _need(self) -> None:
        if not self.adapters:
            raise UnavailableError(self.reason)

    def _client(self, address: str) -> BleakClient:
        client = self.clients.get(address)
        if client is None:
            raise TableError(say("{address} is not connected", address=address), hint=say("connect it first"))
        return client

    def _see(self, device: BLEDevice, seen: AdvertisementData) -> None:
        self._found[device.address] = device
        name = seen.local_name or device.name or ""
        now = datetime.datetime.now().replace(microsecond=0)
        row = Device(device.address, name, seen.rssi, now, device.address in self.clients)
        self.devices = {**self.devices, device.address: row}
        self._change()

    def _hear(self, address: str, source: BleakGATTCharacteristic, data: bytearray) -> None:
        self._count += 1
        raw = bytes(data)
        self.values.append(Value(self._count, address, source.uuid, datetime.datetime.now(), raw))
        self.latest = {**self.latest, (address, source.uuid): raw}
        self._change()

    def _lose(self, address: str) -> None:
        self.clients = {one: client for one, client in self.clients.items() if one != address}
        self.notified = {key for key in self.notified if key[0] != address}
        self._mark(address, is_connected=False)

    def _mark(self, address: str, *, is_connected: bool) -> None:
        now = datetime.datetime.now().replace(microsecond=0)
        row = self.devices.get(address, Device(address, "", None, now))
        self.devices = {**self.devices, address: row._replace(is_connected=is_connected)}
        self._change()

    async def _let_go(self) -> None:
        if self.adapters:
            await self.scan(False)
            for address in list(self.clients):
                await self.disconnect(address)
        # What bleak follows its bus by goes on for as long as the loop.
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _begin(self) -> None:
        """Look for adapters, and follow what becomes of them."""
        if sys.platform != "linux":
            self.adapters = [("default", "")]
            return
        from plugins.bluetooth.adapter import Adapters

        seen = asyncio.Event()

        def take(found: list[tuple[str, str]], reason: str) -> None:
            self._take_adapters(found, reason)
            seen.set()

        self._go(Adapters(take).follow())
        await seen.wait()

    def _take_adapters(self, found: list[tuple[str, str]], reason: str) -> None:
        """Bluetooth is there, or went away: what was connected is lost, a search goes on when it is back."""
        wanted = str(option("bluetooth.adapter", ""))
        if found and wanted:
            found = [one for one in found if wanted.lower() in (one[0].lower(), one[1].lower())]
            reason = reason if found else say("this machine has no Bluetooth adapter {name}", name=wanted)
        had, self.adapters, self.reason = bool(self.adapters), found, reason
        if had and not found:
            self._go(self._lose_all())
        elif found and self._is_wanted and self._scanner is None:
            self._go(self._search(True))
        self._change()

    async def _lose_all(self) -> None:
        from plugins.bluetooth.adapter import forget_bluez

        scanner, self._scanner = self._scanner, None
        self.is_scanning = False
        for address in list(self.clients):
            self._lose(address)
        self._change()
        with contextlib.suppress(*_FAILURES, AssertionError):  # nobody is there any more who could be told
            if scanner is not None:
                await scanner.stop()
            await forget_bluez()

    async def _search(self, is_wanted: bool) -> None:
        """Look around, or stop, where nobody waits for the answer."""
        try:
            await self.scan(is_wanted)
        except _FAILURES as error:
            self.reason = say("Bluetooth says: {error}", error=str(error) or type(error).__name__)
            self._change()

    def _go(self, work: Coroutine[Any, Any, Any]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _change(self) -> None:
        self.version += 1
        self._tell()
