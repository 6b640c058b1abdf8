"""The kind table as JSON Schema (2020-12), of the node tree that ``espalier tree --json`` prints.

A node is ``{"kind", "id", "properties", "children"}``; an expression is ``{"formula": TEXT}``, a text with expressions
``{"template": [TEXT or {"formula": TEXT}, …]}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layouts.construct import CONSTRUCTS
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.kinds.table import BUILT_IN
from layouts.node import Formula, Layout, Node, StyleRule, Template

_FORMULA = {"$ref": "#/$defs/formula"}
_TEXT = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/template"}]}
_PLAIN = {"type": ["string", "number", "boolean", "null"]}
#: What a style rule may say.
_LOOKS = tuple(row for row in CONSTRUCTS["style"].properties if row.type == "token")
#: Property type → what a node may hold; the types that are missing are texts.
_TYPES: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "row": {"anyOf": [*_TEXT["anyOf"], _FORMULA]},
    "action": {"anyOf": [*_TEXT["anyOf"], _FORMULA]},
    "integer": {"anyOf": [{"type": "integer"}, _FORMULA]},
    "number": {"anyOf": [{"type": "number"}, _FORMULA]},
    "boolean": {"anyOf": [{"type": "boolean"}, _FORMULA]},
    "expression": _FORMULA,
    "binding": _FORMULA,
    "filter": _FORMULA,
    "whole": {"type": "integer"},
    "duration": {"type": "integer", "description": "milliseconds"},
    "any": _PLAIN,
}


def kind_schema(kinds: Mapping[str, Kind] = BUILT_IN) -> dict[str, Any]:
    """The schema of a whole layout."""
    text, where = {"type": "string"}, {"type": "string", "description": "file:line:column"}
    table = {"name": text, "source": text, "filter": text, "sort": text, "where": where}
    command = {name: text for name in ("id", "doc", "icon", "key", "when", "run")}
    command |= {"title": _TEXT, "confirm": _TEXT, "where": where}
    style = {name: text for name in ("id", "scheme", "density")} | {"where": where}
    style |= {name: {"type": "array", "items": text} for name in ("kinds", "classes", "states")}
    style |= {"values": _object({row.name: {"enum": list(row.choices)} for row in _LOOKS}, ())}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An Espalier layout, checked",
        "type": "object",
        "properties": {
            "title": text,
            "version": {"type": "integer"},
            "tables": {"type": "array", "items": _object(table, ("name", "source"))},
            "commands": {"type": "array", "items": _object(command, ("id", "run"))},
            "styles": {"type": "array", "items": _object(style, ("values",))},
            "windows": {"type": "array", "items": {"$ref": "#/$defs/window"}},
        },
        "required": ["version", "windows"],
        "additionalProperties": False,
        "$defs": {
            "formula": _object({"formula": text}, ("formula",)),
            "template": _object({"template": {"type": "array", "items": {"anyOf": [text, _FORMULA]}}}, ("template",)),
            **{name: _node_schema(kind, kinds) for name, kind in kinds.items()},
        },
    }


def layout_json(layout: Layout, kinds: Mapping[str, Kind] = BUILT_IN) -> dict[str, Any]:
    """The layout as the schema describes it."""
    tables = [
        {"name": one.name, "source": one.source, "filter": one.filter.text if one.filter else "", "sort": one.sort,
         "where": str(one.where)}
        for one in layout.tables
    ]  # fmt: skip
    commands = [
        {"id": one.id, "title": _value(one.title), "doc": one.doc, "icon": one.icon, "key": one.key,
         "when": one.when.text if one.when else "", "run": one.run, "confirm": _value(one.confirm),
         "where": str(one.where)}
        for one in layout.commands
    ]  # fmt: skip
    return {
        "title": layout.title,
        "version": layout.version,
        "tables": tables,
        "commands": commands,
        "styles": [_style(rule) for rule in layout.styles],
        "windows": [_node_json(window) for window in layout.windows],
    }


def _node_json(node: Node) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "id": node.id,
        "properties": {name: _value(value) for name, value in sorted(node.properties.items())},
        "children": [_node_json(child) for child in node.children],
        "where": str(node.where),
    }


def _style(rule: StyleRule) -> dict[str, Any]:
    lists = {name: list(getattr(rule, name)) for name in ("kinds", "classes", "states")}
    texts = {name: getattr(rule, name) for name in ("id", "scheme", "density")}
    return {**lists, **texts, "values": rule.values, "where": str(rule.where)}


def _value(value: Any) -> Any:
    if isinstance(value, Formula):
        return {"formula": value.text}
    if isinstance(value, Template):
        return {"template": [_value(part) for part in value.parts]}
    return value


def _node_schema(kind: Kind, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    common = COMMON if kind.loader and not kind.is_structure else ()
    rows = {row.name: row for row in (*common, *kind.properties) if row.name != "id"}
    properties = _object({name: _property_schema(row) for name, row in rows.items()},
                         tuple(name for name, row in rows.items() if row.is_required))  # fmt: skip
    children = [{"$ref": f"#/$defs/{name}"} for name in children_of(kind, kinds)]
    inside = {"items": {"anyOf": children}} if children else {"maxItems": 0}
    schema = _object(
        {
            "kind": {"const": kind.name},
            "id": {"type": "string"},
            "properties": properties,
            "children": {"type": "array", **inside},
            "where": {"type": "string"},
        },
        ("kind", "properties", "children"),
    )
    return {"description": kind.doc, **schema, **({"examples": [kind.example]} if kind.example else {})}


def children_of(kind: Kind, kinds: Mapping[str, Kind]) -> list[str]:
    """The names of the kinds that may stand in one."""
    widgets = [name for name, one in kinds.items() if one.loader and name != "window"]
    named = [name for name in kind.children if name != "*"]
    anywhere = widgets if "*" in kind.children else []
    found = [*named, *(name for name in anywhere if not kinds[name].parents or kind.name in kinds[name].parents)]
    if kind.events:
        found.append("on")
    if kind.loader and not kind.is_structure:
        found.append("context-menu")
    return list(dict.fromkeys(name for name in found if name in kinds))


def _property_schema(row: Property) -> dict[str, Any]:
    if row.choices:
        schema: dict[str, Any] = {"anyOf": [{"enum": list(row.choices)}, _FORMULA]}
    else:
        schema = dict(_TYPES.get(row.type, {"type": "string"}))
    if row.argument < 0:
        schema = {"type": "array", "items": schema}
    if row.default is not None:
        schema["default"] = row.default
    return {"description": row.doc, **schema}


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
