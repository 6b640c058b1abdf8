"""The schema of a file's table: names that differ, types as guessed or told, references as told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kernel.nearest import did_you_mean
from kernel.tables.error import SourceError
from kernel.tables.schema import TYPES, Column, Reference, Schema

#: What types and names are guessed from: bytes and rows at the beginning of a file.
SAMPLE_BYTES, SAMPLE_ROWS = 1 << 18, 1000
READ_ONLY = "a file that is read in place cannot be edited; import it into a database to change it"


class _Told(msgspec.Struct, forbid_unknown_fields=True):
    """``references.NAME`` of a table's description."""

    table: str
    via: tuple[str, ...]
    columns: tuple[str, ...]


def unique_names(header: Sequence[str]) -> list[str]:
    """Names of columns, each once: an empty one is called by its place, a second one gets a number."""
    names: list[str] = []
    for place, text in enumerate(header):
        name = " ".join(text.replace("\0", " ").split()) or f"column {place + 1}"
        number = 2
        base = name
        while name in names:
            name, number = f"{base} {number}", number + 1
        names.append(name)
    return names


def made_schema(name: str, types: Mapping[str, str], samples: Mapping[str, Sequence[Any]],
                told: Mapping[str, Any]) -> Schema:
    """The schema of a read-only table whose key is the row's number.

    Args:
        name: Of the table.
        types: Column → guessed type, in order.
        samples: Column → some of its values.
        told: The table's description: ``types``, ``label`` and ``references`` go before what is guessed.

    Raises:
        SourceError: the description names an unknown column or type.
    """
    from kernel.tables.label import find_label, is_long_text

    own = told_types(name, told)
    for column in own:
        if column not in types:
            raise SourceError(f"{name} has no column {column}", hint=did_you_mean(column, types))
    columns = []
    for column, guessed in types.items():
        type_ = own.get(column, guessed)
        if type_ == "text" and column not in own and is_long_text(column, samples.get(column, ())):
            type_ = "longtext"
        columns.append(Column(column, type_))
    references = _references(name, told)
    foreign = [one for reference in references for one in reference.via]
    label = tuple(told.get("label", ())) or find_label(name, columns, (), foreign, samples)
    return Schema(name, tuple(columns), ("rowid",), references, label, False, READ_ONLY)


def told_types(name: str, told: Mapping[str, Any]) -> Mapping[str, str]:
    """The types of columns that a table's description names.

    Raises:
        SourceError: there is no such type.
    """
    own = told.get("types", {})
    if not isinstance(own, Mapping):
        raise SourceError(f"types of {name} must name columns and their types")
    for type_ in own.values():
        if type_ not in TYPES:
            raise SourceError(f"there is no type {type_}", hint=did_you_mean(str(type_), TYPES))
    return own


def with_column(schema: Schema, column: Column) -> Schema:
    """The schema with one more column at its end."""
    return msgspec.structs.replace(schema, columns=(*schema.columns, column))


def _references(name: str, told: Mapping[str, Any]) -> tuple[Reference, ...]:
    try:
        found = msgspec.convert(told.get("references", {}), dict[str, _Told])
    except msgspec.ValidationError as error:
        raise SourceError(f"references of {name} are not described rightly: {error}") from error
    return tuple(Reference(reference, one.table, one.via, one.columns) for reference, one in found.items())
