"""Going through the rows of one edit that somebody else changed: from what clashes to the card, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kernel.tables.change import Change, Update
from kernel.tables.merge import Merge, decided
from kernel.tables.schema import Schema
from kernel.words import say
from widgets.conflict_card import ConflictCard
from widgets.conflict_row import Question, differences_of
from widgets.conflict_text import clash_text, clash_title, name_of_row

if TYPE_CHECKING:
    from widgets.context import Context
    from widgets.editor.editor import Subject
    from widgets.handle import TableHandle


def walk(
    window: QWidget,
    context: Context,
    handle: TableHandle | None,
    merge: Merge,
    take: Callable[[list[tuple[int, Change]]], None],
    *,
    schema: Schema | None = None,
    subjects: Sequence[Subject] = (),
    later: Callable[[], None] | None = None,
) -> ConflictCard:
    """Ask about all that clashes.

    Args:
        window: Where the card is shown.
        context: The window's surroundings.
        handle: The table; None where no view shows it, and references are then written as they are stored.
        merge: What clashes.
        take: Gets the places and changes that are to be written, when the person saves.
        schema: The table's; None = as the handle knows it.
        subjects: What is edited, with labels and formats.
        later: Called when the person closes the card without an answer; None where that ends it.
    """
    known = schema or (handle.schema if handle is not None else None)
    assert known is not None
    card = ConflictCard(window, context.theme)

    def question_of(at: int) -> Question:
        clash = merge.clashes[at]
        name = name_of_row(known, clash)
        if not isinstance(clash.change, Update):
            changed = differences_of(clash.columns, clash.theirs, {}, known, context, handle, subjects, clash.base)
            return Question(name, (), changed)
        mine = clash.change.values
        return Question(
            name, differences_of(clash.columns, clash.theirs, mine, known, context, handle, subjects, clash.base)
        )

    def closed() -> None:
        card.deleteLater()
        if later is not None and not card.is_saved:
            later()

    card.closed.connect(closed)
    if later is None:
        card.cancel.setText(say("Cancel"))
    card.ask_rows(clash_title(merge), clash_text(merge), len(merge.clashes), question_of,
                  lambda decisions: take(decided(merge, decisions)))  # fmt: skip
    return card
