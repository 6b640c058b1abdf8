"""The built-in kind table: name → record. Plugins add theirs to a copy (see ``plugins/api.py``)."""

from __future__ import annotations

from layouts.kinds.behaviour import BEHAVIOURS
from layouts.kinds.container import CONTAINERS
from layouts.kinds.data import DATA
from layouts.kinds.display import DISPLAYS
from layouts.kinds.kind import Kind
from layouts.kinds.rows import ROWS
from layouts.kinds.structure import STRUCTURES

BUILT_IN: dict[str, Kind] = {
    kind.name: kind for kind in (*CONTAINERS, *DISPLAYS, *DATA, *ROWS, *STRUCTURES, *BEHAVIOURS)
}
