"""The kind ``bluetooth-devices``: the devices around, their signals, connected and let go."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from plugins.api import Context, DevicePanel, Node, say, say_count


class DevicesPanel(DevicePanel):
    """See the module.

    Attributes:
        look, connect_button: What is pressed.
    """

    columns = (
        ("name", {"width": 220}), ("address", {"width": 160}), ("signal", {"as": "bar", "width": 120}),
        ("is_connected", {"width": 110}), ("seen", {"width": 170}),
    )  # fmt: skip
    facts = ("state", "adapters")
    command = "bluetooth-devices.connect"
    icon = "bluetooth"

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        self.no_rows = say("Nothing was seen yet. Look around for devices.")
        super().__init__(node, context, parent)
        self.look = self.add_button(self.head, say("Look around"), self.look_around)
        self.foot.addStretch(1)
        self.connect_button = self.add_button(self.foot, say("Connect"), self.connect_or_let_go, "primary")
        self.renew({})

    def renew(self, row: dict[str, Any]) -> None:
        """See :class:`DevicePanel`."""
        is_scanning = bool(self.fact["adapters"].get("is_scanning"))
        count = len(self.rows)
        seen = say_count("{count} device was seen", "{count} devices were seen", count) if count \
            else say("No device was seen yet")
        self.said.setText(say("Looking around: {seen}", seen=seen) if is_scanning else seen)
        self.look.setText(say("Stop looking") if is_scanning else say("Look around"))
        self.look.setEnabled(not self.fact["state"].get("reason"))
        self.connect_button.setText(say("Disconnect") if row.get("is_connected") else say("Connect"))
        self.connect_button.setEnabled(bool(row))

    # -- what commands do -----------------------------------------------------------------------------------------

    def connect_or_let_go(self) -> None:
        """Connect the current device, or let it go."""
        if self.row:
            self.write({"is_connected": not self.row["is_connected"]})

    def look_around(self) -> None:
        """Look for devices, or stop."""
        self.run("bluetooth.scan")


def connect(view: DevicesPanel) -> None:
    """Connect or let go of the current device."""
    view.connect_or_let_go()


def look(view: DevicesPanel) -> None:
    """Look for devices, or stop."""
    view.look_around()
