"""Deleting the selected rows of a grid: asked beside the row, all of them or none, those that are not here as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.tables.change import Change, Delete
from kernel.tables.reporting import reporting
from widgets.grid.mark import Answer
from widgets.grid.span import read_spans

if TYPE_CHECKING:
    from widgets.grid.grid import Grid
    from widgets.grid.selection import Span

#: Part of the work that reading the rows is.
READING = 0.3
#: Rows that are deleted at once at most; beyond it a table is emptied otherwise.
MOST = 1_000_000


def ask_delete(grid: Grid) -> None:
    """Ask whether the selected rows shall go; needs rows that can be edited."""
    count = grid.rows.cache.count or 0
    spans = [(top, min(bottom, count - 1)) for top, bottom in grid.selection.spans() if top < count]
    total = sum(bottom - top + 1 for top, bottom in spans)
    if total > MOST:
        grid.editing.notice.say(f"{total:,} rows are too many to delete at once; at most {MOST:,}")
        return
    if total == 0:
        return
    first, last = row_name(grid, spans[0][0]), row_name(grid, spans[-1][1])
    what = f"these {total:,} rows, {first} to {last}" if total > 1 else first
    is_kept = grid.handle.open_history is not None
    back = "Ctrl+Z brings them back." if total > 1 else "Ctrl+Z brings it back."
    answers = (Answer("Cancel", lambda: None), Answer("Delete", lambda: _delete(grid, spans, total), "danger"))
    text = f"Delete {what}? {back if is_kept else 'This cannot be undone.'}"
    grid.editing.notice.say(text, tone="error", answers=answers)


def _delete(grid: Grid, spans: list[Span], total: int) -> None:
    """Delete rows by their places, which the person sees; keys of those that are here are checked."""
    import msgspec

    schema, table, writer = grid.handle.schema, grid.rows.opener(), grid.handle.writer()
    names = tuple(name for name in schema.key if schema.column(name) is not None)
    query = msgspec.structs.replace(grid.rows.query(), columns=names)
    expected, title = grid.block.expected(spans), f"Delete {total:,} row{'' if total == 1 else 's'}"

    def work(report: Any) -> Any:
        changes: list[Change] = []
        for block in read_spans(table(), query, spans, expected, lambda part: report(part * READING)):
            changes += [Delete(tuple(key), block.versions[at]) for at, key in enumerate(block.keys)]
        with reporting(report, READING):
            return writer(changes, title)

    def done(answer: Any) -> None:
        grid.selection.clear()
        if isinstance(answer, Exception):
            grid.block.work.fail(title, answer, lambda: _delete(grid, spans, total))

    grid.block.work.run(title, work, done)


def row_name(grid: Grid, row: int) -> str:
    """What the person calls a row: its label, else its first column that says anything, else its number."""
    read, schema = grid.content.reader(row), grid.handle.schema
    if read is None:
        return f"row {row + 1:,}"
    columns = {column.path: column for column in grid.columns}
    parts = [columns[path].write(read(path)) for path in schema.label if path in columns]
    if label := " ".join(part for part in parts if part):
        return f"“{label}”"
    texts = grid.content.texts(row) or ()
    said = next(((column.label, text) for column, (text, *_) in zip(grid.columns, texts, strict=True) if text), None)
    return f"the row with {said[0]} “{said[1]}”" if said else "this row"
