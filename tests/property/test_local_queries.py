"""Every query answers the same on the sources that the engine completes as in memory, whatever the values.

What a format cannot hold is left out of its rows: separated values have no empty texts, for these are null there.
"""

from __future__ import annotations

import datetime
import functools
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.tables.memory import MemorySource
from kernel.tables.query import Query
from tests.contract.file_writer import columnar_files, csv_files, json_files
from tests.contract.provider_tables import provided
from tests.property.test_queries import AGGREGATES, ANY, EXPRESSIONS, QUERIES, ROW, SCHEMA
from tests.property.test_queries import COMPUTED as SHARED

COMPUTED = SHARED | {"double": "size * 2", "calm": "lower(name) if is_on else parent.name", "both": "double + price"}
NAMED = st.sampled_from(["double > p.one", "calm == p.two", "both", "not (calm contains p.one)"])
KINDS = {
    "provider": lambda folder, tables: provided(tables, is_numbered=True),
    "csv": csv_files,
    "jsonl": json_files,
    "parquet": functools.partial(columnar_files, kind="parquet"),
    "arrow": functools.partial(columnar_files, kind="arrow"),
}


def _fit(rows, kind):
    """The rows as the format holds them."""
    rows = [{"id": index + 1, **row} for index, row in enumerate(rows)]
    lost = {"csv": ("",), "jsonl": (), "provider": ()}.get(kind, ())
    return [{name: _held(value, lost) for name, value in row.items()} for row in rows]


def _held(value, lost):
    """The value as a file holds it: no file knows on which side of a clock change a moment is."""
    if isinstance(value, datetime.datetime | datetime.time):
        return value.replace(fold=0)
    return None if isinstance(value, str) and value in lost else value


def _sources(rows, kind, folder):
    rows = _fit(rows, kind)
    return MemorySource([(SCHEMA, rows)]), KINDS[kind](Path(folder), [(SCHEMA, rows)])


def _values(block):
    """Columns with decimals made equal in how they are written."""
    return {
        name: [value.normalize() if isinstance(value, Decimal) else value for value in values]
        for name, values in block.columns.items()
    }


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(ROW, max_size=7), queries=st.lists(QUERIES, min_size=4, max_size=8), named=NAMED)
def test_rows(kind, rows, queries, named):
    with tempfile.TemporaryDirectory() as folder:
        memory, local = _sources(rows, kind, folder)
        computed = Query(filter=named, columns=("double", "calm"), computed=COMPUTED,
                         parameters=queries[0].parameters, sort=queries[0].sort)  # fmt: skip
        for query in (*queries, computed):
            ours, theirs = memory.table("t"), local.table("t")
            wanted = ours.fetch(query, 0, 50)
            found = theirs.fetch(query, 0, 50)
            assert (repr(_values(found)), found.keys) == (repr(_values(wanted)), wanted.keys)
            assert theirs.count(query) == len(wanted) == theirs.estimate(query).count
            assert theirs.fetch(query, 2, 4).keys == wanted.keys[2:4]
            assert [theirs.locate(query, key) for key in wanted.keys] == list(range(len(wanted)))
        local.close()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(ROW, max_size=7),
    filter_text=EXPRESSIONS,
    aggregates=AGGREGATES,
    group=st.sampled_from(["", "month(day)", "name", "is_on", "size % 3", "calm"]),
    value=ANY,
)
def test_groups(kind, rows, filter_text, aggregates, group, value):
    query = Query(
        filter=filter_text,
        parameters={"p.one": value, "p.two": 1},
        group=(group,) if group else (),
        aggregates=aggregates,
        computed=COMPUTED,
    )
    with tempfile.TemporaryDirectory() as folder:
        memory, local = _sources(rows, kind, folder)
        wanted = memory.table("t").fetch(query, 0, 50)
        assert repr(_values(local.table("t").fetch(query, 0, 50))) == repr(_values(wanted))
        local.close()
