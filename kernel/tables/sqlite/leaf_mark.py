"""Parts of a table for work that looks at every row: from the pages that lead to its leaves, without counting its rows.

A count reads the whole file, which the work does anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables import mirroring
from kernel.tables.sqlite import landmark
from kernel.tables.sqlite.landmark import Landmarks, ends, known_landmarks

if TYPE_CHECKING:
    from kernel.tables.sqlite.connection import Connections, Reader
    from kernel.tables.sqlite.plan import Plan


def leaf_marks(connections: Connections, reader: Reader, plan: Plan) -> Landmarks | None:
    """Landmarks that are good for their spans only; None where the pages are not to be had, or exact ones are better.

    Exact ones are when they are known, and where a mirror asks for the same ones.
    """
    if not plan.shape.rowid or mirroring.folder is not None or known_landmarks(reader, plan) is not None:
        return None
    found = ends(reader, plan)
    if found is None:
        return None
    from kernel.tables.sqlite.leaf import find_leaves  # numpy is only loaded for large tables
    from kernel.tables.sqlite.part_row import MisfitError

    leaves = find_leaves(connections, reader, plan.shape.schema.name)
    if leaves is None:
        return None
    try:
        count = leaves.rows()
    except (MisfitError, OSError):
        return None
    keys = [(start,) for start in leaves.starts(found[0], -(-count // landmark.STEP))]
    return Landmarks((f"t0.{plan.shape.rowid}",), keys, count, landmark.STEP, found[1], is_counted=False)
