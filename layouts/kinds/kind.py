"""The records of the kind table."""

from __future__ import annotations

from typing import Any, NamedTuple

#: Property types: how a layout writes a value, and what the widget's setter gets.
PROPERTY_TYPES: dict[str, str] = {
    "text": "text; {expressions} in braces are filled in → str",
    "name": "a plain word, never an expression → str",
    "integer": "whole number, or an expression → int",
    "number": "number, or an expression → float",
    "boolean": "#true or #false, or an expression → bool",
    "choice": "one of the property's choices → str",
    "expression": "an expression whose value the widget gets, tracked → Any",
    "binding": "an expression that names one editable value (orders_view.current.notes) → Any, two-way",
    "filter": "an expression over a table's columns and outer names → kernel.tables.query parts",
    "row": "a column, an expression over the row, or a text with such {expressions} in braces → Formula or Template",
    "column": "a column path of the node's table → str",
    "table": "the name of a declared table → str",
    "command": "a command id → str",
    "icon": "an icon name (resources/icons.toml) → str",
    "key": "a key or a sequence of keys (Ctrl+Return, g o) → str",
    "sort": "sort keys (-placed, name) → str",
    "keys": "what is grouped by: columns and expressions with commas between (status, year(placed)) → str",
    "figures": "figures with commas between (sum(total), count()) → str",
    "format": "a number or date format (#,##0.00, yyyy-MM-dd) → str",
    "sizes": "comma-separated relative sizes (2,3) → str",
    "action": "a command with arguments, module:function of a script, or NAME = EXPRESSION → str, Template, Formula",
    "duration": "a time with its unit (500 ms, 5 s, 2 min) → int, milliseconds",
    "token": "the name of a theme token, never an expression → str",
    "plain": "text, without expressions → str",
    "whole": "whole number → int",
    "any": "any value → str, int, float, bool or None",
}


class Property(NamedTuple):
    """One property of a kind.

    ``argument`` is its position among the node's plain arguments, from 1; 0 = none, -1 = it takes all of them.
    """

    name: str
    type: str
    doc: str
    default: Any = None
    argument: int = 0
    choices: tuple[str, ...] = ()
    is_required: bool = False


class Event(NamedTuple):
    """Something that happens to a widget: its name in ``on``, the Qt signal that tells it, and a sentence."""

    name: str
    signal: str
    doc: str


class Kind(NamedTuple):
    """One widget kind, or one description that stands inside a widget.

    Attributes:
        name: What a layout writes.
        doc: One or two sentences.
        properties: Its own; every widget has the common ones too (see ``COMMON`` in ``table.py``).
        children: Kinds that may stand inside; ``"*"`` = any widget; ``"column"`` in slots and so on by name.
        parents: Where it may stand; empty = wherever a widget may.
        loader: ``package.module:Class`` of the widget, empty for a description.
        keys: Keyboard contract, for the reference: ``(("Tab", "next field"), …)``.
        role: Accessible role (a name of QAccessible.Role), empty for a description.
        example: A line or two of layout that works.
        events: What may stand in ``on``.
        named_by: Properties of which one must be there, so that a screen reader can call it something; empty where it
            always has a name, or needs none.
        grows: Directions ("row", "column") in which its widget takes the room that is left over; None = Qt is asked.
        is_structure: Whether it is no widget itself but decides which widgets of its children there are.
    """

    name: str
    doc: str
    properties: tuple[Property, ...] = ()
    children: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    loader: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    role: str = ""
    example: str = ""
    is_structure: bool = False
    events: tuple[Event, ...] = ()
    named_by: tuple[str, ...] = ()
    grows: tuple[str, ...] | None = None
