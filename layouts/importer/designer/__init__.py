"""Qt Designer's .ui files → layouts."""
