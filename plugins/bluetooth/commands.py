"""Bluetooth's commands: each an edit of one of the tables that the page shows."""

from __future__ import annotations

from typing import Any

from plugins.api import Update, Workplace, edit_rows, page_table, say


def scan(place: Workplace) -> None:
    """Look for devices around, or stop it."""
    adapters = page_table(place, "adapters", "is_scanning")
    edit_rows(place, adapters, lambda key, row: Update(key, "", {"is_scanning": not row["is_scanning"]}),
              say("Look around"), nothing=say("this machine has no Bluetooth adapter"))


def connect(place: Workplace, device: str) -> None:
    """Connect a device, by its name or address."""
    _connect(place, device, is_connected=True)


def disconnect(place: Workplace, device: str) -> None:
    """Let go of a device."""
    _connect(place, device, is_connected=False)


def follow(place: Workplace, value: str) -> None:
    """Have a value's changes told, or no more."""

    def change(key: tuple[Any, ...], row: dict[str, Any]) -> Update | None:
        return Update(key, "", {"is_told": not row["is_told"]}) if value in (row["name"], row["uuid"]) else None

    edit_rows(place, page_table(place, "characteristics", "is_told"), change, say("Follow a value"),
              nothing=say("no connected device has the value {name}", name=value))


def _connect(place: Workplace, device: str, *, is_connected: bool) -> None:
    def change(key: tuple[Any, ...], row: dict[str, Any]) -> Update | None:
        is_meant = device in (row["name"], row["address"]) and row["is_connected"] is not is_connected
        return Update(key, "", {"is_connected": is_connected}) if is_meant else None

    title, said = (say("Connect"), say("Connected")) if is_connected else (say("Disconnect"), say("Disconnected"))
    edit_rows(place, page_table(place, "devices", "strength"), change, title, said,
              say("{name} was not seen, or is so already", name=device))
