"""Bytes of a file to the UTF-8 that the editor keeps, and back: encoding, mark and line ends stay byte for byte.

No Qt here. What is no UTF-8 within a UTF-8 file is kept as it is, since the editor keeps bytes; every other encoding is
taken only when it gives back the very bytes that were read.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from plugins.api import EspalierError, say

#: Bytes that are looked at to tell encoding and line ends of larger files.
SAMPLE = 1 << 20
#: From this size on, in bytes, a file is not decoded to find out whether all of it is UTF-8.
WHOLE = 16 << 20

#: Encoding → what people call it; the keys are Python's names.
ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32-le": "UTF-32 LE",
    "utf-32-be": "UTF-32 BE",
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1",
}
#: Byte order mark → encoding. The longer ones first: UTF-32's begins like UTF-16's.
MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: Line end → what people call it.
LINE_ENDS: dict[bytes, str] = {b"\n": "LF", b"\r\n": "CRLF", b"\r": "CR"}
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


class EncodingError(EspalierError):
    """A text that cannot be written in the encoding of its file."""


class Form(NamedTuple):
    """How a text is written in its file.

    Attributes:
        encoding: A key of :data:`ENCODINGS`.
        has_mark: Whether the file begins with a byte order mark.
        line_end: What most lines end with.
        is_mixed: Whether other lines end otherwise; they stay as they are.
    """

    encoding: str = "utf-8"
    has_mark: bool = False
    line_end: bytes = b"\n"
    is_mixed: bool = False

    @property
    def title(self) -> str:
        """What people call the encoding."""
        mark = say(" with BOM") if self.has_mark and self.encoding == "utf-8" else ""
        return ENCODINGS[self.encoding] + mark

    @property
    def line_end_title(self) -> str:
        """What people call the line end."""
        name = LINE_ENDS[self.line_end]
        return say("{name}, mixed", name=name) if self.is_mixed else name


def read(data: Any) -> tuple[Any, Form]:
    """The text of a file as UTF-8, and how it was written; a large file may come as a map of it, and goes on as one.

    ``write(*read(data)) == data`` holds for all bytes.
    """
    encoding, mark = told_encoding(data)
    body = data[len(mark) :] if mark else data
    text = body if encoding == "utf-8" else _to_utf8(bytes(body), encoding)
    if text is None:
        # The mark lied: the bytes are shown one by one, which always goes back.
        encoding, mark, text = "latin-1", b"", bytes(data).decode("latin-1").encode()
    line_end, is_mixed = told_line_end(text[:SAMPLE] if len(text) > WHOLE else text)
    return text, Form(encoding, bool(mark), line_end, is_mixed)


def write(text: bytes, form: Form) -> bytes:
    """The bytes of the file for a text.

    Raises:
        EncodingError: a letter is not in the encoding; the message says which and where.
    """
    mark = next(mark for mark, name in MARKS if name == form.encoding) if form.has_mark else b""
    if form.encoding == "utf-8":
        return mark + text
    try:
        letters = text.decode("utf-8", "surrogatepass")
        return mark + letters.encode(form.encoding, _errors(form.encoding))
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise EncodingError(
            say("line {line} has bytes that are no text", line=line), hint=say("keep UTF-8 for this file")
        ) from error
    except UnicodeEncodeError as error:
        line = letters.count("\n", 0, error.start) + 1
        letter, name = letters[error.start], ENCODINGS[form.encoding]
        raise EncodingError(
            say("“{letter}” in line {line} is not in {name}", letter=letter, line=line, name=name),
            hint=say("choose UTF-8 for this file"),
        ) from error


def told_encoding(data: Any) -> tuple[str, bytes]:
    """The encoding by the first bytes and by what all of them can be, with the mark that the file begins with."""
    sample = data[:SAMPLE]
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name, mark
    if (wide := _unmarked_wide(sample, len(data))) and _to_utf8(bytes(data), wide) is not None:
        return wide, b""
    if len(data) > WHOLE or _is_utf8(data):
        return "utf-8", b""
    return _narrow(data), b""


def told_line_end(text: bytes) -> tuple[bytes, bool]:
    """What most lines end with, and whether some end otherwise; a text of one line has the plain line end."""
    both = text.count(b"\r\n")
    counts = {b"\n": text.count(b"\n") - both, b"\r\n": both, b"\r": text.count(b"\r") - both}
    line_end = max(counts, key=counts.__getitem__)
    return line_end, sum(1 for count in counts.values() if count) > 1


def _errors(encoding: str) -> str:
    """Halves of pairs may stand alone in UTF-16 files; the other encodings have none."""
    return "surrogatepass" if encoding in _WIDE else "strict"


def _to_utf8(body: bytes, encoding: str) -> bytes | None:
    """The text, or None where the encoding would not give the same bytes again."""
    try:
        letters = body.decode(encoding, _errors(encoding))
        again = letters.encode(encoding, _errors(encoding))
        return letters.encode("utf-8", "surrogatepass") if again == body else None
    except UnicodeError:
        return None


def _unmarked_wide(sample: bytes, length: int) -> str:
    """UTF-16 without a mark: every other byte of most Western text is null."""
    if length % 2 or len(sample) < 4:
        return ""
    half = len(sample) // 2
    low, high = sample[0::2].count(0), sample[1::2].count(0)
    if high > 0.4 * half and low < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if low > 0.4 * half and high < 0.05 * half else ""


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8, but for a few bytes that would be mistaken for a whole text in another encoding."""
    try:
        data.decode()
    except UnicodeDecodeError:
        wrong = sum(1 for letter in data.decode("utf-8", "surrogateescape") if "\udc80" <= letter <= "\udcff")
        right = sum(1 for byte in data if byte >= 0xC2) - wrong
        return right > 4 * wrong
    return True


def _narrow(data: bytes) -> str:
    """One byte a letter: Windows' own, where all of its bytes have a letter there."""
    has_more = any(byte in data for byte in range(0x80, 0xA0))
    return "cp1252" if has_more and _to_utf8(data, "cp1252") is not None else "latin-1"
