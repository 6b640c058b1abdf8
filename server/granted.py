"""A source as one person may use it: the one place where grants are enforced. Implements the table contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import msgspec

from kernel.disposer import Disposer
from kernel.tables.block import Block
from kernel.tables.change import Change, Committed, Key, Part, TableChange
from kernel.tables.contract import Check, Estimate, Listener, Report, Source, Table
from kernel.tables.error import ConflictError, ConstraintError, ForbiddenError, UnknownTableError
from kernel.tables.grouping import is_grouped
from kernel.tables.path import Path
from kernel.tables.query import Query
from kernel.tables.schema import Schema
from server.granted_commit import GrantCheck, check_kinds
from server.granted_query import Seen, View, seen_query, under
from server.granted_refusal import told
from server.seal import Seal, is_partial, without_versions
from server.sight import Sight, restricted


class GrantedSource:
    """The tables of ``source`` that a person may read.

    Args:
        source: The whole source.
        sight_of: Table → what the person may do with it.
        seal: Hides what versions tell of columns that the person does not read.
    """

    def __init__(self, source: Source, sight_of: Callable[[str], Sight], seal: Seal) -> None:
        self.source = source
        self.sight_of = sight_of
        self.seal = seal

    def table_names(self) -> list[str]:
        """See :class:`kernel.tables.contract.Source`; those that may be read."""
        return [name for name in self.source.table_names() if self.sight_of(name).read is not None]

    def table(self, name: str) -> GrantedTable:
        """See :class:`kernel.tables.contract.Source`.

        Raises:
            ForbiddenError: the person may not read the table, whether there is one or not.
        """
        if self.sight_of(name).read is None:
            raise ForbiddenError(f"you may not read {name}")
        return GrantedTable(self, name)

    def commit(self, parts: Sequence[Part], *, id: str = "", check: Check | None = None) -> tuple[Committed, ...]:
        """See :class:`kernel.tables.contract.Source`; each row is looked at before and after, in the transaction.

        Raises:
            ForbiddenError: a change is not granted.
        """
        asked, looking, telling = self.asked(parts, check)
        with telling:
            return self.source.commit(asked, id=id, check=looking)

    def asked(
        self, parts: Sequence[Part], check: Check | None
    ) -> tuple[list[Part], Check, AbstractContextManager[None]]:
        """A commit as the whole source is to have it: its parts, its check, and what tells its errors to the person.

        Raises:
            ForbiddenError: a change is not granted.
        """
        views = {part.table: self.view(part.table) for part in parts}
        check_kinds(views, parts)
        asked = [without_versions(part) if is_partial(views[part.table]) else part for part in parts]
        return asked, GrantCheck(self.source, views, parts, self.seal, self.view, check), self._telling(views, parts)

    @contextmanager
    def _telling(self, views: dict[str, View], parts: Sequence[Part]) -> Iterator[None]:
        """Within the block errors of a commit tell no more than the person may know."""
        try:
            yield
        except ConflictError as error:
            view, now = views[parts[error.part].table], error.current
            columns = {one.name: now.columns[one.name] for one in view.mine.columns if one.name in now.columns}
            error.current = self.seal.block(view, Block(now.start, columns, now.keys, now.versions))
            raise
        except ConstraintError as error:
            name = parts[error.part].table
            is_used_told = not error.used_by or self._reads_all_rows(error.used_by)
            said = told(error, views[name], parts, is_used_told, self.source.table(name))
            if said is error:
                raise
            raise said from error

    def close(self) -> None:
        """See :class:`kernel.tables.contract.Source`; the whole source stays, it is the server's."""

    def view(self, name: str) -> View:
        """A table as it is and as the person has it.

        Raises:
            ForbiddenError: it may not be read.
        """
        whole = self._find(name)
        if self.sight_of(name).read is None or whole is None:
            raise ForbiddenError(f"you may not read {name}")
        return View(whole, self._mine(whole), self._find, self._find_mine, self.sight_of(name), self._rows_of)

    def _find(self, name: str) -> Schema | None:
        try:
            return self.source.table(name).schema
        except UnknownTableError:
            return None

    def _find_mine(self, name: str) -> Schema | None:
        whole = self._find(name)
        return self._mine(whole) if whole is not None and self.sight_of(name).read is not None else None

    def _mine(self, whole: Schema) -> Schema:
        readable = {}
        for reference in whole.references:
            target = self._find(reference.table)
            if target is not None and self.sight_of(reference.table).read is not None:
                readable[reference.table] = self.sight_of(reference.table).columns(target, "read")
        return restricted(whole, self.sight_of(whole.name), readable)

    def _reads_all_rows(self, name: str) -> bool:
        sight = self.sight_of(name)
        return sight.read is not None and not sight.rows("read")

    def _rows_of(self, name: str) -> str:
        return self.sight_of(name).rows("read")


class GrantedTable:
    """Made by :meth:`GrantedSource.table`."""

    def __init__(self, source: GrantedSource, name: str) -> None:
        self._source = source
        self._table: Table = source.source.table(name)
        self.view = source.view(name)

    @property
    def schema(self) -> Schema:
        """See :class:`kernel.tables.contract.Table`; without what the person cannot read."""
        return self.view.mine

    def count(self, query: Query) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        return self._table.count(self._seen(query).query)

    def estimate(self, query: Query) -> Estimate:
        """See :class:`kernel.tables.contract.Table`."""
        seen = self._seen(query).query
        guess = self._table.estimate(seen)
        if guess.is_exact or not query.filter.strip() or not self.view.sight.rows("read"):
            return guess
        # A database guesses by the values of all its rows, which tells of those out of sight.
        return self._table.estimate(under(self.view, Query()))

    def prepare(self, query: Query, report: Report) -> int:
        """See :class:`kernel.tables.contract.Table`."""
        return self._table.prepare(self._seen(query).query, report)

    def fetch(self, query: Query, start: int, stop: int) -> Block:
        """See :class:`kernel.tables.contract.Table`; what lies behind a reference out of sight is null."""
        seen = self._seen(query)
        if is_grouped(query) or not (seen.hidden or seen.guarded):
            return self._sealed(query, self._table.fetch(seen.query, start, stop))
        ways = {path: self._key_paths(path, way) for path, way in seen.guarded.items()}
        extra = [key for steps in ways.values() for _, keys in steps for key in keys]
        wanted = tuple(dict.fromkeys([*(seen.query.columns or ()), *extra]))
        block = self._table.fetch(msgspec.structs.replace(seen.query, columns=wanted), start, stop)
        return self._sealed(query, self._covered(block, seen, ways))

    def locate(self, query: Query, key: Key) -> int | None:
        """See :class:`kernel.tables.contract.Table`."""
        return self._table.locate(self._seen(query).query, key)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """See :class:`kernel.tables.contract.Table`."""
        return self._source.commit([Part(self.view.whole.name, tuple(changes))])[0]

    def subscribe(self, listener: Listener) -> Disposer:
        """See :class:`kernel.tables.contract.Table`; keys are not told here, see ``feed`` for that."""
        name = self.view.whole.name
        return self._table.subscribe(lambda change: listener(TableChange(name, is_everything=True)))

    def _sealed(self, query: Query, block: Block) -> Block:
        return block if is_grouped(query) else self._source.seal.block(self.view, block)

    def _seen(self, query: Query) -> Seen:
        return seen_query(self.view, query)

    def _key_paths(self, path: str, way: Path) -> list[tuple[str, tuple[str, ...]]]:
        """For each table on the way that is partly out of sight: its name and the paths of its key."""
        heads = path.removesuffix(":label").split(".")
        found = []
        for number, step in enumerate(way.steps, 1):
            target = self.view.find_whole(step.table)
            if target is not None and self.view.rows_of(step.table):
                found.append((step.table, tuple(".".join([*heads[:number], name]) for name in target.key)))
        return found

    def _covered(self, block: Block, seen: Seen, ways: dict[str, list[tuple[str, tuple[str, ...]]]]) -> Block:
        known: dict[tuple[str, tuple[str, ...]], list[bool]] = {}
        columns: dict[str, list[Any]] = {}
        for path in seen.columns or ():
            values = [None] * len(block) if path in seen.hidden else block.columns[path]
            for table, keys in ways.get(path, ()):
                if (table, keys) not in known:
                    known[table, keys] = self._is_in_sight(table, [block.columns[key] for key in keys])
                values = [value if is_seen else None for value, is_seen in zip(values, known[table, keys], strict=True)]
            columns[path] = values
        return Block(block.start, columns, block.keys, block.versions)

    def _is_in_sight(self, table: str, parts: list[list[Any]]) -> list[bool]:
        """Whether each of the keys, given column by column, is a row that the person reads."""
        keys = list(zip(*parts, strict=True))
        wanted = tuple(dict.fromkeys(key for key in keys if None not in key))
        query = under(self._source.view(table), Query(keys=wanted, columns=()))
        seen = set(self._source.source.table(table).fetch(query, 0, len(wanted)).keys) if wanted else set()
        return [key in seen for key in keys]
