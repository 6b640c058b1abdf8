"""What the repository itself says about publishing: ``roles.toml`` (roles and rights) and ``rollout.toml``.

A file that is wrong leaves what was in force before.
"""

from __future__ import annotations

from typing import Any

from kernel.error import EspalierError
from layouts.grant import ROLES_FILE, RolesError, read_roles, roles_of
from layouts.person_key import people_of
from layouts.right import Right, Rights
from server.identity import NOBODY, Person
from server.log import Log
from server.publishing.rollout import ROLLOUT_FILE, RolloutError, parse_rollout, share_of
from server.repository import Repository

#: What somebody does whose name does not count.
PROVE = (
    "prove who you are: espalier server me prints your key, and an administrator puts it below [people] of roles.toml"
)


class Policy:
    """What is in force.

    Attributes:
        rights: Who has which roles, and who may publish what.
        people: Public key → the person who has it.
        parts: App → how much of its people get a staged roll-out, in percent.
    """

    def __init__(self) -> None:
        self.rights = Rights()
        self.people: dict[str, str] = {}
        self.parts: dict[str, float] = {}

    def read(self, repository: Repository, commit: str, log: Log) -> set[str]:
        """Take the files of a commit; answers the apps whose roll-out has fewer people now."""
        before = self.parts
        try:
            values = read_roles(_top(repository, commit, ROLES_FILE))
            self.rights, self.people = rights_of(values), people_of(values)
        except RolesError as error:
            log.error("roles refused", error=error, keeps=len(self.rights.roles))
        try:
            self.parts = parse_rollout(_top(repository, commit, ROLLOUT_FILE))
        except RolloutError as error:
            log.error("roll-outs refused", error=error, keeps=len(self.parts))
        return {app for app, part in before.items() if self.parts.get(app, 0) < part}

    def name_of(self, person: Person) -> str:
        """The name that rights are looked up for: one that is only claimed, from another machine or user, or by
        somebody whose key is known and was not used, counts for nobody.
        """
        is_taken = person.is_near and person.name not in self.people.values()
        return person.name if person.is_verified or is_taken else NOBODY

    def proof_hint(self, person: Person) -> str:
        """What to do for somebody who is refused because the name does not count; empty when it does."""
        if self.name_of(person) == person.name:
            return ""
        if person.name in self.people.values():
            return f"nobody has proven to be {person.name} here: connect over TLS with the key that roles.toml has"
        return f"nobody has proven to be {person.name}: {PROVE}"

    def is_next(self, app: str, name: str) -> bool:
        """Whether a staged roll-out of the app is for the person."""
        return share_of(app, name) < self.parts.get(app, 0)


def rights_of(values: dict[str, Any]) -> Rights:
    """The rights of a ``roles.toml`` that was read; without any row nothing is limited."""
    rows = tuple(
        Right(**{name: tuple(one) if isinstance(one, list) else one for name, one in row.items()})
        for row in values.get("rights", ())
    )
    return Rights(rows, roles_of(values))


def problems_of(repository: Repository, commit: str) -> list[EspalierError]:
    """What is wrong with these files in a commit."""
    found: list[EspalierError] = []
    for name, parse in ((ROLES_FILE, read_roles), (ROLLOUT_FILE, parse_rollout)):
        try:
            parse(_top(repository, commit, name))
        except EspalierError as error:
            found.append(error)
    return found


def _top(repository: Repository, commit: str, name: str) -> bytes:
    return (repository.top_file(commit, name) or b"") if commit else b""
