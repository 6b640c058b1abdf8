"""The canonical form of layout files: ``format_text``."""

from layouts.format.text import format_text as format_text
