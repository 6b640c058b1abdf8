"""The edits that a server would not take: what each was, why it came back, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kernel.outbox.entry import Refused, Waiting
from kernel.outbox.outbox import Outbox
from kernel.outbox.resolve import merge_of_refused, resolved
from kernel.tables.change import Change, Delete, Insert
from kernel.tables.merge import Merge
from kernel.tables.remote_commit import new_id
from kernel.tables.schema import title_of
from kernel.words import say, say_count
from widgets import gui_thread
from widgets.conflict_text import key_text
from widgets.overlay import Overlay
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from shell.window import Window
    from widgets.conflict_card import ConflictCard
    from widgets.handle import TableHandle

_WIDTH, _HEIGHT = 720, 420
#: Edits shown at once; the others follow when these are settled.
_MOST = 50


class UnsentCard(Overlay):
    """Shows the refused edits of the window's app while it is open.

    Args:
        window: The window.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window, window.theme, _WIDTH, say("Edits that could not be sent"))
        self._app_window = window
        page, normal = self.theme.space("page"), self.theme.space("normal")
        title = QLabel(say("Edits that could not be sent"), self.card)
        title.setFont(self.theme.font("heading"))
        self.said = QLabel(self.card)
        self.said.setWordWrap(True)
        self.body = QScrollArea(self.card)
        self.body.setWidgetResizable(True)
        self.body.setFrameShape(QScrollArea.Shape.NoFrame)
        self.body.viewport().setAutoFillBackground(False)
        self.body.setStyleSheet("QScrollArea { background: transparent }")
        self.close_button = QPushButton(say("Close"), self.card)
        self.close_button.clicked.connect(self.close_card)
        self.all_button = QPushButton(say("Try all again"), self.card)
        self.all_button.clicked.connect(self._try_all)
        box, row = QVBoxLayout(), QHBoxLayout()
        box.setContentsMargins(page, page, page, page)
        box.setSpacing(normal)
        for part in (title, self.said, self.body):
            box.addWidget(part)
        row.addWidget(self.all_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        box.addLayout(row)
        self.column.addLayout(box)
        self.conflict: ConflictCard | None = None

    def show_edits(self) -> None:
        """Open with what there is now."""
        found = [(outbox, *pair) for outbox in outboxes_of(self._app_window) for pair in outbox.refused][:_MOST]
        waiting = sum(len(outbox.waiting) for outbox in outboxes_of(self._app_window))
        said = (
            say("They stay here until you decide, also over a restart.") if found else say("Nothing is left to decide.")
        )
        texts = [said]
        if waiting:
            texts.append(say("{edits} for the server.", edits=count_text(waiting)))
        self.said.setText(" ".join(texts))
        self.all_button.setVisible(sum(refused.current is None for *_, refused in found) > 1)
        inner = QWidget(self.body)
        inner.setObjectName("unsent-edits")
        inner.setStyleSheet("#unsent-edits { background: transparent }")
        box = QVBoxLayout(inner)
        box.setContentsMargins(0, 0, self.theme.space("normal"), 0)
        box.setSpacing(self.theme.space("normal"))
        for outbox, entry, refused in found:
            box.addWidget(self._make_row(inner, outbox, entry, refused))
        box.addStretch(1)
        self.body.setWidget(inner)
        self.body.setFixedHeight(min(max(inner.sizeHint().height() + 4, 0), _HEIGHT) if found else 0)
        first = inner.findChild(QPushButton)
        self.open(first or self.close_button)

    def _make_row(self, parent: QWidget, outbox: Outbox, entry: Waiting, refused: Refused) -> QWidget:
        frame = QFrame(parent)
        frame.setObjectName("unsent-edit")
        tint(frame, self.theme, "#unsent-edit { border: 1px solid ${line}; border-radius: 6px }")
        row, texts = QHBoxLayout(frame), QVBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        what, why = QLabel(describe(entry), frame), QLabel(_why(refused), frame)
        what.setWordWrap(True)
        why.setWordWrap(True)
        tint(why, self.theme, "color: ${muted}")
        for label in (what, why):
            label.setTextFormat(Qt.TextFormat.PlainText)
            texts.addWidget(label)
        row.addLayout(texts, 1)
        for title, run in self._answers(outbox, entry, refused):
            button = QPushButton(title, frame)
            button.setAccessibleName(f"{title}: {describe(entry)}")
            button.clicked.connect(run)
            row.addWidget(button)
        return frame

    def _answers(self, outbox: Outbox, entry: Waiting, refused: Refused) -> list[tuple[str, Callable[[], None]]]:
        def drop() -> None:
            outbox.drop(entry)
            self._go_on(outbox)

        def again() -> None:
            outbox.replace(entry, new_id(), entry.parts, entry.seen)
            self._go_on(outbox)

        if refused.current is None:
            return [(say("Try again"), again), (say("Give up"), drop)]
        merge = merge_of_refused(entry, refused)
        changes = sum(len(part.changes) for part in entry.parts)
        if not merge.clashes and len(merge.gone) == changes:  # nothing is left that it could be written to
            return [(say("Give up"), drop)]
        return [(say("Compare…"), lambda: self._compare(outbox, entry, refused, merge)), (say("Give up"), drop)]

    def _try_all(self) -> None:
        """Send all again that nothing has to be decided about."""
        for outbox in outboxes_of(self._app_window):
            for entry, refused in outbox.refused:
                if refused.current is None:
                    outbox.replace(entry, new_id(), entry.parts, entry.seen)
            self._go_on(outbox)

    def _compare(self, outbox: Outbox, entry: Waiting, refused: Refused, merge: Merge) -> None:
        from widgets.conflict_walk import walk

        window, table = self._app_window, entry.parts[refused.part].table
        source = window.app.source_of(outbox)
        handle, schema = _handle_of(window, source, table), source.remembered_schema(table)
        if schema is None or window.context is None:
            window.messages.report(
                "error", say("Nothing is known of {title} here", title=title_of(table)), say("Try it with the server")
            )
            return

        def take(chosen: list[tuple[int, Change]]) -> None:
            outbox.put(entry, resolved(entry, refused, merge, chosen, new_id()))
            self._go_on(outbox)

        self.hide()
        self.conflict = walk(window, window.context, handle, merge, take, schema=schema)
        self.conflict.closed.connect(self._come_back)

    def _come_back(self) -> None:
        if self.isHidden():
            self.show_edits()

    def _go_on(self, outbox: Outbox) -> None:
        send = getattr(self._app_window.app, "send_waiting", None)
        if send is not None:
            send(outbox)
        gui_thread.call(self.show_edits, self)


def outboxes_of(window: Any) -> list[Outbox]:
    """The outboxes of the window's app."""
    return getattr(window.app, "outboxes", [])


def count_text(count: int) -> str:
    """``1 edit waits``, ``3 edits wait``."""
    return say_count("{count} edit waits", "{count} edits wait", count)


def describe(entry: Waiting) -> str:
    """An edit in a few words: ``Items 17: Name = “rake”``; the first change where there are several.

    A row that is not written yet has no number that a person could know.
    """
    changes = [(part.table, change) for part in entry.parts for change in part.changes]
    table, change = changes[0]
    more = say(", and {value} more", value=len(changes) - 1) if len(changes) > 1 else ""
    return f"{title_of(table)} {_said(change)}{more}"


def _said(change: Change) -> str:
    if isinstance(change, Delete):
        return say("{key}: delete", key=key_text(change.key))
    said = {title_of(name): "" if value is None else key_text((value,)) for name, value in change.values.items()}
    values = ", ".join(f"{title} = “{text}”" for title, text in said.items())
    short = values if len(values) <= 200 else f"{values[:199]}…"
    return say("new row: {name}", name=short) if isinstance(change, Insert) else f"{key_text(change.key)}: {short}"


def _why(refused: Refused) -> str:
    return refused.message[:1].upper() + refused.message[1:]


def _handle_of(window: Window, source: Any, table: str) -> TableHandle | None:
    """The window's handle of a table of the source, whatever the layout calls it; None when it shows none."""
    known = source.remembered_table(table)
    handles = window.tables.handles.values() if window.tables is not None else ()
    return next((handle for handle in handles if known is not None and handle.opened is known), None)
