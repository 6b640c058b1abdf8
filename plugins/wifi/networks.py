"""The kind ``wifi-networks``: the networks in reach, joined with a password, left and forgotten."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from plugins.api import Context, DevicePanel, Node, say

#: Securities that need no password, or more than one.
_WITHOUT_PASSWORD = ("open", "enterprise")


class NetworksPanel(DevicePanel):
    """See the module.

    Attributes:
        password: Where the password of a network is typed that is not known.
        switched, look, join, forget: What is pressed.
    """

    columns = (
        ("name", {"width": 240}), ("strength", {"as": "bar", "width": 120}),
        ("security", {"as": "tag", "width": 110}), ("is_connected", {"width": 110}), ("is_known", {"width": 100}),
    )  # fmt: skip
    command = "wifi-networks.join"
    icon = "wifi"

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        self.no_rows = say("No network is in reach.")
        super().__init__(node, context, parent)
        self.switched = QCheckBox(say("Wi-Fi on"), self)
        self.switched.clicked.connect(lambda: self.run("wifi.switch"))
        self.head.addWidget(self.switched)
        self.look = self.add_button(self.head, say("Look around"), self.look_around)
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(say("Password"))
        self.password.returnPressed.connect(self.join_or_leave)
        self.foot.addWidget(self.password, 1)
        self.foot.addStretch(1)
        self.forget = self.add_button(self.foot, say("Forget"), self.forget_network)
        self.join = self.add_button(self.foot, say("Connect"), self.join_or_leave, "primary")
        self._of: tuple[Any, ...] | None = None
        self.renew({})

    def renew(self, row: dict[str, Any]) -> None:
        """See :class:`DevicePanel`."""
        state = self.fact["state"]
        self.switched.setVisible(bool(state))
        self.switched.setChecked(bool(state.get("is_on")))
        self.look.setEnabled(not state.get("reason"))
        names = [one["name"] for one in self.rows.values() if one["is_connected"]]
        self.said.setText(say("Connected to {name}", name=", ".join(names)) if names else say("Not connected"))
        if self.key != self._of:
            self._of = self.key
            self.password.clear()
        self.password.setVisible(self._needs_password(row))
        self.password.setAccessibleName(say("Password of {name}", name=row.get("name", "")))
        self.join.setText(say("Disconnect") if row.get("is_connected") else say("Connect"))
        self.join.setEnabled(bool(row))
        self.forget.setVisible(bool(row.get("is_known")))

    def _needs_password(self, row: dict[str, Any]) -> bool:
        return bool(row) and not row["is_connected"] and not row["is_known"] \
            and row["security"] not in _WITHOUT_PASSWORD

    # -- what commands do -----------------------------------------------------------------------------------------

    def join_or_leave(self) -> None:
        """Join the current network, or leave it; the first time its password is typed before."""
        row = self.row
        if not row:
            return
        if self._needs_password(row) and not self.password.text():
            self.password.setFocus()
            return
        password = {"password": self.password.text()} if self.password.text() else {}
        self.password.clear()
        self.write({"is_connected": not row["is_connected"], **password})

    def look_around(self) -> None:
        """Look for networks."""
        self.run("wifi.scan")

    def forget_network(self) -> None:
        """Forget the current network, when it is known."""
        if self.row.get("is_known"):
            self.run("wifi.forget", network=self.row["name"])


def join(view: NetworksPanel) -> None:
    """Join or leave the current network."""
    view.join_or_leave()


def look(view: NetworksPanel) -> None:
    """Look for networks."""
    view.look_around()


def forget(view: NetworksPanel) -> None:
    """Forget the current network."""
    view.forget_network()
