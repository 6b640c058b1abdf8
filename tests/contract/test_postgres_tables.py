"""The table contract on a PostgreSQL server."""

from __future__ import annotations

import pytest

from kernel.tables.postgres import PostgresSource
from tests.contract.postgres_writer import write_tables
from tests.contract.table_contract import TableContract
from tests.postgres_server import shared_server


class TestPostgres(TableContract):
    """In a database of a PostgreSQL server."""

    @pytest.fixture
    def tables(self):
        def make(tables):
            address = shared_server().new_database()
            write_tables(address, tables)
            return PostgresSource(address)

        return make
