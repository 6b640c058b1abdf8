"""Why a key does what it does: every binding of it in every layer, and what decides between them. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from kernel.words import mark, say, say_in
from shell.continuation import binding_title
from shell.key import Keys
from shell.keymap import LAYERS, Binding

if TYPE_CHECKING:
    from shell.commands import Registry

#: Layer → what people call it.
LAYER_TITLES: dict[str, str] = {
    "built-in": "Espalier", "plugin": mark("Plugin"), "app": mark("App"), "user": mark("Your keys"),
}  # fmt: skip


class Verdict(NamedTuple):
    """One binding, whether the key runs it here, and why or why not."""

    binding: Binding
    wins: bool
    reason: str


def explain(
    registry: Registry, keys: Keys, views: Iterable[str] = (), modes: tuple[str, ...] = ()
) -> list[Verdict]:
    """What the keys are bound to in each layer, the strongest first.

    Args:
        registry: Has the keymap and the commands.
        keys: What was pressed.
        views: The kinds of views that have the focus.
        modes: The modes in force.
    """
    views, keymap = list(views), registry.keymap
    found = [one for one in keymap.everything() if one.keys == keys]
    shorter = [one for one in keymap.everything() if len(one.keys) < len(keys) and keys[: len(one.keys)] == one.keys]
    winner = keymap.look_up(keys, views, modes).binding
    rows = [_verdict(registry, one, winner, views, modes) for one in (*found, *shorter)]
    return sorted(rows, key=lambda row: (not row.wins, -LAYERS.index(row.binding.layer)))


def _verdict(
    registry: Registry, one: Binding, winner: Binding | None, views: list[str], modes: tuple[str, ...]
) -> Verdict:
    if one is winner or one == winner:
        if reason := registry.reason(one.command):
            return Verdict(one, True, say("it would run, but: {reason}", reason=reason))
        return Verdict(one, True, say("runs here"))
    return Verdict(one, False, _why_not(one, winner, views, modes))


def _why_not(one: Binding, winner: Binding | None, views: list[str], modes: tuple[str, ...]) -> str:
    if one.view and one.view not in views:
        return say("only while the focus is in “{view}”", view=one.view)
    if one.mode and one.mode not in modes:
        return say("only in the mode “{mode}”", mode=one.mode)
    if not one.command:
        return say("frees the key")
    if winner is None:
        return say("the key is freed by a stronger layer, or begins a longer one")
    if len(winner.keys) != len(one.keys):
        return say("a longer key that is stronger begins so")
    if winner.layer != one.layer:
        return say("{stronger} goes before {weaker}", stronger=say(LAYER_TITLES[winner.layer]),
                   weaker=say(LAYER_TITLES[one.layer]))  # fmt: skip
    if winner.view and not one.view:
        return say("the keys of the view go before those for everywhere")
    if winner.mode != one.mode:
        return say("the keys of the mode go before those for all modes")
    return say("a later line binds the same key")


def own_keys(kind_keys: Iterable[tuple[str, str]], keys: Keys) -> str:
    """What a kind of view says that it does by itself with a key; empty when it says nothing."""
    from shell.key import KeyTextError, parse_keys

    for names, text in kind_keys:
        for name in names.split(", "):
            try:
                if parse_keys(name) == keys:
                    return say_in("keys", text)
            except KeyTextError:
                continue
    return ""


def title_of(registry: Registry, binding: Binding) -> str:
    """What a binding does; of one that frees its key, that it does nothing."""
    return binding_title(registry, binding) if binding.command else say("Nothing")
