"""Wi-Fi's commands: each an edit of one of the tables that the page shows."""

from __future__ import annotations

from typing import Any

from plugins.api import Delete, Update, Workplace, edit_rows, page_table, say


def scan(place: Workplace) -> None:
    """Have every adapter look for networks."""
    devices = page_table(place, "devices", "scan")
    edit_rows(place, devices, lambda key, _: Update(key, "", {"scan": True}), say("Look for networks"),
              nothing=say("this machine has no Wi-Fi adapter"))


def switch(place: Workplace) -> None:
    """Switch Wi-Fi on, or off."""
    state = page_table(place, "wifi")
    edit_rows(place, state, lambda key, row: Update(key, "", {"is_on": not row["is_on"]}), say("Switch Wi-Fi"))


def connect(place: Workplace, network: str) -> None:
    """Join a network in reach, by the adapter that hears it best."""
    found: list[Any] = []

    def change(key: tuple[Any, ...], row: dict[str, Any]) -> Update | None:
        if row["name"] != network or found:
            return None
        found.append(key)
        return Update(key, "", {"is_connected": True})

    edit_rows(place, page_table(place, "networks", "strength"), change, say("Connect"), say("Connecting"),
              say("{name} is not in reach", name=network))


def disconnect(place: Workplace, network: str) -> None:
    """Leave a network."""

    def change(key: tuple[Any, ...], row: dict[str, Any]) -> Update | None:
        is_meant = row["name"] == network and row["is_connected"]
        return Update(key, "", {"is_connected": False}) if is_meant else None

    edit_rows(place, page_table(place, "networks", "strength"), change, say("Disconnect"), say("Disconnected"),
              say("{name} is not connected", name=network))


def forget(place: Workplace, network: str) -> None:
    """Forget a network, with its password."""
    known = page_table(place, "connections", "is_automatic")
    edit_rows(place, known, lambda key, row: Delete(key, "") if row["name"] == network else None, say("Forget"),
              say("Forgotten"), say("{name} is not known", name=network))
