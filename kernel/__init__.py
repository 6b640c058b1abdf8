"""What every process needs: boot, configuration, wire, cache, releases, tables, expressions.

Imports nothing of ours and never Qt.
"""
