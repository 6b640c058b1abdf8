"""Bringing rows into a table: checked whole, written whole or not at all."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from kernel.tables.change import Update
from kernel.tables.error import InterruptedCallError, ReadOnlyError, TableError
from kernel.tables.exchange.convert import converted
from kernel.tables.exchange.intake import bring_in, check, preview
from kernel.tables.exchange.mapping import MODES, Pair, check_pairs, mode_of, suggested
from kernel.tables.interrupt import Interrupt, interruptible
from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from kernel.tables.schema import Column, Reference, Schema

PEOPLE = Schema(
    "people",
    (
        Column("id", "integer", is_key=True, has_default=True),
        Column("name", is_required=True, max_length=20),
        Column("since", "date"),
        Column("pay", "decimal"),
        Column("boss_id", "integer"),
        Column("shout", is_generated=True),
    ),
    ("id",),
    (Reference("boss", "people", ("boss_id",), ("id",)),),
)
THERE = [{"id": 1, "name": "Anna", "since": datetime.date(2020, 1, 2)}, {"id": 2, "name": "Bert"}]
NOTHING = lambda part: None  # noqa: E731


@pytest.fixture
def people():
    source = MemorySource([(PEOPLE, THERE)])
    yield source.table("people")
    source.close()


def given(*rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    schema = Schema("file", tuple(Column(name) for name in names))
    source = MemorySource([(schema, [])])
    table = source.table("file")
    for index, row in enumerate(rows):
        table.rows[(index + 1,)] = {**dict.fromkeys(names), **row, "\0rowid": index + 1, "\0version": "1"}
    return table


def rows_of(table):
    block = table.fetch(Query(), 0, 100)
    return [block.row(index) for index in range(len(block))]


@pytest.mark.parametrize(
    ("type_", "value", "wanted"),
    [
        ("integer", " 12 ", 12),
        ("integer", 3.0, 3),
        ("integer", "1e3", 1000),
        ("integer", "", None),
        ("decimal", "0.10", Decimal("0.10")),
        ("decimal", 7, 7),
        ("real", "2.5", 2.5),
        ("boolean", "Yes", True),
        ("boolean", 0, False),
        ("date", "2024-02-29", datetime.date(2024, 2, 29)),
        ("date", datetime.datetime(2024, 2, 29), datetime.date(2024, 2, 29)),
        ("datetime", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29)),
        ("datetime", "2024-02-29T12:00:00+02:00", datetime.datetime(2024, 2, 29, 10)),
        ("time", "09:30", datetime.time(9, 30)),
        ("text", 12, "12"),
        ("text", "", ""),
        ("blob", "AP8=", b"\0\xff"),
    ],
)
def test_what_means_the_same_is_taken(type_, value, wanted):
    assert converted(Column("a", type_), value) == (wanted, "")


@pytest.mark.parametrize(
    ("type_", "value"),
    [("integer", "1.5"), ("integer", "12 apples"), ("decimal", "1,50"), ("date", "29.02.2024"), ("boolean", "maybe"),
     ("date", datetime.datetime(2024, 2, 29, 1)), ("time", "25:00"), ("blob", "no"), ("integer", "9" * 5000),
     ("integer", float("inf")), ("real", float("nan"))],
)  # fmt: skip
def test_what_must_be_guessed_is_a_problem(type_, value):
    assert converted(Column("a", type_), value)[1].startswith("A ")


def test_choices_are_found_by_their_text():
    column = Column("level", "integer", choices=(1, 2))
    assert converted(column, " 2") == (2, "") and "one of 1, 2" in converted(column, "3")[1]


def test_pairs_by_name_then_by_likeness():
    file = Schema("f", tuple(map(Column, ("Name", "Boss ID", "since", "Since", "shout", "other"))))
    assert suggested(file, PEOPLE) == [Pair("Name", "name"), Pair("Boss ID", "boss_id"), Pair("since", "since")]


def test_preview_shows_values_and_problems(people):
    found = preview(given({"n": "Cleo", "d": "2024-01-01"}, {"n": "D", "d": "soon"}), PEOPLE,
                    [Pair("n", "name"), Pair("d", "since")])
    assert found.rows == [["Cleo", datetime.date(2024, 1, 1)], ["D", "soon"]]
    assert [(one.row, one.column) for one in found.problems] == [(2, "since")]


def test_add(people):
    file = given({"name": "Cleo", "pay": "10.50"}, {"name": "Dora", "pay": ""})
    done = bring_in(file, people, suggested(file.schema, PEOPLE), mode_of("add"), NOTHING)
    assert (done.added, done.updated, done.problem_count) == (2, 0, 0)
    assert [(row["id"], row["name"], row["pay"]) for row in rows_of(people)[2:]] == [
        (3, "Cleo", Decimal("10.50")), (4, "Dora", None),
    ]  # fmt: skip


def test_merge_and_update(people):
    file = given({"id": "2", "name": "Berta"}, {"id": "9", "name": "Ida"})
    pairs = suggested(file.schema, PEOPLE)
    done = bring_in(file, people, pairs, mode_of("update"), NOTHING)
    assert (done.added, done.updated, done.left_out) == (0, 1, 1)
    done = bring_in(file, people, pairs, mode_of("merge"), NOTHING)
    assert (done.added, done.updated, done.left_out) == (1, 1, 0)
    assert [(row["id"], row["name"]) for row in rows_of(people)] == [(1, "Anna"), (2, "Berta"), (9, "Ida")]
    assert rows_of(people)[0]["since"] == datetime.date(2020, 1, 2)


def test_one_problem_and_nothing_is_written(people):
    file = given({"id": 3, "name": "Cleo"}, {"id": 4, "name": None}, {"id": 3, "name": "x" * 30},
                 {"id": "z", "name": "E"})  # fmt: skip
    done = bring_in(file, people, suggested(file.schema, PEOPLE), mode_of("add"), NOTHING)
    assert done.problem_count == 3 and len(rows_of(people)) == 2
    assert [(one.row, one.column) for one in done.problems] == [(2, "name"), (3, "name"), (3, "id"), (4, "id")]
    assert "row 1 already" in done.problems[2].message


def test_what_the_table_refuses_writes_nothing(people):
    file = given({"id": 3, "name": "Cleo"}, {"id": 1, "name": "Other"})
    done = bring_in(file, people, suggested(file.schema, PEOPLE), mode_of("add"), NOTHING)
    assert done.problem_count == 1 and done.problems[0][:2] == (2, "id") and "already" in done.problems[0].message
    assert len(rows_of(people)) == 2


def test_row_changed_while_it_was_checked_is_a_conflict_and_writes_nothing(people):
    file = given({"id": 2, "name": "Berta"})
    version = people.fetch(Query(keys=((2,),)), 0, 1).versions[0]

    def report(part: float) -> None:
        if part == 0.6:
            people.commit([Update((2,), version, {"pay": 1})])

    done = bring_in(file, people, suggested(file.schema, PEOPLE), mode_of("merge"), report)
    assert [(one.row, one.message) for one in done.problems] == [(1, "somebody changed the row meanwhile")]
    assert rows_of(people)[1]["name"] == "Bert"


@pytest.mark.parametrize(
    ("pairs", "mode", "message"),
    [
        ([], "add", "no column"),
        ([Pair("nme", "name")], "add", "nme"),
        ([Pair("name", "nme")], "add", "nme"),
        ([Pair("name", "shout")], "add", "calculated"),
        ([Pair("name", "name"), Pair("id", "name")], "add", "two columns"),
        ([Pair("name", "name")], "merge", "does not fill id"),
    ],
)
def test_pairs_that_cannot_work(pairs, mode, message):
    file = Schema("f", (Column("id"), Column("name")))
    with pytest.raises(TableError, match=message):
        check_pairs(pairs, file, PEOPLE, mode_of(mode))


def test_table_that_cannot_be_edited():
    schema = Schema("v", (Column("a"),), is_editable=False, read_only_reason="a view cannot be edited")
    with pytest.raises(ReadOnlyError, match="a view"):
        check(given({"a": "1"}), MemorySource([(schema, [])]).table("v"), [Pair("a", "a")], MODES[0], NOTHING)


def test_given_up(people):
    interrupt = Interrupt()
    file = given(*({"name": str(number)} for number in range(5_000)))
    with interruptible(interrupt), pytest.raises(InterruptedCallError):
        bring_in(file, people, [Pair("name", "name")], MODES[0], lambda part: interrupt.set())
    assert len(rows_of(people)) == 2
