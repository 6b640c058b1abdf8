"""Tables of any SQLite file."""

from kernel.tables.sqlite.source import SqliteSource

__all__ = ["SqliteSource"]
