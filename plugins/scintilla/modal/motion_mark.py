"""Motions to marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plugins.api import say
from plugins.scintilla.modal.row import EXCLUSIVE, LINES, Motion, Reach, Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def place_of(engine: Engine, name: str) -> Place:
    """Where a mark is.

    Raises:
        Refused: it is not set.
    """
    found = engine.marks.named.get("'" if name == "`" else name)
    if found is None and name in "<>" and engine.last_visual is not None:
        _, one, other, _ = engine.last_visual
        found = min(one, other) if name == "<" else max(one, other)
    if found is None and name in "'`":
        found = Place(0, 0)
    if found is None:
        raise Refused(say("the mark {name} is not set", name=name))
    line = min(found.line, engine.text.line_count - 1)
    return Place(line, min(found.column, max(len(engine.text.line(line)) - (engine.operator is None), 0)))


def to_mark(is_line: bool, is_jump: bool = True):
    """``'a`` and `` `a ``."""

    def run(engine: Engine, count: int | None) -> Iterator[None]:
        name = yield from engine.argument("mark")
        place = place_of(engine, name)
        if is_jump and not engine.operator:
            engine.marks.jump(engine.caret)
        if is_line:
            return Reach(engine.first_letter(place.line), LINES)
        return Reach(place, EXCLUSIVE)

    return run


MOTIONS: tuple[Motion, ...] = (
    Motion("'", "mark-line", "line of a mark", to_mark(True), LINES),
    Motion("`", "mark", "mark", to_mark(False)),
    Motion("g'", "mark-line-quiet", "line of a mark, no jump", to_mark(True, False), LINES),
    Motion("g`", "mark-quiet", "mark, no jump", to_mark(False, False)),
)
