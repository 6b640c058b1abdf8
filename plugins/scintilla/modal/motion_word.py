"""Motions by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import EXCLUSIVE, INCLUSIVE, Motion, Reach, Refused
from plugins.scintilla.modal.text import Place, back
from plugins.scintilla.modal.word import SPACE, Walk, end_before, next_word, word_before, word_end

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def word(is_big: bool):
    """``w`` and ``W``; after ``c`` the end of the word instead."""

    def run(engine: Engine, count: int | None) -> Reach:
        walk = Walk(engine.text, engine.caret, is_big)
        operator = engine.operator
        is_change = operator is not None and operator.name == "change"
        if is_change and walk.kind != SPACE:
            went = word_end(walk, count or 1, stops=True)
            kind = INCLUSIVE
        else:
            went = next_word(walk, count or 1, stops_at_end=operator is not None)
            kind = EXCLUSIVE
        return _reached(engine, walk, went, kind)

    return run


def end(is_big: bool):
    """``e`` and ``E``."""

    def run(engine: Engine, count: int | None) -> Reach:
        walk = Walk(engine.text, engine.caret, is_big)
        went = word_end(walk, count or 1)
        return _reached(engine, walk, went, INCLUSIVE)

    return run


def before(is_big: bool):
    """``b`` and ``B``."""

    def run(engine: Engine, count: int | None) -> Place:
        walk = Walk(engine.text, engine.caret, is_big)
        if not word_before(walk, count or 1):
            raise Refused
        return walk.place

    return run


def before_end(is_big: bool):
    """``ge`` and ``gE``."""

    def run(engine: Engine, count: int | None) -> Reach:
        walk = Walk(engine.text, engine.caret, is_big)
        if not end_before(walk, count or 1):
            raise Refused
        return Reach(walk.place, INCLUSIVE)

    return run


def _reached(engine: Engine, walk: Walk, went: bool, kind: str) -> Reach:
    place = walk.place
    if place > engine.caret and place.column and not walk.letter and not engine.is_visual:
        place, kind = Place(place.line, back(walk.letters, place.column)), INCLUSIVE
    if not went and engine.operator is None and not engine.is_visual:
        if place == engine.caret:
            raise Refused
        engine.want = None
        engine.caret = place
        raise Refused
    return Reach(place, kind)


MOTIONS: tuple[Motion, ...] = (
    Motion("w", "word", "next word", word(False)), Motion("W", "big-word", "next word by spaces", word(True)),
    Motion("b", "word-back", "word before", before(False)),
    Motion("B", "big-word-back", "word before by spaces", before(True)),
    Motion("e", "word-end", "end of the word", end(False), INCLUSIVE),
    Motion("E", "big-word-end", "end of the word by spaces", end(True), INCLUSIVE),
    Motion("ge", "end-back", "end of the word before", before_end(False), INCLUSIVE),
    Motion("gE", "big-end-back", "end of the word before by spaces", before_end(True), INCLUSIVE),
)  # fmt: skip
