"""Schemas of any database → the folder of an app that shows and edits it: layout files meant to be edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kernel.tables.schema import Schema
from layouts.construct import LANGUAGE_VERSION
from layouts.dump import quoted
from layouts.scaffold_name import Names, slug_of, toml_text
from layouts.scaffold_page import SOURCE, Plan, comment, literal, page, table_title

#: Words in table names → icons.
_ICONS = {
    "customer": "customer",
    "client": "customer",
    "employee": "user",
    "user": "user",
    "person": "user",
    "artist": "star",
    "team": "team",
    "invoice": "invoice",
    "order": "order",
    "product": "product",
    "item": "product",
    "track": "music",
    "song": "music",
    "album": "music",
    "playlist": "list",
    "genre": "tag",
    "tag": "tag",
    "category": "tag",
    "payment": "money",
    "price": "money",
    "address": "location",
    "city": "location",
    "country": "globe",
    "event": "calendar",
    "task": "task",
    "file": "file",
    "image": "image",
    "photo": "image",
    "media": "video",
    "film": "video",
    "book": "book",
    "note": "note",
    "mail": "mail",
    "setting": "settings",
    "log": "history",
    "shipment": "ship",
    "supplier": "truck",
}

#: Kind of source → the entry that says where it is; a path for those that are not named.
_PLACES = {"postgres": "address"}
#: Kinds whose columns are ranked; those of files stay in the file's order.
_DATABASES = ("sqlite", "postgres")


def scaffold(
    name: str,
    title: str,
    schemas: Iterable[Schema],
    database_path: str,
    left_out: Sequence[str] = (),
    kind: str = "sqlite",
) -> dict[str, bytes]:
    """The files of an app folder: app.toml, main.kdl and a file for each table.

    Args:
        name: What the app is opened by; made safe.
        title: What people read.
        schemas: The tables and views of the database, in its order.
        database_path: The file or address, as ``app.toml`` names it.
        left_out: Names of tables that cannot be shown; a comment tells them.
        kind: Of the source that opens the file.

    Returns:
        Path within the folder → content. Equal arguments give equal files.
    """
    by_name = {schema.name: schema for schema in schemas}
    outer = {found for schema in by_name.values() for found in _names_in(schema)}
    tables = Names(set())
    declared = {table: tables.give(slug_of(table)) for table in by_name}
    plan = Plan(by_name, declared, Names({*outer, *declared.values()}), kind not in _DATABASES)
    files = {"app.toml": _app(name, title, database_path, kind)}
    uses, tabs = [], []
    for table, schema in by_name.items():
        component = f"{declared[table].replace('_', '-')}-page"
        path = f"tables/{declared[table]}.kdl"
        files[path] = page(schema, plan, component).encode()
        uses.append(f"use {quoted(path)}")
        icon = _icon(declared[table], schema)
        tabs.append(f"        tab {literal(table_title(schema))} icon={icon} {{ {component} }}")
    files["main.kdl"] = _main(title, uses, tabs, left_out).encode()
    return files


def _names_in(schema: Schema) -> list[str]:
    """Names that filters over the table read as columns."""
    return [*(column.name for column in schema.columns), *(reference.name for reference in schema.references)]


def _icon(declared: str, schema: Schema) -> str:
    """An icon for the table by the last known word of its name."""
    if not schema.is_editable:
        return "view"
    for part in reversed(declared.split("_")):
        for found in (part, part.removesuffix("s"), part.removesuffix("ies") + "y"):
            if found in _ICONS:
                return _ICONS[found]
    return "table"


def _main(title: str, uses: list[str], tabs: list[str], left_out: Sequence[str]) -> str:
    head = [
        f"layout {LANGUAGE_VERSION} title={quoted(title)}",
        "",
        f"// {comment(title)}: every table of the database, each on a page of its own. These files are yours to edit:",
        "// change a page in tables/, take a tab away, or put in what is missing; open windows follow when you save.",
    ]
    if left_out:
        head.append(f"// Not shown, since the modules of these tables are not here: {comment(', '.join(left_out))}.")
    if not tabs:
        return (
            "\n".join([*head, "", "window {", '    message "The database has no tables yet." level=info', "}"]) + "\n"
        )
    body = ["window width=1320 height=840 {", "    tabs side=start filter=#true {", *tabs, "    }", "}"]
    return "\n".join([*head, *uses, "", *body]) + "\n"


def _app(name: str, title: str, database_path: str, kind: str) -> bytes:
    slug = slug_of(name, "app").replace("_app_app", "_app")
    lines = [
        f"name = {toml_text(slug)}",
        f"title = {toml_text(title or name or slug)}",
        'version = "0.1"',
        'icon = "database"',
        "",
        f"[sources.{SOURCE}]",
        f"kind = {toml_text(kind)}",
        f"{_PLACES.get(kind, 'path')} = {toml_text(database_path)}",
    ]
    return ("\n".join(lines) + "\n").encode()
