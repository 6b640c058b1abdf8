"""The tables ``devices``, ``networks``, ``connections`` and ``wifi`` of NetworkManager."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from plugins.api import (
    Change,
    Column,
    Committed,
    Delete,
    Insert,
    ListedRows,
    ReadOnlyError,
    Schema,
    TableError,
    TableProvider,
    Update,
    mark,
    say,
)
from plugins.wifi.network_manager import (
    ACCESS_POINT,
    ACTIVE,
    CONNECTION,
    DEVICE,
    MANAGER,
    NAME,
    WIRELESS,
    NetworkManager,
    variant,
)
from plugins.wifi.tending import chosen_interface

#: NMDeviceState → what people read.
_STATES = {0: "unknown", 10: "unmanaged", 20: "unavailable", 30: "disconnected", 40: "preparing", 50: "configuring",
           60: "needs a password", 70: "getting an address", 80: "checking", 90: "waiting", 100: "connected",
           110: "disconnecting", 120: "failed"}  # fmt: skip
#: NMDeviceStateReason → why a try to connect has failed; others are told by their number.
_FAILURES = {
    5: mark("no address could be had"), 6: mark("the address was lost"), 7: mark("the password is wrong or missing"),
    8: mark("the connection was ended by the other side"), 9: mark("the settings of the network do not fit"),
    10: mark("the network refused"), 11: mark("the network did not answer"), 15: mark("no address could be had"),
    16: mark("no address could be had"), 17: mark("no address could be had"),
    18: mark("the addresses for others could not be shared"), 19: mark("the addresses for others could not be shared"),
    35: mark("the firmware of the adapter is missing"), 53: mark("the network is out of reach"),
}  # fmt: skip
#: NMActiveConnectionState.
_ACTIVATED = 2
#: NM80211ApFlags: privacy; NM80211ApSecurityFlags: key management SAE and 802.1X.
_PRIVACY, _SAE, _ENTERPRISE = 0x1, 0x400, 0x200
_SECURITIES = ("open", "WEP", "WPA", "WPA3", "enterprise")
_TOLD = mark("NetworkManager says so")
_FAILURE = "Why the last try to connect, or to make a hotspot, has failed; null when it has not."
#: Characters of a WPA password (IEEE 802.11i, annex H.4.1).
_SHORTEST, _LONGEST = 8, 63


class _Rows(ListedRows):
    """Rows worked out from NetworkManager's objects; derive, give :meth:`listed`."""

    def __init__(self, manager: NetworkManager) -> None:
        super().__init__()
        self._manager = manager

    def stamp(self) -> int:
        """See :class:`ListedRows`."""
        return self._manager.version

    def adapters(self) -> Iterable[tuple[str, dict[str, dict[str, Any]]]]:
        """Paths and interfaces of the adapters that count."""
        objects = self._manager.objects
        return [(path, objects[path]) for path in self._manager.adapters() if path in objects]

    def objects(self, interface: str) -> Iterable[tuple[str, dict[str, dict[str, Any]]]]:
        """Paths and interfaces of the objects that have one."""
        return [(path, faces) for path, faces in sorted(self._manager.objects.items()) if interface in faces]


class Devices(_Rows):
    """Wi-Fi adapters."""

    schema = Schema(
        "devices",
        (
            Column("name", is_key=True, is_generated=True, label=mark("Adapter")),
            Column("state", choices=tuple(_STATES.values()), read_only_reason=_TOLD),
            Column("network", read_only_reason=_TOLD),
            Column("address", label=mark("Hardware address"), read_only_reason=_TOLD),
            Column("driver", read_only_reason=_TOLD),
            Column("failure", label=mark("Last failure"), read_only_reason=_TOLD, doc=_FAILURE),
            Column("scan", "boolean", label=mark("Look around"), doc="Edited to look for networks now."),
        ),
        key=("name",), label=("name",), can_add=False, can_delete=False, title=mark("Adapters"),
    )  # fmt: skip

    def listed(self) -> list[tuple[Any, ...]]:
        """In the order of their paths."""
        return [
            (values.get("Interface", ""), _STATES.get(values.get("State", 0), "unknown"),
             _ssid(self._manager.objects.get(faces[WIRELESS].get("ActiveAccessPoint", ""), {})) or None,
             faces[WIRELESS].get("HwAddress") or values.get("HwAddress"), values.get("Driver"),
             self._failure(path), False)
            for path, faces in self.adapters()
            for values in [faces.get(DEVICE, {})]
        ]  # fmt: skip

    def _failure(self, path: str) -> str | None:
        reason = self._manager.failures.get(path)
        if reason is None:
            return None
        known = _FAILURES.get(reason)
        return say(known) if known else say("NetworkManager's reason {number}", number=reason)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Look for networks."""
        for change in changes:
            if not isinstance(change, Update) or change.values.keys() != {"scan"}:
                raise ReadOnlyError(say("only the column scan can be edited here"))
            self.row(change)
            wanted = change.key[0]
            path = next(path for path, faces in self.adapters() if faces[DEVICE].get("Interface") == wanted)
            self._manager.call(path, WIRELESS, "RequestScan", "a{sv}", {})
        return self.everything(changes)


class Networks(_Rows):
    """Networks in reach, one for each name and adapter: the strongest access point of it."""

    schema = Schema(
        "networks",
        (
            Column("device", is_key=True, is_generated=True, label=mark("Adapter")),
            Column("name", is_key=True, is_generated=True, label=mark("Network")),
            Column("strength", "integer", read_only_reason=_TOLD, doc="Per cent."),
            Column("security", choices=_SECURITIES, read_only_reason=_TOLD),
            Column("frequency", "integer", read_only_reason=_TOLD, doc="MHz."),
            Column("is_known", "boolean", label=mark("Known"), read_only_reason=_TOLD),
            Column("is_connected", "boolean", label=mark("Connected"), doc="Edited to connect and to disconnect."),
            Column("password", doc="Written with is_connected for a network that is not known; never read."),
        ),
        key=("device", "name"), label=("name",), can_add=False, can_delete=False, title=mark("Networks"),
    )  # fmt: skip

    def listed(self) -> list[tuple[Any, ...]]:
        """The strongest first."""
        rows = [row for path, faces in self.adapters() for row in self._of(path, faces)]
        return sorted(rows, key=lambda row: (-row[2], row[1], row[0]))

    def _of(self, path: str, faces: dict[str, dict[str, Any]]) -> list[tuple[Any, ...]]:
        found: dict[str, tuple[Any, ...]] = {}
        device, known = faces.get(DEVICE, {}).get("Interface", ""), set(_names(self._manager))
        used = _ssid(self._manager.objects.get(faces[WIRELESS].get("ActiveAccessPoint", ""), {}))
        for point in faces[WIRELESS].get("AccessPoints", ()):
            values = self._manager.objects.get(point, {}).get(ACCESS_POINT, {})
            name = _ssid({ACCESS_POINT: values})
            strength = values.get("Strength", 0)
            is_there = name == used or not self._manager.is_gone(point)
            if name and is_there and (name not in found or strength > found[name][2]):
                found[name] = (device, name, strength, _security(values), values.get("Frequency"), name in known,
                               name == used, None)
        return list(found.values())

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Connect and disconnect."""
        for change in changes:
            if not isinstance(change, Update) or not change.values.keys() <= {"is_connected", "password"}:
                raise ReadOnlyError(say("only whether it is connected, and its password, can be written"))
            row = self.row(change)
            if change.values.get("is_connected") is False:
                self._leave(row)
            elif change.values.get("is_connected") or change.values.get("password"):
                self._join(row, str(change.values.get("password") or ""))
        return self.everything(changes)

    def _join(self, row: dict[str, Any], password: str) -> None:
        device, point = self._places(row)
        known = next((path for path, name in _named(self._manager) if name == row["name"]), None)
        if known is not None and not password:
            self._manager.call(MANAGER, NAME, "ActivateConnection", "ooo", known, device, point)
            return
        if row["security"] == "enterprise":
            raise TableError(say("{name} wants more than a password", name=row["name"]),
                             hint=say("the system's own settings can join it"))
        settings = connection_settings(row["name"], row["security"], password)
        self._manager.call(MANAGER, NAME, "AddAndActivateConnection", "a{sa{sv}}oo", settings, device, point)

    def _leave(self, row: dict[str, Any]) -> None:
        device, _ = self._places(row)
        for path, faces in self.objects(ACTIVE):
            if device in faces[ACTIVE].get("Devices", ()):
                self._manager.call(MANAGER, NAME, "DeactivateConnection", "o", path)

    def _places(self, row: dict[str, Any]) -> tuple[str, str]:
        """The paths of the adapter and of the access point."""
        for path, faces in self.adapters():
            if faces.get(DEVICE, {}).get("Interface") == row["device"]:
                points = [point for point in faces[WIRELESS].get("AccessPoints", ())
                          if _ssid(self._manager.objects.get(point, {})) == row["name"]]
                return path, max(points, key=self._strength)
        raise TableError(say("{name} is not there any more", name=row["device"]))

    def _strength(self, point: str) -> int:
        return self._manager.objects[point][ACCESS_POINT].get("Strength", 0)


class Connections(_Rows):
    """Connections that are known: a deleted row is forgotten, a new one makes a hotspot."""

    schema = Schema(
        "connections",
        (
            Column("uuid", is_key=True, is_generated=True, doc="NetworkManager's name for it."),
            Column("name", is_required=True, label=mark("Network")),
            Column("mode", choices=("infrastructure", "ap", "adhoc"), has_default=True, doc="ap is a hotspot."),
            Column("is_automatic", "boolean", label=mark("Joins by itself"), is_generated=True),
            Column("is_active", "boolean", label=mark("Connected"), is_generated=True),
            Column("password", doc="Of a new hotspot; never read."),
        ),
        key=("uuid",), label=("name",), can_edit=False, title=mark("Known networks"),
    )  # fmt: skip

    def listed(self) -> list[tuple[Any, ...]]:
        """In the order of their names."""
        active = {faces[ACTIVE].get("Connection"): faces[ACTIVE].get("State") for _, faces in self.objects(ACTIVE)}
        rows = []
        for path, settings in self._manager.settings.items():
            own, wireless = settings.get("connection", {}), settings.get("802-11-wireless")
            if wireless is not None:
                mode = wireless.get("mode", "infrastructure")
                rows.append((own.get("uuid", path), _text(wireless.get("ssid", b"")), mode,
                             own.get("autoconnect", True), active.get(path) == _ACTIVATED, None))
        return sorted(rows, key=lambda row: (row[1], row[0]))

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Forget connections, and make hotspots."""
        for change in changes:
            if isinstance(change, Delete):
                self.row(change)
                path = next(path for path, settings in self._manager.settings.items()
                            if settings.get("connection", {}).get("uuid", path) == change.key[0])
                self._manager.call(path, CONNECTION, "Delete")
            elif isinstance(change, Insert):
                self._make_hotspot(str(change.values.get("name") or ""), str(change.values.get("password") or ""))
            else:
                raise ReadOnlyError(say("known networks are forgotten, not edited"))
        return self.everything(changes)

    def _make_hotspot(self, name: str, password: str) -> None:
        devices = self._manager.adapters()
        if not devices:
            raise TableError(say("there is no Wi-Fi adapter"))
        settings = connection_settings(name, "WPA" if password else "open", password, mode="ap")
        settings["ipv4"] = {"method": variant("shared")}
        settings["ipv6"] = {"method": variant("ignore")}
        self._manager.call(MANAGER, NAME, "AddAndActivateConnection", "a{sa{sv}}oo", settings, devices[0], "/")


class State(_Rows):
    """One row: whether Wi-Fi is there and on, and why not."""

    schema = Schema(
        "wifi",
        (
            Column("id", "integer", is_key=True, is_generated=True),
            Column("is_available", "boolean", label=mark("Available"), read_only_reason=_TOLD),
            Column("reason", read_only_reason=_TOLD, doc="Why there is nothing to see; null when all is well."),
            Column("is_on", "boolean", label=mark("Wi-Fi on"), doc="Edited to switch Wi-Fi on and off."),
        ),
        key=("id",), can_add=False, can_delete=False, title=mark("Wi-Fi"),
    )  # fmt: skip

    def listed(self) -> list[tuple[Any, ...]]:
        """Always one row."""
        manager = self._manager.objects.get(MANAGER, {}).get(NAME, {})
        reason = self._manager.reason
        if not reason and not self._manager.adapters():
            named = chosen_interface()
            reason = say("this machine has no Wi-Fi adapter {name}", name=named) if named \
                else say("this machine has no Wi-Fi adapter")
        return [(1, not reason, reason or None, bool(manager.get("WirelessEnabled", False)))]

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Switch Wi-Fi on and off."""
        for change in changes:
            if not isinstance(change, Update) or change.values.keys() != {"is_on"}:
                raise ReadOnlyError(say("only whether Wi-Fi is on can be written"))
            self._manager.call(MANAGER, "org.freedesktop.DBus.Properties", "Set", "ssv", NAME, "WirelessEnabled",
                               variant(bool(change.values["is_on"])))
        return self.everything(changes)


def connection_settings(name: str, security: str, password: str, mode: str = "infrastructure") -> dict[str, Any]:
    """Settings of a new connection (NetworkManager's reference, "Connection Settings").

    Raises:
        TableError: no name, or no password that its security allows.
    """
    if not name or len(name.encode()) > 32:  # IEEE 802.11: an SSID has at most 32 bytes
        raise TableError(say("a network's name has 1 to 32 bytes"))
    settings: dict[str, Any] = {
        "connection": {"id": variant(name), "type": variant("802-11-wireless")},
        "802-11-wireless": {"ssid": variant(name.encode()), "mode": variant(mode)},
    }
    if security == "open":
        return settings
    if security != "WEP" and not _SHORTEST <= len(password) <= _LONGEST:
        raise TableError(say("the password of {name} has 8 to 63 characters", name=name),
                         hint=say("write it into the column password"))
    keys = {"WEP": ("none", "wep-key0"), "WPA": ("wpa-psk", "psk"), "WPA3": ("sae", "psk")}
    management, place = keys[security]
    settings["802-11-wireless-security"] = {"key-mgmt": variant(management), place: variant(password)}
    return settings


def _security(values: dict[str, Any]) -> str:
    flags = values.get("WpaFlags", 0) | values.get("RsnFlags", 0)
    if flags & _ENTERPRISE:
        return "enterprise"
    if flags & _SAE:
        return "WPA3"
    if flags:
        return "WPA"
    return "WEP" if values.get("Flags", 0) & _PRIVACY else "open"


def _ssid(faces: dict[str, dict[str, Any]]) -> str:
    return _text(faces.get(ACCESS_POINT, {}).get("Ssid", b""))


def _text(raw: Any) -> str:
    """A network's name, which is bytes; those that are no UTF-8 are shown as what they are."""
    return bytes(raw).decode("utf-8", "backslashreplace")


def _named(manager: NetworkManager) -> list[tuple[str, str]]:
    """Path and network's name of each known connection."""
    return [(path, _text(settings["802-11-wireless"].get("ssid", b"")))
            for path, settings in manager.settings.items() if "802-11-wireless" in settings]  # fmt: skip


def _names(manager: NetworkManager) -> list[str]:
    return [name for _, name in _named(manager)]


def tables() -> dict[str, TableProvider]:
    """The tables by name; they share one picture of NetworkManager."""
    made: list[_Rows] = []

    def tell() -> None:
        for table in made:
            table.announce()

    manager = NetworkManager(tell)
    kinds: tuple[Callable[[NetworkManager], _Rows], ...] = (Devices, Networks, Connections, State)
    made += [kind(manager) for kind in kinds]
    made[-1].close = manager.close  # type: ignore[method-assign]
    manager.wait()
    return {table.schema.name: table for table in made}
