"""Changes of texts, frames and snippets: what is told makes of the old text the new one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.api import Completion
from plugins.scintilla.language_client import framing
from plugins.scintilla.language_client.change import byte_of, change_between, line_and_rest, line_starts
from plugins.scintilla.language_client.framing import FramingError, Unframer, frame
from plugins.scintilla.language_client.protocol import Position, Range, TextEdit
from plugins.scintilla.language_client.workspace_edit import edited
from plugins.scintilla.match import fitting
from plugins.scintilla.snippet import read_snippet

TEXTS = st.text(st.sampled_from("ab\n\r ü€🌿"), max_size=40)
ENCODINGS = st.sampled_from(("utf-8", "utf-16", "utf-32"))


@given(TEXTS, TEXTS, ENCODINGS)
def test_a_change_makes_the_new_text_of_the_old_one(old: str, new: str, encoding: str) -> None:
    found = change_between(old.encode(), new.encode(), encoding)
    if found is None:
        assert old == new
        return
    start, stop = (Position(line=line, character=character) for line, character in (found.start, found.stop))
    edit = TextEdit(range=Range(start=start, end=stop), new_text=found.text)
    assert edited(old.encode(), [edit], encoding).decode() == new


@given(TEXTS, st.integers(0, 40), ENCODINGS)
def test_a_place_leads_back_to_its_byte(text: str, letter: int, encoding: str) -> None:
    data, place = text.encode(), len(text[:letter].encode())
    if text[:letter].endswith("\r") and text[letter : letter + 1] == "\n":
        return  # between the two halves of a line end there is no place
    assert byte_of(data, line_starts(data), *line_and_rest(data, place, encoding), encoding) == place


def test_only_what_is_other_is_told() -> None:
    old = b"one\n" * 10_000
    found = change_between(old, old[:20_000] + "ü".encode() + old[20_000:], "utf-16")
    assert found is not None and found == ((5000, 0), (5000, 0), "ü")


@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(1, 40))
def test_frames_come_apart_however_they_are_cut(bodies: list[bytes], size: int) -> None:
    stream, unframer, found = b"".join(map(frame, bodies)), Unframer(), []
    for start in range(0, len(stream), size):
        found += unframer.feed(stream[start : start + size])
    assert found == bodies


@pytest.mark.parametrize(
    "stream",
    [b"x" * framing.MOST_HEADER, b"Type: a\r\n\r\n", b"Content-Length: -3\r\n\r\n",
     b"Content-Length: 99999999999\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_frame_is_refused(stream: bytes) -> None:
    with pytest.raises(FramingError):
        Unframer().feed(stream)


def test_edits_that_overlap_are_refused() -> None:
    def edit(start: int, stop: int, text: str) -> TextEdit:
        return TextEdit(range=Range(start=Position(line=0, character=start), end=Position(line=0, character=stop)),
                        new_text=text)  # fmt: skip

    assert edited(b"abcdef", [edit(4, 5, "E"), edit(0, 2, ""), edit(2, 2, "x"), edit(2, 2, "y")], "utf-8") == b"xycdEf"
    with pytest.raises(ValueError, match="overlap"):
        edited(b"abcdef", [edit(0, 3, ""), edit(2, 4, "")], "utf-8")


@pytest.mark.parametrize(
    ("source", "text", "stops"),
    [
        ("for ${1:one} in ${2:all}:$0", "for one in all:", (((4, 7),), ((11, 14),), ((15, 15),))),
        ("plain", "plain", (((5, 5),),)),
        ("${1|yes,no|} \\$1 \\}", "yes $1 }", (((0, 3),), ((8, 8),))),
        ("${1:a${2:b}} $1", "ab ab", (((0, 2), (3, 5)), ((1, 2),), ((5, 5),))),
        ("$TM_FILE ${NAME:x} ${1/a/b/}", " x ", (((3, 3),), ((3, 3),))),
        ("${1:open", "open", (((0, 4),), ((4, 4),))),
        ("$ ${ 5$", "$ ${ 5$", (((7, 7),),)),
    ],
)  # fmt: skip
def test_a_snippet_is_read(source: str, text: str, stops: object) -> None:
    assert read_snippet(source) == (text, stops)


@given(st.text(st.sampled_from("$ {}|,:\\1a0")))
def test_every_snippet_is_read(source: str) -> None:
    found = read_snippet(source)
    assert all(0 <= start <= stop <= len(found.text) for some in found.stops for start, stop in some)


def test_completions_that_begin_so_come_first() -> None:
    names = ["reopen", "Open", "omit_pen", "open_file", "write"]
    found = fitting([("open", Completion(name)) for name in names], 10)
    assert [one.text for one in found] == ["open_file", "Open", "reopen", "omit_pen"]
