"""Which kind of source opens a file, by its first bytes and the end of its name."""

from __future__ import annotations

from pathlib import Path

#: First bytes → kind of source.
_BEGINNINGS = {b"SQLite format 3\0": "sqlite", b"PAR1": "parquet", b"ARROW1": "arrow"}
#: End of a name → kind of source, for formats that have no mark.
_ENDINGS = {".csv": "csv", ".tsv": "csv", ".tab": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".arrows": "arrow"}
#: Bytes that :func:`kind_of_file` wants to see.
HEAD = 16


def kind_of_file(path: Path, head: bytes) -> str:
    """The kind, a key of :data:`kernel.tables.source.KINDS`; empty when no kind opens it.

    Args:
        path: The file.
        head: Its first :data:`HEAD` bytes.
    """
    for beginning, kind in _BEGINNINGS.items():
        if head.startswith(beginning):
            return kind
    return _ENDINGS.get(path.suffix.lower(), "")
