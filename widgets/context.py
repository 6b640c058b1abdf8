"""What a widget gets from the window around it. The shell fills it; a test may fill it by hand."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kernel.disposer import Disposers
from kernel.error import EspalierError
from widgets.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from kernel.tables.schema import Schema
    from layouts.kinds.kind import Kind
    from layouts.node import Layout, Node
    from widgets.handle import TableHandle
    from widgets.region import Part
    from widgets.theme import Theme


class CommandRunner(Protocol):
    """What a button or a menu needs of the command registry."""

    def run(self, command: str, **arguments: Any) -> None:
        """Run a command by id; failures are reported to the person, not raised."""

    def act(self, action: str) -> None:
        """Run a command, or a function of a script (``module:function``); failures as in :meth:`run`."""

    def is_enabled(self, command: str) -> bool:
        """Whether it may run now."""

    def icon(self, command: str) -> str:
        """The name of its icon; empty when it has none."""

    def title(self, command: str) -> str:
        """The command's title, for a button without a text."""

    def key(self, command: str) -> str:
        """The key bound to it, for tool tips; empty when none."""

    def watch(self, command: str, listener: Callable[[bool], None]) -> Callable[[], None]:
        """Tell ``listener`` now and on every change whether the command may run; answers a disposer."""

    def run_line(self, line: str, fail: Callable[[Exception], None]) -> bool:
        """Run a typed line soon; ``fail`` is told what goes wrong. False where it begins with no command."""

    def complete_line(self, line: str) -> list[str]:
        """What a typed line may become, the best first."""

    def show_pending(self, typed: str, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Show what may follow keys that a widget with modes waits behind: (key, title); none hides it."""


class Reporter(Protocol):
    """Where messages for the person go (the window's message area and status bar)."""

    def report(self, level: str, text: str, detail: str = "") -> None:
        """Show a message; ``level`` is info, success, warning or error."""


class RowView(Protocol):
    """A widget that shows rows and has a current one (the grid); forms follow it."""

    handle: TableHandle
    #: The current row's key, or None when there is no row. ``current_changed`` is its Qt signal, without arguments.
    current_key: tuple[Any, ...] | None
    current_changed: Any


class RowsBehind(NamedTuple):
    """The rows that a figure is made of. A widget that shows figures answers it from ``rows_behind()``, or None.

    Attributes:
        title: What they are called (``Folk, 2024``).
        handle: Their table; its schema is known.
        context: The window's surroundings.
        keys: What the rows are grouped by, as in a query's ``group``.
        values: The group: a value for each of the first keys.
        filter, parameters: What is shown is narrowed to.
    """

    title: str
    handle: TableHandle
    context: Context
    keys: tuple[str, ...]
    values: tuple[Any, ...]
    filter: str = ""
    parameters: dict[str, Any] = {}


class OpenedLayout(NamedTuple):
    """Another layout of the app, opened for a part of a window that is no widget: a page that shows a table.

    Attributes:
        layout: Checked, its components expanded.
        tables: Declared table → handle, as :attr:`Context.tables`.
        close: Lets go of the handles.
    """

    layout: Layout
    tables: dict[str, TableHandle]
    close: Callable[[], None]


class Context:
    """One window's surroundings, handed to every widget of it.

    Attributes:
        scope: Names for expressions.
        commands: The command registry, as widgets see it.
        reporter: Messages.
        theme: Tokens, palette and icons in force; ``theme.changed`` is its Qt signal.
        tables: Declared table name → :class:`widgets.handle.TableHandle`, shared by all widgets that name it.
        open_table: Opens another table of the same source for lookups: ``open_table(handle, "customers")``.
        views: Widget id → the widget, for those that show rows and have a current one (:class:`RowView`).
        widgets: Widget id → the widget, for all that have an id.
        built: All widgets that the builder made, a container before what stands in it.
        build: Builds a child node into a widget: ``build(node, parent)``.
        discard: Deletes widgets that ``build`` made, with all inside them; what they watched is let go at once.
        kind: The row of the kind table for a node, or None.
        name_again: Gives a patched widget the accessible name that its node says, where it had none.
        structure_kind, structure: The kind of a node that is no widget (an ``if``), or None; what it is made by.
        read_file: Bytes of a file of the app's release by path (images), or None.
        disposers: Undone when the window closes.
        remember: Keeps a small value of the window's state per user: ``remember("split:main", [2, 3])``;
            plain data only. Forgotten with the process unless the shell gives its own.
        recall: The value kept under a name, or None.
        find_file: Where a file lies on this machine that the app's widgets may read and write, there or not yet:
            in the app's own folder, elsewhere where the app has the permission ``files``; None for all others.
        list_tables: Name → schema of all tables beside one: ``list_tables(handle)``. It may wait, so a worker asks.
        open_layout: Another layout of the app by its path (:class:`OpenedLayout`); raises what is wrong with it.
        private_place: The directory of the person's data that is the app's alone.
    """

    def __init__(
        self,
        *,
        scope: Scope,
        commands: CommandRunner,
        reporter: Reporter,
        theme: Theme,
        tables: dict[str, TableHandle],
        open_table: Callable[[TableHandle, str], TableHandle],
        read_file: Callable[[str], bytes | None],
        remember: Callable[[str, Any], None] | None = None,
        recall: Callable[[str], Any] | None = None,
        list_tables: Callable[[TableHandle], dict[str, Schema]] | None = None,
        find_file: Callable[[str], Path | None] | None = None,
        open_layout: Callable[[str], OpenedLayout] | None = None,
        private_place: Callable[[], Path] | None = None,
    ) -> None:
        self.scope = scope
        self.commands = commands
        self.reporter = reporter
        self.theme = theme
        self.tables = tables
        self.open_table = open_table
        self.read_file = read_file
        self.list_tables: Callable[[TableHandle], dict[str, Schema]] = list_tables or (lambda _beside: {})
        self.find_file: Callable[[str], Path | None] = find_file or (lambda _path: None)
        self.open_layout: Callable[[str], OpenedLayout] = open_layout or _nowhere
        self.private_place: Callable[[], Path] = private_place or _nowhere
        memory: dict[str, Any] = {}
        self.remember: Callable[[str, Any], None] = remember or memory.__setitem__
        self.recall: Callable[[str], Any] = recall or memory.get
        self.views: dict[str, RowView] = {}
        self.widgets: dict[str, QWidget] = {}
        self.built: list[QWidget | None] = []
        self.disposers = Disposers()
        #: Answers of aggregate names; made by :mod:`widgets.binding` on first use.
        self.aggregates: Any = None
        #: What keeps the time; made on first use too.
        self.clock: Any = None
        scope.fresh = dict.fromkeys(("now", "today"), self._want_time)
        #: Dresses widgets by the layout's style rules; None where it has none.
        self.dresser: Any = None
        #: The window's own surroundings, for those of a part of it.
        self.root: Context = self
        #: Name of a repeated row → the handle of its table, and its key.
        self.rows: dict[str, tuple[TableHandle, tuple[Any, ...]]] = {}
        #: How many watches act within one another now.
        self.watches_acting = 0
        #: Counts rounds of watches; made by the first one.
        self.circles: Any = None
        #: Dialog's id → the dialog.
        self.dialogs: dict[str, Any] = {}
        self.build: Callable[[Node, QWidget | None], QWidget]
        self.discard: Callable[..., None]
        self.structure_kind: Callable[[Node], Kind | None]
        self.structure: Callable[[Kind], Callable[[Part], Any]]
        self.kind: Callable[[Node], Kind | None]
        self.name_again: Callable[[QWidget], None]
        #: Makes a part's surroundings build with themselves; the builder's.
        self.adopt: Callable[[Context], None]

    def _want_time(self) -> Callable[[], None]:
        from widgets.binding import clock_of

        return clock_of(self).want()

    def within(self, scope: Scope) -> Context:
        """The surroundings of a part of the window that has names and ids of its own."""
        inner = Context.__new__(Context)
        inner.__dict__.update(self.__dict__)
        inner.scope = scope
        inner.views = ChainMap({}, self.views)  # type: ignore[assignment]
        inner.widgets = ChainMap({}, self.widgets)  # type: ignore[assignment]
        self.adopt(inner)
        return inner


def _nowhere(*_: Any) -> Any:
    raise EspalierError("there is no app around this window")
