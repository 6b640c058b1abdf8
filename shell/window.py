"""The window of an app: bar, widgets of the layout, messages, keys and commands, joined and let go of.

What comes up over it is in ``cards``, what it keeps for the next run in ``remembering``; both wait until they are
needed, so that opening costs little beyond the widgets.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from kernel.disposer import Disposers
from kernel.error import EspalierError
from kernel.quick_enum import quick_enums
from kernel.words import say
from layouts.kinds.table import BUILT_IN as BUILT_IN_KINDS
from layouts.node import Layout
from shell import family
from shell.app_news import AppNews
from shell.cards import Cards
from shell.desk import Desk, desk_of
from shell.first_paint import after_first_paint
from shell.focus import FocusKeeper, focus_id, has_edits
from shell.messages import Messages
from shell.qt import make_application
from shell.remembering import Remembering
from shell.shown import shows_lists
from shell.state import State, state_path
from shell.surroundings import Tables
from shell.top_bar import TopBar
from shell.window_keys import WindowKeys
from widgets.context import Context, OpenedLayout
from widgets.scope import Scope

if TYPE_CHECKING:
    from pathlib import Path

    from shell.live.authoring import Authoring
    from shell.place.following import Following

#: Turns of the event loop that remembered rows get to reach their views: schema, count, rows, then those below them.
_SETTLING_TURNS = 12
#: A window that is never painted (minimised) asks its tables after this time.
_ASK_AT_LATEST_MS = 500


class Window(QWidget):
    """One window of one app.

    Args:
        session: Carries ``config``, ``app`` (:class:`shell.app.OpenedApp`), ``layout`` and ``kinds``.
        desk: What all windows of this process share.
        index: Which of the layout's windows it shows, from 0; others stand beside ``main`` and share its tables.
        is_spare: Whether it is a frame that waits for :meth:`fill`; see :mod:`shell.spare`.

    Attributes:
        others: The windows beside a main one.
        keys: Its commands and keys.
        registry: The commands.
        cards: What comes up over it.
        remembering: What it keeps for its next run.
        messages: What it told its person.
        context: What its widgets were built with; a new one after each reload.
        target: What it was opened as from another window ("shop@home", a path), empty for the first one.
        shown_version: The app's version of the widgets that are shown.
        shown_manifest: The release that they were built from; None for a folder.
        retry: Begins anew what the window waits for; None when it shows an app.
        owns_session: Whether the session ends with the last window of its app.
        following: Knows where its person was; begins once it is painted.
        is_ended: Whether somebody else ends the process, so that nobody is asked; see :mod:`shell.closing`.
    """

    def __init__(
        self, session: Any, desk: Desk, index: int = 0, main: Window | None = None, *, is_spare: bool = False
    ) -> None:
        super().__init__()
        self.index, self.main = index, main
        self.others: list[Window] = []
        self.is_closing = False
        self.session, self.desk, self.app, self.layout_tree = session, desk, session.app, session.layout
        self.kinds = session.kinds or BUILT_IN_KINDS
        self.theme = desk.theme
        self.scope = Scope() if main is None else family.inner_scope(main)
        self.disposers = Disposers()
        self.retry: Callable[[], None] | None = None
        self.state = State(state_path(session.config.paths.state, self.app.info.key)) if main is None else main.state
        self.messages = Messages(self, self.theme, desk.log)
        self.keys = WindowKeys(self)
        self.registry = self.keys.registry
        self.context: Context | None = None
        self.tables: Tables | None = None
        self.body: QWidget | None = None
        self.target = self.shown_version = ""
        self.shown_manifest: Any = None
        self.owns_session = False
        self._may_lose_edits = self.is_ended = False
        self.closing_looks = 0
        self.cards, self.remembering, self._news = Cards(self), Remembering(self), AppNews(self)
        self.following: Following | None = None
        self._shown_instead: QWidget | None = None
        self.setObjectName("window")
        self.setWindowTitle(self._title())
        self.messages.changed.connect(lambda: self.scope.publish("messages.count", len(self.messages.shown)))
        self.scope.publish("messages.count", 0)
        self._build_frame()
        self._focus = FocusKeeper(self)
        self.keys.begin()
        self.disposers.add(session.config.on_change(self.keys.follow_options))
        if not is_spare:
            self.fill()

    # Putting it together

    def fill(self) -> None:
        """Show the app's layout in the frame, where the app's window was the last time.

        Raises:
            EspalierError: it cannot be built.
        """
        self._news.follow()
        self.show_layout(self.layout_tree)
        self.remembering.restore_geometry()

    def _build_frame(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        find, menu, show_unsent = self.cards.open_palette, self.cards.open_menu, self._show_unsent
        self.bar = TopBar(self.theme, self._title(), self.app.info.icon, "Ctrl+P", find, menu, show_unsent, self)
        self._column.addWidget(self.bar)

    def adopt(self) -> None:
        """Show the app that the session has by now, in the place of the page that waited for it."""
        session = self.session
        self.app, self.kinds, self.retry = session.app, session.kinds or BUILT_IN_KINDS, None
        self.state = State(state_path(session.config.paths.state, self.app.info.key))
        self.bar.set_icon(self.app.info.icon)
        self._news.follow()
        if session.problem is None:
            self.show_layout(session.layout)
            self.remembering.restore_geometry()
        else:
            problem, session.problem = session.problem, None
            self.show_problem(say("This app cannot be shown"), list(getattr(problem, "problems", None) or [problem]))
        self.app.refresh()

    def _title(self) -> str:
        title = self.layout_tree.title if self.layout_tree else ""
        return title or self.app.info.title or self.app.info.name

    def take_language(self) -> None:
        """Say what is the shell's in the language in force; what is open on demand is made anew in it."""
        self.keys.take_language()
        self.cards.forget()
        self.bar.take_language()

    def show_layout(self, layout: Layout) -> None:
        """Build the layout's widgets and show them; they take the old ones' place only when they are whole.

        Raises:
            EspalierError: they could not be built; what was shown stays.
        """
        from widgets.build import build_window

        main = self.main
        tables = Tables(self.app, layout, self.scope, self.session.word_of) if main is None else main.tables
        context = self._make_context(tables)
        if main is not None:
            family.join(context, main)
        before = self.layout_tree
        # A newer version may have fewer windows.
        at = min(self.index, max(len(layout.windows) - 1, 0))
        # Buttons ask for titles and enablement while they are built.
        self.keys.take_layout(layout)
        try:
            body = build_window(layout, context, self.kinds, at, parent=self) if layout.windows else QWidget()
        except Exception:
            context.disposers()
            if main is None:
                tables.dispose()
            self.keys.take_layout(before)
            raise
        self._end_views()
        focused = focus_id(self)
        if self.isVisible():
            tables.release()
        old, old_context, old_tables = self.body, self.context, self.tables
        self.context, self.tables, self.layout_tree, self.body = context, tables, layout, body
        self.shown_version = self.app.info.version
        self.shown_manifest = getattr(self.app, "manifest", None)
        self.keys.load_keymap()
        self._replace_body(body, old)
        if self.isVisible():
            body.show()  # now, so that its views are found and may take the focus, as in show_page
        if old_context:
            if main is not None and old is not None:
                old_context.discard(old)
            old_context.disposers()
        if old_tables and main is None:
            old_tables.dispose()
        self._focus.adopt(context, focused)
        for other in self.others:
            other.show_layout(layout)

    def take_commands(self, layout: Layout) -> None:
        """Have the commands, the keys and the title of another layout, whose widgets are patched into this window."""
        self.keys.take_layout(layout)
        self.layout_tree = layout
        self.shown_version = self.app.info.version
        self.keys.load_keymap()
        self.registry.refresh()
        self.setWindowTitle(self._title())
        self.bar.set_title(self._title())

    def settle(self) -> None:
        """Let the views take what is remembered of their rows, so that the first paint has them already."""
        for _ in range(_SETTLING_TURNS):
            if shows_lists(self):
                return
            QApplication.processEvents()

    def build_rest(self) -> None:
        """Build what the first paint left out: the forms, from what is remembered."""
        if self.tables is not None:
            with quick_enums():  # of the classes of Qt that editors are made of
                self.tables.tell_painted()

    def ask_tables(self) -> None:
        """Read the tables themselves, which waits for the first paint; see :meth:`settle`."""
        self.desk.begin_collecting()
        if self.tables is not None:
            self.tables.release()

    def show_problem(self, title: str, problems: list[Any], sign: tuple[str, str] = ("error", "error")) -> None:
        """A page that says what is wrong, in the place of the widgets; used when nothing good was shown before."""
        from PySide6.QtWidgets import QPushButton

        from shell.page import error_page

        actions = [(say("Try again"), self.reload), (say("Show all apps"), lambda: self.registry.run("app.home"))]
        page = error_page(self.theme, title, problems, actions, self, sign)
        self.show_page(page)
        here = self.focusWidget()
        if (here is None or self.bar.isAncestorOf(here)) and (first := page.findChild(QPushButton)) is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_page(self, page: QWidget) -> None:
        """A page in the place of the widgets."""
        self._replace_body(page, self.body)
        self.body = page
        page.show()  # now, so that it may take the focus: the layout shows it at the next turn of the event loop

    def _make_context(self, tables: Tables) -> Context:
        return Context(
            scope=self.scope,
            commands=self.registry,
            reporter=self.messages,
            theme=self.theme,
            tables=tables.handles,
            open_table=tables.open,
            list_tables=tables.schemas,
            read_file=self.app.read_file,
            find_file=self._find_file,
            remember=self.remembering.remember,
            recall=self.state.recall,
            open_layout=self._open_layout,
            private_place=lambda: self.session.places.data(self.app.info.key),
        )

    def _find_file(self, path: str) -> Path | None:
        from shell.file_place import file_place

        return file_place(self.app, path)

    def _open_layout(self, path: str) -> OpenedLayout:
        """See :class:`widgets.context.Context`; what is edited there is this window's to undo."""
        layout = self.session.load_layout(path)
        tables = Tables(self.app, layout, self.scope, self.session.word_of, self.tables.open_history)
        tables.release()
        return OpenedLayout(layout, tables.handles, tables.dispose)

    @property
    def content(self) -> QWidget | None:
        """What stands below the bar: the body, or what stands in its place with it."""
        return self._shown_instead or self.body

    def show_in_place(self, widget: QWidget, old: QWidget) -> None:
        """Show another widget below the bar in the place of ``old``, which is kept."""
        self._column.replaceWidget(old, widget)
        self._shown_instead = None if widget is self.body else widget
        old.setVisible(False)
        widget.show()

    def change_files(
        self, changes: Any, title: str, done: Callable[[str], Any], turned: Callable[[bool], Any]
    ) -> None:
        """Make changes of files, see :func:`shell.search.outside.change_files`."""
        from shell.search.outside import change_files

        change_files(self, changes, title, done, turned)

    def show_below(self, panel: QWidget) -> None:
        """Show a panel at the lower edge, below all that the window shows."""
        self._column.addWidget(panel)
        panel.show()

    def show_above(self, bar: QWidget) -> None:
        """Show a bar above all that the app shows."""
        self._column.insertWidget(1, bar)

    def _end_views(self) -> None:
        """What the person made of the body's views goes before they go."""
        if "zoomed" in self.cards.made or "panes" in self.cards.made:
            from shell.panes import end_all

            end_all(self)

    @property
    def beside(self) -> Authoring | None:
        """The editor beside the app, with the app's part of the window in it; None while there is none."""
        return self.cards.made.get("authoring")

    def make_context_beside(self) -> Context:
        """Surroundings without tables, for what stands beside the body and outlives it."""
        context = self._make_context(self.tables)
        context.tables = {}
        return context

    def _replace_body(self, body: QWidget, old: QWidget | None) -> None:
        self._end_views()
        if (beside := self.beside) is not None:
            beside.take_body(body)
        else:
            at = self._column.indexOf(old) if old is not None else -1
            self._column.insertWidget(at + 1 if at >= 0 else -1, body, 1)  # before a panel at the lower edge
        if old is not None:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.setWindowTitle(self._title())
        self.bar.set_title(self._title())
        changed = getattr(body, "title_changed", None)
        if changed is not None:
            changed.connect(self._take_title)
            self._take_title(body.title)

    def _take_title(self, title: str) -> None:
        self.setWindowTitle(title or self._title())

    # What commands use

    def _show_unsent(self) -> None:
        self.registry.run("edit.show-unsent")

    def reload(self) -> None:
        """Read the app again and show it; the old widgets stay when the new ones cannot be built."""
        if self.main is not None or self.retry is not None:
            (self.main.reload if self.main is not None else self.retry)()
            return
        from shell.reload import reload_window

        reload_window(self)

    def active_view(self) -> QWidget | None:
        """The grid or form that had the focus last, or the first one in sight."""
        return self._focus.active

    def nearest_view(self, kind: str) -> QWidget | None:
        """The view of a kind that is meant: around the focus, the last one there, the first one."""
        return self._focus.nearest(kind)

    # Events

    def event(self, event: QEvent) -> bool:
        """Keys that no focused widget wants for itself are offered to the commands."""
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and self.keys.dispatcher.offer(event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Tab goes through the window in reading order."""
        from shell.focus_order import step

        return step(self, self.focusWidget(), is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where it was, and let go of everything; edits that are not written are asked about first."""
        if self.is_closing:
            return
        if not self._may_lose_edits and any(map(has_edits, (self, *self.others))):
            from shell.closing import may_close

            if not may_close(self):
                event.ignore()
                return
        self.is_closing = True
        if (beside := self.beside) is not None:
            beside.close_beside()
        for other in list(self.others):
            other.close_anyway()
        if self.context is not None:  # a frame that was never filled has been nowhere
            self.remembering.save_geometry()
        self.desk.forget(self)
        self._focus.dispose()
        self.keys.end()
        if self.main is not None:
            family.leave(self)
        if self.context:
            self.context.disposers()
        if self.tables and self.main is None:
            self.tables.dispose()
        self._news.end()
        self.disposers()
        super().closeEvent(event)
        if self.owns_session and not self.desk.is_in_use(self.app):
            self.session.close()

    def close_anyway(self) -> None:
        """Close it without a question."""
        self._may_lose_edits = True
        self.close()


def open_window(session: Any, index: int = 0, main: Window | None = None) -> Window:
    """Show one of the windows of the session's layout.

    A layout that cannot be built is shown as a page that says why; nothing is raised for it.
    """
    application = make_application()
    desk = desk_of(application, session.config)
    try:
        problem = getattr(session, "problem", None)
        if problem is not None:
            window = _problem_window(session, desk, problem)
        elif main is None and desk.spare is not None and (spare := desk.spare.take(session)) is not None:
            window = spare
        else:
            window = Window(session, desk, index, main)
    except EspalierError as error:
        window = _problem_window(session, desk, error)
    desk.remember(window)
    if main is not None:
        main.others.append(window)
    after_first_paint(window, lambda: desk.after_paint(window))
    if "ESPALIER_TRACE_START" in os.environ:
        from shell.trace import watch_first_paint

        watch_first_paint(window)
    QTimer.singleShot(_ASK_AT_LATEST_MS, window, window.ask_tables)
    window.settle()
    window.show()
    return window


def _problem_window(session: Any, desk: Desk, error: EspalierError) -> Window:
    problems = list(getattr(error, "problems", None) or [error])
    layout, session.layout = session.layout, Layout(title=getattr(session.layout, "title", ""))
    window = Window(session, desk)
    session.layout = layout
    window.show_problem(say("This app cannot be shown"), problems)
    return window
