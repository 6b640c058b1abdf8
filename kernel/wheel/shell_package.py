"""The packages of others that Espalier itself works with. One process has one version of a module: an app uses these
as they are here, and brings no others by their names.
"""

from __future__ import annotations

#: Distribution → its top-level modules.
SHELL_PACKAGES: dict[str, tuple[str, ...]] = {
    "bleak": ("bleak",),
    "cattrs": ("cattr", "cattrs"),
    "cryptography": ("cryptography",),
    "dbus-fast": ("dbus_fast",),
    "duckdb": ("_duckdb", "adbc_driver_duckdb", "duckdb"),
    "editorconfig": ("editorconfig",),
    "keyring": ("keyring",),
    "msgspec": ("msgspec",),
    "nanoarrow": ("nanoarrow",),
    "numpy": ("numpy",),
    "openpyxl": ("openpyxl",),
    "packaging": ("packaging",),
    "platformdirs": ("platformdirs",),
    "polib": ("polib",),
    "psycopg": ("psycopg", "psycopg_binary"),
    "pyelftools": ("elftools",),
    "pygit2": ("_pygit2", "pygit2"),
    "pygls": ("pygls",),
    "pyqtgraph": ("pyqtgraph",),
    "pyqt6": ("PyQt6",),
    "pyqt6-qscintilla": ("PyQt6",),
    "pyside6-essentials": ("PySide6", "shiboken6"),
    "pyside6-addons": ("PySide6",),
    "pyside6-webengine": ("PySide6",),
    "python-vlc": ("vlc",),
    "qtawesome": ("qtawesome",),
    "rapidfuzz": ("rapidfuzz",),
    "securesystemslib": ("securesystemslib",),
    "selectolax": ("selectolax",),
    "tinycss2": ("tinycss2",),
    "tree-sitter": ("tree_sitter",),
    "tree-sitter-css": ("tree_sitter_css",),
    "tree-sitter-html": ("tree_sitter_html",),
    "tree-sitter-javascript": ("tree_sitter_javascript",),
    "tree-sitter-json": ("tree_sitter_json",),
    "tree-sitter-kdl": ("tree_sitter_kdl",),
    "tree-sitter-python": ("tree_sitter_python",),
    "tree-sitter-toml": ("tree_sitter_toml",),
    "tuf": ("tuf",),
    "uvloop": ("uvloop",),
    "watchfiles": ("watchfiles",),
    "zstandard": ("zstandard",),
}
#: Top-level module → the distribution that it is of; the first one of several.
SHELL_MODULES: dict[str, str] = {
    module: name for name, modules in reversed(SHELL_PACKAGES.items()) for module in modules
}
