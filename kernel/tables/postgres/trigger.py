"""Triggers that tell which rows a statement wrote: made where they are missing, and what they say read.

A notification is JSON: ``t`` the table, and where they are few ``k`` the columns of its key with the keys of the rows,
``n`` of new, ``o`` of old and ``u`` of updated ones. Where they are many, or the key is of another type, ``t`` is all.
A trigger never makes the statement fail that it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kernel.tables.change import Key, TableChange
from kernel.tables.postgres.connection import Connection
from kernel.tables.postgres.introspect import Relation, Shape, key_of
from kernel.tables.postgres.name import quote

#: The notifications' name, and how the names of the function and of all triggers begin.
CHANNEL = "espalier_feed"
#: Types of keys that are the same value when they come as JSON.
_TYPES = ("int2", "int4", "int8", "text", "varchar", "bpchar", "uuid")
#: Rows told one by one in a transaction; what it writes after them is told by table.
_MOST = 100
_BODY = f"""
DECLARE
    told text := jsonb_build_object('t', TG_RELID::int8)::text;
    before int := coalesce(nullif(current_setting('espalier.told', true), '')::int, 0);
    old_keys jsonb; new_keys jsonb; rows jsonb;
    query text := 'SELECT jsonb_agg(jsonb_build_array(%1$s)) FROM (SELECT %1$s FROM %2$I LIMIT {_MOST + 1}) AS written';
BEGIN
    IF TG_NARGS > 0 AND TG_ARGV[0] <> '' AND before <= {_MOST} THEN
        BEGIN
            IF TG_OP <> 'INSERT' THEN EXECUTE format(query, TG_ARGV[0], 'espalier_old') INTO old_keys; END IF;
            IF TG_OP <> 'DELETE' THEN EXECUTE format(query, TG_ARGV[0], 'espalier_new') INTO new_keys; END IF;
            IF old_keys IS NULL AND new_keys IS NULL THEN RETURN NULL; END IF;
            before := before + coalesce(jsonb_array_length(new_keys), jsonb_array_length(old_keys));
            PERFORM set_config('espalier.told', before::text, true);
            rows := jsonb_build_object('t', TG_RELID::int8, 'k', TG_ARGV[0]) || CASE
                WHEN old_keys = new_keys THEN jsonb_build_object('u', new_keys)
                ELSE jsonb_build_object('o', coalesce(old_keys, '[]'), 'n', coalesce(new_keys, '[]')) END;
            IF before <= {_MOST} AND octet_length(rows::text) < 7900 THEN told := rows::text; END IF;
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END IF;
    PERFORM pg_notify('{CHANNEL}', told);
    RETURN NULL;
END
"""
_FUNCTION = (f"CREATE OR REPLACE FUNCTION {{schema}}.{CHANNEL}() RETURNS trigger LANGUAGE plpgsql"
             f" SET search_path = pg_catalog, pg_temp AS $feed${_BODY}$feed$")
#: Name → the event, and what it hands to the function; a trigger with rows is for one event.
_TRIGGERS = {
    f"{CHANNEL}": ("TRUNCATE", ""),
    f"{CHANNEL}_insert": ("INSERT", "REFERENCING NEW TABLE AS espalier_new"),
    f"{CHANNEL}_update": ("UPDATE", "REFERENCING OLD TABLE AS espalier_old NEW TABLE AS espalier_new"),
    f"{CHANNEL}_delete": ("DELETE", "REFERENCING OLD TABLE AS espalier_old"),
}
_KNOWN = """
    SELECT t.tgrelid::int8, t.tgname, t.tgargs FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid = ANY(%s::oid[]) AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND p.prosrc = %s
"""
#: (A table, the whole that it is a part of, its name): the whole among them.
_PARTS = """
    SELECT p.relid::oid::int8, w.oid::int8, format('%%I.%%I', n.nspname, c.relname)
    FROM unnest(%s::oid[]) AS w(oid) CROSS JOIN LATERAL (
            SELECT w.oid::regclass AS relid UNION SELECT t.relid FROM pg_partition_tree(w.oid) AS t
        ) AS p JOIN pg_class AS c ON c.oid = p.relid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') ORDER BY 1
"""


def told_key(relation: Relation) -> str:
    """The columns of a table's key as a trigger is told them, empty where its rows are not told."""
    bases = {row[0]: row[1] for row in relation.columns}
    key = key_of(relation)
    return ", ".join(map(quote, key)).replace("%%", "%") if all(bases[name] in _TYPES for name in key) else ""


def make_triggers(connection: Connection, relations: Iterable[Relation]) -> dict[int, int]:
    """Make the triggers that are missing; answers every table, parts of others too, with the whole it belongs to.

    Raises:
        psycopg.Error: this user may not make them; none is made then.
    """
    tables = {relation.oid: relation for relation in relations if relation.kind in ("r", "p")}
    parts = connection.execute(_PARTS, [list(tables)]).fetchall()
    known = connection.execute(_KNOWN, [[part for part, _, _ in parts], _BODY]).fetchall()
    made = {(oid, name): bytes(arguments) for oid, name, arguments in known}
    functions: set[str] = set()
    with connection.transaction():
        for part, whole, name in parts:
            schema, key = quote(tables[whole].schema).replace("%%", "%"), told_key(tables[whole])
            for trigger, (event, handed) in _TRIGGERS.items():
                if made.get((part, trigger)) == key.encode() + b"\0":
                    continue
                if schema not in functions:
                    connection.execute(_FUNCTION.format(schema=schema))
                    functions.add(schema)
                argument = key.replace("'", "''")
                connection.execute(
                    f"DROP TRIGGER IF EXISTS {trigger} ON {name}; CREATE TRIGGER {trigger} AFTER {event} ON {name}"
                    f" {handed} FOR EACH STATEMENT EXECUTE FUNCTION {schema}.{CHANNEL}('{argument}')")
    return {part: whole for part, whole, _ in parts}


class Told(msgspec.Struct, frozen=True):
    """One notification; see the module."""

    t: int
    k: str = ""
    n: list[list[Any]] = []
    o: list[list[Any]] = []
    u: list[list[Any]] = []

    def change(self, shape: Shape) -> TableChange:
        """What is told of a table."""
        name = shape.schema.name
        if not self.k or self.k != told_key(shape.relation):
            return TableChange(name, is_everything=True)
        new, old, updated = ([_key(shape, one) for one in keys] for keys in (self.n, self.o, self.u))
        return TableChange(name, tuple(key for key in new if key not in old),
                           (*updated, *(key for key in new if key in old)),
                           tuple(key for key in old if key not in new))


def read_told(payload: str) -> Told | None:
    """A notification; None when it is none of a trigger's."""
    try:
        return msgspec.json.decode(payload, type=Told)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


def _key(shape: Shape, values: list[Any]) -> Key:
    return tuple(shape.codecs[name].decode(value) for name, value in zip(shape.schema.key, values, strict=True))
