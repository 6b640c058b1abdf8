"""The kind ``button``: runs a command and follows its title, key and enablement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import isValid

from widgets.repolish import repolish

if TYPE_CHECKING:
    from collections.abc import Callable

    from layouts.node import Node
    from widgets.context import Context

#: Emphasis → the colour token of its icon.
_ICON_TONES = {"primary": "on-accent", "danger": "on-danger"}


class Button(QPushButton):
    """A push button; usable only while its command may run and the layout allows it."""

    TAKEN = ("text", "command", "run", "icon", "emphasis")
    # NOTE: what most buttons never change stands here; setting an attribute of a Qt object takes 0.8 µs.
    _command = _icon_name = _tip = _shown_tip = _described = _look_color = ""
    _emphasis = "normal"
    _action: object = None
    _can_run, _is_allowed, _is_heard = True, True, False
    _stop: Callable[[], None] | None = None

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context = context
        said = node.properties
        command, icon, action = said.get("command"), said.get("icon"), said.get("run")
        if command:
            self._command = str(command)
        if icon:
            self._icon_name = str(icon)
        if action is not None:
            self._action = action
        self.setAutoDefault(False)
        text, emphasis = said.get("text"), said.get("emphasis")
        self.set_text(text if isinstance(text, str) else "")
        # Told before the first dressing, so that the style sheet looks only once.
        if isinstance(emphasis, str):
            self.set_emphasis(emphasis)
        if icon:
            self._dress()
        if command:
            self._follow()

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
        self._follow()

    def _follow(self) -> None:
        """Be told whether the command may run."""
        self._stop = self._context.commands.watch(self._command, self._set_can_run)
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
        if self._emphasis != emphasis:
            self._emphasis = emphasis
            self.setProperty("emphasis", emphasis)
            repolish(self)
        self._dress()

    def take_look(self, values: dict[str, str]) -> None:
        """What the style rules say of it."""
        self._look_color = values.get("color", "")
        self._dress()

    def _dress(self) -> None:
        if self._icon_name:
            tone = self._look_color or _ICON_TONES.get(self._emphasis, "text")
            side = self._context.theme.icon_size()
            self.setIconSize(QSize(side, side))
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
        self.setEnabled(is_enabled and self._can_run)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _set_can_run(self, can_run: bool) -> None:
        if not isValid(self):  # deleted with what it stood in, without being let go of
            self.let_go()
            return
        if can_run is not self._can_run:
            self._can_run = can_run
            self.setEnabled(self._is_allowed and can_run)
        if self._stop is not None:
            self._show_tip()  # The keymap may have been read meanwhile, or be another.

    def _show_tip(self) -> None:
        key = self._context.commands.key(self._command) if self._command else ""
        text = self._tip or (self._context.commands.title(self._command) if self._command else "")
        tip, described = f"{text}  ({key})" if key and text else text or key, self._tip or key
        if tip != self._shown_tip:
            self._shown_tip = tip
            self.setToolTip(tip)
        if described != self._described:
            self._described = described
            self.setAccessibleDescription(described)

    def let_go(self) -> None:
        """Follow the command no more."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def nextCheckState(self) -> None:  # Qt's name
        """Be heard from the first click on: Qt asks here before it tells of any, and few buttons are ever clicked."""
        if not self._is_heard:
            self._is_heard = True
            self.clicked.connect(_runner(self))
        super().nextCheckState()

    def _run(self) -> None:
        if self._action is not None:
            from widgets.act import act

            act(self._action, self._context)
        elif self._command:
            self._context.commands.run(self._command)


def _runner(button: Button) -> Callable[[], None]:
    """What a click does. NOTE: Qt asks a method of a Qt object for its signature, which takes three times as long."""
    return lambda: button._run()
