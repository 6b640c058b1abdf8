"""Node tree → text, for people, tests and ``espalier tree``: canonical KDL that loads as the same layout.

Positions are left out; equal trees have equal text.
"""

from __future__ import annotations

import re
from typing import Any

from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.node import CommandDeclaration, Formula, Layout, Node, StyleRule, TableDeclaration, Template

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_RESERVED = ("true", "false", "null", "inf", "nan")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_CONTROL = re.compile('[\\\\"\x00-\x1f\x7f\x85\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_INDENT = "    "
#: Properties of every widget that are texts.
_TEXTS = ("tip", "name", "class")


def dump(tree: Layout | Node, kinds: dict[str, Kind] = BUILT_IN) -> str:
    """The text of a whole layout or of one node; ends with a line end."""
    if isinstance(tree, Node):
        return "\n".join(_node(tree, 0, kinds)) + "\n"
    lines = [f"layout {tree.version}" + (f" title={quoted(tree.title)}" if tree.title else "")]
    lines += [_table(table) for table in tree.tables]
    for command in tree.commands:
        lines += _command(command)
    for rule in tree.styles:
        lines += _style(rule)
    for window in tree.windows:
        lines += _node(window, 0, kinds)
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """A text in quotes, on one line."""
    return '"' + _CONTROL.sub(lambda match: _ESCAPES.get(match[0]) or f"\\u{{{ord(match[0]):x}}}", text) + '"'


def word(text: str) -> str:
    """A text as a bare word when it can be one, else in quotes."""
    return text if _WORD.fullmatch(text) and text not in _RESERVED else quoted(text)


def duration_text(milliseconds: int) -> str:
    """A time in the largest unit that divides it."""
    for unit, length in (("h", 3_600_000), ("min", 60_000), ("s", 1000)):
        if milliseconds % length == 0:
            return f"{milliseconds // length} {unit}"
    return f"{milliseconds} ms"


def _table(table: TableDeclaration) -> str:
    parts = ["table", word(table.name)]
    if table.source != table.name:
        parts.append(f"source={quoted(table.source)}")
    if table.filter:
        parts.append(f"filter={quoted(table.filter.text)}")
    if table.sort:
        parts.append(f"sort={quoted(table.sort)}")
    return " ".join(parts)


def _command(command: CommandDeclaration) -> list[str]:
    parts = ["command", word(command.id), f"title={_text(command.title)}"]
    parts += [f"{name}={quoted(getattr(command, name))}" for name in ("doc", "icon", "key") if getattr(command, name)]
    if command.when:
        parts.append(f"when={quoted(command.when.text)}")
    parts.append(f"run={quoted(command.run)}")
    if not command.confirm:
        return [" ".join(parts)]
    return [" ".join(parts) + " {", f"{_INDENT}confirm {_text(command.confirm)}", "}"]


def _style(rule: StyleRule) -> list[str]:
    parts = ["style", *map(word, rule.kinds)]
    if rule.id:
        parts.append(f"id={word(rule.id)}")
    if rule.classes:
        parts.append(f"class={word(' '.join(rule.classes))}")
    values = [f"{name}={word(value)}" for name, value in sorted(rule.values.items())]
    conditions = [*rule.states, *filter(None, (rule.scheme, rule.density))]
    if not conditions:
        return [" ".join([*parts, *values])]
    return [" ".join(parts) + " {", f"{_INDENT}{' '.join(['when', *conditions, *values])}", "}"]


def _node(node: Node, depth: int, kinds: dict[str, Kind]) -> list[str]:
    kind = kinds.get(node.kind)
    rows = {row.name: row for row in kind.properties} if kind else {}
    arguments = sorted((row for row in rows.values() if row.argument), key=lambda row: row.argument)
    parts = [node.kind]
    as_argument = []
    for row in arguments:
        if row.argument < 0:
            as_argument.append(row.name)
            parts += [_value(value, row.type) for value in node.properties.get(row.name, ())]
            continue
        if row.name == "id" and node.id:
            parts.append(word(node.id))
            as_argument.append(row.name)
            continue
        if row.name not in node.properties:
            break
        as_argument.append(row.name)
        parts.append(_value(node.properties[row.name], row.type))
    if node.id and "id" not in as_argument:
        parts.append(f"id={word(node.id)}")
    for name in sorted(node.properties):
        if name not in as_argument:
            type = rows[name].type if name in rows else "text" if name in _TEXTS else "expression"
            parts.append(f"{word(name)}={_value(node.properties[name], type)}")
    line = _INDENT * depth + " ".join(parts)
    inside = [child for child in node.children if child.kind != "else" or node.kind != "if"]
    behind = [line for child in node.children if child not in inside for line in _node(child, depth, kinds)]
    if not inside:
        return [line, *behind]
    inner = [inner for child in inside for inner in _node(child, depth + 1, kinds)]
    return [line + " {", *inner, _INDENT * depth + "}", *behind]


def _value(value: Any, type: str) -> str:
    if isinstance(value, Formula):
        return quoted(value.text)
    if type == "duration" and isinstance(value, int):
        return quoted(duration_text(value))
    if isinstance(value, bool) or value is None:
        return {True: "#true", False: "#false", None: "#null"}[value]
    if isinstance(value, int | float):
        return repr(value)
    if type in ("text", "action"):
        return _text(value)
    return word(value)


def _text(value: str | Template) -> str:
    if isinstance(value, str):
        return quoted(value.replace("{", "{{").replace("}", "}}"))
    parts = [
        part.replace("{", "{{").replace("}", "}}") if isinstance(part, str) else f"{{{part.text}}}"
        for part in value.parts
    ]
    return quoted("".join(parts))
