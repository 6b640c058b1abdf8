"""BlueZ's adapters, which bleak does not list, and whether it is there (BlueZ's reference, ``org.bluez.Adapter``)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.unpack import unpack_variants

from plugins.api import say

_NAME, _ADAPTER = "org.bluez", "org.bluez.Adapter1"
_DBUS, _OBJECTS = "org.freedesktop.DBus", "org.freedesktop.DBus.ObjectManager"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_MATCHES = (
    f"type='signal',sender='{_DBUS}',member='NameOwnerChanged',arg0='{_NAME}'",
    f"type='signal',sender='{_NAME}',interface='{_OBJECTS}'",
    f"type='signal',sender='{_NAME}',interface='{_PROPERTIES}',arg0='{_ADAPTER}'",
)
#: Seconds between two tries to reach a bus that is away.
_RETRY_S = 2.0

#: (Name, address) of each adapter that is switched on, and why there is none; empty when there is one.
Found = tuple[list[tuple[str, str]], str]


class Adapters:
    """Follows BlueZ until it is cancelled.

    Args:
        take: Called with what is there, at first and whenever it is something else.
    """

    def __init__(self, take: Callable[[list[tuple[str, str]], str], None]) -> None:
        self._take = take
        self._wake = asyncio.Event()

    async def follow(self) -> None:
        """See the class."""
        while True:
            try:
                bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
            except (OSError, EOFError, ValueError) as error:
                self._take([], say("the system's D-Bus cannot be reached: {error}", error=error))
            else:
                await self._listen(bus)
                self._take([], say("the system's D-Bus went away"))
            await asyncio.sleep(_RETRY_S)

    async def _listen(self, bus: MessageBus) -> None:
        """Tell of the adapters for as long as the bus is there."""
        lost = asyncio.ensure_future(bus.wait_for_disconnect())
        lost.add_done_callback(lambda _: self._wake.set())
        try:
            bus.add_message_handler(self._hear)
            for match in _MATCHES:
                await bus.call(_message(_DBUS, "/org/freedesktop/DBus", _DBUS, "AddMatch", "s", [match]))
            while not lost.done():
                self._wake.clear()
                self._take(*await _adapters(bus))
                await self._wake.wait()
        except (OSError, EOFError):
            return  # the bus went away while it was asked
        finally:
            lost.cancel()
            await asyncio.gather(lost, return_exceptions=True)
            bus.disconnect()

    def _hear(self, message: Message) -> None:
        if message.message_type != MessageType.SIGNAL:
            return
        if message.member in ("NameOwnerChanged", "PropertiesChanged"):
            about = message.body[0] if message.body else ""
            is_ours = about in (_NAME, _ADAPTER)
        else:  # objects that come and go: devices do so all the time
            is_ours = len(message.body) > 1 and _ADAPTER in message.body[1]
        if is_ours:
            self._wake.set()


async def forget_bluez() -> None:
    """Have bleak ask BlueZ for everything anew.

    WORKAROUND bleak does not hear that BlueZ went away, and takes what was connected for connected still: until it
    follows the owner of the name org.bluez. It begins anew when its bus was let go.
    """
    from bleak.backends.bluezdbus.manager import get_global_bluez_manager

    bus = getattr(await get_global_bluez_manager(), "_bus", None)
    if bus is not None:
        bus.disconnect()


async def _adapters(bus: MessageBus) -> Found:
    answer = await bus.call(_message(_NAME, "/", _OBJECTS, "GetManagedObjects"))
    if answer is None or answer.message_type == MessageType.ERROR:
        return [], say("Bluetooth is not running on this machine")
    [objects] = unpack_variants(answer.body)
    there = [(path.rpartition("/")[2], faces[_ADAPTER]) for path, faces in sorted(objects.items()) if _ADAPTER in faces]
    if not there:
        return [], say("this machine has no Bluetooth adapter")
    found = [(name, values.get("Address", "")) for name, values in there if values.get("Powered", True)]
    return found, "" if found else say("Bluetooth is switched off")


def _message(to: str, path: str, interface: str, member: str, signature: str = "", body: Sequence[Any] = ()) -> Message:
    return Message(
        destination=to, path=path, interface=interface, member=member, signature=signature, body=list(body)
    )
