"""The commands of a window and the keys that run them: built-in, of plugins, of the layout, the person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from kernel.disposer import Disposers
from shell.app_command import app_commands, table_commands
from shell.builtin import BUILT_IN
from shell.commands import Registry
from shell.dispatch import Dispatcher
from shell.focus import around, kind_of
from shell.keys import KeyFiles
from shell.kinds import plugin_set
from shell.words import worded_commands

if TYPE_CHECKING:
    from layouts.node import Layout
    from shell.command import Command
    from shell.keymap import Binding
    from shell.mode import Modes
    from shell.window import Window


class WindowKeys:
    """Fills the window's registry with commands, and reads its keymap when a key first asks for it.

    Attributes:
        registry: The commands.
        files: What keymaps are read from.
        dispatcher: Offers keys to the commands; see :meth:`begin`.
    """

    dispatcher: Dispatcher

    def __init__(self, window: Window) -> None:
        self._window = window
        self.registry = Registry(window.scope, window.messages, window)
        path = window.session.config.paths.config / "keys.toml"
        report = window.messages.report
        self.files = KeyFiles(path, report, self._plugin_keys, self._keymap_name, self._command_names)
        self._keys_of_plugins: tuple[Any, list[Binding]] | None = None
        self._of_layout = Disposers()
        self._drop_built_in = self.registry.register(worded_commands(BUILT_IN))
        self.registry.waits_to_show_keys = True
        self.registry.load_more, self.registry.views = self._plugin_commands, self.focused_views
        self.registry.load_keymap = lambda: self.files.load(window.layout_tree.commands)

    def begin(self) -> None:
        """Offer the window's keys to its commands, and ask for what they need by its cards."""
        cards = self._window.cards
        self.registry.ask, self.registry.ask_arguments = cards.ask, cards.ask_arguments
        self.dispatcher = Dispatcher(self._window, self.registry, cards.show_pending)
        self.registry.on_keymap = self.dispatcher.follow_keymap
        self.press = self.dispatcher.press

    def end(self) -> None:
        """The window is closed."""
        self.dispatcher.end()
        self._of_layout()

    # Commands

    def take_layout(self, layout: Layout) -> None:
        """Have the commands of a layout, and no longer those of the one before."""
        self._of_layout()
        self._of_layout.add(self.registry.register(table_commands(layout, self._window)))
        self._of_layout.add(self.registry.register(app_commands(layout, self._window)))

    def take_language(self) -> None:
        """Have the titles of commands in the language in force."""
        self._drop_built_in()
        self._drop_built_in = self.registry.register(worded_commands(BUILT_IN))
        self.registry.renew_more(self._plugin_commands)

    def renew_plugins(self) -> None:
        """Have the commands and keys of the plugins that are in force now."""
        self.registry.renew_more(self._plugin_commands)
        self._window.cards.forget_found()
        self.load_keymap()
        self.registry.refresh()

    def _plugin_commands(self) -> list[Command]:
        from shell.plugin_command import plugin_commands

        return plugin_commands(self._window)

    def _command_names(self) -> frozenset[str]:
        return frozenset(command.id for command in self.registry)

    # Keys

    def load_keymap(self) -> None:
        """Read the keymap again, if it was read."""
        if self.registry.has_keymap:
            self.registry.keymap = self.files.load(self._window.layout_tree.commands)

    def renew(self) -> None:
        """Read the keymap again and show its keys: another one was chosen, or the person's own keys are others."""
        if self.registry.has_keymap:
            self.load_keymap()
            self.registry.show_keys()
            self._window.bar.find.set_key(self.registry.key("palette.open"))

    def follow_options(self, changed: frozenset[str]) -> None:
        """Options have changed: ``changed`` are their names."""
        if "keys.map" in changed and not self._window.is_closing:
            self.renew()

    def _keymap_name(self) -> str:
        return self._window.session.config["keys.map"]

    def _plugin_keys(self) -> list[Binding]:
        from shell.plugin_command import plugin_bindings

        found = plugin_set(self._window.session.config)
        if self._keys_of_plugins is None or self._keys_of_plugins[0] is not found:
            self._keys_of_plugins = found, list(plugin_bindings(found.plugins, self._window.messages.report))
        return self._keys_of_plugins[1]

    # Modes

    @property
    def modes(self) -> Modes:
        """What mode the window is in, which decides what keys mean."""
        return self.dispatcher.modes

    def context(self) -> tuple[list[str], tuple[str, ...]]:
        """The kinds of views that have the focus, and the modes in force, both with the strongest first."""
        return self.focused_views(), self.modes.names()

    def focused_views(self) -> list[str]:
        """The kinds of views that have the focus, the innermost first."""
        return [kind_of(view) for view in around(self._window.focusWidget(), self._window)]

    def type_here(self) -> bool:
        """Let the focused field be typed into, in a keymap with modes; False when it is none."""
        normal = self.dispatcher.normal
        return normal is not None and normal.type_here()

    def stop_typing(self) -> bool:
        """Let letters be keys again in the focused field; False when it was not typed into."""
        normal = self.dispatcher.normal
        return normal is not None and normal.stop_typing()

    def takes_text(self) -> bool:
        """Whether letters pressed now become text."""
        return self.dispatcher.takes_text(QApplication.focusWidget())
