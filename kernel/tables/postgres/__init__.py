"""Tables of a PostgreSQL database."""

from kernel.tables.postgres.source import PostgresSource

__all__ = ["PostgresSource"]
