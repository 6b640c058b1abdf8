"""Texts of layouts in other languages: found, translated by catalogues (gettext's .po), checked."""
