"""Quoted strings of KDL 2: escapes, raw strings, several lines. Answers texts, raises where they are wrong."""

from __future__ import annotations

import re

from layouts.kdl.character import BREAK, NEWLINE, SPACES

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "s": " ", '"': '"', "\\": "\\"}
_BLANK = re.compile(f"[{SPACES}]*")
_SWALLOWED = re.compile(f"\\\\(?:[{SPACES}]|{NEWLINE})+")
_UNICODE = re.compile(r"u\{([0-9a-fA-F]{1,6})\}")
_QUOTED = re.compile(r'"""|"|\\.|[\n\r\x85\x0b\x0c\u2028\u2029]', re.DOTALL)


class StringError(Exception):
    """A string is wrong at an offset of the whole text; ``end`` is where reading may go on, or -1."""

    def __init__(self, message: str, offset: int, hint: str = "", end: int = -1) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint
        self.end = end


def read_quoted(text: str, start: int) -> tuple[str, int]:
    """The string whose quote stands at ``start``, and the offset behind it.

    Raises:
        StringError: no closing quote, a wrong escape, wrong lines.
    """
    if text.startswith('"""', start):
        return _read_lines(text, start, start + 3, "", is_raw=False)
    position = start + 1
    while match := _QUOTED.search(text, position):
        found = match[0]
        if found[0] == '"':
            end = match.start() + 1
            return _unescape(text, start + 1, match.start(), end), end
        if found[0] != "\\":
            break
        swallowed = _SWALLOWED.match(text, match.start())
        position = swallowed.end() if swallowed else match.end()
    raise StringError("this text has no closing quote", start, 'a text of several lines stands in """ … """')


def read_raw(text: str, start: int) -> tuple[str, int]:
    """The raw string (``#"…"#``) at ``start``, and the offset behind it.

    Raises:
        StringError: as :func:`read_quoted`.
    """
    hashes = re.compile("#+").match(text, start)[0]  # type: ignore[index]
    opening = start + len(hashes)
    if text.startswith('"""', opening):
        return _read_lines(text, start, opening + 3, hashes, is_raw=True)
    end = text.find('"' + hashes, opening + 1)
    line = BREAK.search(text, opening)
    if end < 0 or (line and line.start() < end):
        raise StringError("this raw text has no closing quote", start, f'it ends with "{hashes}')
    return text[opening + 1 : end], end + 1 + len(hashes)


def _read_lines(text: str, start: int, opening: int, hashes: str, *, is_raw: bool) -> tuple[str, int]:
    """A string of several lines; the last line's blanks are taken off every line."""
    close = text.find('"""' + hashes, opening) if is_raw else _closing(text, opening)
    if close < 0:
        raise StringError("this text has no closing quotes", start, f'it ends with """{hashes} on a line of its own')
    end = close + 3 + len(hashes)
    first = BREAK.match(text, opening)
    if not first:
        raise StringError('a line must end behind """', opening, 'a text of one line stands in " … "', end)
    body = text[first.end() : close]
    if not is_raw:
        body = _swallow(body)
    lines = BREAK.split(body)
    prefix = lines.pop()
    if _BLANK.fullmatch(prefix) is None:
        raise StringError('the closing """ must stand on a line of its own', close, "", end)
    contents = []
    for line in lines:
        if _BLANK.fullmatch(line):
            contents.append("")
        elif line.startswith(prefix):
            contents.append(line[len(prefix) :])
        else:
            raise StringError('a line of this text is indented less than its closing """', start, "", end)
    joined = "\n".join(contents)
    return (joined if is_raw else _unescape(joined, 0, len(joined), end, start)), end


def _closing(text: str, position: int) -> int:
    """Where the closing quotes of a string of several lines begin, escapes skipped; -1 when nowhere."""
    while match := _QUOTED.search(text, position):
        if match[0] == '"""':
            return match.start()
        position = match.end()
    return -1


def _swallow(body: str) -> str:
    """``body`` without escaped white space; other escapes stay."""
    if "\\" not in body:
        return body
    parts, position = [], 0
    for match in re.finditer(r"\\.", body, re.DOTALL):
        if match.start() < position:
            continue
        parts.append(body[position : match.start()])
        swallowed = _SWALLOWED.match(body, match.start())
        parts.append("" if swallowed else match[0])
        position = swallowed.end() if swallowed else match.end()
    return "".join([*parts, body[position:]])


def _unescape(text: str, start: int, stop: int, end: int, place: int = -1) -> str:
    """The characters from ``start`` to ``stop`` with escapes replaced; ``place`` stands in for a problem's offset."""
    parts = []
    position = start
    while (slash := text.find("\\", position, stop)) >= 0:
        parts.append(text[position:slash])
        letter = text[slash + 1 : slash + 2]
        at = slash if place < 0 else place
        if letter in _ESCAPES:
            parts.append(_ESCAPES[letter])
            position = slash + 2
        elif match := _SWALLOWED.match(text, slash, stop):
            position = match.end()
        elif letter == "u" and (match := _UNICODE.match(text, slash + 1, stop)):
            code = int(match[1], 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
                raise StringError(f"{match[0]} is no Unicode character", at, "", end)
            parts.append(chr(code))
            position = match.end()
        else:
            raise StringError(f"\\{letter} is no escape", at, 'write \\\\ for a backslash, or a raw text #"…"#', end)
    return "".join([*parts, text[position:stop]])
