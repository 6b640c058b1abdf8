"""Rows of a table as items: lines of a list, or cards beside each other. Painted by hand from pages of rows."""
