"""Tables whose rows stand under group rows or under other rows, of which some are open: mixed lists by arithmetic."""
