"""Commands that tell: keys and messages."""

from __future__ import annotations

from typing import Any


def show_messages(window: Any) -> None:
    """List what was reported, the newest first."""
    import time

    from shell.palette.item import Item

    items = [
        Item(
            f"message {index}",
            message.text,
            lambda message=message: window.messages.report(*message[:3]),
            time.strftime("%H:%M:%S", time.localtime(message.when)),
            message.level,
            doc=message.detail.partition("\n")[0],
        )
        for index, message in enumerate(reversed(window.messages.history))
    ]
    if not items:
        window.messages.report("info", "Nothing was reported in this window")
        return
    window.palette_card().choose("Earlier messages", items)


def dismiss_messages(window: Any) -> None:
    """Close the notes."""
    window.messages.dismiss()


def show_keys(window: Any) -> None:
    """List every key with what it does; choosing one does it."""
    from shell.key import format_keys
    from shell.palette.item import Item

    registry = window.registry
    items = []
    for binding in registry.keymap:
        command = registry.get(binding.command.split(" ")[0])
        title = registry.fill(command.title) if command else binding.command
        items.append(
            Item(f"key {binding.keys}", title, lambda binding=binding: registry.run(binding.command), binding.group,
                 command.icon if command else "", format_keys(binding.keys), command.doc if command else "",
                 registry.reason(binding.command))
        )  # fmt: skip
    window.palette_card().choose("Every key, and what it does", sorted(items, key=lambda item: item.section))
