"""What is offered at a place, as plain rows."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Texts that may stand without quotes: words that are no numbers and no keywords.
_PLAIN = re.compile(r"(?![+-]?\.?\d)[^\s\\/(){};\[\]\"#=]+")
_RESERVED = frozenset(("true", "false", "null", "inf", "-inf", "nan"))


class Item(NamedTuple):
    """One offer.

    Attributes:
        label: What people read.
        kind: A key of ``layouts.language_server.protocol.ITEM_KINDS``.
        insert: What is written in place of the characters from ``start`` to the cursor.
        start: The first of them, in characters from 0.
        detail: A few words beside the label.
        doc: Markdown.
    """

    label: str
    kind: str
    insert: str
    start: int
    detail: str = ""
    doc: str = ""


def as_value(text: str, quote: str) -> str:
    """A text as a value of a layout: in quotes where it needs them, and has none before it."""
    if quote or is_plain(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_plain(text: str) -> bool:
    """Whether a text may stand without quotes."""
    return _PLAIN.fullmatch(text) is not None and text not in _RESERVED
