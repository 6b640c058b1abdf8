"""Ten million rows of mixed types, and what is measured on them beside the databases' own ways."""
