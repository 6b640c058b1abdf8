"""Bluetooth's tables: ``adapters``, ``devices``, ``services``, ``characteristics``, ``values`` and ``bluetooth``."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from plugins.api import (
    Change,
    Column,
    Committed,
    ListedRows,
    ReadOnlyError,
    Schema,
    TableError,
    TableProvider,
    Update,
    mark,
    say,
)
from plugins.bluetooth.radio import Radio

_TOLD = mark("The device says so")
#: Bytes of a number, little-endian as Bluetooth sends them → how struct calls it.
_NUMBERS = {1: "<b", 2: "<h", 4: "<i", 8: "<q"}


class _Rows(ListedRows):
    """Rows worked out from the radio; derive, set ``schema``, give :meth:`listed` and for edits :meth:`act`."""

    def __init__(self, radio: Radio) -> None:
        super().__init__()
        self._radio = radio

    def act(self, key: tuple[Any, ...], values: dict[str, Any]) -> None:
        """Do what new values of a row say."""
        raise NotImplementedError

    def stamp(self) -> int:
        """See :class:`ListedRows`."""
        return self._radio.version

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Do what the new values say, one row after the other."""
        open_columns = {column.name for column in self.schema.columns
                        if not column.read_only_reason and not column.is_generated}  # fmt: skip
        for change in changes:
            if not isinstance(change, Update) or not change.values.keys() <= open_columns:
                raise ReadOnlyError(say("only {names} can be written here", names=", ".join(sorted(open_columns))))
            self.row(change)
        for change in changes:
            assert isinstance(change, Update)
            self.act(tuple(change.key), change.values)
        return self.everything(changes)


class Adapters(_Rows):
    """The radios of this machine."""

    schema = Schema(
        "adapters",
        (
            Column("name", is_key=True, is_generated=True, label=mark("Adapter")),
            Column("address", label=mark("Hardware address"), read_only_reason=_TOLD),
            Column("is_scanning", "boolean", label=mark("Look around"), doc="Edited to look for devices, and to stop."),
        ),
        key=("name",), label=("name",), can_add=False, can_delete=False, title=mark("Adapters"),
    )  # fmt: skip

    def listed(self) -> Sequence[tuple[Any, ...]]:
        """In the order of their names."""
        return [(name, address or None, self._radio.is_scanning) for name, address in self._radio.adapters]

    def act(self, key: tuple[Any, ...], values: dict[str, Any]) -> None:
        """Look around, or stop."""
        self._radio.call(self._radio.scan(bool(values.get("is_scanning"))))


class Devices(_Rows):
    """What was seen around."""

    schema = Schema(
        "devices",
        (
            Column("address", is_key=True, is_generated=True, label=mark("Address")),
            Column("name", label=mark("Device"), read_only_reason=_TOLD),
            Column("strength", "integer", read_only_reason=_TOLD, doc="dBm; nearer to 0 is stronger."),
            Column("signal", "integer", read_only_reason=_TOLD, doc="Per cent, worked out of the strength."),
            Column("seen", "datetime", label=mark("Last seen"), read_only_reason=_TOLD),
            Column("is_connected", "boolean", label=mark("Connected"), doc="Edited to connect and to let go."),
        ),
        key=("address",), label=("name",), can_add=False, can_delete=False, title=mark("Devices"),
    )  # fmt: skip

    def listed(self) -> Sequence[tuple[Any, ...]]:
        """The strongest first."""
        found = self._radio.devices.values()
        known = sorted(found, key=lambda one: (-(one.strength or -999), one.address))
        return [(one.address, one.name, one.strength, signal_of(one.strength), one.seen, one.is_connected)
                for one in known]  # fmt: skip

    def act(self, key: tuple[Any, ...], values: dict[str, Any]) -> None:
        """Connect, or let go."""
        radio = self._radio
        radio.call(radio.connect(key[0]) if values.get("is_connected") else radio.disconnect(key[0]))


class Services(_Rows):
    """What connected devices offer."""

    schema = Schema(
        "services",
        (
            Column("device", is_key=True), Column("uuid", is_key=True),
            Column("name", label=mark("Service")),
        ),
        key=("device", "uuid"), label=("name",), is_editable=False, read_only_reason=_TOLD, title=mark("Services"),
    )  # fmt: skip

    def listed(self) -> Sequence[tuple[Any, ...]]:
        """In the devices' order."""
        return [(address, service.uuid, service.description)
                for address, client in self._radio.clients.items() for service in client.services]  # fmt: skip


class Characteristics(_Rows):
    """The values of connected devices; ``value`` is hexadecimal."""

    schema = Schema(
        "characteristics",
        (
            Column("device", is_key=True, is_generated=True),
            Column("uuid", is_key=True, is_generated=True),
            Column("service", read_only_reason=_TOLD),
            Column("name", label=mark("Value of"), read_only_reason=_TOLD),
            Column("can", read_only_reason=_TOLD, doc="What the device allows: read, write, notify and so on."),
            Column("value", doc="Hexadecimal; edited to write it to the device."),
            Column("number", "real", read_only_reason=_TOLD, doc="As a number, where it has 1, 2, 4 or 8 bytes."),
            Column("is_told", "boolean", label=mark("Followed"), doc="Edited to have changes told."),
            Column("is_read", "boolean", label=mark("Read"), doc="Edited to ask the device for the value."),
        ),
        key=("device", "uuid"), label=("name",), can_add=False, can_delete=False, title=mark("Characteristics"),
    )  # fmt: skip

    def listed(self) -> Sequence[tuple[Any, ...]]:
        """In the devices' order."""
        rows = []
        for address, client in self._radio.clients.items():
            for one in client.services.characteristics.values():
                data = self._radio.latest.get((address, one.uuid))
                rows.append((address, one.uuid, one.service_uuid, one.description, ", ".join(one.properties),
                             data.hex(" ") if data is not None else None, number_of(data),
                             (address, one.uuid) in self._radio.notified, False))
        return rows

    def act(self, key: tuple[Any, ...], values: dict[str, Any]) -> None:
        """Write, follow, read."""
        radio, (address, uuid) = self._radio, key
        if "value" in values:
            radio.call(radio.write(address, uuid, bytes_of(str(values["value"] or ""))))
        if "is_told" in values:
            radio.call(radio.notify(address, uuid, bool(values["is_told"])))
        if values.get("is_read"):
            radio.call(radio.read(address, uuid))


class Values(_Rows):
    """What followed characteristics told: a table for a chart."""

    schema = Schema(
        "values",
        (
            Column("id", "integer", is_key=True), Column("device"), Column("characteristic"),
            Column("at", "datetime", label=mark("When")), Column("number", "real"),
            Column("data", doc="Hexadecimal."),
        ),
        key=("id",), is_editable=False, read_only_reason=_TOLD, title=mark("Values"),
    )  # fmt: skip

    def listed(self) -> Sequence[tuple[Any, ...]]:
        """The oldest that is kept first."""
        return [(one.number, one.device, one.characteristic, one.at, number_of(one.data), one.data.hex(" "))
                for one in list(self._radio.values)]  # fmt: skip


class State(_Rows):
    """One row: whether there is Bluetooth, and why not."""

    schema = Schema(
        "bluetooth",
        (
            Column("id", "integer", is_key=True),
            Column("is_available", "boolean", label=mark("Available")),
            Column("reason", doc="Why there is nothing to see; null when all is well."),
        ),
        key=("id",), is_editable=False, read_only_reason=_TOLD, title=mark("Bluetooth"),
    )  # fmt: skip

    def listed(self) -> Sequence[tuple[Any, ...]]:
        """Always one row."""
        return [(1, not self._radio.reason, self._radio.reason or None)]


def signal_of(strength: int | None) -> int | None:
    """Per cent of a strength in dBm, as most programs have it: -100 is nothing, -50 and more is all."""
    return None if strength is None else max(0, min(100, 2 * (strength + 100)))


def number_of(data: bytes | None) -> float | None:
    """The number that bytes stand for, signed and little-endian; None for another length."""
    kind = _NUMBERS.get(len(data or b""))
    return float(struct.unpack(kind, data or b"")[0]) if kind else None


def bytes_of(text: str) -> bytes:
    """The bytes of ``0a ff`` or ``0aff``.

    Raises:
        TableError: it is no hexadecimal text.
    """
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        hint = say("write bytes like 0a ff")
        raise TableError(say("{text} is not hexadecimal", text=text[:40]), hint=hint) from error


def tables() -> dict[str, TableProvider]:
    """The tables by name; they share one radio."""
    made: list[_Rows] = []

    def tell() -> None:
        for table in made:
            table.announce()

    radio = Radio(tell)
    kinds: tuple[Callable[[Radio], _Rows], ...] = (Adapters, Devices, Services, Characteristics, Values, State)
    made += [kind(radio) for kind in kinds]
    made[-1].close = radio.close  # type: ignore[method-assign]
    return {table.schema.name: table for table in made}
