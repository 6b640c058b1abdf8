"""Modal editing: vim's grammar as tables, pure Python over a small text protocol. Only ``bound`` knows Qt."""
