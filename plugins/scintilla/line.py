"""What commands do to whole lines: duplicate, move, sort, join, comment, indent. Each is one step to undo."""

from __future__ import annotations

import re
from collections.abc import Callable

from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI
from plugins.scintilla.selection import select_all


def duplicate(code: Code) -> None:
    """Repeat the selection, or the line where nothing is selected."""
    with code.one_step():
        code.send(SCI.SCI_SELECTIONDUPLICATE)


def move(code: Code, step: int) -> None:
    """Move the selected lines one line up (-1) or down (1); the selection goes along."""
    first, last = selected(code)
    low, high = (first - 1, last) if step < 0 else (first, last + 1)
    if low < 0 or high >= code.line_count:
        return
    start, stop = code.selection
    start, stop = start - code.line_start(first), stop - code.line_start(first)
    texts = [code.line_text(line) for line in range(low, high + 1)]
    ends = [code.host.bytes(code.line_stop(line), code.line_start(line + 1)) for line in range(low, high)]
    texts = [*texts[1:], texts[0]] if step < 0 else [texts[-1], *texts[:-1]]
    parts = [text + end for text, end in zip(texts, [*ends, b""], strict=True)]
    begin = code.line_start(low)
    with code.one_step():
        code.replace(begin, code.line_stop(high), b"".join(parts))
    begin += 0 if step < 0 else len(parts[0])
    code.select(begin + start, min(begin + stop, code.length))


def indent(code: Code, step: int) -> None:
    """Move the selected lines one step of indentation to the right (1) or left (-1)."""
    send = code.send
    first, last = selected(code)
    width = send(SCI.SCI_GETINDENT) or send(SCI.SCI_GETTABWIDTH)
    caret, length = code.caret, code.length
    has_selection = code.selection[0] != code.selection[1]
    with code.one_step():
        for line in range(first, last + 1):
            if code.line_text(line) or first == last:
                depth = max(send(SCI.SCI_GETLINEINDENTATION, line) + step * width, 0)
                send(SCI.SCI_SETLINEINDENTATION, line, depth)
    if not has_selection:
        place = max(caret + code.length - length, code.line_start(first))
        code.select(place, place)


def change_case(code: Code, make: Callable[[str], str]) -> None:
    """Put the selected letters into capitals or small ones."""
    spans = sorted(
        (code.send(SCI.SCI_GETSELECTIONNSTART, index), code.send(SCI.SCI_GETSELECTIONNEND, index))
        for index in range(code.send(SCI.SCI_GETSELECTIONS))
    )
    made = []
    with code.one_step():
        shift = 0
        for start, stop in spans:
            old = code.host.bytes(start + shift, stop + shift)
            new = make(_letters(old)).encode("utf-8", "surrogateescape")
            code.replace(start + shift, stop + shift, new)
            made.append((start + shift, start + shift + len(new)))
            shift += len(new) - len(old)
    select_all(code, made, 0)


def delete(code: Code) -> None:
    """Delete the selected lines."""
    first, last = selected(code)
    start, stop = code.line_start(first), code.line_start(last + 1) if last + 1 < code.line_count else code.length
    if last + 1 >= code.line_count and first:
        start = code.line_stop(first - 1)
    with code.one_step():
        code.replace(start, stop, b"")
        code.send(SCI.SCI_GOTOPOS, min(start, code.length))


def join(code: Code) -> None:
    """Join the selected lines, or this one and the next, with one space between."""
    first, last = selected(code)
    last = min(max(last, first + 1), code.line_count - 1)
    if last > first:
        texts = [code.line_text(line) for line in range(first, last + 1)]
        text = b" ".join([texts[0].rstrip(), *(text.strip() for text in texts[1:])]).rstrip()
        with code.one_step():
            code.replace(code.line_start(first), code.line_stop(last), text)
        place = code.line_stop(first)
        code.select(place, place)


def sort(code: Code, *, is_down: bool = False) -> None:
    """Sort the selected lines, all of them where nothing is selected; by their letters, capitals beside small ones."""
    change(code, lambda lines: sorted(lines, key=lambda line: _letters(line).casefold(), reverse=is_down))


def sort_numbers(code: Code) -> None:
    """Sort the selected lines, all of them where nothing is selected, by the first number in each; others first."""
    change(code, lambda lines: sorted(lines, key=_number))


def reverse(code: Code) -> None:
    """Put the selected lines, or all, the other way round."""
    change(code, lambda lines: lines[::-1])


def transpose(code: Code) -> None:
    """Swap the letters before and behind the caret; at a line's end the last two."""
    send, caret = code.send, code.caret
    line = code.line_of(caret)
    if caret == code.line_stop(line):
        caret = send(SCI.SCI_POSITIONBEFORE, caret)
    before, after = send(SCI.SCI_POSITIONBEFORE, caret), send(SCI.SCI_POSITIONAFTER, caret)
    if before < code.line_start(line) or before == caret or after > code.line_stop(line):
        return
    one, other = code.host.bytes(before, caret), code.host.bytes(caret, after)
    with code.one_step():
        code.replace(before, after, other + one)
    code.select(after, after)


#: Sign → what stands behind where it stands before.
_BEHIND = {b"(": b")", b"[": b"]", b"{": b"}", b"<": b">"}


def surround(code: Code, sign: str) -> None:
    """Put a sign, and the one that belongs to it, around each selection, or around the word at the caret."""
    before = sign.strip().encode()
    behind = _BEHIND.get(before, before)
    send, spans = code.send, []
    for index in range(send(SCI.SCI_GETSELECTIONS)):
        start, stop = send(SCI.SCI_GETSELECTIONNSTART, index), send(SCI.SCI_GETSELECTIONNEND, index)
        if start == stop:
            start, stop = send(SCI.SCI_WORDSTARTPOSITION, start, 1), send(SCI.SCI_WORDENDPOSITION, start, 1)
        spans.append((start, stop))
    spans.sort()
    size = len(before) + len(behind)
    with code.one_step():
        for start, stop in reversed(spans):
            code.replace(stop, stop, behind)
            code.replace(start, start, before)
    shifts = [size * at + len(before) for at in range(len(spans))]
    parts = [(start + shift, stop + shift) for shift, (start, stop) in zip(shifts, spans, strict=True)]
    select_all(code, parts, 0)


def unique(code: Code) -> None:
    """Keep of equal lines the first."""
    change(code, lambda lines: list(dict.fromkeys(lines)))


def trim(code: Code) -> None:
    """Take spaces and tabs off the ends of the lines."""
    change(code, lambda lines: [line.rstrip(b" \t") for line in lines])


def change(code: Code, make: Callable[[list[bytes]], list[bytes]]) -> None:
    """Put other lines in the place of the selected ones, or of all where nothing is selected; line ends stay."""
    start, stop = code.selection
    first, last = selected(code) if stop > start else (0, code.line_count - 1)
    if stop == start and last and not code.line_text(last):
        last -= 1  # behind the last line end there is none
    low, high = code.line_start(first), code.line_stop(last)
    ends = [code.host.bytes(code.line_stop(line), code.line_start(line + 1)) for line in range(first, last)]
    lines = make([code.line_text(line) for line in range(first, last + 1)])
    text = b"".join(line + end for line, end in zip(lines, [*ends, b""], strict=False)) if lines else b""
    if len(lines) <= len(ends):
        text = text[: len(text) - len(ends[len(lines) - 1])] if lines else b""
    if text != code.host.bytes(low, high):
        with code.one_step():
            code.replace(low, high, text)
        if stop > start:
            code.select(low, low + len(text))


def toggle_comment(code: Code) -> None:
    """Make the selected lines comments, or take them out of their comments where all of them are."""
    language = code.language
    if language.line:
        _toggle_line(code, language.line.strip().encode())
    elif language.block[0]:
        _toggle_block(code, language.block[0].encode(), language.block[1].encode())


def selected(code: Code) -> tuple[int, int]:
    """The first and last line of the selection; a line is not in it when it ends at its very beginning."""
    start, stop = code.selection
    first, last = code.line_of(start), code.line_of(stop)
    return first, last - 1 if last > first and stop == code.line_start(last) else last


def _toggle_line(code: Code, mark: bytes) -> None:
    first, last = selected(code)
    lines = [line for line in range(first, last + 1) if code.line_text(line).strip()] or [first]
    texts = {line: code.line_text(line) for line in lines}
    are_comments = all(text.lstrip().startswith(mark) for text in texts.values())
    depth = min(len(text) - len(text.lstrip()) for text in texts.values())
    with code.one_step():
        for line in reversed(lines):
            text, start = texts[line], code.line_start(line)
            if are_comments:
                place = len(text) - len(text.lstrip())
                rest = text[place + len(mark) :]
                width = len(mark) + (1 if rest.startswith(b" ") else 0)
                code.replace(start + place, start + place + width, b"")
            else:
                code.replace(start + depth, start + depth, mark + b" ")


def _toggle_block(code: Code, begin: bytes, end: bytes) -> None:
    start, stop = code.selection
    if start == stop:
        first, _ = selected(code)
        start, stop = code.line_start(first), code.line_stop(first)
        text = code.host.bytes(start, stop)
        start += len(text) - len(text.lstrip())
    text = code.host.bytes(start, stop)
    with code.one_step():
        inner = text.strip()
        if inner.startswith(begin) and inner.endswith(end) and len(inner) >= len(begin) + len(end):
            new = inner[len(begin) : len(inner) - len(end)].strip(b" ")
        else:
            new = begin + b" " + text + b" " + end
        code.replace(start, stop, new)
        code.select(start, start + len(new))


def _number(line: bytes) -> tuple[bool, float]:
    match = re.search(rb"-?\d+(?:\.\d+)?", line)
    return match is not None, float(match[0]) if match else 0.0


def _letters(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")
