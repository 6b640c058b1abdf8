"""What all views of a table's rows share, be they lines of a grid, of a list, or cards."""
