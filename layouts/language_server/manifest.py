"""``app.toml`` in an editor: what may be written, what its entries mean, where its files are."""

from __future__ import annotations

from collections.abc import Callable

from kernel.error import Where
from kernel.tables.source import KINDS
from kernel.words import say
from layouts.grant import ACTIONS
from layouts.language_server.app import Snapshot
from layouts.language_server.definition import Found
from layouts.language_server.item import Item
from layouts.language_server.surroundings import Schemas
from layouts.language_server.toml_place import TomlPlace, toml_place, whole_word
from layouts.reference import icon_names

#: Entry at the top → what it means.
ENTRIES: dict[str, str] = {
    "name": "What the app is opened by: small letters, digits, - and _.",
    "title": "What people read; the name when left out.",
    "version": "The version, a text, published once and never changed; left out, releases are numbered.",
    "icon": "Its icon in the table of apps.",
    "doc": "A sentence for the table of apps.",
    "layout": "The main layout file; main.kdl when left out.",
    "entry": "The boot queue: agents and their arguments; made from layout when left out.",
    "sources": "The app's sources of tables: [sources.NAME].",
    "requires": "What the app needs of the shell and of plugins.",
    "grants": "Who may do what with the tables: [[grants]]; without any, everybody everything.",
    "channels": "The channels it may be published on besides stable and people's own; beta when left out.",
    "permissions": "What the app asks for, shown before its first run: net, files, run and so on.",
    "libraries": "Native libraries that the app brings: [libraries.NAME] with version and file.",
    "scripts": "How scripts are treated: [scripts] with reload.",
}
#: Entry of a source → what it means.
SOURCE_ENTRIES: dict[str, str] = {
    "kind": "What kind of source it is.",
    "offline": "Tables that can be edited while the server is away: true for all, or a list.",
    "path": "The file that holds its data.",
    "schema": "SQL text of the app that makes the database when it is missing; of PostgreSQL, the schema.",
    "seed": "SQL text of the app that fills a new database.",
    "read_only": "Whether nothing may be written.",
    "tables": "Its tables, each below [sources.NAME.tables.TABLE].",
    "address": "The server's address, without a password.",
    "connection": "A connection that the server of the app knows.",
    "schemas": "The schemas whose tables are shown.",
    "feed": "Whether changes of others are listened for.",
    "lock_s": "Seconds that a statement waits for a lock.",
    "statement_s": "Seconds that a statement may take.",
    "types": "Column → type, where the text does not tell.",
    "label": "The columns that call a row by name.",
    "references": "Columns that lead to other tables.",
    "separator": "What stands between values.",
    "quote": "What texts stand in.",
    "encoding": "The file's encoding.",
    "header": "Whether the first line has headings.",
}
#: Entry of a grant → what it means.
GRANT_ENTRIES: dict[str, str] = {
    "who": 'A person\'s name, "role:NAME", or "*" for everybody.',
    "table": 'A table, or "*" for all.',
    "may": "What is granted: read, edit, add, delete.",
    "columns": "The columns meant; all when left out.",
    "rows": "An expression over the table's columns: only rows for which it is true.",
    "source": "The source; any when left out.",
}
_HEADERS = ("sources.", "requires", "grants")


def manifest_items(text: str, offset: int, now: Snapshot, schemas: Schemas) -> list[Item]:
    """What may be written at a place of an app.toml."""
    place = toml_place(text, offset)
    if place.is_header:
        return [Item(name, "word", name, place.start, ENTRIES[name.rstrip(".")]) for name in _HEADERS]
    if place.is_value:
        return [_value(text, place) for text in _values(place, now, schemas)]
    entries = _entries(place.table, text)
    return [Item(name, "property", f"{name} = ", place.start, "", doc) for name, doc in entries.items()]


def _entries(table: str, text: str) -> dict[str, str]:
    if table.startswith("sources."):
        kind = KINDS.get(_kind_of(table, text))
        names = ("kind", "offline", *kind.entries) if kind else SOURCE_ENTRIES
        return {name: SOURCE_ENTRIES.get(name, "") for name in names}
    return GRANT_ENTRIES if table == "grants" else ENTRIES if not table else {}


def _kind_of(table: str, text: str) -> str:
    """The kind of the source whose header that is."""
    import re

    match = re.search(
        rf"^\[{re.escape(table)}\](?:\n(?!\[).*)*?\n[ \t]*kind[ \t]*=[ \t]*[\"'](\w+)", text, re.MULTILINE
    )
    return match[1] if match else ""


def _values(place: TomlPlace, now: Snapshot, schemas: Schemas) -> list[str]:
    top: dict[str, Callable[[], list[str]]] = {
        "layout": lambda: now.paths(".kdl"),
        "entry": lambda: now.paths(".kdl"),
        "icon": lambda: sorted(icon_names()),
    }
    source: dict[str, Callable[[], list[str]]] = {
        "kind": lambda: list(KINDS),
        "schema": lambda: now.paths(".sql"),
        "seed": lambda: now.paths(".sql"),
        "path": lambda: [path for path in now.listing if not path.endswith((".kdl", ".toml", ".py"))],
        "offline": lambda: [name for name in schemas if "/" not in name],
    }
    grant: dict[str, Callable[[], list[str]]] = {
        "may": lambda: list(ACTIONS),
        "table": lambda: ["*", *(name for name in schemas if "/" not in name)],
        "who": lambda: ["*", "role:"],
    }
    rows = source if place.table.startswith("sources.") else grant if place.table == "grants" else top
    return rows[place.key]() if place.key in rows else []


def _value(text: str, place: TomlPlace) -> Item:
    return Item(text, "value", text if place.quote else f'"{text}"', place.start)


def manifest_hover(text: str, offset: int) -> str:
    """What an entry at a place means, as Markdown."""
    start, stop = whole_word(text, offset)
    place, word = toml_place(text, start), text[start:stop]
    if place.is_header:
        return ENTRIES.get(word.partition(".")[0], "")
    if place.is_value:
        kind = KINDS.get(word)
        return f"**{word}**\n\n{say(kind.doc)}" if kind and place.key == "kind" else ""
    doc = _entries(place.table, text).get(word, "")
    return f"**{word}**\n\n{doc}" if doc else ""


def manifest_definition(text: str, offset: int, now: Snapshot) -> Found | None:
    """The file that a value names."""
    start, stop = whole_word(text, offset)
    path = text[start:stop]
    if toml_place(text, start).is_value and path and now.read_file(path) is not None:
        return Found(Where(path, 1, 1), 0)
    return None
