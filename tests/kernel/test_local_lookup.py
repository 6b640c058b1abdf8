"""Rows that are found through references, while others change the table, and by keys of any number."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from kernel.tables.local.source import LocalSource
from kernel.tables.provider import ProviderScan, TableProvider
from kernel.tables.query import Query
from kernel.tables.schema import Column, Reference, Schema


class Parents(TableProvider):
    """Rows that seem to have changed whenever one of them was read."""

    schema = Schema("parents", (Column("id", "integer"), Column("name")), key=("id",), is_editable=False)
    source = None
    reads = 0

    def rows(self, start, stop):
        """See :class:`TableProvider`."""
        if stop - start == 1:
            self.reads += 1
            self.source.lookup("parents", ("id",))
        return [(-1, "one"), (-2, "two")][start:stop]  # keys whose hashes are the same

    def count(self):
        """See :class:`TableProvider`."""
        return 2

    def version(self):
        """See :class:`TableProvider`."""
        return self.reads


class Children(TableProvider):
    """Three rows."""

    schema = Schema("children", (Column("parent_id", "integer"),), is_editable=False,
                    references=(Reference("parent", "parents", ("parent_id",), ("id",)),))  # fmt: skip

    def rows(self, start, stop):
        """See :class:`TableProvider`."""
        return [(-2,), (-1,), (-3,)][start:stop]

    def count(self):
        """See :class:`TableProvider`."""
        return 3


@pytest.fixture
def source():
    parents = Parents()
    parents.source = LocalSource({"children": ProviderScan(Children()), "parents": ProviderScan(parents)})
    return parents.source


def test_a_table_that_changes_while_its_rows_are_looked_up(source):
    found = source.table("children").fetch(Query(columns=("parent.name",)), 0, 3)
    assert found.columns["parent.name"] == ["two", "one", None]


@pytest.mark.parametrize(("key", "place"), [(1, 0), (2.0, 1), (Decimal(3), 2), (4, None), (1.5, None), (math.inf, None),
                                            (math.nan, None), ("1", None), (-1, None), (2**70, None)])  # fmt: skip
def test_numbers_as_keys(source, key, place):
    assert source.table("children").locate(Query(), (key,)) == place
