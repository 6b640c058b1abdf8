"""The one door for plugins: everything a widget plugin needs, and all that it may import of this program.

A widget kind is a class ``Class(node, context, parent)`` derived from :class:`QWidget` with a ``set_<property>``
for each property that its plugin.toml declares as text, integer, number, boolean, choice or expression; the builder
calls it now and whenever the value changes. See docs/plugin-guide.md.
"""

from __future__ import annotations

from kernel.assist import (
    SEVERITIES,
    Assistant,
    CallTip,
    Completion,
    Diagnostic,
    OpenText,
    Place,
    Span,
    add_assistant,
    assistants_of,
    watch_assistants,
)
from kernel.disposer import Disposer, Disposers
from kernel.error import EspalierError, Where
from kernel.expression import parse as parse_expression
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Delete, Insert, TableChange, Update
from kernel.tables.error import ConflictError, ConstraintError, ReadOnlyError, SourceError, TableError, UnavailableError
from kernel.tables.local.table import version_of
from kernel.tables.provider import TableProvider
from kernel.tables.query import Aggregate, Query, Sort, parse_sort
from kernel.tables.schema import Column, Reference, Schema, title_of
from kernel.words import mark, say, say_count
from layouts.kinds.kind import PROPERTY_TYPES, Kind, Property
from layouts.node import Formula, Node, Template
from plugins.code import at_unload
from plugins.options import option, set_option, watch_option
from plugins.workplace import Workplace
from widgets.binding import bind, evaluate
from widgets.bound import Bound
from widgets.context import Context, OpenedLayout, RowsBehind
from widgets.editor.editor import FieldEditor, Subject
from widgets.editor.parse import PARSERS
from widgets.filter import LiveFilter
from widgets.form_bar import FormBar
from widgets.format import size_text, writer
from widgets.grid.column import grid_columns, query_columns
from widgets.grid.state import StateView
from widgets.gui_thread import hand, listener
from widgets.handle import TableHandle
from widgets.text import text_of
from widgets.theme import Theme
from widgets.theme.tint import tint

#: The version that a plugin.toml names as ``api``.
VERSION = 1

__all__ = [
    "PARSERS",
    "PROPERTY_TYPES",
    "SEVERITIES",
    "VERSION",
    "Aggregate",
    "Assistant",
    "Block",
    "Bound",
    "CallTip",
    "Change",
    "Column",
    "Committed",
    "Completion",
    "ConflictError",
    "ConstraintError",
    "Context",
    "Delete",
    "Diagnostic",
    "Disposer",
    "Disposers",
    "EspalierError",
    "FieldEditor",
    "FormBar",
    "Formula",
    "Insert",
    "Kind",
    "LiveFilter",
    "Node",
    "OpenText",
    "OpenedLayout",
    "Place",
    "Property",
    "Query",
    "ReadOnlyError",
    "Reference",
    "RowsBehind",
    "Schema",
    "Sort",
    "SourceError",
    "Span",
    "StateView",
    "Subject",
    "TableChange",
    "TableError",
    "TableHandle",
    "TableProvider",
    "Template",
    "Theme",
    "UnavailableError",
    "Update",
    "Where",
    "Workplace",
    "add_assistant",
    "assistants_of",
    "at_unload",
    "bind",
    "evaluate",
    "grid_columns",
    "hand",
    "listener",
    "mark",
    "option",
    "parse_expression",
    "parse_sort",
    "query_columns",
    "say",
    "say_count",
    "set_option",
    "size_text",
    "text_of",
    "tint",
    "title_of",
    "version_of",
    "watch_assistants",
    "watch_option",
    "writer",
]


def __getattr__(name: str) -> object:
    """An older name, for as long as this version of the door has it."""
    import sys

    from plugins.deprecation import renamed

    return renamed(name, sys.modules[__name__])
