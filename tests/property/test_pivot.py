"""A pivot's cells and totals are what grouping the rows by hand gives."""

from __future__ import annotations

import tempfile
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.aggregate import accumulator
from kernel.tables.error import ReadOnlyError, TableError
from kernel.tables.memory import MemorySource
from kernel.tables.outline.level import GroupBy
from kernel.tables.pivot import reading
from kernel.tables.pivot.reading import Fields, read_pivot
from kernel.tables.pivot.table import Layout, PivotTable
from kernel.tables.query import Aggregate, Query
from tests.property.test_outline import source_of
from tests.property.test_queries import ROW, SCHEMA

COLUMNS = ("name", "size", "is_on", "day")
KEYS = st.lists(st.sampled_from(COLUMNS), max_size=2, unique=True)
FIGURES = (Aggregate("sum", "price", "sum"), Aggregate("count", "", "count"), Aggregate("average", "size", "mean"))


def _figures(rows):
    found = []
    for figure in FIGURES:
        running = accumulator(figure.function)
        for row in rows:
            running.step(row[figure.of] if figure.of else 1)
        found.append(running.result())
    return tuple(found)


def _alike(one, other):
    return all(a == b or (a is not None and abs(Decimal(a) - Decimal(b)) < Decimal("1e-9")) for a, b in
               zip(one, other, strict=True))  # fmt: skip


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, max_size=8), row_keys=KEYS, column_keys=KEYS)
def test_cells_and_totals(kind, rows, row_keys, column_keys):
    with tempfile.TemporaryDirectory() as folder:
        source = source_of(kind, rows, folder)
        table = source.table("t")
        stored = [dict(zip(("price", *COLUMNS), values, strict=True)) for values in zip(
            *(table.fetch(Query(), 0, 100).columns[name] for name in ("price", *COLUMNS)), strict=True)]  # fmt: skip
        fields = Fields(tuple(map(GroupBy, row_keys)), tuple(map(GroupBy, column_keys)), FIGURES)
        found = read_pivot(table, Query(), fields)
        for (row, column), figures in found.cells.items():
            at_row = [one for one in stored if (*map(one.get, row_keys),) == row]
            own = [one for one in at_row if (*map(one.get, column_keys),) == column]
            assert (own or not (row or column)) and _alike(figures, _figures(own))
        assert sum(figures[1] for figures in found.cells.values()) == len(rows)
        for keys, totals in ((row_keys, found.row_totals), (column_keys, found.column_totals)):
            for path, figures in totals.items():
                assert _alike(figures, _figures([one for one in stored if (*map(one.get, keys),) == path]))
        assert _alike(found.total, _figures(stored))
        source.close()


def test_too_many_columns_are_told(monkeypatch):
    monkeypatch.setattr(reading, "MOST_COLUMNS", 3)
    table = MemorySource([(SCHEMA, [{"id": at} for at in range(4)])]).table("t")
    with pytest.raises(TableError, match="more than 3 columns"):
        read_pivot(table, Query(), Fields((), (GroupBy("id"),), FIGURES))


def test_a_pivot_is_a_table_for_reading():
    rows = [{"id": at, "name": "ab"[at % 2], "size": at % 3, "price": Decimal(at)} for at in range(6)]
    table = MemorySource([(SCHEMA, rows)]).table("t")
    shown, heard = PivotTable(), []
    shown.subscribe(heard.append)
    fields = Fields((GroupBy("name"),), (GroupBy("size"),), FIGURES[:1])
    layout = Layout(["Name"], ["Sum"], lambda labels: str(labels[0]), ["0.00"])
    shown.take(read_pivot(table, Query(), fields), layout)
    assert [(one.label, one.type) for one in shown.schema.columns] == [
        ("Name", "text"), ("0", "decimal"), ("1", "decimal"), ("2", "decimal"), ("Total", "decimal"),
    ]  # fmt: skip
    assert heard[0].is_everything
    block = shown.fetch(Query(), 0, 10)
    assert block.columns["key_0"] == ["a", "b"] and block.columns["total_0"] == [6, 9]
    with pytest.raises(ReadOnlyError):
        shown.commit([])
    shown.fail(TableError("gone"))
    with pytest.raises(TableError, match="gone"):
        shown.count(Query())
