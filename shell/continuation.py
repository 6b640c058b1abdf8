"""What may follow the keys pressed so far, as lines for a person. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from kernel.words import say
from shell.key import Keys, format_keys

if TYPE_CHECKING:
    from shell.commands import Registry
    from shell.keymap import Binding


class Line(NamedTuple):
    """One key that may come next.

    Attributes:
        key: As people of the platform know it.
        title: What it does, or where it leads to.
        group: The heading that it stands under.
        is_prefix: Whether further keys follow it.
        is_off: Whether it can do nothing now.
    """

    key: str
    title: str
    group: str
    is_prefix: bool = False
    is_off: bool = False


def continuation_lines(
    registry: Registry, prefix: Keys, views: Iterable[str] = (), modes: tuple[str, ...] = ()
) -> list[Line]:
    """A line for each key that may follow the prefix, groups together; what can be done now goes first."""
    by_key: dict[Keys, list[Binding]] = {}
    for binding in registry.keymap.continuations(prefix, views, modes):
        by_key.setdefault(binding.keys[: len(prefix) + 1], []).append(binding)
    lines = [_line(registry, keys, found) for keys, found in by_key.items()]
    groups = list(dict.fromkeys(line.group for line in sorted(lines, key=lambda line: line.is_off)))
    return sorted(lines, key=lambda line: (groups.index(line.group), line.is_off))


def _line(registry: Registry, keys: Keys, found: list[Binding]) -> Line:
    key, first = format_keys(keys[-1:]), found[0]
    if len(first.keys) == len(keys):
        return Line(key, binding_title(registry, first), say(first.group), False,
                    not registry.is_enabled(first.command))  # fmt: skip
    groups = list(dict.fromkeys(say(one.group) for one in found))
    title = say(registry.keymap.title_of(keys)) or ", ".join(groups)
    return Line(key, title, groups[0], True)


def binding_title(registry: Registry, binding: Binding) -> str:
    """What a binding does: its own title, else its command's."""
    return say(binding.title) if binding.title else registry.title(binding.command)
