"""Undo and redo: the text's own steps, with the caret where it was, or in the line that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.api import say
from plugins.scintilla.modal.caret import Selected
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def undo(engine: Engine, count: int | None) -> None:
    """``u``."""
    _travel(engine, count, engine.text.undo, engine.undone, engine.redone, 0)


def redo(engine: Engine, count: int | None) -> None:
    """Ctrl+R."""
    _travel(engine, count, engine.text.redo, engine.redone, engine.undone, 1)


def _travel(engine: Engine, count: int | None, step, source: list, target: list, side: int) -> None:
    for number in range(count or 1):
        before = engine.text.size
        if not step():
            if not number:
                raise Refused(say("nothing to do again") if side else say("nothing to take back"))
            return
        place = engine.text.changed_place()
        row = source[-1] if source and source[-1][1 - side] == before and source[-1][side] == engine.text.size else None
        if row is not None:
            target.append(source.pop())
            place = Place(row[3], 0)
            if row[2].line + 1 == place.line > 0:
                place = Place(row[2].line, 0)
            if row[2].line == place.line or row[4]:
                engine.caret = row[2]
                engine.carets.put(_starts(row))
                continue
        engine.caret = engine.first_letter(min(place.line, engine.text.line_count - 1))
        engine.carets.put(_starts(row) if row is not None else [])


def _starts(row: Any) -> list[Selected]:
    """Where the further carets, or what they had selected, began before a step."""
    return [Selected(min(one), min(one)) for one in row[4]]
