"""Scripts of an app: the functions that they have, and where they speak of tables and views by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kernel.error import Where
from layouts.language_server.symbol import Names, Occurrence

#: What a script calls on its app with a name of the layout: ``app.table("orders")``.
_CALL = re.compile(r"""\bapp\.(table|key|read|run)\(\s*(["'])([^"'\\\n]+)\2""")
_FUNCTION = re.compile(
    r"^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(([^)]*)\)[^:\n]*:(?:\s*\"\"\"([^\"\n]*))?", re.MULTILINE
)


def script_names(path: str, text: str, names: Names) -> Iterator[Occurrence]:
    """The places of a script that name a declared table, a widget or a command."""
    for match in _CALL.finditer(text):
        name = match[3]
        if match[1] == "read":
            name = name.partition(".")[0]
        symbol = {"table": names.tables, "run": names.commands}.get(match[1], names.ids).get(name)
        if symbol is not None:
            yield Occurrence(symbol.role, name, _where(path, text, match.start(3)), len(name), symbol)


def functions_of(path: str, text: str) -> dict[str, tuple[Where, str, str]]:
    """Function → its place, its parameters and the first line of its doc; those that begin with ``_`` left out."""
    return {
        match[1]: (_where(path, text, match.start(1)), match[2], (match[3] or "").strip())
        for match in _FUNCTION.finditer(text)
        if not match[1].startswith("_")
    }


def module_paths(module: str) -> tuple[str, ...]:
    """The files that a module may be, in the order in which they are looked for."""
    path = module.replace(".", "/")
    return (f"scripts/{path}.py", f"{path}.py", f"scripts/{path}/__init__.py", f"{path}/__init__.py")


def module_name(path: str) -> str:
    """The module that a file of the app is."""
    return path.removeprefix("scripts/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _where(path: str, text: str, offset: int) -> Where:
    return Where(path, text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1)
