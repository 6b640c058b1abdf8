"""Data only: option table, keymaps, themes, icons, default layouts, starter apps."""
