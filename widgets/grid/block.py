"""What is done with many cells of a grid at once: copy, cut, paste, clear, fill, new and deleted rows.

Each is one edit: planned and written off the GUI thread, all or nothing, and one step of the history. This file runs
the work and tells how it ended; what the actions mean is in ``block_action``, made when the first of them is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.tables.change import Insert, Key
from kernel.tables.error import ConflictError, ConstraintError, InterruptedCallError, TableError
from kernel.tables.merge import UndecidedError, commit_merged
from kernel.tables.reporting import reporting
from kernel.words import say, say_count
from widgets.grid.mark import Answer
from widgets.grid.notice import sentence
from widgets.grid.plan import Plan, Planner, PlanRow, Wanted
from widgets.job import Report
from widgets.listing.left_out import tell_left_out
from widgets.listing.work import Work

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.paste_preview import PastePreview

#: More new rows than this are asked about; more cells than the other are told of when they are written.
ASK_ROWS, TELL_CELLS = 20, 1000
#: Part of the work that planning is.
_PLANNING = 0.4
#: Rows that one edit writes at most.
MOST_ROWS = 500_000


class Outcome(NamedTuple):
    """What writing came to: how many rows somebody else changed in other columns, and the keys of new rows."""

    merged: int = 0
    added: Sequence[Key] = ()


class BlockWork(Work):
    """One grid's work on many cells.

    Attributes:
        preview: The card that shows what does not fit, None before it was needed.
    """

    def __init__(self, grid: Grid) -> None:
        super().__init__(grid, grid.editing.notice)
        self._grid = grid
        self.preview: PastePreview | None = None

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self, verb: str, wanted: Callable[[], list[Wanted]], *, planner: Planner,
              after: Callable[[], None] = lambda: None) -> None:  # fmt: skip
        """Plan the cells and write them; what does not fit is shown first, many new rows are asked about.

        Args:
            verb: What is done (``Paste``).
            wanted: The cells; called on the other thread, for a large clipboard takes its time.
            planner: Reads rows and values.
            after: Called when everything is written.
        """
        grid = self._grid
        table, writer = grid.rows.opener(), grid.handle.writer()

        def work(report: Report) -> tuple[Plan, bool, Outcome]:
            outcome = Outcome()
            plan = planner.build(table(), _bounded(wanted()), lambda part: report(part * _PLANNING))
            is_asked = plan.wrong or plan.missed or plan.added > ASK_ROWS
            if plan.changes and not is_asked:
                with reporting(report, _PLANNING):
                    outcome = _commit(plan, table(), writer, _title(verb, plan))
            return plan, not is_asked, outcome

        def done(answer: Any) -> None:
            if isinstance(answer, Exception):
                self.fail(verb, answer, again, after)
                return
            plan, is_written, outcome = answer
            if is_written:
                self._end(verb, plan, outcome, after)
            elif plan.wrong or plan.missed:
                self._preview(verb, plan, after)
            else:
                self._ask_rows(verb, plan, after)

        def again() -> None:
            self.run(f"{verb} in {grid.accessibleName()}", work, done)

        again()

    def commit(self, verb: str, plan: Plan, after: Callable[[], None] = lambda: None) -> None:
        """Write the changes of a plan."""
        grid = self._grid
        table, writer, title = grid.rows.opener(), grid.handle.writer(), _title(verb, plan)

        def work(report: Report) -> Outcome:
            with reporting(report):
                return _commit(plan, table(), writer, title)

        def done(answer: Any) -> None:
            if isinstance(answer, Exception):
                self.fail(verb, answer, lambda: self.commit(verb, plan, after), after)
            else:
                self._end(verb, plan, answer, after)

        self.run(f"{verb} in {grid.accessibleName()}", work, done)

    def _end(self, verb: str, plan: Plan, outcome: Outcome, after: Callable[[], None]) -> None:
        reporter = self._grid.context.reporter
        if outcome.merged:
            from widgets.conflict_text import merged_text

            reporter.report("info", merged_text(say("{title}: done", title=_title(verb, plan)), outcome.merged))
        elif plan.cells > TELL_CELLS:
            reporter.report("success", say("{title}: done", title=_title(verb, plan)))
        marks = self._grid.editing.marks
        for change in plan.changes if marks else ():
            for path in change.values:
                marks.pop((getattr(change, "key", None), path), None)
        after()
        tell_left_out(self._grid, outcome.added)
        self._grid.viewport().update()

    def fail(self, verb: str, error: Exception, again: Callable[[], None],
             after: Callable[[], None] = lambda: None) -> None:  # fmt: skip
        """Say that nothing was changed and why; offer to try again, or to decide what was changed by others."""
        refused = error.__cause__ if isinstance(error, _RefusedError) else None
        if isinstance(error, _RefusedError) and isinstance(refused, ConstraintError):
            self._preview(verb, _with_refusal(error.plan, refused), lambda: None)
            return
        if isinstance(error, _RefusedError) and isinstance(refused, UndecidedError):
            from widgets.grid.conflict_walk import walk_plan

            walk_plan(self._grid, verb, error.plan, refused.merge, after)
            return
        reason = sentence(refused or error)
        if isinstance(refused, ConflictError):
            reason = say("Somebody changed these rows at the same moment")
        self._say_failed(verb, reason, again)

    def _ask_rows(self, verb: str, plan: Plan, after: Callable[[], None]) -> None:
        go = Answer(say("Add {added:,} rows", added=plan.added), lambda: self.commit(verb, plan, after), "primary")
        text = say("{verb}: {added:,} rows do not exist yet. Shall they be added?", verb=verb, added=plan.added)
        self._grid.editing.notice.say(text, tone="warning", answers=(Answer("Cancel", lambda: None), go))

    def _preview(self, verb: str, plan: Plan, after: Callable[[], None]) -> None:
        from widgets.grid.paste_preview import PastePreview

        if self.preview is None:
            self.preview = PastePreview(self._grid)
        self.preview.show_plan(verb, plan, lambda: self.commit(verb, plan, after))


def _bounded(wanted: list[Wanted]) -> list[Wanted]:
    """What is wanted, when it is not too much to be one edit.

    Raises:
        TableError: it is.
    """
    rows = sum(bottom - top + 1 for part in wanted for top, bottom in part.spans) + sum(part.added for part in wanted)
    if rows > MOST_ROWS:
        raise TableError(
            say("{rows:,} rows are too many for one edit", rows=rows),
            hint=say("At most {most:,} at once", most=MOST_ROWS),
        )
    return wanted


class _RefusedError(Exception):
    """The source refused a plan; the reason is the cause."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(say("the source refused it"))
        self.plan = plan


def _commit(plan: Plan, table: Any, writer: Callable[[Any, str], Any], title: str) -> Outcome:
    """Write the plan."""
    try:
        written = commit_merged(lambda changes: writer(changes, title), table, plan.changes, plan.seen_of)
    except InterruptedCallError:
        raise
    except Exception as error:
        raise _RefusedError(plan) from error
    keys = zip(written.places, written.answer.keys, strict=True)
    return Outcome(len(written.merged), [tuple(key) for at, key in keys if isinstance(plan.changes[at], Insert)])


def _with_refusal(plan: Plan, error: ConstraintError) -> Plan:
    """The plan without the change that the source refused, which is among the rows to show."""
    at = error.index
    left = plan.only([(index, change) for index, change in enumerate(plan.changes) if index != at])
    left.wrong += 1
    change = plan.changes[at]
    row = next((row for row in plan.rows if row.change == at), None)
    texts = row.texts if row else {path: str(value) for path, value in change.values.items()}
    path = error.column if error.column in texts else next(iter(texts), "")
    wrong = PlanRow(plan.places[at] + 1 if hasattr(change, "key") else 0, texts, {path: sentence(error)})
    others = [one._replace(change=one.change - (one.change > at)) for one in plan.rows if one is not row]
    left.rows = [wrong, *others]
    return left


def _title(verb: str, plan: Plan) -> str:
    count = plan.cells
    return say_count("{verb} {count:,} cell", "{verb} {count:,} cells", count, verb=verb)
