"""Writes docs/reference/plugin-api.md from ``plugins.api``: names, signatures, docstrings; the list of names; the stub.

The list only grows: a name that plugins may use is not taken away within a version of the door.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
#: The generated page, and the names that were ever in it, by version of the door.
PAGE_PATH, NAMES_PATH = ROOT / "docs" / "reference" / "plugin-api.md", ROOT / "resources" / "plugin_api.toml"
#: What type checkers and editors read instead of the door's table.
STUB_PATH = ROOT / "plugins" / "api.pyi"

_HEAD = """# What plugins may import

<!-- Written by `python -m shell.reference` from plugins/api.py; changes here are lost. -->

Version {version} of the door, `plugins.api`: a plugin imports these names, Qt, its own modules and its own libraries.
Names are added within a version and never taken away; one that goes is kept for a version, and whoever uses it is told
once. How a plugin is written stands in [plugin-guide.md](../plugin-guide.md).
"""
#: What else than classes and functions the door has.
_VALUES = {"VERSION": "The version that a plugin.toml names as `api`.", "PROPERTY_TYPES": "Types of properties:",
           "Disposer": "A callable that undoes what was registered."}  # fmt: skip
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def page() -> str:
    """The whole reference page."""
    from plugins import api

    parts = [_HEAD.format(version=api.VERSION)]
    for name in sorted(api.__all__, key=str.lower):
        parts += _section(name, getattr(api, name))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))


def names() -> str:
    """The list of names, those that are there now added."""
    from plugins import api

    known = sorted({*known_names(), *api.__all__})
    lines = ["# Names that plugins may import, by version of the door. They are added by `python -m shell.reference`",
             "# and taken away with a new version alone."]  # fmt: skip
    return "\n".join([*lines, f"api_{api.VERSION} = [", *(f'    "{name}",' for name in known), "]"]) + "\n"


def stub() -> str:
    """The door as type checkers read it: every name imported from where it is."""
    from plugins import api

    lines = ['"""Written by `python -m shell.reference` from plugins/api.py; changes here are lost."""', ""]
    for module, rows in sorted(api.NAMES.items()):
        for own, _, name in sorted((row.partition(":") for row in rows.split()), key=_in_order):
            lines.append(f"from {module} import {own} as {name or own}")
    lines += ["", "VERSION: int", "NAMES: dict[str, str]", "HOMES: dict[str, tuple[str, str]]", "__all__ = ["]
    return "\n".join([*lines, *(f'    "{name}",' for name in sorted(api.__all__)), "]"]) + "\n"


def _in_order(row: tuple[str, str, str]) -> tuple[int, str]:
    """Constants, classes, functions, as imports are sorted."""
    name = row[0]
    return 0 if name.isupper() else 1 if name[0].isupper() else 2, name


def known_names() -> list[str]:
    """The names that were there when the list was written."""
    import tomllib

    from plugins import api

    if not NAMES_PATH.is_file():
        return []
    return tomllib.loads(NAMES_PATH.read_text(encoding="utf-8")).get(f"api_{api.VERSION}", [])


def _section(name: str, what: Any) -> Iterator[str]:
    yield f"## {name}\n"
    if inspect.isclass(what):
        yield f"```python\nclass {name}{_signature(what)}\n```\n" if _has_signature(what) else ""
        yield _text(what)
        rows = [row for member in _members(what) if (row := _member(what, member))]
        yield "\n".join(rows) + "\n" if rows else ""
    elif callable(what) and not _is_alias(what):
        yield f"```python\n{name}{_signature(what)}\n```\n"
        yield _text(what)
    else:
        yield f"{_VALUES.get(name, '')}\n\n{_shown(what)}\n"


def _is_alias(what: Any) -> bool:
    return not hasattr(what, "__name__") or getattr(what, "__module__", "") in ("typing", "collections.abc")


def _shown(what: Any) -> str:
    if isinstance(what, dict):
        return "\n".join(f"- `{key}`: {_row(value)}" for key, value in what.items())
    return f"`{what}`"


def _row(value: Any) -> str:
    """A value of a table; of a function what it does."""
    return (inspect.getdoc(value) or value.__name__).split("\n")[0] if callable(value) else str(value)


def _has_signature(what: type) -> bool:
    return not issubclass(what, Exception) and "__init__" in vars(what) or hasattr(what, "_fields")


def _signature(what: Any) -> str:
    try:
        return _ADDRESS.sub("", str(inspect.signature(what))).replace("'", "")
    except (TypeError, ValueError):
        return "(…)"


def _text(what: Any) -> str:
    """The docstring; its sections as lists."""
    lines = (inspect.getdoc(what) or "").splitlines()
    out: list[str] = []
    for line in lines:
        if re.fullmatch(r"(Args|Attributes|Returns|Raises|Yields):", line):
            out += ["", f"**{line[:-1]}**", ""]
        elif re.match(r"    \S", line):
            out.append(f"- {line.strip()}")
        else:
            out.append(line.strip() if line.startswith("     ") else line)
    return "\n".join(out) + "\n"


def _members(what: type) -> list[str]:
    """The public methods and properties that the class itself has."""
    return [name for name, value in vars(what).items() if not name.startswith("_") and _is_member(value)]


def _is_member(value: Any) -> bool:
    return inspect.isfunction(value) or isinstance(value, property | classmethod | staticmethod)


def _member(what: type, name: str) -> str:
    value = inspect.getattr_static(what, name)
    doc = (inspect.getdoc(getattr(what, name, None)) or "").split("\n\n")[0].replace("\n", " ")
    if not doc:
        return ""
    signature = "" if isinstance(value, property) else _signature(getattr(what, name)).replace("(self, ", "(")
    return f"- `{name}{signature.replace('(self)', '()')}`: {doc}"
