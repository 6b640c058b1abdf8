"""Answers of a table: columnar blocks of rows. Plain data, travels on the wire."""

from __future__ import annotations

from typing import Any

import msgspec

#: Bytes; a blob above it stands in a block as :class:`LargeBlob` unless the query asks for its column by
#: name and for its row by key.
LARGE_BLOB = 1 << 20


class LargeBlob(msgspec.Struct, frozen=True, tag="large_blob"):
    """Stands for a blob too large to send with every row; written back it leaves the stored blob alone.

    ``size`` is in bytes.
    """

    size: int


class Block(msgspec.Struct, omit_defaults=True):
    """Rows ``start`` … ``start + len(block) - 1`` of a query, column by column.

    Attributes:
        start: Position of the first row in the query's order, from 0.
        columns: Path → values, one per row; a value's type follows its column's type, except that a
            stored value which does not fit it stays as it is (a text in a date column), never lost.
        keys: A row's key, a tuple in the order of ``Schema.key``.
        versions: A row's version: changes whenever anything of the row changes; empty texts where the
            table is not editable.
    """

    start: int
    columns: dict[str, list[Any]]
    keys: list[tuple[Any, ...]]
    versions: list[str]

    def __len__(self) -> int:
        return len(self.keys)

    def row(self, index: int) -> dict[str, Any]:
        """The row at ``index`` within the block, path → value."""
        return {path: values[index] for path, values in self.columns.items()}
