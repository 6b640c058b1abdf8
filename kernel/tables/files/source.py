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

#: Entries of a table's description that every format has.
COMMON = ("path", "types", "label", "references")
#: Those of separated values besides.
SEPARATED = ("separator", "quote", "encoding", "header")


def _separated(path: Path, name: str, told: Mapping[str, Any]) -> Scan:
    from kernel.tables.files.separated import SeparatedContent
    from kernel.tables.files.text_scan import TextScan

    return TextScan(path, lambda file: SeparatedContent(file, name, told))


def _json_lines(path: Path, name: str, told: Mapping[str, Any]) -> Scan:
    from kernel.tables.files.json_lines import LineContent
    from kernel.tables.files.text_scan import TextScan

    return TextScan(path, lambda file: LineContent(file, name, told))


#: Kind of source → (what opens a file of it, entries of its own).
FORMATS: dict[str, tuple[Callable[[Path, str, Mapping[str, Any]], Scan], tuple[str, ...]]] = {
    "csv": (_separated, SEPARATED),
    "jsonl": (_json_lines, ()),
}
#: End of a file's name → kind of source.
ENDINGS = {".csv": "csv", ".tsv": "csv", ".tab": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def open_files(kind: str, description: Mapping[str, Any], base: Path) -> LocalSource:
    """The source of one file (``path``), or of several (``tables.NAME.path``).

    Raises:
        SourceError: an entry is wrong, or a file cannot be opened.
    """
    load, own = FORMATS[kind]
    tables = description.get("tables")
    if tables is None:
        tables = {Path(str(description.get("path", ""))).stem: {**description}}
        tables[next(iter(tables))].pop("kind", None)
    if not isinstance(tables, Mapping) or not all(isinstance(one, Mapping) for one in tables.values()):
        raise SourceError("tables of the source must be described by name")
    scans: dict[str, Scan] = {}
    for name, told in tables.items():
        for entry in told:
            if entry not in (*COMMON, *own):
                raise SourceError(f"the table {name} has no entry {entry}", hint=did_you_mean(entry, (*COMMON, *own)))
        if not isinstance(told.get("path"), str) or not told["path"]:
            raise SourceError(f"the table {name} of a source of kind {kind} needs a path")
        path = base / told["path"]
        check_readable(path)
        scans[name] = load(path, name, told)
    source = LocalSource(scans)
    for name in scans:
        _ = source.table(name).schema  # what is wrong with a file is said when it is opened
    return source


