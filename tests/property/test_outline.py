"""Rows under groups are the table's rows, each once, wherever and however far the groups are open."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.memory import MemorySource
from kernel.tables.outline.condition import group_filter
from kernel.tables.outline.grouped import GroupedTable, Grouping
from kernel.tables.outline.level import GroupBy
from kernel.tables.outline.row import OUTLINE, Opened, path_of
from kernel.tables.query import Aggregate, Query, Sort
from kernel.tables.sqlite import SqliteSource
from tests.contract.sqlite_writer import write_tables
from tests.property.test_queries import ROW, SCHEMA

KEYS = st.lists(
    st.sampled_from([
        GroupBy("name"), GroupBy("size"), GroupBy("price"), GroupBy("weight"), GroupBy("is_on"), GroupBy("day"),
        GroupBy("at"), GroupBy("clock"), GroupBy("year(day)"), GroupBy("size % 3"), GroupBy("parent", "parent:label"),
        GroupBy("parent.name"),
    ]),
    min_size=1, max_size=3, unique=True,
)  # fmt: skip
SORTS = st.sampled_from([(), (Sort("size"),), (Sort("name", True), Sort("price")), (Sort("price", True),)])
SUMS = (Aggregate("sum", "price", "total"),)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def source_of(kind, rows, folder):
    tables = [(SCHEMA, [{"id": at + 1, **row} for at, row in enumerate(rows)])]
    if kind == "memory":
        return MemorySource(tables)
    write_tables(Path(folder) / "t.sqlite", tables)
    return SqliteSource(Path(folder) / "t.sqlite")


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@FEW
@given(rows=st.lists(ROW, max_size=8), keys=KEYS)
def test_the_conditions_of_groups_part_the_rows(kind, rows, keys):
    with tempfile.TemporaryDirectory() as folder:
        source = source_of(kind, rows, folder)
        table, texts = source.table("t"), [key.text for key in keys]
        groups = table.fetch(Query(group=tuple(texts), aggregates=(Aggregate("count", "", "n"),)), 0, 100)
        paths = list(zip(*(groups.columns[text] for text in texts), strict=True))
        seen = []
        for path, count in zip(paths, groups.columns["n"], strict=True):
            text, parameters = group_filter(table.schema, texts, [path])
            found = table.fetch(Query(filter=text, parameters=parameters), 0, 100).keys
            assert len(found) == count
            seen += found
        assert sorted(seen) == sorted(table.fetch(Query(), 0, 100).keys)
        text, parameters = group_filter(table.schema, texts, paths)
        assert not paths or table.count(Query(filter=text, parameters=parameters)) == len(rows)
        source.close()


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@FEW
@given(rows=st.lists(ROW, max_size=8), keys=KEYS, sort=SORTS, levels=st.frozensets(st.integers(0, 2)),
       turned=st.data())  # fmt: skip
def test_positions_of_the_mixed_list(kind, rows, keys, sort, levels, turned):
    with tempfile.TemporaryDirectory() as folder:
        source = source_of(kind, rows, folder)
        table, query = source.table("t"), Query(sort=sort, columns=("id", "name"))
        everything = Opened(frozenset(range(3)))
        grouped = GroupedTable(table, Grouping(tuple(keys), SUMS, everything))
        open_list = grouped.fetch(query, 0, 1000)
        own = [key for key in open_list.keys if path_of(key) is None]
        assert sorted(own) == sorted(table.fetch(Query(), 0, 100).keys)
        assert grouped.count(query) == len(open_list)
        paths = [path_of(key) for key in open_list.keys if path_of(key) is not None]
        others = turned.draw(st.frozensets(st.sampled_from(paths))) if paths else frozenset()
        opened = Opened(levels, others)
        grouped.grouping = grouped.grouping._replace(opened=opened)
        wanted = [key for key in open_list.keys if _is_shown(key, opened, grouped, query)]
        block = grouped.fetch(query, 0, 1000)
        assert block.keys == wanted
        assert [grouped.locate(query, key) for key in wanted] == list(range(len(wanted)))
        for start in range(0, len(wanted), 3):
            assert grouped.fetch(query, start, start + 3).keys == wanted[start : start + 3]
        for key, value, group in zip(block.keys, block.columns["id"], block.columns[OUTLINE], strict=True):
            assert (group is None) == (path_of(key) is None)
            assert value == (key[0] if group is None else None)
            assert group is None or group.is_open == opened.has(group.path, group.depth)
        closed = {key for key in open_list.keys if path_of(key) is None} - set(wanted)
        assert all(grouped.locate(query, key) is None for key in closed)
        source.close()


def _is_shown(key, opened, grouped, query):
    path = path_of(key)
    above = path[:-1] if path is not None else grouped.path_of_row(query, key)
    return all(opened.has(above[: at + 1], at) for at in range(len(above)))


def test_groups_go_by_their_value_or_by_a_figure():
    rows = [{"id": at, "name": "abcab"[at % 5], "size": at} for at in range(10)]
    table = MemorySource([(SCHEMA, rows)]).table("t")
    grouped = GroupedTable(table, Grouping((GroupBy("name"),), (Aggregate("sum", "size", "sum of size"),)))

    def groups(*sort):
        block = grouped.fetch(Query(sort=sort), 0, 10)
        return [(row.label, row.count, row.figures["sum of size"]) for row in block.columns[OUTLINE]]

    assert groups() == [("a", 4, 16), ("b", 4, 20), ("c", 2, 9)]
    assert [label for label, *_ in groups(Sort("name", True))] == ["c", "b", "a"]
    assert [label for label, *_ in groups(Sort("size", True))] == ["b", "a", "c"]
