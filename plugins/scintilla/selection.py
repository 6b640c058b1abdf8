"""Several selections and carets at once."""

from __future__ import annotations

from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI

#: Selections that are made at once at most.
MOST = 10_000


def add_next(code: Code) -> bool:
    """Select the word at the caret; then, each time, also the next place where the same stands. False at the last."""
    send = code.send
    start, stop = code.selection
    if start == stop:
        start, stop = send(SCI.SCI_WORDSTARTPOSITION, start, 1), send(SCI.SCI_WORDENDPOSITION, start, 1)
        if start < stop:
            send(SCI.SCI_SETSELECTION, stop, start)
        return start < stop
    wanted = code.host.bytes(start, stop)
    taken = {span[0] for span in spans(code)}
    text = code.data()
    for low in (stop, 0):
        found = text.find(wanted, low)
        while found >= 0 and found in taken:
            found = text.find(wanted, found + len(wanted))
        if found >= 0:
            send(SCI.SCI_ADDSELECTION, found + len(wanted), found)
            send(SCI.SCI_SCROLLCARET)
            return True
    return False


def skip_next(code: Code) -> bool:
    """The next place in the stead of the one that was selected last. False where there is none."""
    last = code.send(SCI.SCI_GETMAINSELECTION)
    if not add_next(code):
        return False
    if code.send(SCI.SCI_GETSELECTIONS) > 1:
        code.send(SCI.SCI_DROPSELECTIONN, last)
    return True


def add_all(code: Code) -> int:
    """Select every place where what is selected, or the word at the caret, stands; answers how many there are."""
    start, stop = code.selection
    if start == stop and not add_next(code):
        return 0
    start, stop = code.selection
    wanted, text, send = code.host.bytes(start, stop), code.data(), code.send
    found, places = text.find(wanted), []
    while found >= 0 and len(places) < MOST:
        places.append(found)
        found = text.find(wanted, found + len(wanted))
    select_all(code, [(place, place + len(wanted)) for place in places], places.index(start) if start in places else 0)
    send(SCI.SCI_SCROLLCARET)
    return len(places)


def add_beside(code: Code, step: int) -> None:
    """Put a further caret into the line above (-1) or below (1), at the same column."""
    send = code.send
    carets = [send(SCI.SCI_GETSELECTIONNCARET, index) for index in range(send(SCI.SCI_GETSELECTIONS))]
    edge = min(carets) if step < 0 else max(carets)
    line = code.line_of(edge) + step
    if 0 <= line < code.line_count:
        column = send(SCI.SCI_GETCOLUMN, code.caret)
        place = send(SCI.SCI_FINDCOLUMN, line, column)
        send(SCI.SCI_ADDSELECTION, place, place)
        send(SCI.SCI_SCROLLCARET)


def split(code: Code) -> None:
    """A caret at the end of each selected line."""
    start, stop = code.selection
    first, last = code.line_of(start), code.line_of(stop)
    ends = [min(code.line_stop(line), stop) for line in range(first, min(last + 1, first + MOST))]
    select_all(code, [(end, end) for end in ends], 0)


def select_all(code: Code, parts: list[tuple[int, int]], main: int) -> None:
    """Select these parts; one of them is the main one."""
    send = code.send
    for index, (start, stop) in enumerate(parts):
        send(SCI.SCI_ADDSELECTION if index else SCI.SCI_SETSELECTION, stop, start)
    if parts:
        send(SCI.SCI_SETMAINSELECTION, main)


def spans(code: Code) -> list[tuple[int, int]]:
    """All selections, in the order in which they were made."""
    send = code.send
    count = send(SCI.SCI_GETSELECTIONS)
    return [(send(SCI.SCI_GETSELECTIONNSTART, one), send(SCI.SCI_GETSELECTIONNEND, one)) for one in range(count)]
