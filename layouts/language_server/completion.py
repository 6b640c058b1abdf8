"""What may be written at a place of a layout: kinds, properties, values."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping

from kernel.words import say
from layouts.construct import CONSTRUCTS
from layouts.json_schema import children_of
from layouts.kinds.common import COMMON
from layouts.kinds.kind import Kind, Property
from layouts.language_server.analysis import Analysis
from layouts.language_server.app import Snapshot
from layouts.language_server.documentation import kind_text, property_text, symbol_text
from layouts.language_server.item import Item, as_value
from layouts.language_server.param_type import param_rows
from layouts.language_server.place import OpenNode, Place, place_at
from layouts.language_server.surroundings import Surroundings
from layouts.language_server.symbol import Component
from layouts.language_server.table_name import table_inside
from layouts.language_server.value_completion import ValueCompletion
from layouts.library import library_of, shown_path
from layouts.place import OPEN_KINDS, PART_HOLDERS

#: Words that stand at the top of a file.
_TOP = (*(kind.name for kind in CONSTRUCTS.values() if not kind.parents and kind.name != "slot"), "window")


class Completion:
    """The offers at one place.

    Args:
        path: The file.
        text: Its text.
        offset: The cursor.
        analysis: What the layout names; ``whole`` the same when it last had no syntax problem.
        around: The program.
        now: The app's files.
    """

    def __init__(
        self,
        path: str,
        text: str,
        offset: int,
        analysis: Analysis,
        whole: Analysis,
        around: Surroundings,
        now: Snapshot,
    ) -> None:
        self._path = path
        self._offset = offset
        self._around = around
        self._now = now
        self._kinds: Mapping[str, Kind] = around.kinds
        self._components = {**whole.names.components, **analysis.names.components}
        self._analysis = analysis
        self._whole = whole
        self.place: Place = place_at(text, offset)

    def items(self) -> list[Item]:
        """The offers; those that begin with what is typed are for the editor to find."""
        place = self.place
        if place.what == "node":
            return [] if place.quote else self._nodes()
        if place.node is None or place.what == "nothing":
            return []
        if place.what == "value":
            row = self._rows(place.node).get(place.property)
            return self._values(row) if row is not None else []
        return self._entries(place.node)

    def _component_around(self) -> str:
        """The component whose body this is."""
        first = self.place.around[1] if len(self.place.around) > 1 else None
        return first.arguments[0] if first and first.name == "component" and first.arguments else ""

    def _nodes(self) -> list[Item]:
        """Kinds, components and words of the language that may stand here."""
        names = self._node_names(self.place.around[-1])
        items = []
        for name in dict.fromkeys(names):
            is_top = len(self.place.around) == 1
            kind = self._kind(name, 1 if is_top else 2)
            if kind is not None:
                is_kind = name in self._kinds and kind is self._kinds[name]
                items.append(self._item(name, "kind" if is_kind else "word", name, say(kind.doc), kind_text(kind)))
            elif name in self._components:
                component = self._components[name]
                items.append(self._item(name, "component", name, "component", symbol_text(component.symbol)))
            else:
                items.append(self._item(name, "slot", name, "slot"))
        return items

    def _node_names(self, parent: OpenNode) -> list[str]:
        if not parent.name and len(self.place.around) == 1:
            return list(_TOP)
        if parent.name in self._components:
            return [*self._components[parent.name].slots, *self._widgets()]
        kind = self._kind(parent.name, len(self.place.around) - 1)
        if parent.name in CONSTRUCTS and kind is CONSTRUCTS[parent.name] and kind.children:
            return list(kind.children)
        if parent.name == "component":
            return ["param", "slot", "include", *self._widgets()]
        if kind is None:
            return self._widgets()
        found = children_of(kind, self._kinds)
        if parent.name in OPEN_KINDS and (holder := self._part_holder()):
            named = [name for name in found if name in ("case", "else")]
            found = [*named, *children_of(self._kinds[holder], self._kinds)] if parent.name != "match" else named
        if "else" in found and kind.name == "if":
            found.remove("else")
        if parent.before == "if":
            found = ["else", *found]
        if "*" in kind.children:
            found += [*self._components, "include", *(["slot"] if self._component_around() else [])]
        return found

    def _part_holder(self) -> str:
        """The container of parts of its own around the structures here, empty where there is none."""
        names = [node.name for node in self.place.around]
        while names and names[-1] in OPEN_KINDS:
            names.pop()
        return names[-1] if names and names[-1] in PART_HOLDERS else ""

    def _widgets(self) -> list[str]:
        """All that may stand where any widget may."""
        kinds = [name for name, kind in self._kinds.items() if kind.loader and not kind.parents]
        return [*kinds, *self._components, *(["slot"] if self._component_around() else [])]

    def _rows(self, node: OpenNode) -> dict[str, Property]:
        """The properties that a node may have."""
        component = self._components.get(node.name)
        if component is not None and node.name not in self._kinds:
            known = param_rows(component, self._whole.names, self._kinds)
            known |= param_rows(component, self._analysis.names, self._kinds)
            params = {name: known.get(name) or Property(name, "any", "") for name in component.params}
            return params | {row.name: row for row in COMMON}
        kind = self._kind(node.name, len(self.place.around))
        if kind is None:
            return {}
        common = COMMON if kind.loader and not kind.is_structure else ()
        return {row.name: row for row in (*kind.properties, *common)}

    def _kind(self, name: str, depth: int) -> Kind | None:
        """What a word means; at the top of a file (depth 1) words of the language go before kinds."""
        first, second = (CONSTRUCTS, self._kinds) if depth == 1 else (self._kinds, CONSTRUCTS)
        return first.get(name) or second.get(name)

    def _entries(self, node: OpenNode) -> list[Item]:
        """Values of the next argument, and names of properties that are not there yet."""
        rows = self._rows(node)
        component: Component | None = self._components.get(node.name) if node.name not in self._kinds else None
        items: list[Item] = []
        next_row = self._argument(node, rows, component)
        if next_row is not None:
            items += self._values(next_row)
        if self.place.quote:
            return items
        count = len(node.arguments)
        taken = {*node.properties, *(row.name for row in rows.values() if 0 < row.argument <= count)}
        taken |= set(list(component.params)[:count]) if component else set()
        for name, row in rows.items():
            if name not in taken and row.argument >= 0 and not (name == "id" and row.argument):
                items.append(self._item(name, "property", f"{name}=", row.type, property_text(row)))
        return items

    def _argument(self, node: OpenNode, rows: dict[str, Property], component: Component | None) -> Property | None:
        count = len(node.arguments)
        if component is not None:
            names = list(component.params)
            return rows.get(names[count]) if count < len(names) else None
        found = [row for row in rows.values() if row.argument in (count + 1, -1)]
        return found[0] if found else None

    def _values(self, row: Property) -> list[Item]:
        place = self.place
        node = place.node
        assert node is not None
        if node.name in ("use", "include"):
            return self._files()
        if row.name == "event":
            parent = self._kinds.get(place.around[-1].name)
            events = parent.events if parent else ()
            return [self._item(one.name, "value", one.name, say(one.doc)) for one in events]
        if node.name == "style" and row.name == "kinds":
            widgets = [kind for kind in self._kinds.values() if kind.loader and not kind.is_structure]
            return [self._item(kind.name, "kind", kind.name, say(kind.doc), kind_text(kind)) for kind in widgets]
        table = ""
        for one in (*place.around, node):
            table = table_inside(self._kinds.get(one.name), one.arguments, one.properties, table)
        if node.name == "table" and len(place.around) == 1:
            table = node.arguments[0] if node.arguments else ""
        rows = {
            one.properties.get("as", "row"): table_inside(self._kinds["repeat"], one.arguments, one.properties, "")
            for one in place.around
            if one.name == "repeat"
        }
        offering = ValueCompletion(
            self._analysis, self._whole, self._around, self._now, place, self._component_around(), table, rows
        )
        return offering.items(_type_of(node.name, row))

    def _files(self) -> list[Item]:
        """Layouts of the app, from this file's folder."""
        here = posixpath.dirname(self._path)
        found = [path for path in self._now.paths(".kdl") if path != self._path]
        texts = [
            shown_path(path)
            if library_of(path) and library_of(path) != library_of(self._path)
            else os.path.relpath(path, here or ".").replace(os.sep, "/")
            for path in found
            if library_of(path) or not library_of(self._path)
        ]
        return [self._item(text, "file", self._quoted(text)) for text in texts]

    def _quoted(self, text: str) -> str:
        return text if self.place.quote else as_value(text, "") if "/" not in text else f'"{text}"'

    def _item(self, label: str, kind: str, insert: str, detail: str = "", doc: str = "") -> Item:
        return Item(label, kind, insert, self.place.start, detail, doc)


def _type_of(node: str, row: Property) -> Property:
    """Rows of the language that mean more than their type says."""
    special = {("table", "source"): "source", ("command", "run"): "action", ("style", "id"): "id"}
    return row._replace(type=special.get((node, row.name), row.type))
