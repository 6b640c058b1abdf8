"""Several infix words in one expression keep their own meaning, also in SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.tables.query import Query
from kernel.tables.sqlite import SqliteSource
from tests.contract.sqlite_writer import write_tables
from tests.contract.table_contract import CUSTOMER_ROWS, CUSTOMERS


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        ("name contains 'ert' or name startswith 'an'", ["anna", "Bert"]),
        ("name startswith 'an' or name contains 'ert'", ["anna", "Bert"]),
        ("name contains 'n' and name endswith 'a'", ["anna"]),
    ],
)
def test_words_do_not_mix(tmp_path: Path, filter: str, names: list[str]) -> None:
    write_tables(tmp_path / "t.sqlite", [(CUSTOMERS, CUSTOMER_ROWS)])
    source = SqliteSource(tmp_path / "t.sqlite")
    assert source.table("customers").fetch(Query(filter=filter), 0, 9).columns["name"] == names
    source.close()
