"""Commands from outside: ``espalier do "table.sort orders total desc"`` runs one in the window that is open.

``client`` is the program that asks, without Qt and next to no imports; ``listener`` answers in the process that has
windows, ``asking`` runs what was asked there, ``place`` and ``message`` are what both agree on.
"""
