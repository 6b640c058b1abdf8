"""Reads boot tables: TOML with a ``[boot]`` table of name → list of agents and their arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.boot.error import BootTableError
from kernel.error import Where

#: The items of a queue: an agent's name, or an argument for the agent before it.
Items = tuple[Any, ...]
#: What to say of an entry that is no queue.
NO_QUEUE = "boot.{} is not a list of agents and their arguments"
QUEUE_HINT = 'write for instance ["home"]'


def read_boot_table(text: str, file: str = "boot.toml") -> dict[str, Items]:
    """The table in ``text``.

    Raises:
        BootTableError: the text is no TOML, or an entry is no list of texts and numbers; names the place.
    """
    import tomllib

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BootTableError(f"the boot table is no TOML: {error}", where=Where(file)) from error
    return check_boot_table(document.get("boot", {}), file, text)


def check_boot_table(entries: Any, file: str = "", text: str = "") -> dict[str, Items]:
    """The same from an already decoded ``[boot]`` table; ``text`` is only needed to name places."""
    if not isinstance(entries, Mapping):
        raise BootTableError("[boot] is no table", where=_where(file, text))
    for name, items in entries.items():
        if not is_queue(items):
            raise BootTableError(NO_QUEUE.format(name), where=_where(file, text, name), hint=QUEUE_HINT)
    return {name: tuple(items) for name, items in entries.items()}


def is_queue(items: Any) -> bool:
    """Whether an entry of a boot table is a list of agents and their arguments, not empty."""
    return isinstance(items, list) and bool(items) and all(isinstance(item, str | int | float) for item in items)


def _where(file: str, text: str, *name: str) -> Where:
    from kernel.config.locator import locate

    return locate(text).where(file, ("boot", *name))
