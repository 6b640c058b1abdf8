"""``[people]`` of a repository's ``roles.toml``: the public keys by which people are known to its server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from layouts.grant import Found, is_who

_KEY = re.compile(r"ed25519:[0-9a-f]{64}")


def people_problems(people: Any) -> Iterator[Found]:
    """What is wrong with the table: keys to the place in the file, whether the value is meant, message, hint."""
    if not isinstance(people, dict):
        yield ("people",), True, "people must be a table: [people]", ""
        return
    taken: dict[str, str] = {}
    for person, keys in people.items():
        place = ("people", person)
        if not is_who(person) or person.startswith("role:") or person == "*":
            yield place, False, f"a person cannot be called {person}", ""
        if not isinstance(keys, list) or not all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys):
            hint = f'{person} = ["ed25519:…"], as espalier server me prints it'
            yield place, True, f"{person} must be a list of public keys", hint
            continue
        for key in keys:
            if taken.setdefault(key, person) != person:
                yield place, True, f"{person} and {taken[key]} have the same key", "give each person a key of their own"


def people_of(values: dict[str, Any]) -> dict[str, str]:
    """Public key → the person who has it, of a file that was read."""
    return {key: person for person, keys in values.get("people", {}).items() for key in keys}
