"""What a layout needs around it in one window: table handles with their declared filters, kept while it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kernel.disposer import Disposers
from layouts.node import Layout, TableDeclaration
from layouts.source_name import split_source
from shell.app import OpenedApp
from widgets.filter import LiveFilter
from widgets.handle import TableHandle
from widgets.scope import Scope

if TYPE_CHECKING:
    from kernel.tables.schema import Schema
    from widgets.history import History


class Handles(dict[str, TableHandle]):
    """Declared table → handle, each made when it is first asked for: hundreds of tables cost what is shown of them.

    Args:
        declared: Name → declaration.
        make: Makes a handle.
    """

    def __init__(
        self, declared: dict[str, TableDeclaration], make: Callable[[TableDeclaration], TableHandle]
    ) -> None:
        super().__init__()
        #: Name → declaration.
        self.declared = declared
        self._make = make

    def __missing__(self, name: str) -> TableHandle:
        self[name] = handle = self._make(self.declared[name])
        return handle

    def __contains__(self, name: object) -> bool:
        return name in self.declared

    def is_made(self, name: str) -> bool:
        """Whether the handle was asked for already."""
        return dict.__contains__(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        """The handle, made when it is not there yet; ``default`` for what is not declared."""
        return self[name] if name in self.declared else default


class Tables:
    """The handles of one layout, and of the tables that lookups open beside them.

    Args:
        app: Whose sources they are opened from; opening happens on the handles' workers.
        layout: Declares them.
        scope: Names that the declared filters read.
        word: A schema → the same in the person's language; None leaves schemas as they are.
        open_history: Opens another one's history; None keeps one of its own.
    """

    def __init__(
        self, app: OpenedApp, layout: Layout, scope: Scope, word: Callable[[Schema], Schema] | None = None,
        open_history: Callable[[], History] | None = None,
    ) -> None:  # fmt: skip
        self._app, self._word = app, word
        self._scope = scope
        self._disposers = Disposers()
        self._sources: dict[int, str] = {}
        #: Whether nothing was asked yet but what is remembered.
        self.is_held = True
        self._lookups: dict[tuple[str, str], TableHandle] = {}
        self._history: History | None = None
        self._open_history = open_history
        self._dropped: dict[str, TableHandle] = {}
        self._lives: dict[str, LiveFilter] = {}
        self.handles = Handles({table.name: table for table in layout.tables}, self._declared)

    def adopt(self, layout: Layout, sources: set[str]) -> set[str]:
        """Take the declarations of a changed layout; handles stay where the table behind them is the same one.

        Args:
            layout: Declares them.
            sources: Names of sources that are others now.

        Returns:
            The names of tables that have to be shown anew; :meth:`drop` ends their old handles.
        """
        declared = self.handles.declared
        wanted = {table.name: table for table in layout.tables}
        stale = set()
        for name, before in declared.items():
            now = wanted.get(name)
            if now is not None and now.source == before.source and self._source_of(now) not in sources:
                self._refilter(name, before, now)
            else:
                stale.add(name)
        declared.clear()
        declared.update(wanted)
        self._dropped = {name: self.handles.pop(name) for name in stale if self.handles.is_made(name)}
        return stale

    def drop(self) -> None:
        """End the handles that :meth:`adopt` replaced, once nothing shows them any more."""
        for name, handle in self._dropped.items():
            live = self._lives.pop(name, None) if not self.handles.is_made(name) else None
            if live is not None:
                live.dispose()
            handle.dispose()
            self._disposers.discard(handle.dispose)
            self._sources.pop(id(handle), None)
        self._dropped = {}

    def _source_of(self, declaration: TableDeclaration) -> str:
        return split_source(declaration.source, self._app.info.sources)[0]

    def _refilter(self, name: str, before: TableDeclaration, now: TableDeclaration) -> None:
        """Give a handle that stays the filter and order of its new declaration."""
        if not self.handles.is_made(name) or (before.filter, before.sort) == (now.filter, now.sort):
            return
        handle, live = self.handles[name], self._lives.pop(name, None)
        if live is not None:
            live.dispose()
        self._follow_filter(handle, now)

    def open(self, beside: TableHandle, name: str) -> TableHandle:
        """Another table of the same source as ``beside``; the same handle each time."""
        return self.take(self._sources.get(id(beside), ""), name)

    def take(self, source: str, name: str) -> TableHandle:
        """Any table of a source; the same handle each time."""
        if (source, name) not in self._lookups:
            self._lookups[source, name] = self._handle(source, name, name)
        return self._lookups[source, name]

    def source_of(self, name: str) -> tuple[str, str]:
        """The source of a declared table, and what it is called there; its only source has no name."""
        source, table = split_source(self.handles.declared[name].source, self._app.info.sources)
        return "" if len(self._app.info.sources) == 1 else source, table

    def schemas(self, beside: TableHandle) -> dict[str, Schema]:
        """Name → schema of every table of the source of ``beside``; reads them, so a worker asks."""
        source = self._app.source(self._sources.get(id(beside), ""))
        return {name: source.table(name).schema for name in source.table_names()}

    def open_history(self) -> History:
        """What was edited in this window; made at the first edit."""
        if self._history is None:
            from widgets.history import History

            self._history = History(self._scope)
        return self._history

    def tell_painted(self) -> None:
        """Let the views build what the first paint left out."""
        for handle in (*self.handles.values(), *self._lookups.values()):
            handle.tell_painted()

    def release(self) -> None:
        """Let the handles ask the sources; before, they answer from what is remembered."""
        self.is_held = False
        for handle in (*self.handles.values(), *self._lookups.values()):
            handle.release()

    def dispose(self) -> None:
        """Stop the handles and their filters."""
        self._disposers()
        for live in self._lives.values():
            live.dispose()
        if self._history is not None:
            self._history.close()

    def _declared(self, declaration: TableDeclaration) -> TableHandle:
        source, table = split_source(declaration.source, self._app.info.sources)
        has_filter = declaration.filter is not None
        # Until the schema tells columns from outer names nothing passes, so no wrong rows are ever shown.
        text = "false" if has_filter else ""
        handle = self._handle(source, table, declaration.name, sort=declaration.sort, text=text)
        handle.schema_changed.connect(lambda: self._take_schema(handle))
        if has_filter:
            self._follow_filter(handle, declaration)
        return handle

    def _follow_filter(self, handle: TableHandle, declaration: TableDeclaration) -> None:
        """Keep the handle's filter that of its declaration, with the values of now."""
        self._lives[declaration.name] = LiveFilter(
            declaration.filter,
            self._scope,
            lambda text, parameters: handle.set_base(text, parameters, declaration.sort),
        )
        self._take_schema(handle)

    def _take_schema(self, handle: TableHandle) -> None:
        live = self._lives.get(handle.name)
        if live is not None and handle.schema is not None:
            live.set_schema(handle.schema)

    def _handle(self, source: str, table: str, name: str, sort: str = "", text: str = "") -> TableHandle:
        def opener() -> Any:
            return self._app.source(source).table(table)

        remembered = self._app.remembered_table(source, table)
        is_held = self.is_held and remembered is not None
        handle = TableHandle(remembered or opener, name, filter_text=text, sort=sort, is_held=is_held, word=self._word)
        handle.open_history = self._open_history or self.open_history
        self._sources[id(handle)] = source
        self._disposers.add(handle.dispose)
        return handle
