"""What one person may do with one table: the grants that decide, put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kernel.tables.schema import Schema
from layouts.grant import ACTIONS, EVERYBODY, ROLE, Grant
from server.identity import Person

#: Why something is closed, for the person.
REASON = "You may read this, but not change it"


class Sight(NamedTuple):
    """One table as one person has it: the deciding grant of each action, None where nothing is allowed."""

    person: Person
    read: Grant | None
    edit: Grant | None
    add: Grant | None
    delete: Grant | None

    def grant(self, action: str) -> Grant | None:
        """The grant that decides about an action."""
        return getattr(self, action)

    @property
    def parameters(self) -> dict[str, str]:
        """What row filters know of the person."""
        return {"user.name": self.person.name}

    def columns(self, schema: Schema, action: str) -> frozenset[str]:
        """The columns that the action reaches; for reading, those of the key always."""
        grant = self.grant(action)
        if grant is None:
            return frozenset()
        names = frozenset(column.name for column in schema.columns)
        if not grant.columns:
            return names
        return names & frozenset((*grant.columns, *(schema.key if action == "read" else ())))

    def rows(self, *actions: str) -> str:
        """The row filter of all these actions together; empty = all rows."""
        texts = [grant.rows.strip() for action in actions if (grant := self.grant(action)) is not None]
        return " and ".join(f"({text})" for text in dict.fromkeys(texts) if text)


def sight_of(
    grants: Sequence[Grant], person: Person, roles: Iterable[str], source: str, table: str
) -> Sight:
    """What the person may do with the table.

    Args:
        grants: The app's, in order.
        person: Who asks.
        roles: The person's roles.
        source: The source's name.
        table: The table's name.
    """
    names = {EVERYBODY, person.name, *(f"{ROLE}{role}" for role in roles)}
    mine = [
        grant
        for grant in grants
        if grant.who in names and grant.table in (EVERYBODY, table) and grant.source in ("", source)
    ]
    return Sight(person, *(next((grant for grant in mine if action in grant.may), None) for action in ACTIONS))


def restricted(schema: Schema, sight: Sight, other: dict[str, frozenset[str]]) -> Schema:
    """The schema as the person has it.

    Args:
        schema: The whole one.
        sight: What may be done with it.
        other: Tables that references lead to and that may be read → the columns that may be read there.
    """
    import msgspec

    seen, open_ = sight.columns(schema, "read"), sight.columns(schema, "edit") | sight.columns(schema, "add")
    columns = tuple(
        column if column.name in open_ else msgspec.structs.replace(column, read_only_reason=REASON)
        for column in schema.columns
        if column.name in seen
    )
    references = tuple(
        reference
        for reference in schema.references
        if seen.issuperset(reference.via) and other.get(reference.table, frozenset()).issuperset(reference.columns)
        and reference.table in other
    )
    label = schema.label if seen.issuperset(schema.label) else ()
    can_write = sight.edit or sight.add or sight.delete
    return msgspec.structs.replace(
        schema,
        columns=columns,
        references=references,
        label=label,
        is_editable=schema.is_editable and can_write is not None,
        read_only_reason=schema.read_only_reason or ("" if can_write else REASON),
        can_edit=sight.edit is not None,
        can_add=sight.add is not None,
        can_delete=sight.delete is not None,
    )
