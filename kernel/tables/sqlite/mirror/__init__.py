"""A second, columnar copy of columns of large tables, in files without a name: orders, filters and groups by numpy.

A column stands as whole numbers in the order of its rows, worked out by :mod:`kernel.tables.sqlite.coding`, so that
what is answered here is what is answered without it. It holds for one state of the file and is kept with what else is
known of that state.
"""
