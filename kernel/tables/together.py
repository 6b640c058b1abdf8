"""Commits that are written together: what each asks for, and what comes of it."""

from __future__ import annotations

from typing import NamedTuple

from kernel.tables.change import Committed, Part
from kernel.tables.contract import Check, Report
from kernel.tables.interrupt import Interrupt

Done = tuple[Committed, ...]
#: Changes of a commit from which on it has a transaction to itself, and can be given up.
LARGE = 1_000


class Asked(NamedTuple):
    """One commit as it was asked for; see :meth:`kernel.tables.contract.Source.commit`."""

    parts: tuple[Part, ...]
    id: str
    check: Check | None
    interrupt: Interrupt | None = None
    report: Report | None = None

    @property
    def is_large(self) -> bool:
        """Whether others should not wait for it within one transaction."""
        return sum(len(part.changes) for part in self.parts) >= LARGE


class Outcome(NamedTuple):
    """Its answer, or why there is none."""

    done: Done | None
    error: BaseException | None = None

    def result(self) -> Done:
        """The answer; raises what the commit would have raised."""
        if self.error is not None:
            raise self.error
        assert self.done is not None
        return self.done
