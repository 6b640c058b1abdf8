"""Opening a file whose rows are to be brought in, whatever its format: a source with one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kernel.tables.contract import Source, Table
from kernel.tables.error import SourceError
from kernel.tables.local.source import LocalSource
from kernel.tables.provider import ProviderScan, TableProvider
from kernel.tables.schema import Column, Schema
from kernel.words import mark

#: Rows that are held in memory at most, of formats that cannot be read in place.
MOST_ROWS = 1_048_576


class HeldRows(TableProvider):
    """Rows in memory, all values as they were read."""

    def __init__(self, name: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.schema = Schema(name, tuple(map(Column, headings)), is_editable=False)
        self._rows = rows

    def rows(self, start: int, stop: int) -> Sequence[Sequence[Any]]:
        """See :class:`kernel.tables.provider.TableProvider`."""
        return self._rows[start:stop]

    def count(self) -> int:
        """See :class:`kernel.tables.provider.TableProvider`."""
        return len(self._rows)


def open_given(path: Path, told: Mapping[str, Any] | None = None) -> tuple[Source, Table]:
    """The source and its table; close the source when done.

    Args:
        path: The file; its ending says what it is.
        told: What is known better than guessed: ``separator``, ``encoding``, ``header``; a workbook's ``sheet``.

    Raises:
        SourceError: the file cannot be read, or is of no known format.
    """
    told = told or {}
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise SourceError(
            mark(f"rows cannot be read from {path.name}"),
            hint=mark(f"known: {', '.join(sorted(_READERS))}"),
        )
    try:
        source = read(path, told)
    except OSError as error:
        raise SourceError(mark(f"{path} cannot be read: {error.strerror or error}")) from error
    return source, source.table(source.table_names()[0])


def _in_place(kind: str) -> Callable[[Path, Mapping[str, Any]], Source]:
    def read(path: Path, told: Mapping[str, Any]) -> Source:
        from kernel.tables.source import open_source

        return open_source({**told, "kind": kind, "path": path.name}, path.parent)

    return read


def _as_written(kind: str) -> Callable[[Path, Mapping[str, Any]], Source]:
    """Reads values as they are written: which type they have is for the column to say that they go into."""
    read_typed = _in_place(kind)

    def read(path: Path, told: Mapping[str, Any]) -> Source:
        source = read_typed(path, told)
        columns = source.table(source.table_names()[0]).schema.columns
        types = {column.name: "text" for column in columns if column.type not in ("text", "longtext")}
        if not types:
            return source
        source.close()
        return read_typed(path, {**told, "types": types})

    return read


def _workbook(path: Path, told: Mapping[str, Any]) -> Source:
    from kernel.tables.exchange.workbook_reader import read_workbook

    return _held(path, *read_workbook(path, str(told.get("sheet", ""))))


def _json(path: Path, told: Mapping[str, Any]) -> Source:
    from kernel.tables.exchange.json_reader import read_json

    return _held(path, *read_json(path))


def _held(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> Source:
    if not headings:
        raise SourceError(mark(f"{path.name} has no rows"))
    return LocalSource({path.stem: ProviderScan(HeldRows(path.stem, _distinct(headings), rows))})


def _distinct(headings: Sequence[str]) -> list[str]:
    names: list[str] = []
    for place, heading in enumerate(headings):
        name = base = heading.strip() or f"column {place + 1}"
        number = 2
        while name in names:
            name, number = f"{base} {number}", number + 1
        names.append(name)
    return names


#: End of a file's name → what opens it.
_READERS: dict[str, Callable[[Path, Mapping[str, Any]], Source]] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), _as_written("csv")),
    **dict.fromkeys((".jsonl", ".ndjson"), _as_written("jsonl")),
    ".parquet": _in_place("parquet"),
    ".arrow": _in_place("arrow"),
    ".json": _json,
    ".xlsx": _workbook,
    ".xlsm": _workbook,
}

#: The endings that are read, for a file dialog.
ENDINGS: tuple[str, ...] = tuple(_READERS)
