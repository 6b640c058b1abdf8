"""The files of an app around an imported layout: app.toml, its tables' SQL, and a script to fill in."""

from __future__ import annotations

from layouts.importer.draft import Outcome, TableDraft
from layouts.scaffold_name import slug_of, toml_text


def app_files(name: str, outcome: Outcome, layout: str = "main.kdl") -> dict[str, bytes]:
    """Path within the app's folder → content.

    Args:
        name: What the app is opened by; made safe.
        outcome: The imported layout.
        layout: What its file is called.
    """
    return {"app.toml": _app(name, outcome, layout).encode(), **layout_files(outcome, layout)}


def layout_files(outcome: Outcome, layout: str) -> dict[str, bytes]:
    """The layout, and what it needs beside it."""
    files = {layout: outcome.layout}
    if outcome.tables:
        files["schema.sql"] = "\n".join(map(_sql, outcome.tables))
    if outcome.functions:
        files["actions.py"] = _script(outcome.functions)
    return {path: text.encode() for path, text in files.items()} | dict(outcome.pictures)


def _app(name: str, outcome: Outcome, layout: str) -> str:
    slug = slug_of(name, "app").replace("_app_app", "_app")
    lines = [f"name = {toml_text(slug)}", f"title = {toml_text(outcome.title or slug)}", 'version = "0.1"']
    lines += ['icon = "form"', f"layout = {toml_text(layout)}"]
    if outcome.tables:
        lines += ["", "[sources.main]", 'kind = "sqlite"', f'path = "{slug}.sqlite"', 'schema = "schema.sql"']
    return "\n".join(lines) + "\n"


def _sql(table: TableDraft) -> str:
    types = [_type([row[index] for row in table.rows]) for index in range(len(table.columns))]
    columns = ["    id INTEGER PRIMARY KEY"]
    columns += [f"    {_name(name)} {type}" for name, type in zip(table.columns, types, strict=True)]
    lines = [f"CREATE TABLE {_name(table.name)} (", ",\n".join(columns), ");"]
    names = ", ".join(map(_name, table.columns))
    for row in table.rows:
        values = ", ".join(_value(value, type) for value, type in zip(row, types, strict=True))
        lines.append(f"INSERT INTO {_name(table.name)} ({names}) VALUES ({values});")
    return "\n".join(lines) + "\n"


def _type(values: list[str]) -> str:
    """INTEGER where every value is written as a whole number; what would be written otherwise stays a text."""
    given = [value for value in values if value]
    is_whole = given and all(value.isascii() and value.isdecimal() and str(int(value[:18])) == value for value in given)
    return "INTEGER" if is_whole else "TEXT"


def _name(name: str) -> str:
    return f'"{name}"'


def _value(value: str, type: str) -> str:
    if type == "INTEGER":
        return value or "NULL"
    return "'" + value.replace("\x00", "").replace("'", "''") + "'"


def _script(functions: dict[str, str]) -> str:
    lines = ['"""What the window\'s commands do; each function gets the app."""']
    for name, title in functions.items():
        text = f"{title} does nothing yet."
        lines += [
            "",
            "",
            f"def {name}(app):",
            f"    app.report({'info'!r}, {text!r}, {'It is written in actions.py.'!r})",
        ]
    return "\n".join(lines) + "\n"
