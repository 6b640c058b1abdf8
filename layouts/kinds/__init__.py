"""The kind table: one record per widget kind, from which schema, checks, docs and defaults come."""
