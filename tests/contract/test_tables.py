"""The table contract on the memory and SQLite sources."""

from __future__ import annotations

import sqlite3

import pytest

from kernel.tables.memory import MemorySource
from kernel.tables.sqlite import SqliteSource
from tests.contract.sqlite_writer import write_tables
from tests.contract.table_contract import TableContract
from tests.large_ways import few_rows_are_mirrored, few_rows_count_as_many


class TestMemory(TableContract):
    """In memory."""

    @pytest.fixture
    def tables(self):
        return MemorySource


class TestSqlite(TableContract):
    """In a SQLite file."""

    @pytest.fixture
    def tables(self, tmp_path):
        def make(tables):
            write_tables(tmp_path / "t.sqlite", tables)
            return SqliteSource(tmp_path / "t.sqlite")

        return make


class TestSqliteOfManyRows(TestSqlite):
    """The same by the ways that are meant for large tables."""

    @pytest.fixture(autouse=True)
    def _many(self):
        with few_rows_count_as_many():
            yield


class TestSqliteMirrored(TestSqlite):
    """The same with columns mirrored."""

    @pytest.fixture(autouse=True)
    def _mirrored(self):
        with few_rows_are_mirrored():
            yield


class TestSqliteWal(TestSqlite):
    """In a SQLite file with a write-ahead log and UTF-16 texts."""

    @pytest.fixture
    def tables(self, tmp_path):
        def make(tables):
            connection = sqlite3.connect(tmp_path / "w.sqlite")
            connection.execute("PRAGMA encoding = 'UTF-16'")
            connection.execute("PRAGMA journal_mode = wal")
            connection.close()
            write_tables(tmp_path / "w.sqlite", tables)
            return SqliteSource(tmp_path / "w.sqlite")

        return make
