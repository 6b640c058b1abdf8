"""What a widget ``requires`` of where it is shown: the shell, a plugin, the interface of plugins, a permission.

``requires="plugin chart >=1.2; permission net"``. Where something of it is missing, the widget's ``fallback`` stands in
its place, or a note that says what is missing (:mod:`layouts.unknown`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kernel.nearest import did_you_mean
from layouts.app_needs import PERMISSIONS, fits, is_version
from layouts.value import ValueProblem

if TYPE_CHECKING:
    from layouts.kdl import Value

#: What may be required → whether it goes by a name, and whether it has versions.
SUBJECTS: dict[str, tuple[bool, bool]] = {
    "shell": (False, True),
    "plugin": (True, True),
    "interface": (False, True),
    "permission": (True, False),
}
_FORM = 'write "shell 0.2", "plugin NAME 1.2", "interface 1" or "permission NAME", with ; between'


class Requirement(NamedTuple):
    """One part: ``plugin chart`` and ``>=1.2``; the version is empty where any will do."""

    subject: str
    version: str

    def __str__(self) -> str:
        return f"{self.subject} {self.version}".rstrip()

    def is_met(self, here: str | None) -> bool:
        """Whether the version that is here fits; None = there is none."""
        return here is not None and (not self.version or fits(here, self.version))


def requirements(value: Value) -> Iterator[Requirement]:
    """The parts of a ``requires``.

    Raises:
        ValueProblem: it is not written so.
    """
    if not isinstance(value.value, str) or not value.value.strip():
        raise ValueProblem("requires must be a text", value.where, _FORM)
    for part in value.value.split(";"):
        yield _requirement(part.split(), value)


def _requirement(words: list[str], value: Value) -> Requirement:
    word = words[0] if words else ""
    if word not in SUBJECTS:
        hint = did_you_mean(word, SUBJECTS) or _FORM
        raise ValueProblem(f"nothing called {word} can be required" if word else "a part is empty", value.where, hint)
    has_name, has_version = SUBJECTS[word]
    if has_name and len(words) < 2:
        raise ValueProblem(f"requires does not say which {word}", value.where, _FORM)
    subject, version = " ".join(words[: 1 + has_name]), " ".join(words[1 + has_name :])
    if word == "permission" and words[1] not in PERMISSIONS:
        hint = did_you_mean(words[1], PERMISSIONS) or f"known: {', '.join(PERMISSIONS)}"
        raise ValueProblem(f"there is no permission {words[1]}", value.where, hint)
    if version and not has_version:
        raise ValueProblem(f"a {word} has no version", value.where, _FORM)
    if (version or not has_name) and not is_version(version):
        raise ValueProblem(f"{version or 'this'} is no version", value.where, 'write "1.2" or ">=1.2, <2"')
    return Requirement(subject, version)
