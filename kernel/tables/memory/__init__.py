"""Tables in memory: the plainest source, and the measure for all the others."""

from kernel.tables.memory.source import MemorySource
from kernel.tables.memory.table import MemoryTable

__all__ = ["MemorySource", "MemoryTable"]
