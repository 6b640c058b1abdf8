"""Words: kinds of letters, and the walk over a text by which all word motions go."""

from __future__ import annotations

from plugins.scintilla.modal.text import Place, Text, back, is_mark, on

SPACE, SIGN, WORD = 0, 1, 2
#: First and last letter of a script whose runs are words of their own, and their kind.
_SCRIPTS: tuple[tuple[int, int, int], ...] = (
    (0x2070, 0x207F, 0x2070), (0x2080, 0x2094, 0x2080), (0x2800, 0x28FF, 0x2800), (0x3040, 0x309F, 0x3040),
    (0x30A0, 0x30FF, 0x30A0), (0x4E00, 0x9FFF, 0x4E00), (0xAC00, 0xD7A3, 0xAC00), (0xF900, 0xFAFF, 0x4E00),
    (0x1F300, 0x1FAFF, 3), (0x20000, 0x2FA1F, 0x4E00),
)  # fmt: skip
#: Ranges beyond Latin that are signs.
_SIGNS: tuple[tuple[int, int], ...] = (
    (0x37E, 0x37E), (0x387, 0x387), (0x55A, 0x55F), (0x589, 0x589), (0x5BE, 0x5BE), (0x5C0, 0x5C0), (0x5C3, 0x5C3),
    (0x60C, 0x60C), (0x61B, 0x61B), (0x61F, 0x61F), (0x964, 0x965), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x20A0, 0x27FF), (0x2900, 0x2998), (0x29D8, 0x29DB), (0x29FC, 0x29FD), (0x2E00, 0x2E7F), (0x3001, 0x3020),
    (0x3030, 0x3030), (0x303D, 0x303D), (0xFD3E, 0xFD3F), (0xFE30, 0xFE6B), (0xFF00, 0xFF0F), (0xFF1A, 0xFF20),
    (0xFF3B, 0xFF40), (0xFF5B, 0xFF65), (0x1D100, 0x1D1FF),
)  # fmt: skip


def kind_of(letter: str, is_big: bool = False) -> int:
    """The kind of a letter: 0 for space and line ends, 1 for signs, 2 for words, others for scripts of their own."""
    if letter in ("", " ", "\t", "\0", "\u00a0", "\u3000"):
        return SPACE
    if is_big:
        return SIGN
    if letter < "\u0100":
        return WORD if letter.isalnum() and letter.isascii() or letter == "_" or letter in "ªµº" or (
            letter >= "À"
        ) else SIGN
    code = ord(letter)
    for first, last, kind in _SCRIPTS:
        if first <= code <= last:
            return kind
    return SIGN if any(first <= code <= last for first, last in _SIGNS) else WORD


class Walk:
    """A caret that goes letter by letter, and over line ends as over a letter."""

    def __init__(self, text: Text, place: Place, is_big: bool = False) -> None:
        self._text, self._is_big = text, is_big
        self.line, self.column = place
        self.letters = text.line(place.line)

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.line, self.column)

    @property
    def letter(self) -> str:
        """The letter there; empty at a line's end."""
        return self.letters[self.column : self.column + 1]

    @property
    def kind(self) -> int:
        """The kind of that letter."""
        return kind_of(self.letter, self._is_big)

    @property
    def is_empty(self) -> bool:
        """Whether it stands in an empty line."""
        return not self.letters

    def on(self) -> int:
        """Go on: 0 to a letter, 2 to a line's end, 1 to the next line, -1 at the end of the text."""
        if self.column < len(self.letters):
            self.column = on(self.letters, self.column)
            return 0 if self.column < len(self.letters) else 2
        if self.line + 1 >= self._text.line_count:
            return -1
        self.line, self.column = self.line + 1, 0
        self.letters = self._text.line(self.line)
        return 1

    def back(self) -> int:
        """Go back: 0 to a letter, 1 to the end of the line before, -1 at the beginning of the text."""
        if self.column > 0:
            self.column = back(self.letters, self.column)
            return 0
        if not self.line:
            return -1
        self.line -= 1
        self.letters = self._text.line(self.line)
        self.column = len(self.letters)
        return 1

    def skip(self, kind: int, step: int) -> bool:
        """Go on or back over letters of a kind; true when the text ended first."""
        while self.kind == kind:
            if (self.on() if step > 0 else self.back()) < 0:
                return True
        return False


def next_word(walk: Walk, count: int, *, stops_at_end: bool = False) -> bool:
    """To the beginning of a word; with ``stops_at_end`` not over the end of a line for the last of them."""
    while count > 0:
        count -= 1
        kind = walk.kind
        is_last = walk.line + 1 == walk._text.line_count
        moved = walk.on()
        if moved < 0 or (moved and is_last):
            return False
        if moved and stops_at_end and not count:
            return True
        if kind != SPACE:
            while walk.kind == kind:
                moved = walk.on()
                if moved < 0 or (moved and stops_at_end and not count):
                    return True
        while walk.kind == SPACE:
            if walk.is_empty:
                break
            moved = walk.on()
            if moved < 0 or (moved and is_last):
                return True
    return True


def word_before(walk: Walk, count: int, *, stops: bool = False) -> bool:
    """Back to the beginning of a word."""
    for number in range(count):
        kind = walk.kind
        if walk.back() < 0:
            return False
        if not (stops and not number) or kind in (walk.kind, SPACE):
            while walk.kind == SPACE:
                if walk.is_empty:
                    break
                if walk.back() < 0:
                    return True
            else:
                if walk.skip(walk.kind, -1):
                    return True
                walk.on()
            continue
        walk.on()
    return True


def word_end(walk: Walk, count: int, *, stops: bool = False, has_empty: bool = False) -> bool:
    """To the end of a word; with ``stops`` one may stand there already."""
    for number in range(count):
        kind = walk.kind
        if walk.on() < 0:
            return False
        if walk.kind == kind and kind != SPACE:
            if walk.skip(kind, 1):
                return False
        elif not (stops and not number) or kind == SPACE:
            while walk.kind == SPACE:
                if has_empty and walk.is_empty:
                    break
                if walk.on() < 0:
                    return False
            else:
                if walk.skip(walk.kind, 1):
                    return False
                walk.back()
            continue
        walk.back()
    return True


def end_before(walk: Walk, count: int) -> bool:
    """Back to the end of a word."""
    for _ in range(count):
        kind = walk.kind
        if walk.back() < 0:
            return False
        if kind != SPACE:
            while walk.kind == kind:
                if walk.back() < 0:
                    return True
        while walk.kind == SPACE:
            if walk.is_empty:
                break
            if walk.back() < 0:
                return True
    return True


def word_around(line: str, column: int) -> tuple[int, int]:
    """The word under the caret, else the next one of the line, else the next signs; (0, 0) where there is none."""
    size = len(line)
    for accepts in (lambda kind: kind >= WORD, lambda kind: kind != SPACE):
        start = column
        while start < size and not accepts(kind_of(line[start])):
            start += 1
        if start >= size:
            continue
        kind = kind_of(line[start])
        stop = start
        while start and (kind_of(line[start - 1]) == kind or is_mark(line[start - 1])):
            start -= 1
        while stop < size and (kind_of(line[stop]) == kind or is_mark(line[stop])):
            stop += 1
        return start, stop
    return 0, 0
