"""Git's options as they are in force, also in the process that works apart and reads no configuration."""

from __future__ import annotations

from typing import NamedTuple

from plugins.api import option


class Settings(NamedTuple):
    """The options ``git.<field>``; the defaults are those of plugin.toml.

    Attributes:
        context: Lines that stand around a change.
        prune: Whether a fetch lets go of branches that are gone at the remote.
        author: ``Name <address>`` of who commits where git's configuration names nobody.
    """

    context: int = 3
    prune: bool = True
    author: str = ""


class _Handed:
    """What another process has handed over; None in one that reads the options."""

    settings: Settings | None = None


def settings() -> Settings:
    """The options in force; the defaults where no configuration is read, as in a source server."""
    if _Handed.settings is not None:
        return _Handed.settings
    return Settings(*(option(f"git.{name}", default) for name, default in Settings._field_defaults.items()))


def take_settings(given: Settings) -> None:
    """Go by these from now on, in a process that reads no configuration."""
    _Handed.settings = given
