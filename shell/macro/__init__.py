"""Macros: lines of commands that were recorded, kept by name in ``macros.toml``, edited as a table, played.

``store`` keeps them, ``recorder`` takes what is run, ``player`` runs the lines, ``card`` shows them, ``letter`` asks
for a register.
"""
