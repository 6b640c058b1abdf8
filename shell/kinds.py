"""What layouts may use: widget kinds, the plugins' ones included, and the shell's commands. No Qt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.error import Where
from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.known import Known

if TYPE_CHECKING:
    from kernel.config import Config


def all_kinds(config: Config) -> dict[str, Kind]:
    """Kind name → record; of plugins only the static manifests are read.

    Args:
        config: Names the person's own folders of plugins; gets the problems of what was left out.
    """
    from plugins.registry import contributed_kinds

    kinds = {**BUILT_IN, **contributed_kinds()}
    return _with_own(kinds, config) if config["plugins.folders"] else kinds


def _with_own(kinds: dict[str, Kind], config: Config) -> dict[str, Kind]:
    from kernel.config.error import Problem
    from plugins.registry import add_plugins

    kinds, errors = add_plugins(plugin_folders(config), kinds)
    config.problems += [Problem(error.where or Where(), error.message, error.hint) for error in errors]
    return kinds


def offer_sources(config: Config) -> None:
    """Take in the kinds of sources of plugins in the person's folders; what is wrong is told with their kinds."""
    from contextlib import suppress

    from kernel.error import EspalierError
    from plugins.registry import find_plugins, register

    for plugin in find_plugins(plugin_folders(config)):
        with suppress(EspalierError):
            if plugin.manifest is not None and plugin.manifest.sources:
                register(plugin)


def plugin_folders(config: Config) -> list[Path]:
    """The person's own folders of plugins."""
    return [Path(name).expanduser() for name in config["plugins.folders"].split(os.pathsep) if name]


def known_names(
    schemas: Mapping[str, Schema] | None = None, list_files: Callable[[], Iterable[str]] | None = None
) -> Known:
    """The shell's commands, and the tables and files around the layout when they are known."""
    from shell.builtin import COMMAND_IDS

    return Known(schemas=schemas, commands=COMMAND_IDS, list_files=list_files)
