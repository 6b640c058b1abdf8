"""The shapes of a database's tables, read from its catalogue: columns, keys, references, labels, codecs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from kernel.tables.label import find_label, is_long_text, key_title, reference_name
from kernel.tables.postgres import catalogue
from kernel.tables.postgres.codec import Codec, column_type, length_of, make_codec
from kernel.tables.postgres.connection import Connection, is_unicode_at
from kernel.tables.postgres.name import quote
from kernel.tables.schema import Column, Reference, Schema

#: Rows looked at to tell whether a text is edited on several lines.
SAMPLES = 100
_KINDS = {"v": "is a view: its rows are calculated from other tables",
          "m": "is a materialised view: its rows are calculated from other tables",
          "f": "is a foreign table: its rows have no version to check"}
#: A check that lists the values of one column, as PostgreSQL writes it.
_LIST = re.compile(
    r"CHECK \(\(*[^()]*?\)?(?:::\w+(?: \w+)*)?\)* = ANY \(+ARRAY\[(.*)\]\)?(?:::[\w \[\]]+)?\)+$", re.DOTALL)
_ITEM = re.compile(r"'((?:[^']|'')*)'|(-?\d+)(?=\s*(?:,|::|$))")


class Constraint(NamedTuple):
    """One constraint: p(rimary), u(nique), f(oreign), c(heck); ``other`` is the table that it refers to."""

    name: str
    kind: str
    columns: tuple[str, ...]
    other: int
    other_columns: tuple[str, ...]
    text: str


class Relation(NamedTuple):
    """What the catalogue has about one table or view; ``rights`` are to read, add, change and delete, ``is_whole``
    tells that all columns may be read."""

    oid: int
    schema: str
    name: str
    kind: str
    comment: str
    rights: tuple[bool, bool, bool, bool]
    is_whole: bool
    columns: list[tuple[Any, ...]]
    constraints: list[Constraint]
    unique: list[tuple[str, ...]]

    @property
    def sql(self) -> str:
        """Its whole name."""
        return f"{quote(self.schema)}.{quote(self.name)}"


class Shape(NamedTuple):
    """All that queries need to know of a table: what the world sees, what the catalogue has, column → codec."""

    schema: Schema
    relation: Relation
    codecs: dict[str, Codec]
    blobs: tuple[str, ...]


def read_relations(connection: Connection, schemas: Sequence[str]) -> dict[str, Relation]:
    """Everything with rows in the schemas, by name: those of the first by their own, others by ``schema.name``."""
    rows = connection.execute(catalogue.RELATIONS, [list(schemas), list(schemas)]).fetchall()
    oids = [row[0] for row in rows]
    columns: dict[int, list[tuple[Any, ...]]] = {oid: [] for oid in oids}
    constraints: dict[int, list[Constraint]] = {oid: [] for oid in oids}
    unique: dict[int, list[tuple[str, ...]]] = {oid: [] for oid in oids}
    for row in connection.execute(catalogue.COLUMNS, [oids]):
        columns[row[0]].append(row[1:])
    for oid, name, kind, own, other, others, text in connection.execute(catalogue.CONSTRAINTS, [oids]):
        constraints[oid].append(Constraint(name, kind, tuple(own or ()), other, tuple(others or ()), text))
    for oid, names in connection.execute(catalogue.INDEXES, [oids]):
        unique[oid].append(tuple(names or ()))
    return {
        row[2] if row[1] == schemas[0] else f"{row[1]}.{row[2]}":
            Relation(row[0], row[1], row[2], row[3], row[4] or "", tuple(row[5:9]), row[9], columns[row[0]],
                     constraints[row[0]], unique[row[0]])
        for row in rows
    }


def read_shape(connection: Connection, name: str, relations: dict[str, Relation]) -> Shape:
    """The shape of one table or view."""
    relation = relations[name]
    rows = [row for row in relation.columns if row[9]]  # those that this user may read
    key = key_of(relation)
    samples = _samples(connection, relation, rows)
    columns = [_column(relation, row, key, samples) for row in rows]
    references = _references(relation, relations, [row[0] for row in rows])
    foreign = [via for reference in references for via in reference.via]
    columns = [replace(column, label=key_title(relation.name, key, foreign, column.name)) for column in columns]
    reason = _reason(relation, key)
    schema = Schema(name, tuple(columns), key, references, find_label(relation.name, columns, key, foreign),
                    is_editable=not reason, read_only_reason=reason, doc=relation.comment)
    is_unicode = is_unicode_at(connection)
    codecs = {row[0]: make_codec(row[1], row[13], row[3], is_exact=row[11], is_unicode=is_unicode) for row in rows}
    return Shape(schema, relation, codecs, tuple(row[0] for row in rows if row[1] == "bytea"))


def key_of(relation: Relation) -> tuple[str, ...]:
    """The primary key, or a unique key without nulls; nothing for views and tables without one."""
    readable = {row[0] for row in relation.columns if row[9]}
    required = {row[0] for row in relation.columns if row[9] and row[4]}
    if relation.kind not in ("r", "p"):
        return ()
    primary = [one.columns for one in relation.constraints if one.kind == "p"]
    other = [names for names in relation.unique if names and set(names) <= required]
    return next((names for names in (*primary, *other) if set(names) <= readable), ())


def _reason(relation: Relation, key: tuple[str, ...]) -> str:
    if relation.kind in _KINDS:
        return f"{relation.name} {_KINDS[relation.kind]}"
    if not any(relation.rights[1:]):
        return f"there is no permission to change {relation.name}"
    # NOTE: ctid would name a row of a table without a key, but moves with every update and with VACUUM FULL.
    return "" if key else f"{relation.name} has no primary key, so its rows cannot be told apart"


def _column(relation: Relation, row: tuple[Any, ...], key: tuple[str, ...], samples: dict[str, list[Any]]) -> Column:
    name, base, _, modifier, is_required, has_default, is_generated, identity, comment, _, may_write, _, labels, _ = row
    type_ = column_type(base)
    length = length_of(base, modifier)
    if type_ == "text" and not length and not labels and base in ("text", "varchar") \
            and is_long_text(name, samples.get(name, [])):
        type_ = "longtext"
    is_made = bool(is_generated or identity == "a" or (relation.kind in ("r", "p") and not may_write))
    return Column(
        name, type_, doc=comment or "", is_key=name in key, is_required=bool(is_required) and not is_made,
        is_generated=is_made, has_default=bool(has_default or identity), max_length=length,
        choices=tuple(labels) if labels else _choices(relation, name, type_))


def _choices(relation: Relation, name: str, type_: str) -> tuple[Any, ...]:
    """The values of ``CHECK (column IN ('a', 'b'))`` where that is a whole check; else nothing."""
    for one in relation.constraints:
        found = _LIST.match(one.text) if one.kind == "c" and one.columns == (name,) else None
        if found is None or type_ not in ("text", "integer"):
            continue
        items = _ITEM.findall(found.group(1))
        return tuple(int(number) if number and type_ == "integer" else text.replace("''", "'")
                     for text, number in items)
    return ()


def _samples(connection: Connection, relation: Relation, rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Some texts of each column that may hold long ones, cut short."""
    names = [row[0] for row in rows if row[1] in ("text", "varchar")]
    if not names or relation.kind not in ("r", "p", "m") or not relation.rights[0]:
        return {}
    parts = ", ".join(f"left({quote(name)}, 400)" for name in names)
    found = connection.execute(f"SELECT {parts} FROM {relation.sql} LIMIT {SAMPLES}", []).fetchall()
    return {name: [row[index] for row in found] for index, name in enumerate(names)}


def _references(relation: Relation, relations: dict[str, Relation], own: Sequence[str]) -> tuple[Reference, ...]:
    """Foreign keys to tables of the source; names are made unique."""
    by_oid = {other.oid: name for name, other in relations.items()}
    references: list[Reference] = []
    for one in relation.constraints:
        target = by_oid.get(one.other)
        if one.kind != "f" or target is None or not set(one.columns) <= set(own):
            continue
        if any(reference.via == one.columns for reference in references):
            continue
        name = _in_path(reference_name(one.columns, target))
        taken = {reference.name for reference in references} | (set(own) - set(one.columns))
        if name in taken:
            name = _in_path("_".join(one.columns))
        while name in taken:
            name += "_"
        references.append(Reference(name, target, one.columns, one.other_columns))
    return tuple(references)


def _in_path(name: str) -> str:
    """A reference's name without the signs that part a path's names."""
    return name.replace(".", "_").replace(":", "_")
