"""Which words of a text are language and no code: in comments, texts with spaces, plain texts. No Qt here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

#: Languages whose texts are language all through, but for styles that show code.
PROSE = frozenset(("text", "markdown", "tex", "diff"))
#: What names of styles say: of comments; of texts, which count where they have spaces; of code within prose.
_COMMENT = re.compile(r"comment|html default|cdata|message")
_TEXT = re.compile(r"string|quoted|here document|value|default value")
_CODE = re.compile(r"code|link|iri|command|math|directive|keyword|header$|position|added|removed|tag")
#: A word, with what stands right before and behind it, which tells names and addresses.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NO_LANGUAGE = re.compile(r"[\w.@/\\#$%&=<>:+*~^|-]")
#: Letters of the shortest word that is looked at, and of the longest; bytes of a line.
SHORTEST, LONGEST, LINE = 3, 60, 4_000


class Word(NamedTuple):
    """A word and its bytes within what was looked at."""

    start: int
    stop: int
    text: str


def kinds_of(language: str, describe: Callable[[int], str] | None) -> bytes:
    """Style → 0 no language, 1 language, 2 language where it has spaces.

    Args:
        language: The language's name.
        describe: Names a style; None for texts without styles.
    """
    is_prose = language in PROSE
    if describe is None:
        return bytes([int(is_prose)]) * 256
    return bytes(_kind(describe(style).lower(), is_prose) if style < 128 else 0 for style in range(256))


def _kind(name: str, is_prose: bool) -> int:
    if is_prose:
        return int(bool(name) and not _CODE.search(name))
    if "keyword" in name:
        return 0
    return 1 if _COMMENT.search(name) else 2 if _TEXT.search(name) else 0


def words(cells: bytes, kinds: bytes) -> Iterator[Word]:
    """The words of a part of a text that are language.

    Args:
        cells: The bytes of the text, each with its style behind it.
        kinds: See :func:`kinds_of`.
    """
    text, told = cells[::2], cells[1::2].translate(kinds)
    place = 0
    for line in text.splitlines(keepends=True):
        for run in re.finditer(rb"\x01+|\x02+", told[place : place + min(len(line), LINE)]):
            part = line[run.start() : run.end()]
            if run[0][0] == 1 or b" " in part.strip(b" \"'`"):
                yield from _words_in(part, place + run.start())
        place += len(line)


def _words_in(part: bytes, at: int) -> Iterator[Word]:
    letters = part.decode("utf-8", "replace")
    if letters.count("`") > 1:
        letters = re.sub(r"`+[^`]*`+", lambda found: "_" * len(found[0]), letters)
    is_ascii = len(letters) == len(part)
    for found in _WORD.finditer(letters):
        word = found[0]
        if not SHORTEST <= len(word) <= LONGEST or not _is_language(letters, found):
            continue
        start = found.start() if is_ascii else len(letters[: found.start()].encode())
        yield Word(at + start, at + start + len(word.encode()), word)


def _is_language(text: str, found: re.Match[str]) -> bool:
    """Whether it is no name, address, path or short form: by its capitals and what stands beside it."""
    word, start, stop = found[0], found.start(), found.end()
    if word[1:] != word[1:].lower():
        return False
    before, behind = text[start - 1 : start], text[stop : stop + 2]
    if before and _NO_LANGUAGE.match(before) and before not in "-<>*:":
        return False
    if not behind or not _NO_LANGUAGE.match(behind):
        return True
    # A stop or a colon ends a sentence; within a name or an address something follows at once. A hyphen joins words.
    return behind[0] in "-*<>" or (behind[0] in ".:/" and not behind[1:].strip())
