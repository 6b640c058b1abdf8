"""Windows of many widgets: built, patched while they run, bound to a row; beside Qt's and others' ways."""
