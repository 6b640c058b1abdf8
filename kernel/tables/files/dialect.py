"""How a file of separated values is written: encoding, separator, quote, ends of rows, header; found out or told."""

from __future__ import annotations

import codecs
import csv
import re
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from kernel.tables.error import SourceError
from kernel.tables.files.heading import has_header
from kernel.tables.files.value import QUOTED_EMPTY
from kernel.words import mark

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SEPARATORS = (",", "\t", ";", "|")
#: Bytes with a meaning in binary formats and none in texts.
_RUBBISH = frozenset(range(1, 9)) | frozenset(range(14, 27)) | frozenset(range(28, 32))
#: So many of them are in a text now and then.
_SOME_RUBBISH = 8
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a cell may be as long as it likes


def _unused(text: str) -> str:
    """A letter that the text does not have."""
    return next(letter for letter in map(chr, range(0xE000, 0xF8FF)) if letter not in text)


class Dialect(NamedTuple):
    """How to read a file.

    ``start`` is the byte at which the text begins. An empty cell in quotes is an empty text if ``tells_empty``, which
    it is not where everything is quoted, and else missing as one without quotes is.
    """

    encoding: str = "utf-8"
    start: int = 0
    separator: str = ","
    quote: str = '"'
    newline: str = "\n"
    has_header: bool = True
    tells_empty: bool = False

    @property
    def unit(self) -> int:
        """Bytes of one plain character."""
        return 2 if self.encoding.startswith("utf-16") else 1

    def decode(self, stored: bytes) -> str:
        """The text; bytes that the encoding does not have stay in it as surrogates."""
        try:
            return stored.decode(self.encoding)
        except UnicodeDecodeError:
            if self.unit == 1:
                return stored.decode(self.encoding, "surrogateescape")
            whole = stored[: len(stored) // 2 * 2].decode(self.encoding, "surrogatepass")
            return whole + "\ufffd" * (len(stored) % 2)  # half a character, of a file that was cut off

    def rows(self, text: str) -> list[list[str]]:
        """The cells of whole rows of text."""
        if self.quote and self.quote in text:
            return self._quoted_rows(text)
        lines = text.removesuffix(self.newline).split(self.newline)
        separator = self.separator
        return [line.removesuffix("\r").split(separator) for line in lines]

    def _quoted_rows(self, text: str) -> list[list[str]]:
        """As the csv module reads them, which must not see the other character that may end a line."""
        empty = ""
        if self.tells_empty and (found := self._with_quoted_empties(text)):
            text, empty = found
        *lines, last = text.split(self.newline)
        other = "\r" if self.newline == "\n" else "\n"
        held = _unused(text)
        ends = [f"\r{self.newline}" if line.endswith("\r") and other == "\r" else self.newline for line in lines]
        whole = [line[: len(line) + 1 - len(end)].replace(other, held) + end for line, end in
                 zip(lines, ends, strict=True)]
        if last:
            whole.append(last.replace(other, held))
        reader = csv.reader(whole, delimiter=self.separator, quotechar=self.quote)
        rows = [row or [""] for row in reader]
        if empty:
            rows = [[QUOTED_EMPTY if cell == empty else cell for cell in row] for row in rows]
        if other not in text:
            return rows
        return [[cell.replace(held, other) if held in cell else cell for cell in row] for row in rows]

    def _with_quoted_empties(self, text: str) -> tuple[str, str] | None:
        """The text with a letter in place of each empty cell in quotes, and that letter; None without such cells."""
        quote, starts = re.escape(self.quote), re.escape(self.separator + self.newline)
        cells = re.compile(f"(?<![^{starts}]){quote}[^{quote}]*(?:{quote}{quote}[^{quote}]*)*{quote}")
        held, ends = _unused(text), (self.separator, "\n", "\r", "")
        made, count = cells.subn(lambda cell: held if len(cell[0]) == 2 and text[cell.end() : cell.end() + 1] in ends
                                 else cell[0], text)
        return (made, held) if count and held in made else None


def find_dialect(sample: bytes, told: Mapping[str, Any], name: str) -> Dialect:
    """The dialect of a file.

    Args:
        sample: Its first bytes.
        told: Entries of the source's description: ``encoding``, ``separator``, ``quote``, ``header``.
        name: The file's, for messages; one that ends in ``.tsv`` has tabs.

    Raises:
        SourceError: the file is no text, or an entry is wrong.
    """
    start, encoding = _encoding(sample, str(told.get("encoding", "")), name)
    text = sample[start:].decode(encoding, "surrogateescape" if not encoding.startswith("utf-16") else "replace")
    newline = "\n" if "\n" in text or "\r" not in text else "\r"
    dialect = Dialect(encoding, start, ",", str(told.get("quote", '"')), newline)
    separator = told.get("separator") or _separator(dialect, text, name)
    for entry, value in (("separator", separator), ("quote", dialect.quote or '"')):
        if not isinstance(value, str) or len(value) != 1 or not value.isascii() or value in "\r\n":
            raise SourceError(mark(f"the {entry} of {name} must be one plain character, not {value!r}"))
    tells_empty = bool(dialect.quote) and not text.startswith(dialect.quote)
    dialect = dialect._replace(separator=separator, tells_empty=tells_empty)
    return dialect._replace(has_header=bool(told.get("header", has_header(sample_rows(dialect, text)))))


def sample_rows(dialect: Dialect, text: str) -> list[list[str]]:
    """The rows of a sample; one that may be cut off at its end is left out."""
    return dialect.rows(text.rpartition(dialect.newline)[0] or text) if text else []


def _encoding(sample: bytes, told: str, name: str) -> tuple[int, str]:
    start, found = next(((len(bom), encoding) for bom, encoding in _BOMS if sample.startswith(bom)), (0, ""))
    if told:
        try:
            known = codecs.lookup(told).name
        except LookupError:
            raise SourceError(
                mark(f"there is no encoding {told}"),
                hint=mark("write utf-8, utf-16-le or latin-1"),
            ) from None
        if known == "utf-16":
            known = found or "utf-16-le"
        if "\n,".encode(known) not in (b"\n,", b"\n\0,\0", b"\0\n\0,"):
            raise SourceError(mark(f"{name} cannot be read as {told}"), hint=mark("write utf-8, utf-16-le or latin-1"))
        return (start if known in (found, "utf-8") else 0), "utf-8" if known == "utf-8-sig" else known
    if sample.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise SourceError(
            mark(f"{name} is written in UTF-32, which cannot be read in place"),
            hint=mark("save it as UTF-8"),
        )
    if found:
        return start, found
    if zeros := _zeros(sample):
        return 0, zeros
    rubbish = sum(byte in _RUBBISH for byte in sample)
    if rubbish > _SOME_RUBBISH and rubbish * 20 > len(sample):
        raise SourceError(mark(f"{name} is no text"), hint=mark("it looks like a binary file"))
    return 0, _eight_bits(sample)


def _zeros(sample: bytes) -> str:
    """UTF-16 without a mark, told by every other byte being 0."""
    even, odd = sample[::2], sample[1::2]
    if len(sample) >= 8 and odd.count(0) * 2 > len(odd) and even.count(0) * 10 < len(even):
        return "utf-16-le"
    return "utf-16-be" if len(sample) >= 8 and even.count(0) * 2 > len(even) and odd.count(0) * 10 < len(odd) else ""


def _eight_bits(sample: bytes) -> str:
    """UTF-8, unless more bytes are wrong in it than are right beyond ASCII; then the usual one of the West."""
    text = sample.decode("utf-8", "surrogateescape")
    wrong = sum("\udc80" <= letter <= "\udcff" for letter in text[:-3])
    right = sum(letter > "\x7f" for letter in text[:-3]) - wrong
    return "cp1252" if wrong > right else "utf-8"


def _separator(dialect: Dialect, text: str, name: str) -> str:
    """The separator with which most rows have the same number of cells, more than one."""
    best, most = "\t" if name.lower().endswith((".tsv", ".tab")) else ",", 0.0
    candidates = sorted(_SEPARATORS, key=lambda one: one != best)
    for separator in candidates:
        rows = sample_rows(dialect._replace(separator=separator), text[:50_000])[:200]
        width, count = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        score = count / len(rows) + min(width, 50) / 1000 if width > 1 else 0.0
        if score > most:
            best, most = separator, score
    return best
