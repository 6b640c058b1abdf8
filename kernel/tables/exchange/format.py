"""The file formats that rows travel in, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from kernel.tables.error import TableError


class OutColumn(NamedTuple):
    """One column of a file: the path that is read, its heading, and the type of its values."""

    path: str
    heading: str
    type: str = "text"


class Writer(Protocol):
    """Writes one file, once. Made as ``Writer(path, columns)``."""

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """Write some rows, given column by column."""

    def close(self) -> None:
        """Finish the file; stops when nobody waits for it any more, as tables do."""

    def abandon(self) -> None:
        """Let go of the file, which is thrown away; also after a :meth:`close` that did not end well."""


class Format(NamedTuple):
    """A format.

    Attributes:
        name: What it is called on the command line.
        title: What people read.
        suffixes: Ends of file names, the usual one first.
        doc: What it keeps of the values.
        writer: ``module:Class`` of its :class:`Writer`.
        most_rows: Rows that a file can hold, without the heading; 0 = any number.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    doc: str
    writer: str
    most_rows: int = 0

    def open(self, path: Path, columns: Sequence[OutColumn]) -> Writer:
        """A writer of a new file."""
        module, _, name = self.writer.partition(":")
        return getattr(import_module(module), name)(path, columns)


_HERE = "kernel.tables.exchange"

FORMATS: tuple[Format, ...] = (
    Format("csv", "CSV, comma-separated", (".csv",),
           "UTF-8 texts; an empty text is quoted, a missing value is not.", f"{_HERE}.text_writer:CsvWriter"),
    Format("tsv", "TSV, tab-separated", (".tsv", ".tab"),
           "As CSV, with tabs.", f"{_HERE}.text_writer:TsvWriter"),
    Format("json", "JSON, a list of objects", (".json",),
           "Numbers exact; dates as ISO texts, files as Base64.", f"{_HERE}.json_writer:JsonWriter"),
    Format("jsonl", "JSON lines, an object a line", (".jsonl", ".ndjson"),
           "As JSON.", f"{_HERE}.json_writer:JsonLinesWriter"),
    Format("parquet", "Parquet", (".parquet",),
           "Every value in its own type.", f"{_HERE}.parquet_writer:ParquetWriter"),
    Format("xlsx", "Excel workbook", (".xlsx",),
           "One sheet; numbers to 15 digits, longer ones as texts.", f"{_HERE}.workbook_writer:WorkbookWriter",
           most_rows=1_048_575),
)  # fmt: skip


def format_of(path: Path, name: str = "") -> Format:
    """The format of that name, or the one that the file's name ends with.

    Raises:
        TableError: there is none; says which there are.
    """
    wanted = path.suffix.lower()
    for row in FORMATS:
        if row.name == name or (not name and wanted in row.suffixes):
            return row
    known = ", ".join(row.suffixes[0] for row in FORMATS)
    raise TableError(f"there is no format for {name or path.name}", hint=f"end the file's name with one of {known}")
