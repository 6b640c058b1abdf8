"""The kind ``button``: runs a command and follows its title, key and enablement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from widgets.repolish import repolish

if TYPE_CHECKING:
    from layouts.node import Node
    from widgets.context import Context

#: Emphasis → the colour token of its icon.
_ICON_TONES = {"primary": "on-accent", "danger": "on-danger"}


class Button(QPushButton):
    """A push button; usable only while its command may run and the layout allows it."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        self._command = str(node.get("command") or "")
        self._icon_name = str(node.get("icon") or "")
        self._action = node.get("run")
        self._tip = ""
        self._look_color = ""
        self._has_key = False
        self._can_run = True
        self._is_allowed = True
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setIconSize(QSize(context.theme.icon_size(), context.theme.icon_size()))
        self.clicked.connect(self._run)
        self._stop: object = None
        self.set_text("")
        # Told before the first dressing, so that the style sheet looks only once.
        literal = node.get("emphasis")
        self.set_emphasis(literal if isinstance(literal, str) else "normal")
        if self._command:
            self.set_command(self._command)

    def set_text(self, text: str) -> None:
        """What it says; the command's title when empty."""
        # An ampersand is a letter here, not a mnemonic.
        shown = text or (self._context.commands.title(self._command) if self._command else "")
        # A thin space keeps the text off the icon; the style sheet has no length for it.
        self.setText(("\u2009" if self._icon_name else "") + shown.replace("&", "&&"))
        self.setAccessibleName(shown)

    def set_command(self, command: str) -> None:
        """The id of what it runs."""
        self.let_go()
        self._command = command
        if not self.text():
            self.set_text("")
        stop = self._context.commands.watch(command, self._set_can_run)
        self._stop = stop
        self.destroyed.connect(lambda *_: stop())
        self._show_tip()

    def set_run(self, action: object) -> None:
        """What it does in place of a command; None for nothing."""
        self._action = action or None

    def set_icon(self, name: str) -> None:
        """The icon before the text; empty for none."""
        self._icon_name = name
        self._dress()

    def set_emphasis(self, emphasis: str) -> None:
        """How much it stands out: normal, primary, quiet or danger."""
        if self.property("emphasis") != emphasis:
            self.setProperty("emphasis", emphasis)
            repolish(self)
        self._dress()

    def take_look(self, values: dict[str, str]) -> None:
        """What the style rules say of it."""
        self._look_color = values.get("color", "")
        self._dress()

    def _dress(self) -> None:
        if self._icon_name:
            tone = self._look_color or _ICON_TONES.get(str(self.property("emphasis")), "text")
            self.setIcon(self._context.theme.icon(self._icon_name, tone))
        elif not self.icon().isNull():
            self.setIcon(QIcon())

    def set_tip(self, text: str) -> None:
        """A sentence for the pointer; the command's key is added."""
        self._tip = text
        self._show_tip()

    def set_enabled(self, is_enabled: bool) -> None:
        """Whether the layout allows it; the command has its say too."""
        self._is_allowed = is_enabled
        self.setEnabled(self._is_allowed and self._can_run)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _set_can_run(self, can_run: bool) -> None:
        self._can_run = can_run
        self.setEnabled(self._is_allowed and self._can_run)
        if not self._has_key:
            self._show_tip()  # The keymap may have been read meanwhile.

    def _show_tip(self) -> None:
        key = self._context.commands.key(self._command) if self._command else ""
        self._has_key = bool(key)
        text = self._tip or (self._context.commands.title(self._command) if self._command else "")
        self.setToolTip(f"{text}  ({key})" if key and text else text or key)
        self.setAccessibleDescription(self._tip or key)

    def let_go(self) -> None:
        """Follow the command no more."""
        if callable(self._stop):
            self._stop()
        self._stop = None

    def _run(self) -> None:
        if self._action is not None:
            from widgets.act import act

            act(self._action, self._context)
        elif self._command:
            self._context.commands.run(self._command)
