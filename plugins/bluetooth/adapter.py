"""BlueZ's adapters, which bleak does not list (BlueZ's reference, ``org.bluez.Adapter``)."""

from __future__ import annotations

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.unpack import unpack_variants

from plugins.api import say

_NAME, _ADAPTER = "org.bluez", "org.bluez.Adapter1"


async def adapters() -> tuple[list[tuple[str, str]], str]:
    """(Name, address) of each adapter, and why there is none; empty when there is one."""
    try:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
    except (OSError, EOFError, ValueError) as error:
        return [], say("the system's D-Bus cannot be reached: {error}", error=error)
    try:
        answer = await bus.call(Message(destination=_NAME, path="/", interface="org.freedesktop.DBus.ObjectManager",
                                        member="GetManagedObjects"))
    finally:
        bus.disconnect()
    if answer is None or answer.message_type == MessageType.ERROR:
        return [], say("Bluetooth is not running on this machine")
    [objects] = unpack_variants(answer.body)
    found = [(path.rpartition("/")[2], faces[_ADAPTER].get("Address", ""))
             for path, faces in sorted(objects.items()) if _ADAPTER in faces]  # fmt: skip
    return found, "" if found else say("this machine has no Bluetooth adapter")
