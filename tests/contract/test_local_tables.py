"""The reading part of the table contract on the sources that the engine completes."""

from __future__ import annotations

import csv
import functools

import pytest

from tests.contract.file_writer import columnar_files, csv_files, json_files
from tests.contract.provider_tables import FindingProvider, provided
from tests.contract.reading_contract import ReadingContract


class TestProvider(ReadingContract):
    """Rows made by Python, of unknown count."""

    @pytest.fixture
    def tables(self):
        return provided


class TestFindingProvider(ReadingContract):
    """Rows made by Python, with a count and a way to find keys."""

    @pytest.fixture
    def tables(self):
        return functools.partial(provided, kind=FindingProvider, is_counted=True)


class TestNumberedProvider(ReadingContract):
    """Rows made by Python, whose number is their key."""

    key = ("rowid",)

    @pytest.fixture
    def tables(self):
        return functools.partial(provided, is_numbered=True)


class TestCsv(ReadingContract):
    """Comma separated values in UTF-8."""

    key = ("rowid",)
    has_empty_texts = False

    @pytest.fixture
    def tables(self, tmp_path):
        return functools.partial(csv_files, tmp_path)


class TestCsvOfExcel(TestCsv):
    """Tabs, UTF-16 with a mark, and the ends of lines of Windows; everything quoted."""

    @pytest.fixture
    def tables(self, tmp_path):
        how = {"encoding": "utf-16", "separator": "\t", "newline": "\r\n", "quoting": csv.QUOTE_ALL}
        return functools.partial(csv_files, tmp_path, **how)


class TestJsonLines(ReadingContract):
    """An object a line."""

    key = ("rowid",)

    @pytest.fixture
    def tables(self, tmp_path):
        return functools.partial(json_files, tmp_path)


class TestParquet(ReadingContract):
    """Parquet files, read by DuckDB."""

    key = ("rowid",)

    @pytest.fixture
    def tables(self, tmp_path):
        return functools.partial(columnar_files, tmp_path, kind="parquet")


class TestArrow(TestParquet):
    """Arrow streams."""

    @pytest.fixture
    def tables(self, tmp_path):
        return functools.partial(columnar_files, tmp_path, kind="arrow")
