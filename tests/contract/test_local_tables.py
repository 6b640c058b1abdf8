"""The reading part of the table contract on the sources that the engine completes."""

from __future__ import annotations

import functools

import pytest

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
