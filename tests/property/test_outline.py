"""Rows under groups are the table's rows, each once, wherever and however far the groups are open."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.error import TableError
from kernel.tables.memory import MemorySource
from kernel.tables.outline.condition import group_filter
from kernel.tables.outline.grouped import GroupedTable, Grouping
from kernel.tables.outline.level import GroupBy
from kernel.tables.outline.row import OUTLINE, Opened, path_of
from kernel.tables.outline.tree import Branching, TreeTable
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


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@FEW
@given(rows=st.lists(ROW, max_size=9), sort=SORTS, is_open=st.booleans(), turned=st.frozensets(st.integers(1, 9)),
       size=st.none() | st.integers(-3, 12))  # fmt: skip
def test_trees_show_every_row_once_under_its_parent(kind, rows, sort, is_open, turned, size):
    with tempfile.TemporaryDirectory() as folder:
        source = source_of(kind, rows, folder)
        table = source.table("t")
        everything = Opened(frozenset([0]))
        tree = TreeTable(table, Branching("parent", everything))
        query = Query(sort=sort, columns=("id", "parent", "size"))
        block = tree.fetch(query, 0, 100)
        assert sorted(block.keys) == sorted(table.fetch(Query(), 0, 100).keys)
        _check_places(block)
        if size is not None:
            filtered = Query(filter="size >= p.one", parameters={"p.one": size}, sort=sort, columns=query.columns)
            found = tree.fetch(filtered, 0, 100)
            marks = zip(found.keys, found.columns[OUTLINE], strict=True)
            matches = sorted(key for key, mark in marks if mark.is_match)
            assert matches == sorted(table.fetch(filtered, 0, 100).keys)
            _check_places(found)
            last = None
            for mark in found.columns[OUTLINE]:  # what is no match has one below it
                assert last is None or last.is_match or mark.depth == last.depth + 1
                last = mark
        opened = Opened(frozenset([0]) if is_open else frozenset(), frozenset((one,) for one in turned))
        tree.branching = Branching("parent", opened)
        part = tree.fetch(query, 0, 100)
        hidden, wanted = None, []
        for key, mark in zip(block.keys, block.columns[OUTLINE], strict=True):
            if hidden is not None and mark.depth > hidden:
                continue
            wanted.append(key)
            hidden = mark.depth if not opened.has(key, 0) else None
        assert part.keys == wanted == [*tree.fetch(query, 0, 2).keys, *tree.fetch(query, 2, 100).keys]
        assert [tree.locate(query, key) for key in wanted] == list(range(len(wanted)))
        source.close()


def _check_places(block):
    above = []
    for row_id, parent, mark in zip(block.columns["id"], block.columns["parent"], block.columns[OUTLINE], strict=True):
        del above[mark.depth :]
        assert len(above) == mark.depth
        assert not above or parent == above[-1]
        above.append(row_id)


def test_a_circle_of_rows_is_shown_once_with_a_mark():
    rows = [{"id": 1, "parent": 3}, {"id": 2, "parent": 1}, {"id": 3, "parent": 2}, {"id": 4, "parent": 4},
            {"id": 5, "parent": 2}, {"id": 6, "parent": 99}]  # fmt: skip
    tree = TreeTable(MemorySource([(SCHEMA, rows)]).table("t"), Branching("parent", Opened(frozenset([0]))))
    block = tree.fetch(Query(), 0, 10)
    rows = zip(block.keys, block.columns[OUTLINE], strict=True)
    assert [(key[0], mark.depth, mark.is_cycle) for key, mark in rows] == [
        (1, 0, True), (2, 1, False), (3, 2, False), (5, 2, False), (4, 0, True), (6, 0, False),
    ]  # fmt: skip
    assert tree.ancestors(Query(), (5,)) == [(2,), (1,)]


def test_a_tree_needs_a_reference_to_the_table_itself():
    tree = TreeTable(MemorySource([(SCHEMA, [])]).table("t"), Branching("size"))
    with pytest.raises(TableError, match="size does not refer to t itself"):
        tree.fetch(Query(), 0, 10)
