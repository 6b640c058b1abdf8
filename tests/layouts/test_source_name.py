"""What ``source`` means: tables with slashes, and sources that are named in front of a table."""

from __future__ import annotations

import pytest

from kernel.tables.schema import Column, Reference, Schema
from layouts.known import find_path
from layouts.source_name import beside, join_source, split_source

#: Text → source and table, in an app with the sources main and log.
TEXTS = {
    "orders": ("", "orders"),
    "main/orders": ("main", "orders"),
    "a/b": ("", "a/b"),
    "main/a/b": ("main", "a/b"),
    "log/main/b": ("log", "main/b"),
    "main": ("", "main"),
    "/b": ("", "/b"),
}


@pytest.mark.parametrize("text", TEXTS)
def test_only_a_declared_source_counts(text):
    assert split_source(text, ("main", "log")) == TEXTS[text]
    assert join_source(*TEXTS[text]) == text


def test_another_table_of_the_same_source():
    schema = Schema("a/b", (Column("id"),))
    assert beside("a/b", schema, "c/d") == "c/d"
    assert beside("main/a/b", schema, "c") == "main/c"


@pytest.mark.parametrize("prefix", ["", "main/"])
def test_references_of_tables_with_slashes_are_followed(prefix):
    reference = Reference("kind", "c/d", ("kind_id",), ("id",))
    one = Schema("a/b", (Column("id"), Column("kind_id")), references=(reference,))
    schemas = {f"{prefix}a/b": one, f"{prefix}c/d": Schema("c/d", (Column("id"), Column("name")))}
    assert find_path(schemas, f"{prefix}a/b", "kind.name") is True
    assert find_path(schemas, f"{prefix}a/b", "kind.nothing") is False
