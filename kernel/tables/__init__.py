"""The table contract and its sources. See :mod:`kernel.tables.contract`."""
