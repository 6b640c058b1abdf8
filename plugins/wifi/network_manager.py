"""NetworkManager over D-Bus: a picture of its objects that follows it, and calls; on a thread with a loop of its own.

Interfaces and properties are those of NetworkManager's reference (D-Bus API, version 1.42).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.unpack import unpack_variants

from plugins.api import TableError, UnavailableError, say
from plugins.wifi.tending import Tending, chosen_interface

NAME = "org.freedesktop.NetworkManager"
ROOT, MANAGER = "/org/freedesktop", "/org/freedesktop/NetworkManager"
DEVICE, WIRELESS = f"{NAME}.Device", f"{NAME}.Device.Wireless"
ACCESS_POINT, CONNECTION = f"{NAME}.AccessPoint", f"{NAME}.Settings.Connection"
ACTIVE = f"{NAME}.Connection.Active"
_PROPERTIES, _OBJECTS = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager"
_MATCHES = (f"type='signal',sender='{NAME}'",
            f"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{NAME}'")
#: NMDeviceState: being prepared, connected, failed.
_PREPARING, _CONNECTED, _FAILED = 40, 100, 120
#: Seconds that an answer may take.
_PATIENCE_S = 30.0
#: Seconds between two tries to reach a bus that is away.
_RETRY_S = 2.0

Objects = dict[str, dict[str, dict[str, Any]]]


class NetworkManager:
    """What NetworkManager says, kept up to date.

    Attributes:
        objects: Path → interface → property → value; replaced whole on every change, so any thread may read it.
        settings: Path of a known connection → its settings.
        reason: Why there is nothing; empty while all is well.
        failures: Path of an adapter → NMDeviceStateReason of its last try to connect, when that has failed.

    Args:
        tell: Called on the bus's thread after a change.
    """

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell = tell
        self.objects: Objects = {}
        self.settings: dict[str, dict[str, Any]] = {}
        self.failures: dict[str, int] = {}
        self.reason = say("NetworkManager has not been asked yet")
        self.version, self._owner = 0, 0
        self._bus: MessageBus | None = None
        self._loop = asyncio.new_event_loop()
        self._is_first = threading.Event()
        self._end = asyncio.Event()
        self._tending = Tending(self)
        self._tending.follow(self._loop)
        self._thread = threading.Thread(target=self._run, name="wifi", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return once NetworkManager was asked for the first time, or could not be."""
        self._is_first.wait(_PATIENCE_S)

    def close(self) -> None:
        """End the thread."""
        self._tending.leave()
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def adapters(self) -> list[str]:
        """Paths of the Wi-Fi adapters that count, in their order."""
        wanted = chosen_interface()
        return [path for path, faces in sorted(self.objects.items())
                if WIRELESS in faces and wanted in ("", faces.get(DEVICE, {}).get("Interface"))]  # fmt: skip

    def is_gone(self, point: str) -> bool:
        """Whether no search has found an access point for longer than the option allows."""
        return point in self._tending.gone

    def last_seen(self) -> list[tuple[str, float]]:
        """Path, and seconds since the machine was started, of each access point that says when it was found last."""
        seen = [(path, faces[ACCESS_POINT].get("LastSeen", -1))
                for path, faces in self.objects.items() if ACCESS_POINT in faces]  # fmt: skip
        return [(path, float(when)) for path, when in seen if when > 0]

    def call(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> list[Any]:
        """A call from any other thread; its answer's values.

        Raises:
            UnavailableError: NetworkManager is away.
            TableError: it refuses; what it says is told.
        """
        return self._await(self._call(path, interface, member, signature, body))

    def _await(self, work: Coroutine[Any, Any, list[Any]]) -> list[Any]:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(_PATIENCE_S)
        except TimeoutError as error:
            future.cancel()
            raise UnavailableError(say("NetworkManager does not answer")) from error

    # -- on the bus's thread --------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.close()

    async def _live(self) -> None:
        while not self._end.is_set():
            try:
                await self._connect()
                ended = [asyncio.create_task(self._end.wait()), asyncio.create_task(self._bus.wait_for_disconnect()),
                         asyncio.create_task(self._tending.run())]
                _, rest = await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
                for task in rest:
                    task.cancel()
            except (TimeoutError, OSError, EOFError, ValueError, UnavailableError, TableError) as error:
                self._lose(say("the system's D-Bus cannot be reached: {error}", error=error))
            else:
                if not self._end.is_set():
                    self._lose(say("the system's D-Bus went away"))
            self._is_first.set()
            if self._bus is not None:
                self._bus.disconnect()
                self._bus = None
            try:
                await asyncio.wait_for(self._end.wait(), _RETRY_S)
            except TimeoutError:
                continue

    async def request_scan(self, path: str) -> None:
        """Have an adapter look for networks; on the bus's thread, raises as :meth:`call`."""
        await self._call(path, WIRELESS, "RequestScan", "a{sv}", ({},))

    def touch(self) -> None:
        """Have everything looked at again."""
        self._take(self.objects)

    async def _connect(self) -> None:
        self._bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        self._bus.add_message_handler(self._hear)
        for match in _MATCHES:
            await self._call("/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", (match,),
                             destination="org.freedesktop.DBus")
        await self._load()
        self._is_first.set()

    async def _load(self) -> None:
        """Ask for everything anew; what was asked of one that went away meanwhile counts no more."""
        owner = self._owner
        try:
            [objects] = await self._call(ROOT, _OBJECTS, "GetManagedObjects")
        except TableError as error:
            if owner == self._owner:
                self._lose(say("NetworkManager is not running: {error}", error=error.message))
            return
        paths = [path for path, interfaces in objects.items() if CONNECTION in interfaces]
        settings = {path: found for path in paths if (found := await self._settings(path)) is not None}
        if owner != self._owner:
            return
        self.settings, self.reason = settings, ""
        self._take(objects)

    async def _settings(self, path: str) -> dict[str, Any] | None:
        try:
            [settings] = await self._call(path, CONNECTION, "GetSettings")
        except TableError:
            return None  # gone meanwhile, or another person's
        return settings

    async def _call(self, path: str, interface: str, member: str, signature: str = "", body: Any = (),
                    destination: str = NAME) -> list[Any]:
        bus = self._bus
        if bus is None:
            raise UnavailableError(self.reason)
        message = Message(destination=destination, path=path, interface=interface, member=member, signature=signature,
                          body=list(body))
        answer = await asyncio.wait_for(bus.call(message), _PATIENCE_S)
        if answer is None or answer.message_type == MessageType.ERROR:
            said = str(answer.body[0]) if answer is not None and answer.body else "?"
            raise TableError(said.strip().rpartition("\n")[2])
        return unpack_variants(answer.body)

    def _hear(self, message: Message) -> None:
        if message.message_type != MessageType.SIGNAL:
            return
        if message.member == "NameOwnerChanged" and message.body and message.body[0] == NAME:
            self._owner += 1
            if message.body[2]:
                self._again()
            else:
                self._lose(say("NetworkManager went away"))
        elif message.member == "PropertiesChanged" and message.interface == _PROPERTIES:
            self._change(message.path, message.body[0], unpack_variants(message.body[1]))
        elif message.member == "StateChanged" and message.interface == DEVICE:
            self._note(message.path, message.body[0], message.body[2])
        elif message.member in ("InterfacesAdded", "InterfacesRemoved", "NewConnection", "ConnectionRemoved", "Updated",
                                "AccessPointAdded", "AccessPointRemoved", "DeviceAdded", "DeviceRemoved"):
            self._again()

    def _again(self) -> None:
        task = asyncio.ensure_future(self._load(), loop=self._loop)
        task.add_done_callback(self._loaded)

    def _loaded(self, task: asyncio.Future[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._lose(say("NetworkManager does not answer: {error}", error=error))

    def _change(self, path: str, interface: str, values: dict[str, Any]) -> None:
        """Some properties of one object are others."""
        was = self.objects.get(path)
        if was is None:
            return
        self._take({**self.objects, path: {**was, interface: {**was.get(interface, {}), **values}}})

    def _note(self, path: str, state: int, reason: int) -> None:
        """An adapter came into another state. A failure is told until the next try: later states say nothing of it."""
        if state == _FAILED:
            self.failures = {**self.failures, path: reason}
        elif state in (_PREPARING, _CONNECTED):
            self.failures = {one: why for one, why in self.failures.items() if one != path}
        self._take(self.objects)

    def _take(self, objects: Objects) -> None:
        self.objects = objects
        self.version += 1
        self._tending.wake()
        self._tell()

    def _lose(self, reason: str) -> None:
        self.reason, self.settings = reason, {}
        self._take({})


def variant(value: Any) -> Variant:
    """A value for a connection's settings."""
    if isinstance(value, bytes):
        return Variant("ay", value)
    if isinstance(value, bool):
        return Variant("b", value)
    return Variant("s", str(value))
