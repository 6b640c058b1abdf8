"""What has a name in a text, by its syntax tree: classes and functions, widgets, tables, keys. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

#: Letters of a name that are shown; names within names that are looked for.
LONGEST, DEEPEST = 40, 60
#: Properties of a layout's node that name it, the first one first.
_NAMES = (b"id", b"title")


class Named(NamedTuple):
    """One named part.

    Attributes:
        name: As people read it.
        icon: An icon's name.
        start, stop: In bytes.
        inside: What has a name within it.
    """

    name: str
    icon: str
    start: int
    stop: int
    inside: tuple[Named, ...] = ()


def _field(node: Any, text: bytes) -> str:
    found = node.child_by_field_name("name")
    return _text(found, text) if found is not None else ""


def _first(node: Any, text: bytes) -> str:
    """The first named part: a table's or an entry's key, the selectors of a rule."""
    return _text(node.named_children[0], text).strip("\"'") if node.named_child_count else ""


def _tag(node: Any, text: bytes) -> str:
    """``div#main``: the tag and its id."""
    start = node.named_children[0] if node.named_child_count else None
    parts = start.named_children if start is not None else []
    name = next((_text(one, text) for one in parts if one.type == "tag_name"), "")
    for one in parts:
        key, _, value = _text(one, text).partition("=")
        if one.type == "attribute" and key.strip() == "id" and name:
            return f"{name}#{value.strip(chr(34) + chr(39))}"
    return name


def _widget(node: Any, text: bytes) -> str:
    """``grid orders_view``: the kind, and the id, the title or what stands first behind it."""
    kind, found = _text(node.named_children[0], text), {}
    for one in node.named_children[1:]:
        part = one.named_children[0] if one.type == "node_field" and one.named_child_count else None
        if part is None:
            continue
        if part.type == "prop" and part.named_child_count == 2:
            key, value = part.named_children
            found[text[key.start_byte : key.end_byte]] = value
        elif part.type == "value":
            found.setdefault(b"", part)
    name = next((found[key] for key in (*_NAMES, b"") if key in found), None)
    return f"{kind} {_text(name, text).strip(chr(34))}" if name is not None else kind


#: Language → type of node → icon and how it is called.
NAMING: dict[str, dict[str, tuple[str, Callable[[Any, bytes], str]]]] = {
    "python": {"class_definition": ("app", _field), "function_definition": ("code", _field)},
    "javascript": {
        "class_declaration": ("app", _field), "function_declaration": ("code", _field),
        "generator_function_declaration": ("code", _field), "method_definition": ("code", _field),
    },
    "json": {"pair": ("key", _first)},
    "toml": {"table": ("table", _first), "table_array_element": ("table", _first), "pair": ("key", _first)},
    "html": {"element": ("code", _tag)},
    "css": {"rule_set": ("palette", _first)},
    "layout": {"node": ("layout", _widget)},
}  # fmt: skip


def outline_of(root: Any, language: str, text: bytes) -> tuple[Named, ...]:
    """All that has a name, as a tree.

    Args:
        root: The root of the syntax tree.
        language, text: What it is of.
    """
    naming = NAMING.get(language, {})
    return tuple(_named(root, naming, text, DEEPEST)) if naming else ()


def _named(node: Any, naming: dict[str, Any], text: bytes, depth: int) -> Iterator[Named]:
    for child in node.named_children:
        row = naming.get(child.type)
        inside = _named(child, naming, text, depth - 1) if depth else iter(())
        name = row[1](child, text) if row is not None else ""
        if name:
            yield Named(_short(name), row[0], child.start_byte, child.end_byte, tuple(inside))
        else:
            yield from inside


def trail_of(nodes: Iterator[Any], language: str, text: bytes) -> list[Named]:
    """The named parts around a place, the outermost first, without what is within them.

    Args:
        nodes: Those around the place, the innermost first.
        language, text: What they are of.
    """
    naming, found = NAMING.get(language, {}), []
    for node in nodes:
        row = naming.get(node.type)
        name = row[1](node, text) if row is not None else ""
        if row is not None and name:
            found.append(Named(_short(name), row[0], node.start_byte, node.end_byte))
    return found[::-1]


def _text(node: Any, text: bytes) -> str:
    return text[node.start_byte : node.end_byte].decode("utf-8", "replace")


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
