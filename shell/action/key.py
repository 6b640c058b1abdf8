"""Commands about keys and commands: what a key does, what a command is, which keymap is in force."""

from __future__ import annotations

from typing import Any, Literal

from kernel.words import say


def show_tester(window: Any) -> None:
    """Show each key that is pressed, and what it is bound to."""
    _card(window).begin(is_single=False)


def describe_key(window: Any) -> None:
    """Wait for a key and tell what it does here, and why."""
    _card(window).begin(is_single=True)


def _card(window: Any) -> Any:
    made = window.cards.made
    if "key tester" not in made:
        from shell.key_card import KeyCard

        made["key tester"] = KeyCard(window)
    return made["key tester"]


def describe_command(window: Any, command: str = "") -> None:
    """Tell all about a command: what it does, its keys, its arguments, whether it can run now."""
    if command:
        _tell_command(window, command)
        return
    from shell.palette.item import Item

    registry = window.registry
    items = [
        Item(f"about {one.id}", registry.fill(one.title) or one.id, lambda one=one: _tell_command(window, one.id),
             say(one.section) if one.section else "", one.icon, registry.key(one.id), one.doc)
        for one in registry
    ]  # fmt: skip
    window.cards.palette().choose(say("Which command?"), items)


def _tell_command(window: Any, name: str) -> None:
    from kernel.error import EspalierError
    from kernel.nearest import did_you_mean
    from shell.command_facts import command_facts
    from shell.fact_card import FactCard

    registry = window.registry
    command = registry.get(name)
    if command is None:
        hint = did_you_mean(name, [one.id for one in registry])
        raise EspalierError(say("There is no command “{name}”", name=name), hint=hint)
    made = window.cards.made
    if "about command" not in made:
        made["about command"] = FactCard(window, say("About a command"))
    card = made["about command"]
    card.tell(registry.fill(command.title), command.doc, list(command_facts(registry, command)))
    card.open()


def use_keymap(window: Any, keymap: Literal["default", "vim"]) -> None:
    """Have another keymap, from now on."""
    window.session.config.set("keys.map", keymap)


def edit_keys(window: Any) -> None:
    """Open the person's keys.toml in an editor; it is made with a word about its form when there is none."""
    from shell.own_keys import open_own_keys

    open_own_keys(window)
