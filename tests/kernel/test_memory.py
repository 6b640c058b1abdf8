"""What is special to tables in memory; the rest is the table contract."""

from __future__ import annotations

import pytest

from kernel.tables.change import Delete, Insert, Update
from kernel.tables.error import ConstraintError, ReadOnlyError
from kernel.tables.memory import MemorySource
from kernel.tables.memory.number import Numbers
from kernel.tables.query import Query
from kernel.tables.schema import Column, Schema


def _source(**options):
    columns = (Column("a"), Column("b", "integer", choices=(1, 2)), Column("c", is_generated=True))
    return MemorySource([(Schema("t", columns, **options), [{"a": "x", "b": 1}, {"a": "x", "b": 2}])])


def test_table_without_key_gets_a_hidden_one():
    table = _source().table("t")
    assert table.schema.key == ("rowid",) and table.fetch(Query(), 0, 9).keys == [(1,), (2,)]
    assert table.commit([Insert({"b": 2}), Delete((1,), "")]).keys == ((3,), (1,))


def test_choices_and_generated_columns_are_kept():
    table = _source().table("t")
    with pytest.raises(ConstraintError, match="one of 1, 2") as caught:
        table.commit([Update((1,), "", {"b": 3})])
    assert caught.value.column == "b"
    with pytest.raises(ReadOnlyError, match="calculated"):
        table.commit([Insert({"c": "z"})])


def test_read_only_table_says_why():
    table = _source(is_editable=False, read_only_reason="it is a report").table("t")
    with pytest.raises(ReadOnlyError, match="it is a report"):
        table.commit([Insert({})])
    assert table.fetch(Query(), 0, 9).versions == ["", ""]


def test_two_rows_with_one_key_are_refused():
    with pytest.raises(ConstraintError, match="two rows"):
        MemorySource([(Schema("t", (Column("a"),), ("a",)), [{"a": "x"}, {"a": "x"}])])


def test_a_listener_that_fails_does_not_stop_the_others(monkeypatch):
    reported, heard = [], []
    monkeypatch.setattr("sys.excepthook", lambda *error: reported.append(error[0]))
    table = _source().table("t")
    table.subscribe(lambda change: 1 / 0)
    table.subscribe(heard.append)
    table.commit([Insert({})])
    assert reported == [ZeroDivisionError] and len(heard) == 1


def test_new_rows_do_not_look_through_all_keys_each_time():
    looks = []

    class Keys(dict):
        def __iter__(self):
            looks.append(len(self))
            return super().__iter__()

    numbers = Numbers(keys := Keys({(7,): {}, ("text",): {}}))
    for wanted in (8, 9, 10):
        assert numbers.next() == wanted
        keys[(wanted,)] = {}
        numbers.add((wanted,))
    assert looks == [2]
    del keys[(10,)]
    numbers.remove()
    assert numbers.next() == 10 and looks == [2, 4]


def test_a_number_that_became_free_in_a_commit_is_given_again():
    table = _source().table("t")
    assert table.commit([Delete((2,), ""), Insert({"b": 1}), Insert({"b": 2})]).keys == ((2,), (2,), (3,))
    assert table.commit([Insert({"b": 1}), Delete((2,), ""), Insert({"b": 2})]).keys == ((4,), (2,), (5,))
