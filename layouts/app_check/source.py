"""The sources that app.toml describes: kinds that are offered here, entries that they have, files that are there.

No source is opened for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kernel.nearest import did_you_mean
from layouts.problem import Problem

if TYPE_CHECKING:
    from layouts.app_check.check import Case

#: Entries that a source of any kind may have.
_COMMON = ("kind", "offline")


def source_problems(case: Case) -> Iterator[Problem]:
    """What keeps a source from being opened, as far as its description tells."""
    from kernel.tables.source import KINDS

    kinds = {**{name: kind.entries for name, kind in KINDS.items()}, **case.surface.sources}
    for source, description in case.app.sources.items():
        kind = description["kind"]
        if kind not in kinds:
            hint = did_you_mean(kind, kinds)
            yield Problem(case.where("sources", source, "kind"), f"there is no kind of source {kind}", hint)
            continue
        known = (*_COMMON, *kinds[kind])
        for entry in (entry for entry in description if entry not in known):
            hint = did_you_mean(entry, known) or f"known: {', '.join(kinds[kind])}"
            place = case.where("sources", source, entry, is_value=False)
            yield Problem(place, f"a source of kind {kind} has no entry {entry}", hint)
        if kind == "sqlite":
            yield from _sqlite_problems(case, source)


def _sqlite_problems(case: Case, source: str) -> Iterator[Problem]:
    description = case.app.sources[source]
    if "path" not in description:
        hint = f'write: path = "{source}.sqlite"'
        yield Problem(case.where("sources", source), f"the source {source} needs a path", hint)
    elif not isinstance(description["path"], str) or not description["path"]:
        yield Problem(case.where("sources", source, "path"), "path must be the path of a file")
    for entry in ("schema", "seed"):
        path = description.get(entry)
        if path and path not in case.paths:
            yield Problem(case.where("sources", source, entry), f"the app has no file {path}")
