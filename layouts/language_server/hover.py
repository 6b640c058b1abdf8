"""What is said of the word under the pointer."""

from __future__ import annotations

from layouts.construct import CONSTRUCTS
from layouts.kinds.common import COMMON
from layouts.language_server import documentation
from layouts.language_server.analysis import Analysis
from layouts.language_server.app import Snapshot
from layouts.language_server.script_name import functions_of, module_paths
from layouts.language_server.surroundings import Surroundings
from layouts.language_server.symbol import Occurrence


def hover_text(one: Occurrence, analysis: Analysis, around: Surroundings, now: Snapshot) -> str:
    """Markdown about what a place speaks of; empty when there is nothing to say."""
    if one.role == "kind":
        kind = around.kinds.get(one.name) or CONSTRUCTS.get(one.name)
        return documentation.kind_text(kind) if kind else ""
    if one.role == "property":
        kind = around.kinds.get(one.of) or CONSTRUCTS.get(one.of)
        rows = {row.name: row for row in (*COMMON, *(kind.properties if kind else ()))}
        return documentation.property_text(rows[one.name], one.of) if one.name in rows else ""
    if one.role == "event":
        kind = around.kinds.get(one.of)
        event = next((event for event in kind.events if event.name == one.name), None) if kind else None
        return documentation.event_text(event, one.of) if event else ""
    if one.role == "column":
        return _column(one, analysis)
    if one.role == "source":
        schema = analysis.tables.schemas.get(one.name)
        return documentation.schema_text(one.name, schema) if schema else ""
    if one.role == "command" and one.symbol is None:
        command = around.commands.get(one.name)
        return documentation.command_text(one.name, command) if command else ""
    if one.role == "function":
        return documentation.function_text(one.name)
    if one.role == "script":
        return _script(one, now)
    return _declared(one, analysis)


def _column(one: Occurrence, analysis: Analysis) -> str:
    schema = analysis.tables.schemas.get(one.of)
    column = schema.column(one.name) if schema else None
    if column is not None:
        return documentation.column_text(column, one.of)
    return documentation.reference_text(schema, one.name, one.of) if schema else ""


def _script(one: Occurrence, now: Snapshot) -> str:
    if not one.of:
        return ""
    for path in module_paths(one.of):
        content = now.read_file(path)
        found = functions_of(path, content.decode("utf-8", "replace")).get(one.name) if content is not None else None
        if found:
            where, parameters, doc = found
            return f"```python\ndef {one.name}({parameters})\n```\n\n{doc}\n\n{where}"
    return ""


def _declared(one: Occurrence, analysis: Analysis) -> str:
    symbol = one.symbol
    if symbol is None:
        return ""
    if symbol.role == "component" and symbol.name in analysis.names.components:
        return documentation.component_text(analysis.names.components[symbol.name])
    if symbol.role == "table":
        return documentation.table_text(symbol, analysis.tables.schema(symbol.name))
    return documentation.symbol_text(symbol)
