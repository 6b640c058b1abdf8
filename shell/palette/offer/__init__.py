"""What the palette offers besides commands and places: tables, rows, files, symbols, settings, a line to type."""
