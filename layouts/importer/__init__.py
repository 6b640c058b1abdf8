"""Forms of Qt Designer and pages of HTML → layouts. Nothing in them is run, and nothing is asked for."""
