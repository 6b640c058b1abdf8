"""How cells are drawn: a table of looks, one small module each, imported when a column first has the look."""
