"""What layouts may use: widget kinds, the plugins' ones included, and the shell's commands. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.known import Known


def all_kinds() -> dict[str, Kind]:
    """Kind name → record; of plugins only the static manifests are read."""
    from plugins.registry import contributed_kinds

    return {**BUILT_IN, **contributed_kinds()}


def known_names(schemas: Mapping[str, Schema] | None = None) -> Known:
    """The shell's commands, and the tables around the layout when they are known."""
    from shell.builtin import COMMAND_IDS

    return Known(schemas=schemas, commands=COMMAND_IDS)
