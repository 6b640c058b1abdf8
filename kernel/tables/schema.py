"""What a table looks like: columns, key, references, label. Plain data, travels on the wire."""

from __future__ import annotations

from typing import Any

import msgspec

#: Column types and the Python type a value has in a block (None is always possible).
TYPES: dict[str, str] = {
    "text": "str",
    "longtext": "str, edited on several lines",
    "integer": "int of any size",
    "decimal": "decimal.Decimal, exact",
    "real": "float",
    "boolean": "bool",
    "date": "datetime.date",
    "time": "datetime.time",
    "datetime": "datetime.datetime",
    "blob": "bytes, edited as a file",
}


class Reference(msgspec.Struct, frozen=True):
    """A foreign key: the columns ``via`` of this table hold the key ``columns`` of ``table``.

    ``name`` is what paths may call it (``customer`` for a column ``customer_id``);
    a single column's own name works as well.
    """

    name: str
    table: str
    via: tuple[str, ...]
    columns: tuple[str, ...]


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column. ``label`` is the heading; empty means: made from the name (see :func:`title_of`).

    ``read_only_reason`` says why this person may not edit the column; empty = nothing speaks against it. ``words`` are
    what people read for the choices, in their order; empty = the choices themselves.
    """

    name: str
    type: str = "text"
    label: str = ""
    doc: str = ""
    is_key: bool = False
    is_required: bool = False
    is_generated: bool = False
    has_default: bool = False
    max_length: int = 0
    choices: tuple[Any, ...] = ()
    format: str = ""
    read_only_reason: str = ""
    words: tuple[str, ...] = ()


class Schema(msgspec.Struct, frozen=True, omit_defaults=True):
    """A table's columns in order.

    ``key`` names the columns of a row's key; a table without one of its own has the single hidden key
    column ``rowid`` (not in ``columns``), a view has ``()`` and ``is_editable`` False.
    ``label`` names the columns whose values, joined by a space, call a row by name. Of an editable table rows may be
    added and deleted where ``can_add`` and ``can_delete`` say so, and ``can_edit`` those that are there changed.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    label: tuple[str, ...] = ()
    is_editable: bool = True
    read_only_reason: str = ""
    title: str = ""
    doc: str = ""
    can_edit: bool = True
    can_add: bool = True
    can_delete: bool = True

    def column(self, name: str) -> Column | None:
        """The column of that exact name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def why_not(self, action: str) -> str:
        """Why rows cannot be written: ``edit``, ``add`` or ``delete``; empty when they can."""
        if not self.is_editable:
            return self.read_only_reason or "The table cannot be edited"
        is_open, said = {
            "edit": (self.can_edit, "You may not change these rows"),
            "add": (self.can_add, "You may not add rows here"),
            "delete": (self.can_delete, "You may not delete rows here"),
        }[action]
        return "" if is_open else said

    def reference(self, name: str) -> Reference | None:
        """The reference called ``name``, or the one whose only column is ``name``, or None."""
        for reference in self.references:
            if reference.name == name or reference.via == (name,):
                return reference
        return None

    def chosen_by(self, name: str) -> Reference | None:
        """The reference whose row is chosen in a column: the one it makes alone, else the one of several that it ends.

        ``track_no`` of ``(album_id, track_no)`` is where the track is shown and chosen.
        """
        alone = next((one for one in self.references if one.via == (name,)), None)
        return alone or next((one for one in self.references if len(one.via) > 1 and one.via[-1] == name), None)


def path_title(path: str) -> str:
    """A heading for a path: ``customer.name`` → ``Customer``, ``customer.city`` → ``City``."""
    parts = path.removesuffix(":label").split(".")
    return title_of(parts[0] if path.endswith(".name") and len(parts) > 1 else parts[-1])


def title_of(name: str) -> str:
    """A heading for a name: ``BillingCity`` → ``Billing city``, ``order_id`` → ``Order``, ``URL`` stays."""
    words = _words(name)
    if len(words) > 1 and words[-1].lower() == "id":
        words = words[:-1]
    rest = [word if word.isupper() and len(word) > 1 else word.lower() for word in words[1:]]
    return " ".join([words[0][:1].upper() + words[0][1:], *rest]) if words else name


def _words(name: str) -> list[str]:
    """Split at separators and at the borders of camel case."""
    words: list[str] = []
    current = ""
    for index, letter in enumerate(name):
        if letter in "_ -.":
            words, current = [*words, current], ""
            continue
        before = name[index - 1] if index else ""
        after = name[index + 1] if index + 1 < len(name) else ""
        starts = letter.isupper() and (before.islower() or before.isdigit() or (before.isupper() and after.islower()))
        if starts and current:
            words, current = [*words, current], ""
        current += letter
    return [word for word in [*words, current] if word]
