"""The one door for plugins: everything a widget plugin needs, and all that it may import of this program.

A widget kind is a class ``Class(node, context, parent)`` derived from :class:`QWidget` with a ``set_<property>``
for each property that its plugin.toml declares as text, integer, number, boolean, choice or expression; the builder
calls it now and whenever the value changes. See docs/plugin-guide.md.

A name is imported when it is first taken, so that a plugin costs what it uses. What type checkers and editors read
is ``api.pyi`` beside this file, which ``python -m shell.reference`` writes from :data:`NAMES`.
"""

from __future__ import annotations

import sys
from importlib import import_module

#: The version that a plugin.toml names as ``api``.
VERSION = 1
#: Module → what the door has of it; ``parse:parse_expression`` is called otherwise here.
NAMES = {
    "kernel.assist": (
        "SEVERITIES Assistant CallTip Completion Diagnostic OpenText Place Span add_assistant assistants_of "
        "watch_assistants"
    ),
    "kernel.changed_lines": "Hunk changed_lines line_after lines_of merged:merged_hunks reversed_hunk",
    "kernel.common_part": "common_end common_start",
    "kernel.disposer": "Disposer Disposers",
    "kernel.error": "EspalierError Where",
    "kernel.expression": "parse:parse_expression",
    "kernel.library_ahead": "load_libraries",
    "kernel.open_file": "SIDE_FILES databases_below has_databases is_open_database map_bytes read_bytes refuse_open",
    "kernel.quick_enum": "quick_enums",
    "kernel.tables.block": "Block",
    "kernel.tables.change": "Change Committed Delete Insert TableChange Update",
    "kernel.tables.error": "ConflictError ConstraintError ReadOnlyError SourceError TableError UnavailableError",
    "kernel.tables.listed": "ListedRows",
    "kernel.tables.local.table": "version_of",
    "kernel.tables.provider": "TableProvider",
    "kernel.tables.query": "Aggregate Query Sort parse_sort",
    "kernel.tables.schema": "Column Reference Schema title_of",
    "kernel.versions": (
        "Compared FileVersions Version VersionDetails VersionError keepers_changed watch_keepers"
    ),
    "kernel.whole_file": "write_whole",
    "kernel.words": "mark say say_count",
    "layouts.kinds.kind": "PROPERTY_TYPES Kind Property",
    "layouts.node": "Formula Node Template",
    "plugins.code": "at_unload",
    "plugins.device_panel": "DevicePanel",
    "plugins.options": "keymap_name option own_file set_option watch_keymap watch_option",
    "plugins.page_table": "edit_rows edit_table page_table",
    "plugins.palette": "PaletteAsked PaletteItem PalettePreview",
    "plugins.versions": "keeper_of",
    "plugins.workplace": "Workplace",
    "widgets.binding": "bind evaluate",
    "widgets.bound": "Bound",
    "widgets.context": "Context OpenedLayout RowsBehind",
    "widgets.editor.editor": "FieldEditor Subject",
    "widgets.editor.parse": "PARSERS",
    "widgets.file_dialog": "names_to_open",
    "widgets.filter": "LiveFilter",
    "widgets.form_bar": "FormBar",
    "widgets.format": "size_text writer",
    "widgets.grid.column": "grid_columns query_columns",
    "widgets.grid.state": "StateView",
    "widgets.gui_thread": "hand listener",
    "widgets.handle": "TableHandle",
    "widgets.hint": "HintTarget",
    "widgets.overlay": "Overlay",
    "widgets.rows_table": "RowsTable",
    "widgets.text": "text_of",
    "widgets.theme": "Theme",
    "widgets.theme.tint": "tint",
}
#: Name of the door → its module, and what it is called there.
HOMES = {
    row.rpartition(":")[2]: (module, row.partition(":")[0]) for module, rows in NAMES.items() for row in rows.split()
}

__all__ = ["VERSION", *HOMES]


def __getattr__(name: str) -> object:
    """A name of the door, kept from now on; or an older one, for as long as this version of the door has it."""
    home = HOMES.get(name)
    if home is None:
        if name.startswith("__"):  # Python's own questions
            raise AttributeError(name)
        from plugins.deprecation import renamed

        return renamed(name, sys.modules[__name__])
    module, own = home
    value = getattr(import_module(module), own)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
