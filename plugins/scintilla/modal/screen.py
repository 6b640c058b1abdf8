"""Scrolling and folding: commands of the view, not of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.scintilla.modal.row import Command, Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine


def show(part: float, *, to_letter: bool = False):
    """``zt``, ``zz``, ``zb`` and their forms that go to the line's first letter."""

    def run(engine: Engine, count: int | None) -> None:
        if count:
            engine.caret = Place(min(count - 1, engine.text.line_count - 1), engine.caret.column)
        engine.surroundings.show_line(engine.caret.line, part)
        if to_letter:
            engine.caret = engine.first_letter(engine.caret.line)

    return run


def half(step: int):
    """Ctrl+D and Ctrl+U: half a screen."""

    def run(engine: Engine, count: int | None) -> None:
        size = count or max(engine.surroundings.page() // 2, 1)
        last, line = engine.text.line_count - 1, engine.caret.line
        if (step > 0 and line == last) or (step < 0 and not line):
            raise Refused
        engine.surroundings.scroll(step * size)
        _go(engine, line + step * size)

    return run


def page(step: int):
    """Ctrl+F and Ctrl+B: a screen but two lines."""

    def run(engine: Engine, count: int | None) -> None:
        size = max(engine.surroundings.page() - 2, 1) * (count or 1)
        engine.surroundings.scroll(step * size)
        _go(engine, engine.caret.line + step * size)

    return run


def _go(engine: Engine, line: int) -> None:
    line = min(max(line, 0), engine.text.line_count - 1)
    engine.caret = engine.first_letter(line)
    engine.want = None


def scroll(step: int):
    """Ctrl+E and Ctrl+Y: by lines; the caret stays on the screen."""

    def run(engine: Engine, count: int | None) -> None:
        from plugins.scintilla.modal.motion_line import vertical

        engine.surroundings.scroll(step * (count or 1))
        top, bottom = engine.sight()
        line = min(max(engine.caret.line, top), min(bottom, engine.text.line_count - 1))
        if line != engine.caret.line:
            engine.caret = vertical(engine, line)

    return run


def fold(name: str):
    """``za`` and its kin."""

    def run(engine: Engine, count: int | None) -> None:
        engine.surroundings.run("fold", name)

    return run


COMMANDS: tuple[Command, ...] = (
    Command("zt", "show-top", "line to the top", show(0), "nv"), Command("zz", "show-middle", "line to the middle",
                                                                         show(0.5), "nv"),
    Command("zb", "show-bottom", "line to the bottom", show(1), "nv"),
    Command("z<CR>", "show-top-letter", "line to the top, caret to its first letter", show(0, to_letter=True), "nv"),
    Command("z.", "show-middle-letter", "line to the middle, caret to its first letter", show(0.5, to_letter=True),
            "nv"),
    Command("z-", "show-bottom-letter", "line to the bottom, caret to its first letter", show(1, to_letter=True),
            "nv"),
    Command("<C-d>", "half-down", "half a screen down", half(1), "nv"),
    Command("<C-u>", "half-up", "half a screen up", half(-1), "nv"),
    Command("<C-f>", "page-down", "a screen down", page(1), "nv"),
    Command("<PageDown>", "page-down", "a screen down", page(1), "nv"),
    Command("<C-b>", "page-up", "a screen up", page(-1), "nv"),
    Command("<PageUp>", "page-up", "a screen up", page(-1), "nv"),
    Command("<C-e>", "scroll-down", "scroll a line down", scroll(1), "nv"),
    Command("<C-y>", "scroll-up", "scroll a line up", scroll(-1), "nv"),
    Command("za", "fold-toggle", "fold or unfold", fold("toggle")), Command("zc", "fold", "fold", fold("close")),
    Command("zo", "unfold", "unfold", fold("open")), Command("zM", "fold-all", "fold all", fold("close-all")),
    Command("zR", "unfold-all", "unfold all", fold("open-all")),
)  # fmt: skip
