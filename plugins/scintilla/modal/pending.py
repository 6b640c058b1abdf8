"""What may follow the keys of a command that is not whole, one line a key: for the window's card of continuations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.api import mark, say
from plugins.scintilla.modal.engine import TYPING_MODES
from plugins.scintilla.modal.key import told
from plugins.scintilla.modal.row import Operator
from plugins.scintilla.modal.table import pending_table

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

#: The context of the tables' titles in catalogues, with gettext's sign behind it where they are looked up: short words
#: that mean something else elsewhere.
CONTEXT = "editor keys"
#: Keys that lead to others → what those are.
_PREFIXES = {
    "g": mark("more"), "z": mark("scroll and fold"), "Z": mark("finish"), "[": mark("before"), "]": mark("behind"),
    "i": mark("the inner part"), "a": mark("the whole part"), "gs": mark("carets"), "y": mark("yank"),
    "c": mark("change"), "d": mark("delete"),
}  # fmt: skip


def pending(engine: Engine) -> tuple[str, str, list[tuple[str, str]]] | None:
    """The keys, what they are, and what may follow: (key, title); None where nothing is awaited."""
    if engine.awaited is None or engine.line or engine.mode in TYPING_MODES:
        return None
    table, typed = engine.awaited
    if table is None or not (typed or engine.operator is not None):
        return None
    found, row = table.continuations(typed), table.rows.get(typed)
    if isinstance(row, Operator) and engine.operator is None and not engine.is_visual:
        found = [*found, *pending_table(row).continuations("")]
    title = titled(getattr(engine.operator or row, "title", "")) or say(_PREFIXES.get(typed, ""))
    return told(engine.pending), title, _rows(found, typed)


def titled(title: str) -> str:
    """A title of the tables in the person's language."""
    return say(f"{CONTEXT}\x04{title}").rpartition("\x04")[2]


def _rows(found: list[tuple[str, str]], typed: str) -> list[tuple[str, str]]:
    """One row a key; several that begin alike are led to by their first one."""
    rows: dict[str, str] = {}
    for keys, title in found:
        if len(keys) == 1:
            rows[keys] = titled(title) or say("the line")
        elif keys[0] not in rows:
            rows[keys[0]] = say(_PREFIXES.get(typed + keys[0], "") or _PREFIXES.get(keys[0], "")) + " …"
    return [(told(key), title) for key, title in rows.items()]
