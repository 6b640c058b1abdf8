"""Versions of the layout language: what was written otherwise before, and rewriting it."""

from layouts.migration.table import MIGRATIONS as MIGRATIONS
from layouts.migration.table import Migration as Migration
