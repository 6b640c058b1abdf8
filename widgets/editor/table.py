"""The table of editors: name → class, and which one a column takes."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kernel.tables.schema import Column, Reference

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from widgets.editor.editor import FieldEditor, Subject

#: Editor name (a column type, or choice, lookup, file) → its class.
EDITORS: dict[str, str] = {
    "text": "widgets.editor.text:TextEditor",
    "longtext": "widgets.editor.longtext:LongTextEditor",
    "integer": "widgets.editor.integer:IntegerEditor",
    "decimal": "widgets.editor.decimal:DecimalEditor",
    "real": "widgets.editor.real:RealEditor",
    "boolean": "widgets.editor.boolean:BooleanEditor",
    "date": "widgets.editor.date:DateEditor",
    "time": "widgets.editor.time:TimeEditor",
    "datetime": "widgets.editor.datetime:DateTimeEditor",
    "choice": "widgets.editor.choice:ChoiceEditor",
    "lookup": "widgets.editor.lookup:LookupEditor",
    "file": "widgets.editor.file:FileEditor",
}
#: The lookup of a reference of several columns.
COMPOUND = "widgets.editor.compound_lookup:CompoundLookup"


def editor_name(column: Column, reference: Reference | None, wanted: str = "auto") -> str:
    """The editor for a column: the wanted one, else by the reference that is chosen there, choices and type."""
    if wanted != "auto" and wanted in EDITORS:
        return wanted
    if reference is not None:
        return "lookup"
    if column.choices:
        return "choice"
    if column.type == "blob":
        return "file"
    return column.type if column.type in EDITORS else "text"


def make_editor(name: str, subject: Subject, parent: QWidget | None) -> FieldEditor:
    """A new editor of that name."""
    is_compound = name == "lookup" and subject.reference is not None and len(subject.reference.via) > 1
    module, _, cls = (COMPOUND if is_compound else EDITORS[name]).partition(":")
    return getattr(import_module(module), cls)(subject, parent)
