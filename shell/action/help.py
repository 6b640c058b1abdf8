"""Commands that tell: keys and messages."""

from __future__ import annotations

from typing import Any

from kernel.words import say


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
        window.messages.report("info", say("Nothing was reported in this window"))
        return
    window.cards.palette().choose(say("Earlier messages"), items)


def dismiss_messages(window: Any) -> None:
    """Close the notes."""
    window.messages.dismiss()


def show_keys(window: Any) -> None:
    """List every key with what it does; choosing one does it."""
    from shell.continuation import binding_title
    from shell.key import format_keys
    from shell.palette.item import Item

    registry = window.registry
    items = []
    for binding in registry.keymap:
        command = registry.get(binding.command.split(" ")[0])
        title = binding_title(registry, binding)
        items.append(
            Item(f"key {binding.keys}", title, lambda binding=binding: registry.run(binding.command),
                 say(binding.group), command.icon if command else "", format_keys(binding.keys),
                 command.doc if command else "", registry.reason(binding.command))
        )  # fmt: skip
    items.sort(key=lambda item: item.section)
    items.extend(_widget_keys(window))
    window.cards.palette().choose(say("Every key, and what it does"), items)


def show_tour(window: Any) -> None:
    """Show the keys that one needs in a few cards."""
    from shell.tour import show_tour as show

    show(window)


def _widget_keys(window: Any) -> list[Any]:
    """The keys of the kinds of widgets that this window shows; choosing one goes to such a widget."""
    from shell.focus import kind_of
    from shell.focus_order import enter, walk
    from shell.palette.item import Item

    shown = {kind_of(widget): widget for widget in reversed(list(walk(window))) if kind_of(widget)}
    items = []
    for name, widget in reversed(shown.items()):
        kind = window.kinds.get(name)
        for keys, text in getattr(kind, "keys", ()):
            title = text[:1].upper() + text[1:]
            items.append(
                Item(
                    f"key {name} {keys}",
                    title,
                    lambda widget=widget: enter(widget),
                    say("In a {name}", name=name),
                    key=keys,
                )
            )
        if getattr(widget, "key", "") and name == "search":
            items.append(
                Item(f"key {name}", say("Go to the search box"), lambda widget=widget: enter(widget), say("Focus"),
                     "search", widget.key)
            )  # fmt: skip
    return items
