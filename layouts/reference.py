"""Names that a layout speaks of: kept while it is built, held against what there is when all is known."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from kernel.error import Where
from kernel.expression.function import AGGREGATES
from kernel.nearest import did_you_mean, nearest_names
from kernel.tables.query import parse_sort
from layouts.action import is_function
from layouts.kdl import Value
from layouts.kdl.syntax import place_in
from layouts.kinds.kind import Property
from layouts.known import Known, find_path, paths_of
from layouts.node import Formula, Node, Template
from layouts.project import Project
from layouts.source_name import beside

_ICONS = Path(__file__).parent.parent / "resources" / "icons.toml"
#: What is written for a truth in other languages → what to write.
_TRUTHS = {word: "write #true" for word in ("true", "yes", "on")} | {
    word: "write #false" for word in ("false", "no", "off")
}
#: Verbs of the commands that each declared table has.
_TABLE_VERBS = ("add", "delete", "commit")
#: What a view (``grid``) and a search box answer to in expressions.
_MEMBERS = ("current", "text", "value", "selected")
#: What every expression may read: the app's connection in a word, whether its server is there, what it is called, its
#: version, who uses it; and the time.
APP_NAMES = ("app.state", "app.is_online", "app.name", "app.title", "app.version", "app.user", "now", "today")

#: What the window says of itself: compact, medium or wide, by its width.
WINDOW_NAMES = ("window.size_class",)
#: Kinds whose current row has the columns of their table; a pivot's has others.
_ROW_KINDS = frozenset(("grid", "tree", "list", "cards", "form", "record"))


class _Use(NamedTuple):
    """One name that is spoken of: what it is, where, and of which table the columns are."""

    role: str
    name: str
    where: Where
    table: str = ""
    property_type: str = ""
    #: The repeats around it, by number, the outermost first.
    inside: tuple[int, ...] = ()


class References:
    """All names of one layout.

    Attributes:
        tables: Declared table → its source's table.
        ids: Widget id → its table's name, ``@id`` for the current row of a view, or empty.
        inside: The repeats around what is built now, by number.
    """

    def __init__(self, project: Project, known: Known) -> None:
        self.tables: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.inside: tuple[int, ...] = ()
        #: The name and the table of each repeat's row.
        self._rows: list[tuple[str, str]] = []
        self._homes: dict[str, tuple[int, ...]] = {}
        #: Ids of widgets whose current row is one of their table.
        self._has_rows: set[str] = set()
        self._project = project
        self.known = known
        self._uses: list[_Use] = []

    def table_of(self, node: Node) -> str:
        """The table that the node shows, or empty."""
        return str(node.get("table", ""))

    def _use(self, role: str, name: str, where: Where, table: str = "", property_type: str = "") -> None:
        self._uses.append(_Use(role, name, where, table, property_type, self.inside))

    def enter(self, row: str, table: str) -> tuple[int, ...]:
        """What follows stands in a repeat; answers the repeats around it, for ``inside`` behind it."""
        outer = self.inside
        self._rows.append((row, table))
        self.inside = (*outer, len(self._rows) - 1)
        return outer

    def declare(self, name: str, table: str, kind: str = "") -> None:
        """A widget of a kind has an id."""
        self.ids[name] = table
        if kind in _ROW_KINDS:
            self._has_rows.add(name)
        self._homes[name] = self.inside

    def id(self, name: str, where: Where) -> None:
        """A widget is spoken of by its id."""
        self._use("id", name, where)

    def source(self, name: str, where: Where) -> None:
        """A table of a source is declared."""
        self._use("source", name, where)

    def action(self, text: str, where: Where) -> None:
        """A command does something."""
        self._use("action", text, where)

    def value(self, row: Property, value: Value, found: Any, table: str | None) -> None:
        """A property has a value; keep the names in it."""
        if isinstance(found, Formula):
            self._formula(found, value, table or "", row.type)
        elif isinstance(found, Template):
            for part in found.parts:
                if isinstance(part, Formula):
                    self._formula(part, value, (table or "") if row.type == "row" else "", row.type)
        elif row.type == "action":
            self._use("action", found, value.where)
        elif row.type == "sort":
            for sort in parse_sort(found):
                self._use("column", sort.column, _inside(value, sort.column), table or "")
        elif row.type in ("keys", "figures"):
            for name in _names_in(found, row.type):
                self._use("column", name, _inside(value, name), table or "")
        elif row.type in ("column", "table", "command", "icon"):
            self._use(row.type, found, value.where, table or "")

    def _formula(self, formula: Formula, value: Value, table: str, type: str) -> None:
        for name in formula.names:
            self._use("name", name, _inside(value, name), table, type)

    def check(self) -> None:
        """Tell every name that means nothing."""
        checks = {
            "id": self._check_id,
            "source": self._check_source,
            "table": self._check_table,
            "column": self._check_column,
            "command": self._check_command,
            "action": self._check_action,
            "icon": self._check_icon,
            "name": self._check_name,
        }
        for use in self._uses:
            checks[use.role](use)

    def _report(self, use: _Use, message: str, known: Iterable[str]) -> None:
        self._project.report(
            use.where, message, did_you_mean(use.name.partition(".")[0] if use.role == "name" else use.name, known)
        )

    def _check_id(self, use: _Use) -> None:
        if use.name not in self.ids:
            self._report(use, f"there is no widget with the id {use.name}", self.ids)

    def _check_source(self, use: _Use) -> None:
        schemas = self.known.schemas
        if schemas is not None and use.name not in schemas:
            plain = [name for name in schemas if "/" not in name]
            hint = did_you_mean(use.name, schemas) or (f"it has {_some(plain)}" if plain else "")
            self._project.report(use.where, f"the app has no table {use.name}", hint)

    def _check_table(self, use: _Use) -> None:
        if use.name not in self.tables:
            hint = did_you_mean(use.name, self.tables) or f"declare it: table {use.name}"
            self._project.report(use.where, f"there is no table {use.name}", hint)

    def _source_of(self, table: str) -> str:
        """The source's table behind a declared table, or behind a view's current row; empty when unknown."""
        seen: set[str] = set()
        path: list[str] = []
        while table.startswith("@") and table not in seen:
            seen.add(table)
            head, _, behind = table[1:].partition(".")
            path = [*behind.split("."), *path] if behind else path
            table = self.ids.get(head, "")
        source = self.tables.get(table, "")
        for name in path:
            source = self._behind(source, name)
        return source

    def _behind(self, source: str, reference: str) -> str:
        """The source's table that a reference leads to; empty when unknown."""
        schema = (self.known.schemas or {}).get(source)
        found = schema.reference(reference) if schema is not None else None
        return beside(source, schema, found.table) if found is not None else ""

    def _check_column(self, use: _Use) -> None:
        schemas, source = self.known.schemas, self._source_of(use.table)
        if schemas is None or not source or find_path(schemas, source, use.name) is not False:
            return
        self._report(use, f"the table {source} has no column {use.name}", paths_of(schemas[source]))

    def _check_command(self, use: _Use) -> None:
        declared = self._project.commands
        room, _, verb = use.name.partition(".")
        if use.name in declared or (self.known.commands and use.name in self.known.commands):
            return
        if verb and room in self.ids:
            return
        if verb and room in self.tables:
            if verb not in _TABLE_VERBS:
                near = nearest_names(verb, _TABLE_VERBS, 1)
                hint = f"did you mean {room}.{near[0]}?" if near else f"a table has {', '.join(_TABLE_VERBS)}"
                self._project.report(use.where, f"there is no command {use.name}", hint)
            return
        if use.name in [f"window.open-{number + 1}" for number in range(len(self._project.windows))]:
            return
        others = self.known.commands or frozenset()
        hint = did_you_mean(use.name, [*declared, *others])
        is_sure = (
            self.known.commands is not None or hint or not verb or room in {one.partition(".")[0] for one in declared}
        )
        if is_sure:
            self._project.report(use.where, f"there is no command {use.name}", hint or "declare it: command …")

    def _check_action(self, use: _Use) -> None:
        """A script must be there, a command be known; ``dialog.open`` names a dialog, ``window.open`` a window."""
        if is_function(use.name):
            self._check_function(use)
            return
        command, *rest = use.name.split() or [""]
        if not command:
            self._project.report(use.where, "run is empty", "a command, or module:function of a script")
            return
        self._check_command(use._replace(name=command))
        if command == "dialog.open" and rest and rest[0] not in self.ids:
            self._report(use._replace(role="id", name=rest[0]), f"there is no dialog {rest[0]}", self.ids)
        if command == "window.open" and rest and rest[0] not in self.ids and not rest[0].isdigit():
            self._report(use._replace(role="id", name=rest[0]), f"there is no window {rest[0]}", self.ids)

    def _check_function(self, use: _Use) -> None:
        module, _, function = use.name.strip().partition(":")
        found = self._project.script(module)
        if found is None:
            file = f"{module.replace('.', '/')}.py"
            hint = f"it is looked for as scripts/{file} and {file}"
            self._project.report(use.where, f"the app has no script {module}", hint, "warning")
            return
        if re.search(r"^\s*from .* import \*|__getattr__", found, re.MULTILINE):
            return
        names = re.findall(r"^\s*(?:async )?def (\w+)|^\s*(\w+) *[:=]", found, re.MULTILINE)
        known = [one or other for one, other in names]
        for brought in re.findall(r"\bimport\s+(\([^)]*\)|[^\n]*)", found):
            known += re.findall(r"\w+", brought)
        if function not in known:
            self._project.report(use.where, f"the script {module} has no function {function}",
                                 did_you_mean(function, known), "warning")  # fmt: skip

    def _check_icon(self, use: _Use) -> None:
        icons = self.known.icons if self.known.icons is not None else icon_names()
        if icons and use.name not in icons:
            self._report(use, f"there is no icon {use.name}", icons)

    def _is_outer(self, head: str, member: str) -> bool:
        """Whether a name nobody knows must mean a widget: it asks for a current row, or nearly is an id."""
        return member == "current" or (member in _MEMBERS and bool(did_you_mean(head, self.ids)))

    def _check_row_path(self, use: _Use, head: str, rest: str) -> None:
        """What is named of a view's current row must be a column or reference of it."""
        path = rest.removeprefix("current.")
        schemas, source = self.known.schemas, self._source_of(f"@{head}")
        is_row = use.property_type in ("binding", "action") or head in self._has_rows
        if path == rest or not is_row or schemas is None or not source:
            return
        if find_path(schemas, source, path) is False:
            self._report(use._replace(role="path", name=path), f"the table {source} has no column or reference {path}",
                         paths_of(schemas[source]))  # fmt: skip

    def _is_of_row(self, use: _Use, head: str, rest: str) -> bool:
        """Whether a name is the row of a repeat around it; a path that this row does not have is told."""
        table = next((table for name, table in map(self._rows.__getitem__, reversed(use.inside)) if name == head), None)
        if table is None:
            return False
        schemas, source = self.known.schemas, self._source_of(table)
        own = self._source_of(use.table) if use.property_type in ("filter", "row") else ""
        if schemas is not None and own and find_path(schemas, own, use.name):
            return True
        if rest and schemas is not None and source and find_path(schemas, source, rest) is False:
            self._report(use._replace(role="path", name=rest), f"the table {source} has no column or reference {rest}",
                         paths_of(schemas[source]))  # fmt: skip
        return True

    def _check_name(self, use: _Use) -> None:
        """A name in an expression: a widget's id, a table, or a column where an expression has a row."""
        head, _, rest = use.name.partition(".")
        if use.name in APP_NAMES or use.name in WINDOW_NAMES or self._is_of_row(use, head, rest):
            return
        if head in self.ids and use.inside[: len(self._homes.get(head, ()))] != self._homes.get(head, ()):
            self._project.report(use.where, f"{head} stands in a repeat, so there is one for each row",
                                 "only what stands in the same repeat can name it")  # fmt: skip
            return
        if head in self.ids or head in self.tables:
            if head not in self.ids and rest not in AGGREGATES and nearest_names(rest, AGGREGATES):
                self._report(use._replace(role="figure", name=rest), f"a table has no {rest}", AGGREGATES)
            self._check_row_path(use, head, rest)
            return
        member = rest.partition(".")[0]
        if use.property_type in ("filter", "expression", "row") and use.table:
            schemas, source = self.known.schemas, self._source_of(use.table)
            found = find_path(schemas, source, use.name) if schemas is not None and source else None
            if found or (found is None and not self._is_outer(head, member)):
                return
            if found is False:
                outer = [*paths_of(schemas[source]), *self.ids, *self.tables]  # type: ignore[index]
                self._report(use, f"{use.name} is neither a column of {source} nor a widget or table", outer)
                return
        hint = _TRUTHS.get(head.lower()) or did_you_mean(head, [*self.ids, *self.tables])
        self._project.report(use.where, f"nothing is called {head}", hint)


def _inside(value: Value, name: str) -> Where:
    """Where a name stands inside a written text."""
    if not isinstance(value.value, str):
        return value.where
    match = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", value.value)
    return place_in(value, match.start()) if match else value.where


@functools.cache
def icon_names() -> frozenset[str]:
    """The names of resources/icons.toml; none when it is not there, and then none is checked."""
    import tomllib  # Only when a layout names an icon.

    try:
        return frozenset(tomllib.loads(_ICONS.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError):
        return frozenset()


def _names_in(text: str, type: str) -> list[str]:
    """The columns that a list of keys or figures names."""
    from kernel.expression import parse
    from kernel.tables.key_list import parse_figures, split_list

    parts = [one.of for one in parse_figures(text) if one.of] if type == "figures" else split_list(text)
    return list(dict.fromkeys(name for part in parts for name in parse(part).names))


def _some(names: Iterable[str], most: int = 8) -> str:
    """Some of the names, for a hint."""
    listed = sorted(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")
