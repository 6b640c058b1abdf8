"""Adding a server in a window: an invitation or an address is asked about, its keys are shown, then it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from kernel.error import EspalierError
from kernel.tables.error import UnavailableError
from kernel.trust.fingerprint import shown
from kernel.trust.invitation import SCHEME, Invitation, InvitationError, parse_invitation
from kernel.wire.address import parse_address
from kernel.wire.error import UntrustedServerError
from kernel.words import mark, say, say_count
from shell.meeting import Met, ask, keep
from widgets.grid.notice import sentence
from widgets.handle_worker import Worker
from widgets.overlay import Overlay
from widgets.theme.tint import tint

if TYPE_CHECKING:
    from shell.window import Window

_WIDTH = 560
#: Room of the box with the keys, around the radius of its corners.
_ROOM = "border-radius: {}px; padding: 10px 12px"
TEXT = mark("Paste an invitation, or choose a name for the server and write its address.")
#: Groups of digits in a line: the first of these that leaves no shorter line.
_GROUPS = (8, 5)
COMPARE = mark("Compare this with what the server's administrator says. Apps of a server run with your rights.")
INVITED = mark("These are the keys of the invitation. Apps of a server run with your rights.")
PLAIN = mark("It has no keys: whoever can reach the address could answer in its place.")


class ServerCard(Overlay):
    """One window's card.

    Args:
        window: Whose configuration gets the server.
    """

    def __init__(self, window: Window) -> None:
        super().__init__(window, window.theme, _WIDTH, say("Add a server"))
        self._window = window
        self._worker = Worker("meeting")
        self._met: Met | None = None
        self._turn = 0
        self.line = QLineEdit(self.card)
        self.said = QLabel(self.card)
        self.keys = QLabel(self.card)
        self.no, self.yes = QPushButton(say("Cancel"), self.card), QPushButton(self.card)
        self._lay_out()
        self.line.textChanged.connect(self._begin_anew)
        self.no.clicked.connect(self.close_card)
        self.yes.clicked.connect(self._go_on)
        self.closed.connect(self._forget)

    def open_with(self, text: str = "") -> None:
        """Show the card, with an invitation if there is one."""
        self.line.setText(text)
        self._begin_anew()
        self.open(self.line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return goes on, or gives up where Cancel has the focus; one that is held agrees to nothing unread."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            if event.isAutoRepeat():
                return
            (self.no if self.no.hasFocus() else self.yes).click()
            return
        super().keyPressEvent(event)

    # Inside

    def _lay_out(self) -> None:
        theme = self.theme
        page, wide = theme.space("page"), theme.space("wide")
        title, text = QLabel(say("Add a server"), self.card), QLabel(say(TEXT), self.card)
        title.setFont(theme.font("heading"))
        self.line.setAccessibleName(say("Invitation, or name and address"))
        self.line.setPlaceholderText("espalier:join?…  /  home=beast:5060")
        self.keys.setObjectName("keys")
        self.keys.setFont(theme.font("mono"))
        room = _ROOM.format(theme.radius("control"))
        tint(self.keys, theme, f"#keys {{ background: ${{sunken}}; color: ${{text}}; {room} }}")
        self.keys.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (text, self.said, self.keys):
            label.setWordWrap(label is not self.keys)
            label.setTextFormat(Qt.TextFormat.PlainText)
        box = QVBoxLayout()
        box.setContentsMargins(page, page, page, wide)
        box.setSpacing(theme.space("normal"))
        for widget in (title, text, self.line, self.said, self.keys):
            box.addWidget(widget)
        box.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(page, 0, page, page)
        row.setSpacing(theme.space("normal"))
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        self.yes.setProperty("emphasis", "primary")
        self.column.addLayout(box)
        self.column.addLayout(row)

    def _begin_anew(self) -> None:
        """Another text: whatever was answered is of no concern any more."""
        self._turn += 1
        self._met = None
        self._say("", "")
        self.yes.setText(say("Ask the server"))
        self.yes.setEnabled(bool(self.line.text().strip()))

    def _forget(self) -> None:
        self._turn += 1
        self._met = None

    def _say(self, text: str, keys: str, tone: str = "muted") -> None:
        self.said.setText(text)
        tint(self.said, self.theme, f"color: ${{{tone}}}")
        self.said.setVisible(bool(text))
        self.keys.setText(keys)
        self.keys.setVisible(bool(keys))
        if not self.isHidden():
            self.fit()
        if text:
            QAccessible.updateAccessibility(QAccessibleEvent(self.said, QAccessible.Event.Alert))

    def _go_on(self) -> None:
        if self._met is not None:
            self._keep(self._met)
            return
        try:
            wanted = wanted_of(self.line.text())
        except EspalierError as error:
            self._say(sentence(error), "", "error")
            return
        turn, session = self._turn, self._window.session
        self.yes.setEnabled(False)
        self._say(say("Asking {address} …", address=wanted.address), "")

        def work() -> Met | EspalierError:
            try:
                return ask(session, wanted)
            except EspalierError as error:
                return error

        self._worker.submit(work, lambda answer: self._take(answer, wanted) if turn == self._turn else None)

    def _take(self, answer: Any, wanted: Invitation) -> None:
        """Show what the server answered."""
        self.yes.setEnabled(True)
        if not isinstance(answer, Met):
            self._say(_why(answer), "", "error")
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._met, found = answer, answer.invitation
        is_invited = found == wanted
        titles = {say("Key"): found.key, say("Fingerprint"): found.root}
        width = max(map(len, titles)) + 2
        lines = [f"{title:<{width}}{_grouped(value, width)}" for title, value in titles.items() if value]
        words = say((INVITED if is_invited else COMPARE) if lines else PLAIN)
        answers = say_count(
            "{address} answers, with {count} app.",
            "{address} answers, with {count} apps.",
            answer.apps,
            address=found.address,
        )
        self._say(f"{answers} {words}", "\n".join(lines), "text")
        self.yes.setText(say("Add the server"))
        self.yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self, met: Met) -> None:
        window, found = self._window, met.invitation
        try:
            keep(window.session, found)
        except EspalierError as error:
            self._say(sentence(error), "", "error")
            return
        self.close_card()
        text = say_count(
            "{name} was added, with {count} app", "{name} was added, with {count} apps", met.apps, name=found.name
        )
        window.messages.report("success", text)
        for other in window.desk.windows:
            if take := getattr(other.app, "take_servers", None):
                take()


def wanted_of(text: str) -> Invitation:
    """What a person typed: an invitation, or NAME=ADDRESS.

    Raises:
        InvitationError, AddressError: neither.
    """
    text = text.strip()
    if text.startswith(SCHEME):
        return parse_invitation(text)
    name, equals, address = (part.strip() for part in text.partition("="))
    if not equals or not name.replace("-", "").replace("_", "").isalnum():
        text = say("that is neither an invitation nor a name and an address")
        raise InvitationError(text, hint=say("write home=beast:5060"))
    return Invitation(name, str(parse_address(address)))


def _why(error: EspalierError) -> str:
    """Why there was no answer, and what to look at."""
    if not isinstance(error, UnavailableError) or isinstance(error, UntrustedServerError):
        return sentence(error)
    reason = error.message.partition(": ")[2] or error.message
    return say("The server cannot be reached: {reason}. Does it run there, and is that its address?", reason=reason)


def _grouped(value: str, indent: int) -> str:
    """Hex digits in groups of four, in lines of one length; further lines begin below the first."""
    groups = shown(value).split(" ")
    most = next((number for number in _GROUPS if len(groups) % number == 0), _GROUPS[0])
    lines = [" ".join(groups[at : at + most]) for at in range(0, len(groups), most)]
    return f"\n{'':<{indent}}".join(lines)
