"""A written node's arguments and properties → typed values, held against the rows of its kind."""

from __future__ import annotations

from typing import Any

from kernel.nearest import did_you_mean
from layouts.construct import CONSTRUCTS
from layouts.environment import UNKNOWN, Environment
from layouts.kdl import SyntaxNode, Value
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.library import path_of
from layouts.project import Project
from layouts.reference import References
from layouts.value import Rewriting, ValueProblem, read_value

#: The surroundings of what stands in no component.
OUTSIDE = Environment()
#: Property name → row, of those that every widget has.
COMMON_ROWS = {row.name: row for row in COMMON}
#: How many properties of a kind a hint names at most.
_MOST_NAMED = 12


class PropertyReader:
    """Reads the properties of one layout's nodes; problems go to ``project.problems``."""

    def __init__(self, project: Project, references: References) -> None:
        self._project = project
        self._references = references
        #: By whether it is a word around the widgets and its name: style is both.
        self._rows: dict[tuple[bool, str], tuple[dict[str, Property], list[Property]]] = {}

    def values(self, node: SyntaxNode, kind: Kind, env: Environment, table: str | None) -> dict[str, Any]:
        """The typed values of the node's arguments and properties; wrong ones are told and left out."""
        rows, arguments = self._known(kind)
        given: dict[str, Value] = {}
        values: dict[str, Any] = {}
        for index, value in enumerate(node.arguments):
            if arguments and arguments[0].argument < 0:
                values.setdefault(arguments[0].name, []).append(env.value(value).value)
            elif index < len(arguments):
                given[arguments[index].name] = value
            else:
                hint = quote_hint(value, node.name)
                self._project.report_newer(value.where, too_many(node, len(arguments)), hint)
        for name, where in node.repeated:
            self._project.report(where, f"{name} is given twice")
        for name, value in node.properties.items():
            if name not in rows:
                hint = did_you_mean(name, rows) or _own(kind)
                self._project.report_newer(node.places[name], f"{kind.name} has no property {name}", hint)
            elif name in given:
                self._project.report(node.places[name], f"{name} is given twice")
            else:
                given[name] = value
        for row in kind.properties:
            if row.is_required and row.name not in given and row.name not in values:
                hint = f"write {kind.name} {row.name.upper()}" if row.argument else f"write {row.name}=…"
                self._project.report(node.where, f"{kind.name} needs {row.name}", hint)
        for name, value in given.items():
            self.read(rows[name], value, env, table, values)
        return values

    def read(self, row: Property, written: Value, env: Environment, table: str | None, values: dict[str, Any]) -> None:
        """Put the typed value of one property into ``values``; a wrong one is told and left out."""
        value = env.value(written)
        if value is UNKNOWN:
            return
        if value is not written:
            env = OUTSIDE
        head = value.value.partition(".")[0] if isinstance(value.value, str) else ""
        if row.type == "binding" and env.params.get(head) is UNKNOWN:
            return
        try:
            found = read_value(value, row, Rewriting(env.expression))
        except ValueProblem as problem:
            self._project.report_newer(problem.where, problem.message, problem.hint)
            return
        if row.name == "file" and isinstance(found, str):
            found = path_of(found) or found  # a picture of a library
        values[row.name] = found
        self._references.value(row, value, found, table)

    def _known(self, kind: Kind) -> tuple[dict[str, Property], list[Property]]:
        """Property rows by name, and those that may be plain arguments, in order."""
        is_construct = kind is CONSTRUCTS.get(kind.name)
        key = (is_construct, kind.name)
        if key not in self._rows:
            has_none = is_construct or kind.is_structure
            common = {} if has_none else COMMON_ROWS
            by_argument = sorted((row for row in kind.properties if row.argument), key=lambda row: row.argument)
            self._rows[key] = ({**common, **{row.name: row for row in kind.properties}}, by_argument)
        return self._rows[key]


def too_many(node: SyntaxNode, count: int) -> str:
    """What to say of an argument behind the last one that fits."""
    takes = "no argument" if not count else "one argument" if count == 1 else f"{count} arguments"
    return f"{node.name} takes {takes}"


def quote_hint(value: Value, name: str) -> str:
    """The hint for it when quotes are missing."""
    if isinstance(value.value, str) and value.style == "word" and ("'" in value.value or "=" in value.value):
        return 'texts stand in double quotes: "…"'
    return f'a text of several words stands in quotes: {name} "…"' if value.style == "word" else ""


def _own(kind: Kind) -> str:
    """What a kind has of its own, for a hint where no name is near."""
    names = [row.name for row in kind.properties]
    return f"it has {', '.join(names[:_MOST_NAMED])}{', …' if len(names) > _MOST_NAMED else ''}" if names else ""
