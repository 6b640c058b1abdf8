"""A playlist: the rows of a table, one after the other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from plugins.api import Context, EspalierError, Node, Query, TableHandle, say


class Playlist(QObject):
    """Says what is to be played next.

    Attributes:
        place: Which row plays, from 0; -1 for none yet.
    """

    #: Source and title.
    chosen = Signal(object, str)

    def __init__(self, node: Node, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        handle = context.tables.get(str(node.get("playlist")))
        if handle is None:
            raise EspalierError(say("there is no table {name!r}", name=node.get("playlist")), where=node.where)
        self._handle: TableHandle = handle
        self._context = context
        self._source, self._title = str(node.get("column") or "source"), str(node.get("named") or "")
        self.place, self._cancel = -1, None
        handle.base_changed.connect(self._restart)

    def move(self, step: int) -> None:
        """Another row; behind the last one and before the first nothing happens."""
        place = self.place + step
        if place >= 0:
            self.go_to(place)

    def go_to(self, place: int) -> None:
        """Play a row by its place."""
        if self._cancel is not None:
            self._cancel()
        columns = tuple(filter(None, (self._source, self._title)))
        query = self._handle.merge(Query(columns=columns))

        def take(answer: Any) -> None:
            if isinstance(answer, Exception):
                self._context.reporter.report("error", str(answer))
            elif len(answer):
                self.place = place
                title = answer.columns[self._title][0] if self._title else ""
                self.chosen.emit(answer.columns[self._source][0], str(title or ""))

        self._cancel = self._handle.fetch(query, place, place + 1, take)

    def _restart(self) -> None:
        self.place = -1
