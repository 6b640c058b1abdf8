"""The plugins that an app brings in its folder ``plugins/``: its layouts may use their kinds and commands."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kernel.error import EspalierError, Where
from layouts.plugin_manifest import kinds_of, own_plugins, parse_manifest, sources_of
from layouts.problem import Problem

if TYPE_CHECKING:
    from layouts.app_check.surface import Surface


def with_own_plugins(
    surface: Surface, paths: Collection[str], read_file: Callable[[str], bytes | None]
) -> tuple[Surface, list[Problem]]:
    """What is around an app, its own plugins taken in, and what is wrong with these."""
    problems: list[Problem] = []
    for path in own_plugins(paths):
        try:
            manifest = parse_manifest(read_file(path) or b"", PurePosixPath(path))
        except EspalierError as error:
            problems.append(Problem(error.where or Where(path, 1, 1), error.message, error.hint))
            continue
        kinds = {kind.name: kind for kind in kinds_of(manifest)}
        taken = [*(kinds.keys() & surface.kinds.keys()), *({manifest.id} & surface.plugins.keys())]
        if taken:
            problems.append(Problem(Where(path, 1, 1), f"{sorted(taken)[0]} is there already, by another plugin"))
            continue
        commands = surface.commands | {command.id for command in manifest.commands}
        plugins = {**surface.plugins, manifest.id: manifest.version}
        sources = {**surface.sources, **sources_of(manifest)}
        surface = surface._replace(
            kinds={**surface.kinds, **kinds}, commands=commands, plugins=plugins, sources=sources
        )
    return surface, problems
