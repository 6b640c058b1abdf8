"""The page before an app's first run: who publishes it, what it may do, and what that means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kernel.error import EspalierError
from kernel.words import mark, say
from layouts.app_needs import PERMISSIONS
from shell.consent import Asked, consents_of
from shell.page import page_label
from shell.session import Session
from widgets.theme import Theme
from widgets.theme.tint import tint

#: Greatest width of the text, in letters.
_WIDTH = 78
#: Permission → icon.
_ICONS = {
    "net": "globe", "files": "folder", "run": "window", "clipboard": "paste", "notify": "bell", "devices": "camera",
}  # fmt: skip
_CODE = mark(
    "Its scripts are Python programs. They can do what you can do on this computer: what stands here is what its"
    " publisher says of them, and nothing holds them to it. Open it if you trust who publishes it."
)


class Asking(QObject):
    """Shows the page in a window, and goes on with the boot when the person agrees.

    Args:
        asked: The question.
        session: Of the boot; its app waits.
        rest: What is left of the boot queue.
    """

    def __init__(self, asked: Asked, session: Session, rest: tuple[Any, ...]) -> None:
        from layouts.node import Layout
        from shell.loop import run_loop, show
        from shell.waiting import WaitingApp

        super().__init__()
        self._asked, self._session, self._rest = asked, session, rest
        self._app: Any = session.app
        if session.waiting is None:
            stand_in = WaitingApp(asked.key)
            stand_in.info = self._app.info._replace(key=f"asking-{asked.key}")
            session.app, session.layout = stand_in, Layout(title=asked.title)
            show(session)
            session.loop = lambda: run_loop(session)
            session.waiting = session.windows[-1]
        self._window, session.waiting = session.waiting, None
        self.setParent(self._window)
        self._window.retry = self._show
        self._window.disposers.add(self._let_go)
        self._show()

    def _show(self) -> None:
        window, asked = self._window, self._asked
        page = consent_page(window.theme, asked, self._agree, window.close, window)
        window.show_page(page)
        window.setWindowTitle(asked.title)
        window.bar.set_title(asked.title)
        window.bar.set_icon(self._app.info.icon)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _let_go(self) -> None:
        """The window was closed without an answer: the app was never begun."""
        if self._session.app is not self._app:
            self._app.close()

    def _agree(self) -> None:
        from shell.boot import continue_boot

        session, window = self._session, self._window
        try:
            consents_of(session).agree(self._asked.key, self._asked.wanted)
            session.app, session.waiting = self._app, window
            continue_boot(self._rest, session)
        except EspalierError as error:
            problems = list(getattr(error, "problems", None) or [error])
            window.show_problem(say("{title} cannot be shown", title=self._asked.title), problems)


class _Page(QScrollArea):
    """Scrolls by keys and is read as a whole; Escape is the answer no. Nothing is agreed to before Tab was pressed, by
    a key that was held while the window came, say.

    Attributes:
        acts_as: What the window takes it for, so that its focus is seen.
    """

    acts_as = "page"

    def __init__(self, refuse: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._refuse = refuse
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def focus_ring(self, focus: QWidget) -> QWidget | None:
        """Around all of it while it has the focus itself; its buttons show their own."""
        return self if focus is self else None

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape refuses."""
        if event.key() == Qt.Key.Key_Escape:
            self._refuse()
        else:
            super().keyPressEvent(event)


def consent_page(
    theme: Theme, asked: Asked, agree: Callable[[], None], refuse: Callable[[], object], parent: QWidget
) -> QWidget:
    """The page.

    Args:
        theme: Looks.
        asked: What is asked.
        agree, refuse: What its buttons do.
        parent: The window.
    """
    scroll = _Page(refuse, parent)
    rows = _rows(asked)
    scroll.setAccessibleName(_heading(asked))
    scroll.setAccessibleDescription("\n".join([_publisher(asked), *(text for _, text in rows)]))
    page = QWidget()
    scroll.setWidget(page)
    row = QHBoxLayout(page)
    inner = QWidget(page)
    inner.setMaximumWidth(_WIDTH * QFontMetrics(theme.font("body")).averageCharWidth())
    row.addStretch(1)
    row.addWidget(inner, 20)
    row.addStretch(1)
    column = QVBoxLayout(inner)
    column.setSpacing(theme.space("wide"))
    space = theme.space("page")
    column.setContentsMargins(space, 2 * space, space, space)
    column.addWidget(page_label(_heading(asked), theme, "title", "text", inner))
    column.addWidget(page_label(_publisher(asked), theme, "body", "muted", inner))
    column.addWidget(page_label(say("What it asks for"), theme, "strong", "text", inner))
    column.addWidget(_card(theme, rows, inner))
    if asked.wanted.has_code:
        column.addWidget(page_label(say(_CODE), theme, "body", "text", inner))
    column.addLayout(_buttons(theme, agree, refuse, inner))
    column.addStretch(1)
    return scroll


def _heading(asked: Asked) -> str:
    text = mark("Open {title}?") if asked.is_new else mark("{title} has changed. Go on with it?")
    return say(text, title=asked.title)


def _publisher(asked: Asked) -> str:
    """Who publishes it, as far as anybody has proven it."""
    keys = [" ".join(key[at : at + 4] for at in range(0, 16, 4)) for key in asked.wanted.keys[:3]]
    if not keys:
        text = mark("From the server {server}. Nobody has signed it: whoever runs that server may have written it.")
        return say(text, server=asked.server)
    if len(asked.wanted.keys) == 1:
        return say("From the server {server}, signed with the key {key}.", server=asked.server, key=keys[0])
    more = len(asked.wanted.keys) - len(keys)
    text = mark("From the server {server}, signed with one of the keys {keys}.")
    if more:
        text = mark("From the server {server}, signed with one of the keys {keys} and {count} more.")
    return say(text, server=asked.server, keys=", ".join(keys), count=more)


def _rows(asked: Asked) -> list[tuple[str, str]]:
    """Icon and sentence of everything that is to be agreed to."""
    rows = [(_ICONS.get(name, "info"), PERMISSIONS.get(name, name)) for name in asked.wanted.permissions]
    rows += [("code", mark("runs scripts of its own"))] if asked.wanted.has_code else []
    said = [(icon, say(text)) for icon, text in rows]
    return [(icon, f"{text[:1].upper()}{text[1:]}") for icon, text in said]


def _card(theme: Theme, rows: list[tuple[str, str]], parent: QWidget) -> QWidget:
    card = QFrame(parent)
    card.setObjectName("permissions")
    edge = f"border: 1px solid ${{line}}; border-radius: {theme.radius('card')}px"
    tint(card, theme, f"#permissions {{ background: ${{surface}}; {edge} }}")
    column = QVBoxLayout(card)
    space = theme.space("wide")
    column.setContentsMargins(space, space, space, space)
    column.setSpacing(theme.space("normal"))
    size = QFontMetrics(theme.font("body")).height()
    for icon, text in rows:
        line = QHBoxLayout()
        line.setSpacing(theme.space("normal"))
        sign = QLabel(card)
        sign.setPixmap(theme.icon(icon, "muted").pixmap(size, size))
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(page_label(text, theme, "body", "text", card), 1)
        column.addLayout(line)
    return card


def _buttons(theme: Theme, agree: Callable[[], None], refuse: Callable[[], object], parent: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.space("normal"))
    yes, no = QPushButton(say("Open it"), parent), QPushButton(say("Not now"), parent)
    yes.setProperty("emphasis", "primary")
    for button in (yes, no):
        button.setAutoDefault(True)  # Return presses the one that has the focus
    yes.clicked.connect(lambda: agree())
    no.clicked.connect(lambda: refuse())
    row.addWidget(yes)
    row.addWidget(no)
    row.addStretch(1)
    return row
