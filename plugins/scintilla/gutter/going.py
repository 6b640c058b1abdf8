"""Changes of a text: which the caret is in, where the next one is, what stood there before."""

from __future__ import annotations

from plugins.api import EspalierError, Hunk, say
from plugins.scintilla.gutter.gutter import Gutter
from plugins.scintilla.gutter.text import first_line, narrowed, touching
from plugins.scintilla.look import PEEK

#: Lines of a change's old text that are shown at most.
MOST = 60


def step(gutter: Gutter, by: int) -> None:
    """Go to the next change (1) or the one before (-1), round the ends; what is peeked at goes along."""
    code, lines = gutter.code, places(gutter)
    if not lines:
        gutter.pane.status.say(why_none(gutter))
        return
    line, is_peeking = code.line_of(code.caret), bool(gutter.peek.rows)
    if by > 0:
        index = next((at for at, place in enumerate(lines) if place > line), 0)
    else:
        index = next((at for at in reversed(range(len(lines))) if lines[at] < line), len(lines) - 1)
    code.go_to_line(lines[index])
    if is_peeking:
        peek(gutter)
    said = say("Change {place} of {count}", place=index + 1, count=len(lines))
    code.host.view.setAccessibleDescription(said)
    gutter.pane.say(said)


def places(gutter: Gutter) -> list[int]:
    """The lines that the changes begin at."""
    found = gutter.found
    every = (*found.hunks, *found.staged) if found is not None else ()
    return sorted({first_line(hunk, gutter.code.line_count) for hunk in every})


def why_none(gutter: Gutter) -> str:
    """Why there are no changes."""
    found = gutter.found
    if found is None:
        return say("It is not compared yet")
    if found.reason:
        return say("Not compared: {reason}", reason=found.reason)
    return say("The file is not kept yet") if found.state == "new" else say("Nothing is changed")


def peek(gutter: Gutter) -> None:
    """Show what stood in the place of the change at the caret."""
    hunk, is_staged = _at_caret(gutter)
    found, shown = gutter.found, gutter.shown
    assert found is not None and shown is not None
    kept = found.committed if is_staged else found.old
    text = shown.lines(kept, hunk.old_start, hunk.old_stop).decode("utf-8", "replace")
    lines = [f"− {line}" for line in text.splitlines()]
    if len(lines) > MOST:
        lines[MOST:] = [say("… {count} lines more", count=len(lines) - MOST)]
    style = PEEK["before"] if lines else PEEK["note"]
    said = "\n".join(lines) if lines else say("These lines are new")
    gutter.peek.show({_line_above(hunk): (said, style)})
    gutter.pane.say(say("staged") if is_staged else say("Before: {against}", against=found.against))


def _line_above(hunk: Hunk) -> int:
    """Below which line the old text stands: above the new one, at the beginning of the text below it."""
    return hunk.new_start - 1 if hunk.new_start else max(hunk.new_stop - 1, 0)


def _at_caret(gutter: Gutter) -> tuple[Hunk, bool]:
    """The change that the caret is in, and whether it is staged."""
    for some, is_staged in ((chosen(gutter, "hunks"), False), (chosen(gutter, "staged"), True)):
        if some:
            return some[0], is_staged
    raise EspalierError(say("there is no change here"), hint=why_none(gutter) if not places(gutter) else "")


def chosen(gutter: Gutter, which: str) -> list[Hunk]:
    """The changes that the selection touches, or the caret stands in."""
    found, code = gutter.found, gutter.code
    if found is None:
        return []
    return touching(getattr(found, which), *_lines(gutter), code.line_count)


def chosen_lines(gutter: Gutter, which: str) -> list[Hunk]:
    """The same, but of each change the lines alone that are selected, or the caret's."""
    return [narrowed(hunk, *_lines(gutter)) for hunk in chosen(gutter, which)]


def _lines(gutter: Gutter) -> tuple[int, int]:
    """The first and the last line of the selection."""
    code = gutter.code
    first, last = map(code.line_of, code.selection)
    return first, last - 1 if last > first and code.selection[1] == code.line_start(last) else last
