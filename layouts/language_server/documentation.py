"""What a hover says, as Markdown: kinds, properties, columns, commands, declarations."""

from __future__ import annotations

from kernel.expression import FUNCTIONS
from kernel.tables.schema import Column, Schema, title_of
from kernel.words import say
from layouts.kinds.kind import PROPERTY_TYPES, Event, Kind, Property
from layouts.language_server.surroundings import CommandDoc
from layouts.language_server.symbol import Component, Symbol

_CALLED = {"id": "", "param": "param ", "table": "table ", "command": "command ", "component": "component "}


def kind_text(kind: Kind) -> str:
    """A widget kind or word of the language."""
    parts = [f"**{kind.name}**", say(kind.doc)]
    if kind.parents:
        parts.append(say("Stands in {kinds}.", kinds=", ".join(f"`{one}`" for one in kind.parents)))
    required = [row.name for row in kind.properties if row.is_required]
    if required:
        parts.append(say("Needs {properties}.", properties=", ".join(f"`{name}`" for name in required)))
    if kind.events:
        parts.append(say("Events: {events}.", events=", ".join(f"`{event.name}`" for event in kind.events)))
    if kind.example:
        parts.append(_code(kind.example))
    return "\n\n".join(parts)


def property_text(row: Property, kind: str = "") -> str:
    """A property with its type and default."""
    doc = say(PROPERTY_TYPES.get(row.type, "").partition(" →")[0])
    taken = say("Type: {type} ({doc})", type=row.type, doc=doc)
    if row.choices:
        taken = say("Choices: {choices}", choices=" ".join(f"`{choice}`" for choice in row.choices))
    parts = [_headed(row.name, kind), say(row.doc), taken]
    if row.is_required:
        parts.append(say("Required."))
    elif row.default not in (None, ""):
        shown = f"#{row.default}".lower() if isinstance(row.default, bool) else row.default
        parts.append(say("Default: {value}", value=f"`{shown}`"))
    return "\n\n".join(part for part in parts if part)


def event_text(event: Event, kind: str) -> str:
    """An event of a kind."""
    return f"{_headed(event.name, kind)}\n\n{say(event.doc)}"


def _headed(name: str, kind: str) -> str:
    return say("{part} of {kind}", part=f"**{name}**", kind=kind) if kind else f"**{name}**"


def column_text(column: Column, source: str) -> str:
    """A column with its type."""
    parts = [f"**{column.name}**: {column.type}", f"{column.label or title_of(column.name)}, a column of `{source}`"]
    marks = [word for word, is_so in (("key", column.is_key), ("required", column.is_required),
                                      ("generated", column.is_generated)) if is_so]  # fmt: skip
    if marks:
        parts.append(", ".join(marks).capitalize() + ".")
    if column.doc:
        parts.append(column.doc)
    if column.choices:
        parts.append("Values: " + ", ".join(f"`{choice}`" for choice in column.choices))
    return "\n\n".join(parts)


def reference_text(schema: Schema, name: str, source: str) -> str:
    """A reference of a table."""
    reference = schema.reference(name)
    if reference is None:
        return ""
    via = ", ".join(reference.via)
    return f"**{reference.name}**: a row of `{reference.table}`\n\nA reference of `{source}`, by {via}"


def table_text(symbol: Symbol, schema: Schema | None) -> str:
    """A declared table with its columns."""
    text = symbol_text(symbol)
    return text if schema is None else f"{text}\n\n{_columns(schema)}"


def schema_text(name: str, schema: Schema) -> str:
    """A table of a source with its columns."""
    return "\n\n".join(
        part for part in (f"**{name}**: a table of the app's sources", schema.doc, _columns(schema)) if part
    )


def _columns(schema: Schema) -> str:
    return "\n".join(f"- `{column.name}`: {column.type}" for column in schema.columns[:40])


def command_text(name: str, command: CommandDoc) -> str:
    """A command of the program."""
    keys = say("Key: {keys}", keys=command.keys) if command.keys else ""
    return "\n\n".join(part for part in (f"**{name}**: {command.title}", command.doc, keys) if part)


def component_text(component: Component) -> str:
    """A component with its params and slots."""
    params = []
    for name, symbol in component.params.items():
        default = symbol.node.properties.get("default")
        params.append(f"- `{name}`" + (f", `{default.source}` when left out" if default else ""))
    slots = [f"- slot `{name}`" for name in component.slots]
    return "\n\n".join([f"**{component.symbol.name}**: component", "\n".join([*params, *slots])]).rstrip()


def symbol_text(symbol: Symbol) -> str:
    """A declaration: its own line as it is written, and where."""
    node = symbol.node
    title, doc = (node.properties.get(name) for name in ("title", "doc"))
    written = [node.name, *(value.source for value in node.arguments)]
    written += [f"{name}={value.source}" for name, value in node.properties.items() if name not in ("title", "doc")]
    says = [str(one.value) for one in (title, doc) if one is not None and symbol.role == "command"]
    parts = [f"**{symbol.name}**: {_CALLED.get(symbol.role, symbol.role).strip() or node.name}", *says]
    return "\n\n".join([*parts, _code(" ".join(written)), f"{node.where}"])


def function_text(name: str) -> str:
    """A function of expressions."""
    return f"`{FUNCTIONS[name].doc}`" if name in FUNCTIONS else ""


def _code(text: str) -> str:
    return f"```kdl\n{text}\n```"
