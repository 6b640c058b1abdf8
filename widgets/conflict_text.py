"""What is said of rows that two people changed."""

from __future__ import annotations

from typing import Any

from kernel.tables.change import Delete, is_temporary
from kernel.tables.merge import Clash, Merge
from kernel.tables.schema import Schema, title_of
from kernel.words import say, say_count


def merged_text(what: str, count: int) -> str:
    """What was done goes together with what somebody else did in other columns of the same rows."""
    return say_count(
        "{what}. Somebody else changed other columns of the same row meanwhile; both are kept",
        "{what}. Somebody else changed other columns of {count:,} of the same rows meanwhile; both are kept",
        count,
        what=what,
    )


def clash_title(merge: Merge) -> str:
    """What the person is asked."""
    if merge.clashes and all(isinstance(clash.change, Delete) for clash in merge.clashes):
        return say("Delete it all the same?") if len(merge.clashes) == 1 else say("Delete them all the same?")
    return say("Which values are right?")


def clash_text(merge: Merge) -> str:
    """Why the person is asked, and what is not asked about."""
    said = []
    if count := len(merge.clashes):
        said.append(say_count("Somebody else changed this row meanwhile.",
                              "Somebody else changed {count:,} of these rows meanwhile.", count))  # fmt: skip
    if count := len(merge.gone):
        said.append(say_count("One row was deleted by somebody else and cannot be written; the others can.",
                              "{count:,} rows were deleted by somebody else and cannot be written; the others can.",
                              count))  # fmt: skip
    is_end = len(merge.clashes) == 1 and isinstance(merge.clashes[0].change, Delete)
    said.append(say("Nothing is written before you choose.") if is_end else say("Nothing is written before you save."))
    return " ".join(said)


def name_of_row(schema: Schema, clash: Clash) -> str:
    """What the person calls the row: its label, else its key."""
    label = [str(value) for name in schema.label if (value := clash.theirs.get(name)) not in (None, "")]
    text = " ".join(label) or ", ".join(map(str, clash.change.key))
    return f"{schema.title or title_of(schema.name)}: {text}"


def key_text(key: tuple[Any, ...]) -> str:
    """A key as the person reads it; a row that waits for its server has none yet."""
    return ", ".join(say("new row") if is_temporary(value) else str(value) for value in key)
