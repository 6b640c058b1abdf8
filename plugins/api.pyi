"""Written by `python -m shell.reference` from plugins/api.py; changes here are lost."""

from kernel.assist import SEVERITIES as SEVERITIES
from kernel.assist import Assistant as Assistant
from kernel.assist import CallTip as CallTip
from kernel.assist import Completion as Completion
from kernel.assist import Diagnostic as Diagnostic
from kernel.assist import OpenText as OpenText
from kernel.assist import Place as Place
from kernel.assist import Span as Span
from kernel.assist import add_assistant as add_assistant
from kernel.assist import assistants_of as assistants_of
from kernel.assist import watch_assistants as watch_assistants
from kernel.changed_lines import Hunk as Hunk
from kernel.changed_lines import changed_lines as changed_lines
from kernel.changed_lines import line_after as line_after
from kernel.changed_lines import lines_of as lines_of
from kernel.changed_lines import merged as merged_hunks
from kernel.changed_lines import reversed_hunk as reversed_hunk
from kernel.common_part import common_end as common_end
from kernel.common_part import common_start as common_start
from kernel.disposer import Disposer as Disposer
from kernel.disposer import Disposers as Disposers
from kernel.error import EspalierError as EspalierError
from kernel.error import Where as Where
from kernel.expression import parse as parse_expression
from kernel.library_ahead import load_libraries as load_libraries
from kernel.open_file import SIDE_FILES as SIDE_FILES
from kernel.open_file import databases_below as databases_below
from kernel.open_file import has_databases as has_databases
from kernel.open_file import is_open_database as is_open_database
from kernel.open_file import map_bytes as map_bytes
from kernel.open_file import read_bytes as read_bytes
from kernel.open_file import refuse_open as refuse_open
from kernel.quick_enum import quick_enums as quick_enums
from kernel.tables.block import Block as Block
from kernel.tables.change import Change as Change
from kernel.tables.change import Committed as Committed
from kernel.tables.change import Delete as Delete
from kernel.tables.change import Insert as Insert
from kernel.tables.change import TableChange as TableChange
from kernel.tables.change import Update as Update
from kernel.tables.error import ConflictError as ConflictError
from kernel.tables.error import ConstraintError as ConstraintError
from kernel.tables.error import ReadOnlyError as ReadOnlyError
from kernel.tables.error import SourceError as SourceError
from kernel.tables.error import TableError as TableError
from kernel.tables.error import UnavailableError as UnavailableError
from kernel.tables.listed import ListedRows as ListedRows
from kernel.tables.local.table import version_of as version_of
from kernel.tables.provider import TableProvider as TableProvider
from kernel.tables.query import Aggregate as Aggregate
from kernel.tables.query import Query as Query
from kernel.tables.query import Sort as Sort
from kernel.tables.query import parse_sort as parse_sort
from kernel.tables.schema import Column as Column
from kernel.tables.schema import Reference as Reference
from kernel.tables.schema import Schema as Schema
from kernel.tables.schema import title_of as title_of
from kernel.versions import Compared as Compared
from kernel.versions import FileVersions as FileVersions
from kernel.versions import Version as Version
from kernel.versions import VersionDetails as VersionDetails
from kernel.versions import VersionError as VersionError
from kernel.versions import keepers_changed as keepers_changed
from kernel.versions import watch_keepers as watch_keepers
from kernel.whole_file import write_whole as write_whole
from kernel.words import mark as mark
from kernel.words import say as say
from kernel.words import say_count as say_count
from layouts.kinds.kind import PROPERTY_TYPES as PROPERTY_TYPES
from layouts.kinds.kind import Kind as Kind
from layouts.kinds.kind import Property as Property
from layouts.node import Formula as Formula
from layouts.node import Node as Node
from layouts.node import Template as Template
from plugins.code import at_unload as at_unload
from plugins.device_panel import DevicePanel as DevicePanel
from plugins.options import keymap_name as keymap_name
from plugins.options import option as option
from plugins.options import own_file as own_file
from plugins.options import set_option as set_option
from plugins.options import watch_keymap as watch_keymap
from plugins.options import watch_option as watch_option
from plugins.page_table import edit_rows as edit_rows
from plugins.page_table import edit_table as edit_table
from plugins.page_table import page_table as page_table
from plugins.palette import PaletteAsked as PaletteAsked
from plugins.palette import PaletteItem as PaletteItem
from plugins.palette import PalettePreview as PalettePreview
from plugins.versions import keeper_of as keeper_of
from plugins.workplace import Workplace as Workplace
from widgets.binding import bind as bind
from widgets.binding import evaluate as evaluate
from widgets.bound import Bound as Bound
from widgets.context import Context as Context
from widgets.context import OpenedLayout as OpenedLayout
from widgets.context import RowsBehind as RowsBehind
from widgets.editor.editor import FieldEditor as FieldEditor
from widgets.editor.editor import Subject as Subject
from widgets.editor.parse import PARSERS as PARSERS
from widgets.file_dialog import names_to_open as names_to_open
from widgets.filter import LiveFilter as LiveFilter
from widgets.form_bar import FormBar as FormBar
from widgets.format import size_text as size_text
from widgets.format import writer as writer
from widgets.grid.column import grid_columns as grid_columns
from widgets.grid.column import query_columns as query_columns
from widgets.grid.state import StateView as StateView
from widgets.gui_thread import hand as hand
from widgets.gui_thread import listener as listener
from widgets.handle import TableHandle as TableHandle
from widgets.hint import HintTarget as HintTarget
from widgets.overlay import Overlay as Overlay
from widgets.rows_table import RowsTable as RowsTable
from widgets.text import text_of as text_of
from widgets.theme import Theme as Theme
from widgets.theme.tint import tint as tint

VERSION: int
NAMES: dict[str, str]
HOMES: dict[str, tuple[str, str]]
__all__ = [
    "Aggregate",
    "Assistant",
    "Block",
    "Bound",
    "CallTip",
    "Change",
    "Column",
    "Committed",
    "Compared",
    "Completion",
    "ConflictError",
    "ConstraintError",
    "Context",
    "Delete",
    "DevicePanel",
    "Diagnostic",
    "Disposer",
    "Disposers",
    "EspalierError",
    "FieldEditor",
    "FileVersions",
    "FormBar",
    "Formula",
    "HintTarget",
    "Hunk",
    "Insert",
    "Kind",
    "ListedRows",
    "LiveFilter",
    "Node",
    "OpenText",
    "OpenedLayout",
    "Overlay",
    "PARSERS",
    "PROPERTY_TYPES",
    "PaletteAsked",
    "PaletteItem",
    "PalettePreview",
    "Place",
    "Property",
    "Query",
    "ReadOnlyError",
    "Reference",
    "RowsBehind",
    "RowsTable",
    "SEVERITIES",
    "SIDE_FILES",
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
    "VERSION",
    "Version",
    "VersionDetails",
    "VersionError",
    "Where",
    "Workplace",
    "add_assistant",
    "assistants_of",
    "at_unload",
    "bind",
    "changed_lines",
    "common_end",
    "common_start",
    "databases_below",
    "edit_rows",
    "edit_table",
    "evaluate",
    "grid_columns",
    "hand",
    "has_databases",
    "is_open_database",
    "keeper_of",
    "keepers_changed",
    "keymap_name",
    "line_after",
    "lines_of",
    "listener",
    "load_libraries",
    "map_bytes",
    "mark",
    "merged_hunks",
    "names_to_open",
    "option",
    "own_file",
    "page_table",
    "parse_expression",
    "parse_sort",
    "query_columns",
    "quick_enums",
    "read_bytes",
    "refuse_open",
    "reversed_hunk",
    "say",
    "say_count",
    "set_option",
    "size_text",
    "text_of",
    "tint",
    "title_of",
    "version_of",
    "watch_assistants",
    "watch_keepers",
    "watch_keymap",
    "watch_option",
    "write_whole",
    "writer",
]
