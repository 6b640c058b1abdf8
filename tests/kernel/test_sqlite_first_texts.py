"""The first rows of a sorted column of texts: the same whether they are found in the file's pages or by SQL."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.tables.query import Query, parse_sort
from kernel.tables.sqlite import SqliteSource, first_texts, head, ordering
from kernel.tables.sqlite.first_texts import FirstTexts
from kernel.tables.sqlite.part_row import MisfitError
from tests.large_ways import few_rows_count_as_many

pytestmark = pytest.mark.skipif(not hasattr(os, "preadv"), reason="pages are read by preadv")
#: Letters of which many texts are equal for eight bytes and more, some in capitals, some not ASCII.
LETTERS = st.text(st.sampled_from("aAbz \0éß\u0301"), max_size=3)
BEGINNINGS = st.sampled_from(["", "a", "AAAAAAA", "aaaaaaaa", "bbbbbbbbb"])
PLAIN = st.builds(lambda start, end: start + end, BEGINNINGS, LETTERS)
TEXTS = st.lists(st.one_of(st.none(), PLAIN, st.just(b"aaaaaaaaB\xff")), min_size=1, max_size=60)


def wanted_and_found(path: Path, texts, sort: str, size: int) -> tuple[list, list]:
    """The keys of the first rows of the whole order, and those that a large table shows first."""
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT)")
        connection.executemany("INSERT INTO t (a, b) VALUES (CAST(? AS TEXT), ?)",
                               [(text, -place % 3) for place, text in enumerate(texts)])
        connection.commit()
    query = Query(sort=parse_sort(sort))
    with contextlib.closing(SqliteSource(path)) as source:
        wanted = source.table("t").fetch(query, 0, size).keys
    with (few_rows_count_as_many(), mock.patch.object(ordering, "HEAD", size), mock.patch.object(head, "_PART", 8),
          mock.patch.object(head, "_CHUNK", 2 * size),
          contextlib.closing(SqliteSource(path)) as many):
        return wanted, many.table("t").fetch(query, 0, size).keys


@given(texts=TEXTS, sort=st.sampled_from(["a", "-a", "a,b", "-a,-b"]), size=st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_the_first_rows_are_those_of_the_whole_order(tmp_path_factory, texts, sort, size):
    with mock.patch.object(first_texts, "_MANY", 4):
        wanted, found = wanted_and_found(tmp_path_factory.getbasetemp() / "first.sqlite", texts, sort, size)
    assert found == wanted


@pytest.mark.parametrize(("texts", "sort", "is_taken"), [
    (["b", "A", None, "c" * 200], "a", True),
    (["same"] * 50, "a", True),  # of equal ones the first rows are enough
    (["same"] * 50, "a,b", False),  # what comes next is not known
    (["the same for eight letters"] * 50, "-a", False),
    (["ä", "b"] * 3, "a", True),
    (["ä", "b"] * 30, "a", False),
    (["b", 7], "a", True),  # a text by the column's type
])  # fmt: skip
def test_what_eight_letters_do_not_tell_is_left_to_sql(tmp_path, monkeypatch, texts, sort, is_taken):
    taken: list[bool] = []

    def numbers(self: FirstTexts) -> list[int]:
        taken.append(True)
        return found_numbers(self)

    found_numbers = FirstTexts.numbers
    monkeypatch.setattr(FirstTexts, "numbers", numbers)
    for name, value in {"_MANY": 8, "_MOST_EQUAL": 20, "_MOST_ODD": 5}.items():
        monkeypatch.setattr(first_texts, name, value)
    wanted, found = wanted_and_found(tmp_path / "t.sqlite", texts, sort, 4)
    assert found == wanted
    assert taken == [True] * is_taken


def test_that_all_texts_are_plain_is_learned_from_the_first_look(tmp_path, monkeypatch):
    """So that the next query of the column need not read all of it for that."""
    for texts, expected in ((["b", "A", None], True), (["b", "ä"], None), (["b", "a\0"], None)):
        path = tmp_path / f"{len(texts)}{texts[1]!r}.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
            connection.executemany("INSERT INTO t (a) VALUES (?)", [(text,) for text in texts])
            connection.commit()
        with few_rows_count_as_many(), contextlib.closing(SqliteSource(path)) as source:
            source.table("t").fetch(Query(sort=parse_sort("a")), 0, 2)
            with source.connections.reader() as reader:
                assert reader.known.plain.get(("t", "a")) is expected, texts


def test_values_that_are_no_texts_are_left_to_sql(tmp_path):
    """A column without a type holds what it was given."""
    path = tmp_path / "n.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
        connection.executemany("INSERT INTO t (a) VALUES (?)", [("b",), (7,), (b"x",)])
        connection.commit()
    with contextlib.closing(SqliteSource(path)) as source, source.connections.reader() as reader:
        from kernel.tables.sqlite.leaf import find_leaves

        texts = FirstTexts(find_leaves(source.connections, reader, "t"), 1, 2, is_descending=False, has_row_order=True)
        with pytest.raises(MisfitError):
            texts.read((1, 3))
