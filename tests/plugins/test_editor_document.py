"""Files as bytes, as the editor keeps them, and back: every byte stays."""

from __future__ import annotations

import codecs
import random
from pathlib import Path

import pytest

from plugins.scintilla.document import EncodingError, Form, read, told_line_end, write
from plugins.scintilla.language import LANGUAGES, language_of

_TEXT = "Grüße, мир, 你好, 👩\u200d💻\n"
#: Name → bytes of a file, and the encoding that is told of it.
FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "UTF-8"),
    "plain": (b"one\ntwo\n", "UTF-8"),
    "no line end": (b"one\ntwo", "UTF-8"),
    "utf-8": (_TEXT.encode(), "UTF-8"),
    "utf-8 with a mark": (codecs.BOM_UTF8 + _TEXT.encode(), "UTF-8 with BOM"),
    "a mark alone": (codecs.BOM_UTF8, "UTF-8 with BOM"),
    "utf-16 little": (codecs.BOM_UTF16_LE + _TEXT.encode("utf-16-le"), "UTF-16 LE"),
    "utf-16 big": (codecs.BOM_UTF16_BE + _TEXT.encode("utf-16-be"), "UTF-16 BE"),
    "utf-32 little": (codecs.BOM_UTF32_LE + _TEXT.encode("utf-32-le"), "UTF-32 LE"),
    "utf-32 big": (codecs.BOM_UTF32_BE + _TEXT.encode("utf-32-be"), "UTF-32 BE"),
    "utf-16 unmarked": ("a plain text\r\n".encode("utf-16-le"), "UTF-16 LE"),
    "utf-16 big unmarked": ("a plain text\r\n".encode("utf-16-be"), "UTF-16 BE"),
    "utf-16 cut": (codecs.BOM_UTF16_LE + b"a\0b", "ISO 8859-1"),
    "utf-16 half pair": (codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "UTF-16 LE"),
    "latin-1": ("Grüße an alle Gäste".encode("latin-1"), "ISO 8859-1"),
    "windows": ("„Grüße“ für 5 €".encode("cp1252"), "Windows-1252"),
    "utf-8 with a wrong byte": (_TEXT.encode() * 5 + b"\xff\n", "UTF-8"),
    "nulls": (b"a\0b\0\0c\n", "UTF-8"),
    "mixed ends": (b"a\nb\r\nc\rd", "UTF-8"),
    "all bytes": (bytes(range(256)), "ISO 8859-1"),
    "random": (random.Random(7).randbytes(5000), "ISO 8859-1"),
    "separators": ("a\u2028b\u2029c\x85d\x0be\x0cf".encode(), "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_back_byte_for_byte(name: str) -> None:
    data, title = FILES[name]
    text, form = read(data)
    assert write(text, form) == data
    assert form.title == title


@pytest.mark.parametrize("seed", range(40))
def test_any_bytes_come_back(seed: int) -> None:
    chance = random.Random(seed)
    pieces = [b"\n", b"\r", b"\r\n", b"\0", b"abc", "ü€👩".encode(), b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3"]
    data = b"".join(chance.choice(pieces) for _ in range(chance.randrange(60)))
    assert write(*read(data)) == data


@pytest.mark.parametrize(
    ("text", "end", "is_mixed"),
    [
        (b"", b"\n", False), (b"a", b"\n", False), (b"a\nb\n", b"\n", False), (b"a\r\nb\r\n", b"\r\n", False),
        (b"a\rb\r", b"\r", False), (b"a\nb\r\nc\r\n", b"\r\n", True), (b"\r\r\n", b"\r\n", True),
        (b"\n\n\r", b"\n", True),
    ],
)  # fmt: skip
def test_line_ends_are_told(text: bytes, end: bytes, is_mixed: bool) -> None:
    assert told_line_end(text) == (end, is_mixed)


def test_a_letter_that_is_not_in_the_encoding_is_named_with_its_line() -> None:
    with pytest.raises(EncodingError, match="“Ж” in line 3 is not in ISO 8859-1"):
        write("a\nb\nЖ".encode(), Form("latin-1"))
    with pytest.raises(EncodingError, match="line 2 has bytes that are no text"):
        write(b"a\n\xff", Form("cp1252"))


@pytest.mark.parametrize(
    ("path", "first", "name"),
    [
        ("a.py", b"", "python"), ("A.PY", b"", "python"), ("x/Makefile", b"", "makefile"), ("c.tar.json", b"", "json"),
        ("main.kdl", b"", "layout"), ("a", b"#!/usr/bin/env python3\n", "python"), ("a", b"#!/bin/sh\n", "bash"),
        ("a", b"#!/usr/bin/env -S node\n", "javascript"), ("a", b"<?xml version='1.0'?>", "xml"), ("", b"", "text"),
        ("CMakeLists.txt", b"", "cmake"), ("notes.txt", b"", "text"), ("a.unknown", b"plain", "text"),
        ("C:\\x\\y.sql", b"", "sql"), (".py", b"", "python"), ("a", b"#!", "text"),
    ],
)  # fmt: skip
def test_the_language_is_told_by_name_or_first_line(path: str, first: bytes, name: str) -> None:
    assert language_of(path, first).name == name


def test_every_language_has_a_lexer_that_there_is(qapp: object) -> None:
    from plugins.scintilla import host

    assert [one.name for one in LANGUAGES if one.lexer and not hasattr(host.Qsci, one.lexer)] == []
    assert len({one.name for one in LANGUAGES}) == len(LANGUAGES)


def test_the_layout_of_the_guide_is_right() -> None:
    from pathlib import Path

    from layouts.kinds.table import BUILT_IN
    from layouts.load import load_layout
    from plugins.registry import contributed_kinds

    page = (Path(__file__).parents[2] / "docs" / "plugins" / "scintilla.md").read_text(encoding="utf-8")
    example = page.split("```kdl\n")[1].split("```")[0]
    layout = load_layout("main.kdl", {"main.kdl": example.encode()}.get, kinds={**BUILT_IN, **contributed_kinds()})
    text = repr(layout.windows[0])
    assert "'editor'" in text and "'diff-view'" in text


def test_a_database_that_is_open_is_no_text(qapp: object, tmp_path: Path) -> None:
    from PySide6.QtCore import QObject

    from kernel.open_file import hold
    from plugins.scintilla.file import EditedFile, FileError

    place, parent = tmp_path / "desk.sqlite", QObject()
    place.write_bytes(b"text")
    release = hold(place)
    try:
        with pytest.raises(FileError, match="is a database that is open"):
            EditedFile(place, parent).read()
    finally:
        release()
    assert EditedFile(place, parent).read() == b"text"
