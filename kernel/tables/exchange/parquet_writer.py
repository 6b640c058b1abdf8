"""Parquet, by DuckDB: rows are gathered as texts beside the file, so that a column's type can hold all its values."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from kernel.tables.error import TableError
from kernel.tables.exchange.format import OutColumn
from kernel.tables.exchange.plain import plain_text
from kernel.tables.interrupt import current
from kernel.words import mark

#: Digits that Parquet's decimal holds.
_MOST_DIGITS = 38
#: Bytes that DuckDB lets a line have by itself.
_USUAL_LINE = 1 << 20


class ParquetWriter:
    """See :class:`kernel.tables.exchange.format.Writer`. ``path`` must not hold rows that others read yet."""

    def __init__(self, path: Path, columns: Sequence[OutColumn]) -> None:
        self._path = path
        self._headings = [column.heading for column in columns]
        self._types = [_ColumnType(column.type) for column in columns]
        self._longest = _USUAL_LINE
        self._texts = path.with_name(path.name + ".texts")
        self._file = self._texts.open("x", encoding="utf-8", newline="\n")

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        for type_, values in zip(self._types, columns, strict=True):
            type_.see(values)
        # NOTE: the first cell keeps a row of missing values from being an empty line, which readers skip.
        for row in zip(*columns, strict=True):
            line = "1," + ",".join(map(_cell, row)) + "\n"
            self._longest = max(self._longest, len(line) if line.isascii() else 4 * len(line))
            self._file.write(line)

    def close(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        names = [f"c{index}" for index in range(len(self._types))]
        fields = ", ".join(f"'{name}': 'VARCHAR'" for name in ["kept", *names])
        shown = ", ".join(
            f"{type_.sql(name)} AS {_quoted(heading)}"
            for name, type_, heading in zip(names, self._types, self._headings, strict=True)
        )
        try:
            self._file.close()
            self._convert(shown, fields)
        finally:
            self._texts.unlink(missing_ok=True)

    def _convert(self, shown: str, fields: str) -> None:
        import duckdb

        reader = (
            f"read_csv(?, header=false, columns={{{fields}}}, delim=',', quote='\"', escape='\"', nullstr='', "
            f"allow_quoted_nulls=false, auto_detect=false, strict_mode=true, new_line='\\n', "
            f"max_line_size={self._longest}, buffer_size={self._longest * 16})"
        )
        interrupt = current()
        try:
            with (
                duckdb.connect() as connection,
                interrupt.stopping(connection.interrupt) if interrupt else contextlib.nullcontext(),
            ):
                connection.execute(f"COPY (SELECT {shown} FROM {reader}) TO {_text(self._path)} (FORMAT parquet)",
                                   [str(self._texts)])
        except duckdb.Error as error:
            if interrupt is not None:
                interrupt.check()
            raise TableError(mark(f"the Parquet file cannot be written: {str(error).splitlines()[0]}")) from error

    def abandon(self) -> None:
        """See :class:`kernel.tables.exchange.format.Writer`."""
        try:
            self._file.close()
        finally:
            self._texts.unlink(missing_ok=True)


class _ColumnType:
    """Finds the type that holds every value of a column; texts hold all."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self._accepts = _ACCEPTS.get(wanted)
        self._whole = self._scale = 0

    def see(self, values: Sequence[Any]) -> None:
        """Take note of some values."""
        if self._accepts is None:
            return
        for value in values:
            if value is None:
                continue
            if not self._accepts(value):
                self._accepts = None
                return
            if self._wanted == "decimal":
                self._measure(value)

    def _measure(self, value: Any) -> None:
        sign = Decimal(value).as_tuple()
        scale = max(-int(sign.exponent), 0)
        self._scale = max(self._scale, scale)
        self._whole = max(self._whole, len(sign.digits) + int(sign.exponent), 1)

    def sql(self, name: str) -> str:
        """The column's values from their texts."""
        if self._accepts is None:
            return name
        if self._wanted == "blob":
            return f"from_base64({name})"
        if self._wanted == "decimal":
            digits = self._whole + self._scale
            return f"CAST({name} AS DECIMAL({digits}, {self._scale}))" if digits <= _MOST_DIGITS else name
        return f"CAST({name} AS {_SQL[self._wanted]})"


def _is_plain_moment(value: Any) -> bool:
    return isinstance(value, datetime.datetime) and value.tzinfo is None


#: Column type → whether a value is what the type says.
_ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "integer": lambda value: type(value) is int and -(2**63) <= value < 2**63,
    "decimal": lambda value: type(value) is int or (isinstance(value, Decimal) and value.is_finite()),
    "real": lambda value: isinstance(value, float),
    "boolean": lambda value: isinstance(value, bool),
    "date": lambda value: type(value) is datetime.date,
    "time": lambda value: isinstance(value, datetime.time) and value.tzinfo is None,
    "datetime": _is_plain_moment,
    "blob": lambda value: isinstance(value, bytes | bytearray | memoryview),
}
_SQL = {
    "integer": "BIGINT", "real": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE", "time": "TIME",
    "datetime": "TIMESTAMP",
}  # fmt: skip


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = repr(value) if isinstance(value, float) else plain_text(value)
    return '"' + text.replace('"', '""') + '"'


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
