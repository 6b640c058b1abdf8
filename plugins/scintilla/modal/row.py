"""The rows of the grammar's tables, and what their functions answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from plugins.scintilla.modal.text import Place

#: Motions that end before the letter that they reach, on it, or take whole lines.
EXCLUSIVE, INCLUSIVE, LINES = "exclusive", "inclusive", "line"
#: Shapes of a part: letters, lines, a rectangle.
CHAR, LINE, BLOCK = "char", "line", "block"


class Refused(Exception):  # noqa: N818 - it is no fault: vim rings its bell
    """A command that cannot be done here; macros end with it. The text says why, where that is worth saying."""


class Span(NamedTuple):
    """A part of the text.

    Attributes:
        start: Its first letter.
        stop: Behind its last letter; for lines any place in the last one.
        shape: ``char``, ``line`` or ``block``.
        left, right: Columns of the screen of a block, the right one included; right is None up to the lines' ends.
    """

    start: Place
    stop: Place
    shape: str = CHAR
    left: int = 0
    right: int | None = 0


class Reach(NamedTuple):
    """Where a motion comes out, where that is another kind than its row says.

    Attributes:
        place: The place.
        kind: ``exclusive``, ``inclusive`` or ``line``.
        is_exact: Whether a part that ends at a line's beginning is not cut back to the line end before.
    """

    place: Place
    kind: str
    is_exact: bool = False


class Motion(NamedTuple):
    """A row of the motions.

    Attributes:
        keys: What is typed, in vim's notation.
        name: A name for programs.
        title: What a person reads while keys are pending.
        run: ``run(engine, count) → Place or Reach``, or a generator of one that reads further keys.
        kind: ``exclusive``, ``inclusive`` or ``line``.
        is_jump: Whether one can come back by Ctrl+O.
        keeps: Whether the wished column stays, as with up and down.
    """

    keys: str
    name: str
    title: str
    run: Callable[..., Any]
    kind: str = EXCLUSIVE
    is_jump: bool = False
    keeps: bool = False


class Operator(NamedTuple):
    """A row of the operators; ``run(engine, span)``. Typed twice it takes lines, as ``dd`` does.

    Attributes:
        double: Further keys that, typed after it, mean its own line.
        changes: Whether ``.`` repeats it.
    """

    keys: str
    name: str
    title: str
    run: Callable[..., Any]
    double: tuple[str, ...] = ()
    changes: bool = True


class TextObject(NamedTuple):
    """A row of the text objects: ``run(engine, count, is_around) → Span``; typed after ``i`` or ``a``."""

    keys: str
    name: str
    title: str
    run: Callable[..., Any]


class Command(NamedTuple):
    """A row of the other commands: ``run(engine, count)``, or a generator that reads further keys.

    Attributes:
        modes: Where it counts: ``n``ormal, ``v``isual.
        changes: Whether ``.`` repeats it.
    """

    keys: str
    name: str
    title: str
    run: Callable[..., Any]
    modes: str = "n"
    changes: bool = False
