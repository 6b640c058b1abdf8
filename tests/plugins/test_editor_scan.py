"""Finding bytes in a large text by the C library: the same places as Python's own search finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.scintilla import find, scan
from plugins.scintilla.find import Search, matches

_LETTERS = st.text(alphabet="aAbB{[ \né", min_size=1, max_size=4)


def _places(text: bytes, words: str, *, has_case: bool) -> list[tuple[int, int]]:
    flags = 0 if has_case else re.IGNORECASE
    return [one.span() for one in re.finditer(re.escape(words.encode()), text, flags)]


@given(st.text(alphabet="aAbB{[ \né", max_size=60), _LETTERS, st.booleans(), st.sampled_from([7, 64]))
def test_what_is_scanned_is_found_where_it_stands(letters: str, words: str, has_case: bool, step: int) -> None:
    text, patch = letters.encode(), pytest.MonkeyPatch()
    with patch.context() as patched:
        for module, name, value in (
            (find, "BYTES_FROM", 0), (find, "WINDOW", 11), (find, "COPIED", 5), (scan, "_STEP", step),
            (scan, "_NUMPY_FROM", 0),
        ):  # fmt: skip
            patched.setattr(module, name, value)
        wanted = _places(text, words, has_case=has_case)
        for data in (memoryview(bytearray(text)), memoryview(text)):
            found = [(one.start, one.stop) for one in matches(Search(words, has_case=has_case), data)]
            assert found == wanted


def test_a_text_that_cannot_be_written_to_is_no_matter_of_the_scanner() -> None:
    assert scan.scanner(b"a text", b"text", has_case=True) is None
    look = scan.scanner(bytearray(b"a text"), b"text", has_case=True)
    assert look is None or (look(0, 6), look(3, 6), look(6, 6)) == (2, -1, -1)
