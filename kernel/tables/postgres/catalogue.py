"""What the source asks of PostgreSQL's catalogue: a statement for all tables of some schemas at once."""

from __future__ import annotations

#: The table of written commits (see ``ledger.py``), which is none of the source's.
LEDGER = "espalier_commits"
#: (oid, schema, name, kind, comment, estimated rows, rights of this user) of what has rows; parts of a partitioned
#: table are left out, as the whole shows them.
RELATIONS = """
    SELECT c.oid, n.nspname, c.relname, c.relkind, obj_description(c.oid, 'pg_class'),
        has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'),
        has_table_privilege(c.oid, 'INSERT') OR has_any_column_privilege(c.oid, 'INSERT'),
        has_table_privilege(c.oid, 'UPDATE') OR has_any_column_privilege(c.oid, 'UPDATE'),
        has_table_privilege(c.oid, 'DELETE'), has_table_privilege(c.oid, 'SELECT')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
        AND c.relname <> 'espalier_commits'
    ORDER BY array_position(%s, n.nspname::text), c.oid
"""
#: (table, name, type, declared type, modifier, is required, default's kind, generated, identity, comment, may be read,
#: may be written, has an exact collation, enum's labels, declared type without size) of columns; domains resolved.
COLUMNS = """
    WITH RECURSIVE base AS (
        SELECT t.oid AS domain, t.oid, t.typtype, t.typname, t.typbasetype, -1 AS typmod, t.typnotnull AS required,
            t.typdefault IS NOT NULL AS has_default FROM pg_type AS t
        UNION ALL
        SELECT b.domain, t.oid, t.typtype, t.typname, t.typbasetype, d.typtypmod, b.required OR t.typnotnull,
            b.has_default OR t.typdefault IS NOT NULL
        FROM base AS b JOIN pg_type AS d ON d.oid = b.oid AND d.typtype = 'd' JOIN pg_type AS t ON t.oid = d.typbasetype
    )
    SELECT a.attrelid, a.attname, b.typname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN b.oid = a.atttypid THEN a.atttypmod ELSE b.typmod END,
        a.attnotnull OR b.required, a.atthasdef OR b.has_default, a.attgenerated <> '', a.attidentity,
        col_description(a.attrelid, a.attnum), has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
        has_column_privilege(a.attrelid, a.attnum, 'UPDATE') OR has_column_privilege(a.attrelid, a.attnum, 'INSERT'),
        coalesce(l.collisdeterministic, true),
        (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum AS e WHERE e.enumtypid = b.oid),
        format_type(a.atttypid, -1)
    FROM pg_attribute AS a JOIN base AS b ON b.domain = a.atttypid AND b.typtype <> 'd'
        LEFT JOIN pg_collation AS l ON l.oid = a.attcollation
    WHERE a.attrelid = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum
"""
#: (table, name, kind, columns, other table, its columns, text) of constraints; those of domains have the table 0.
CONSTRAINTS = """
    SELECT o.conrelid, o.conname, o.contype,
        (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(o.conkey) WITH ORDINALITY AS k(number, place)
            JOIN pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = k.number),
        o.confrelid,
        (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(o.confkey) WITH ORDINALITY AS k(number, place)
            JOIN pg_attribute AS a ON a.attrelid = o.confrelid AND a.attnum = k.number),
        pg_get_constraintdef(o.oid, true)
    FROM pg_constraint AS o WHERE o.conrelid = ANY(%s) AND o.contype IN ('p', 'u', 'f', 'c')
    ORDER BY o.conrelid, o.oid
"""
#: (table, columns) of unique indexes that are no constraints, over plain columns and whole tables.
INDEXES = """
    SELECT i.indrelid,
        (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
            JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.place <= i.indnkeyatts)
    FROM pg_index AS i
    WHERE i.indrelid = ANY(%s) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    ORDER BY i.indexrelid
"""
#: A text that is another one after any change to the schemas' tables.
FINGERPRINT = """
    WITH t AS (
        SELECT c.oid, c.xmin FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = ANY(%s) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    )
    SELECT md5(concat_ws('|',
        (SELECT string_agg(t.oid || ':' || t.xmin, ',' ORDER BY t.oid) FROM t),
        (SELECT string_agg(a.attrelid || ':' || a.attnum || ':' || a.xmin, ',' ORDER BY a.attrelid, a.attnum)
            FROM pg_attribute AS a JOIN t ON t.oid = a.attrelid WHERE a.attnum > 0),
        (SELECT string_agg(o.oid || ':' || o.xmin, ',' ORDER BY o.oid) FROM pg_constraint AS o
            JOIN t ON t.oid = o.conrelid),
        (SELECT count(*) || ':' || coalesce(max(e.xmin::text::int8), 0) FROM pg_enum AS e),
        (SELECT string_agg(i.indexrelid || ':' || i.xmin, ',' ORDER BY i.indexrelid) FROM pg_index AS i
            JOIN t ON t.oid = i.indrelid)))
"""
#: What tells that a transaction has ended anywhere on the server: the same text, the same rows.
SNAPSHOT = "SELECT pg_current_snapshot()::text"
#: (table, counter of its writes) with those of its parts; the counters lag up to some seconds behind.
WRITES = """
    SELECT w.oid, coalesce(sum(pg_stat_get_tuples_inserted(p.relid)), 0),
        coalesce(sum(pg_stat_get_tuples_updated(p.relid)), 0), coalesce(sum(pg_stat_get_tuples_deleted(p.relid)), 0),
        string_agg(pg_relation_filenode(p.relid)::text, ',' ORDER BY p.relid)
    FROM unnest(%s::oid[]) AS w(oid)
        CROSS JOIN LATERAL (
            SELECT w.oid AS relid UNION SELECT t.relid FROM pg_partition_tree(w.oid) AS t
        ) AS p
    GROUP BY w.oid ORDER BY w.oid
"""
#: Whether there are such counters: not on a standby, nor where they are switched off.
HAS_COUNTERS = "(current_setting('track_counts')::bool AND NOT pg_is_in_recovery())"
