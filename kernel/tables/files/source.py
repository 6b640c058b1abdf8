"""Sources of files: one file is a source of one table, several may be named and refer to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kernel.nearest import did_you_mean
from kernel.tables.error import SourceError
from kernel.tables.files.place import check_readable
from kernel.tables.local.scan import Scan
from kernel.tables.local.source import LocalSource


def _separated(path: Path, name: str, told: Mapping[str, Any]) -> Scan:
    from kernel.tables.files.separated import SeparatedContent
    from kernel.tables.files.text_scan import TextScan

    return TextScan(path, lambda file: SeparatedContent(file, name, told))


def _json_lines(path: Path, name: str, told: Mapping[str, Any]) -> Scan:
    from kernel.tables.files.json_lines import LineContent
    from kernel.tables.files.text_scan import TextScan

    return TextScan(path, lambda file: LineContent(file, name, told))


def _parquet(path: Path, name: str, told: Mapping[str, Any]) -> Scan:
    from kernel.tables.files.columnar import ParquetScan

    return ParquetScan(path, name, told)


def _arrow(path: Path, name: str, told: Mapping[str, Any]) -> Scan:
    from kernel.tables.files.columnar import ArrowScan

    return ArrowScan(path, name, told)


#: Kind of source → what opens a file of it.
FORMATS: dict[str, Callable[[Path, str, Mapping[str, Any]], Scan]] = {
    "csv": _separated,
    "jsonl": _json_lines,
    "parquet": _parquet,
    "arrow": _arrow,
}


def open_files(description: Mapping[str, Any], base: Path) -> LocalSource:
    """The source of one file (``path``), or of several (``tables.NAME.path``).

    Raises:
        SourceError: an entry is wrong, or a file cannot be opened.
    """
    from kernel.tables.source import KINDS

    kind = str(description["kind"])
    entries = [entry for entry in KINDS[kind].entries if entry != "tables"]
    scans: dict[str, Scan] = {}
    for name, told in _tables(description).items():
        for entry in told:
            if entry not in entries:
                raise SourceError(f"the table {name} has no entry {entry}", hint=did_you_mean(entry, entries))
        if not isinstance(told.get("path"), str) or not told["path"]:
            raise SourceError(f"the table {name} of a source of kind {kind} needs a path")
        path = base / told["path"]
        check_readable(path)
        scans[name] = FORMATS[kind](path, name, told)
    source = LocalSource(scans)
    for name in scans:
        _ = source.table(name).schema  # what is wrong with a file is said when it is opened
    return source


def _tables(description: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Table's name → its description; a single file's table is called like the file."""
    tables = description.get("tables")
    if tables is None:
        told = {entry: value for entry, value in description.items() if entry != "kind"}
        return {Path(str(told.get("path") or "table")).stem: told}
    if not isinstance(tables, Mapping) or not all(isinstance(one, Mapping) for one in tables.values()):
        raise SourceError("tables of the source must be described by name: [sources.NAME.tables.TABLE]")
    return dict(tables)
