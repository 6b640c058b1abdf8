"""An edit of many cells that met rows which somebody else changed: the person goes through them, now or later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kernel.tables.change import Change
from kernel.tables.merge import Merge
from kernel.words import say, say_count
from widgets.conflict_walk import walk
from widgets.editor.editor import Subject
from widgets.grid.mark import Answer

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.plan import Plan


def walk_plan(grid: Grid, verb: str, plan: Plan, merge: Merge, after: Callable[[], None]) -> None:
    """Ask about what clashes, then write the whole plan as one edit; who closes the card is asked again beside it."""
    if grid.handle.schema is None:
        return

    def take(chosen: list[tuple[int, Change]]) -> None:
        # NOTE: what was seen is what the card has shown: a change that comes after it is asked about again.
        theirs = {merge.places[clash.index]: clash.theirs for clash in merge.clashes}
        left = plan.only(chosen)
        left.seen = [
            tuple(theirs[at].get(path) for path in change.values) if at in theirs else seen
            for (at, change), seen in zip(chosen, left.seen, strict=True)
        ]
        if left.changes:
            grid.block.work.commit(verb, left, after)
        else:
            grid.context.reporter.report("info", say("{verb}: nothing is left to be written", verb=verb))

    def later() -> None:
        count = len(merge.clashes) + len(merge.gone)
        text = say_count(
            "{verb}: nothing was changed. Somebody else changed one of these rows meanwhile",
            "{verb}: nothing was changed. Somebody else changed {count:,} of these rows meanwhile", count, verb=verb,
        )  # fmt: skip
        answers = (Answer(say("Give up"), lambda: None), Answer(say("Compare…"), ask, "primary"))
        grid.editing.notice.say(text, tone="warning", answers=answers)

    def ask() -> None:
        walk(grid.window(), grid.context, grid.handle, merge, take, subjects=subjects_of(grid), later=later)

    ask()


def subjects_of(grid: Grid) -> list[Subject]:
    """What the grid's columns edit, with their headings and formats."""
    return [
        Subject(column.column, grid.context, grid.handle, column.reference, column.label, column.pattern, 1)
        for column in grid.columns
        if column.column is not None
    ]
