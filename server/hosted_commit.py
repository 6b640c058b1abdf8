"""One commit of a person to a hosted source: grants before it is written, the audit afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from kernel.tables.change import Committed, Part
from kernel.tables.contract import Check, Source
from kernel.tables.error import ForbiddenError, TableError, UnknownColumnError
from kernel.tables.interrupt import current
from kernel.tables.reporting import current_report
from kernel.tables.together import Asked
from server.audit import Audit
from server.commit_record import CommitRecord
from server.granted import GrantedSource


class HostedCommit:
    """A commit that is about to be written.

    Args:
        mine: The source as the person may use it.
        parts: What is to be written.
        id: The commit's.
        record: Watches it.
        audit: Learns of it.
        refuse: Called with an error and the commit's id, before it is raised, when something is not granted.

    Attributes:
        source: The whole source, which is to write it.
        asked: What it is to write.

    Raises:
        TableError: it is refused as it stands.
    """

    def __init__(
        self,
        mine: Source,
        parts: Sequence[Part],
        id: str,
        record: CommitRecord,
        audit: Audit,
        refuse: Callable[[TableError, str], None],
    ) -> None:
        self._id, self._record, self._audit, self._refuse = id, record, audit, refuse
        self._telling: contextlib.AbstractContextManager[None] = contextlib.nullcontext()
        check: Check = record
        self.source = mine
        if isinstance(mine, GrantedSource):
            self.source = mine.source
            with self._noting():
                parts, check, self._telling = mine.asked(parts, record)
        self.asked = Asked(tuple(parts), id, check, current(), current_report())

    def ended(self, written: Callable[[], tuple[Committed, ...]]) -> tuple[Committed, ...]:
        """The answer for the person; raises what the person is told.

        Args:
            written: Answers or raises what the source did.
        """
        try:
            with self._noting(), self._telling:
                done = written()
        finally:
            note = self._record.note
            self._record.close()
        if note is not None and not hasattr(self.source, "take_notes"):
            self._audit.add(self._id, note)
        self._audit.follow(self.source)
        return done

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except (ForbiddenError, UnknownColumnError) as error:
            self._refuse(error, self._id)
            raise
