"""The completion engine: the whole table contract over anything that can read its rows in order.

A source gives a :class:`kernel.tables.local.scan.Scan`; :class:`kernel.tables.local.table.LocalTable` does the rest
with the results of memory, holding positions of rows and never the rows themselves.
"""
