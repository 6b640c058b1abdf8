"""Grants at a commit: each change against its row before and after, inside the transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from kernel.tables.block import Block
from kernel.tables.by_key import blocks_of
from kernel.tables.change import Change, Committed, Delete, Insert, Key, Part, Update
from kernel.tables.contract import Check, Source
from kernel.tables.error import ConflictError, ForbiddenError
from kernel.tables.outcome import in_part
from kernel.tables.path import unknown_column
from kernel.tables.query import Query
from server.granted_query import View, under
from server.granted_reference import check_references
from server.seal import Seal, is_partial

#: Kind of change → the action that must be granted, and what one may not do.
_ACTIONS: dict[type, tuple[str, str]] = {
    Insert: ("add", "add rows to"),
    Update: ("edit", "change rows of"),
    Delete: ("delete", "delete rows of"),
}


class GrantCheck:
    """Refuses what is not granted; goes on to another check.

    Args:
        source: The whole source.
        views: The tables of the parts, as the person has them.
        parts: What is to be written, with the versions that the person has.
        seal: Made those versions.
        view_of: Any other table that the person may read, likewise.
        inner: Looks at the transaction as well, or None.
    """

    def __init__(
        self,
        source: Source,
        views: Mapping[str, View],
        parts: Sequence[Part],
        seal: Seal,
        view_of: Callable[[str], View],
        inner: Check | None = None,
    ) -> None:
        self._source, self._views, self._parts, self._seal, self._inner = source, views, parts, seal, inner
        self._view_of = view_of

    def before(self) -> None:
        """See :class:`kernel.tables.contract.Check`.

        Raises:
            ForbiddenError, ConflictError: a change may not be made to the row as it is.
            ConstraintError, ForbiddenError: it refers to a row out of sight.
        """
        for number, part in enumerate(self._parts):
            with in_part(number):
                self._check_rows(self._views[part.table], part.changes)
        check_references(self._source, self._views, self._view_of, self._parts)
        if self._inner is not None:
            self._inner.before()

    def after(self, done: tuple[Committed, ...]) -> bytes | None:
        """See :class:`kernel.tables.contract.Check`.

        Raises:
            ForbiddenError: a row is no longer one that the person may write.
        """
        for part, one in zip(self._parts, done, strict=True):
            view = self._views[part.table]
            for kind, actions in ((Insert, ("add",)), (Update, ("read", "edit"))):
                keys = _left(part.changes, one.keys, kind)
                if len(self._found(view, keys, *actions)) < len(keys):
                    raise ForbiddenError(f"you may not give a row of {part.table} these values")
        return self._inner.after(done) if self._inner is not None else None

    def _check_rows(self, view: View, changes: Sequence[Change]) -> None:
        for kind in (Update, Delete):
            keys = [tuple(change.key) for change in changes if isinstance(change, kind)]
            seen = self._found(view, keys, "read")
            for index, change in enumerate(changes):
                if isinstance(change, kind) and tuple(change.key) not in seen:
                    raise ConflictError(  # out of sight is the same as not there
                        "the row was deleted by somebody else", current=Block(0, {}, [], []), index=index
                    )
            action, said = _ACTIONS[kind]
            if len(self._found(view, keys, "read", action)) < len(seen):
                raise ForbiddenError(f"you may not {said} {view.whole.name} like this one")
            if is_partial(view):  # the source was not told these versions
                self._check_versions(view, changes, kind, seen)

    def _check_versions(
        self, view: View, changes: Sequence[Change], kind: type[Update] | type[Delete], seen: Mapping[Key, str]
    ) -> None:
        """Refuse changes of rows that are not as the person saw them; ``seen``: key → the source's version."""
        wrong = {}
        for index, change in enumerate(changes):
            if isinstance(change, kind) and change.version:
                key = tuple(change.key)
                if change.version != self._seal.version(view, key, seen[key]):
                    wrong.setdefault(key, index)
        if wrong:
            blocks = list(blocks_of(self._source.table(view.whole.name), under(view, Query()), tuple(wrong)))
            raise ConflictError("the row was changed by somebody else", current=_joined(blocks),
                                index=next(iter(wrong.values())))  # fmt: skip

    def _found(self, view: View, keys: Iterable[Key], *actions: str) -> dict[Key, str]:
        """Those of the keys whose rows are inside the row filters of these actions, with the source's versions."""
        wanted = tuple(dict.fromkeys(keys))
        if not wanted:
            return {}
        query = under(view, Query(columns=()), *actions)
        blocks = blocks_of(self._source.table(view.whole.name), query, wanted)
        return {key: version for block in blocks for key, version in zip(block.keys, block.versions, strict=True)}


def _joined(blocks: Sequence[Block]) -> Block:
    columns = {name: [value for block in blocks for value in block.columns[name]] for name in blocks[0].columns}
    keys = [key for block in blocks for key in block.keys]
    return Block(0, columns, keys, [version for block in blocks for version in block.versions])


def _left(changes: Sequence[Change], keys: Sequence[Key], kind: type) -> set[Key]:
    """Keys of the rows that changes of a kind wrote and that no later change deleted."""
    left: set[Key] = set()
    for change, key in zip(changes, keys, strict=True):
        if isinstance(change, kind):
            left.add(tuple(key))
        elif isinstance(change, Delete):
            left.discard(tuple(change.key))
    return left


def check_kinds(views: Mapping[str, View], parts: Sequence[Part]) -> None:
    """Refuse changes that are granted for no row; looks at no row.

    Raises:
        ForbiddenError, UnknownColumnError: the kind of change, or one of its columns, is not granted.
    """
    for part in parts:
        for change in part.changes:
            _check_change(views[part.table], change)


def _check_change(view: View, change: Change) -> None:
    """Whether the kind of change and its columns are granted at all."""
    action, said = _ACTIONS[type(change)]
    if view.sight.grant(action) is None:
        raise ForbiddenError(f"you may not {said} {view.whole.name}")
    if isinstance(change, Delete):
        return
    may = view.sight.columns(view.whole, action)
    for name in change.values:
        if view.mine.column(name) is None:
            error = unknown_column(view.mine, name)
            error.is_hidden = view.whole.column(name) is not None
            raise error
        if name not in may:
            raise ForbiddenError(f"you may not {'set' if action == 'add' else 'change'} {name} of {view.whole.name}")
