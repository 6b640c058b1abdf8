"""A file in an editor with the servers that serve it: told of changes, asked about places. One for each editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from plugins.api import CallTip, Completion, Diagnostic, Place, Span, say
from plugins.scintilla.host import SCI
from plugins.scintilla.language_client.document import Document
from plugins.scintilla.language_client.folds import Folds
from plugins.scintilla.language_client.hover import HoverSheet
from plugins.scintilla.language_client.inlay import Inlays
from plugins.scintilla.language_client.places import byte_of, position_of
from plugins.scintilla.language_client.pull import Pulls
from plugins.scintilla.language_client.tokens import Tokens
from plugins.scintilla.language_client.uses import Uses
from plugins.scintilla.open_text import TOO_LARGE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from plugins.scintilla.language_client.assistant import Client
    from plugins.scintilla.language_client.protocol import PublishedDiagnostics, TextEdit
    from plugins.scintilla.language_client.server import Server
    from plugins.scintilla.open_text import AssistedText

SEVERITIES = {1: "error", 2: "warning", 3: "info", 4: "info"}
#: Seconds that a question which a person waits for may take.
ASKED_S = 10.0


class ServedText(QObject):
    """One file in one editor.

    Attributes:
        text: The text as assistants see it.
        code: The surface.
        hover: What is known of a word.
        uses: Places where the name at the caret stands.
        inlays: Texts that stand behind lines and not in them.
        tokens: The colours by what words mean.
        folds: What can be folded away.
        pulls: The questions for problems, to servers that want to be asked.
        menu: The last menu of what can be done.
        lister: What lists places whose lines are being read.
        servers: Those that serve it, with the file as each of them knows it.
    """

    def __init__(self, client: Client, text: AssistedText) -> None:
        super().__init__(text.pane)
        self.client, self.text, self.pane, self.code = client, text, text.pane, text.pane.code
        self.servers: dict[Server, Document] = {}
        self._numbers: dict[str, tuple[Server, int]] = {}
        text.pane.served = self
        self.hover = HoverSheet(self)
        self.menu: QMenu | None = None
        self.lister: Any = None
        self.uses = Uses(self)
        self.inlays = Inlays(self)
        self.pulls = Pulls(self)
        self.tokens = Tokens(self)
        self.folds = Folds(self)
        text.pane.code.host.editor.SCN_CHARADDED.connect(self._hear_letter)
        self.join()

    def join(self) -> None:
        """Be served by all that may serve it now."""
        if not self.can_be_served:
            self.show_state()
            return
        for server in self.client.servers_for(self):
            if server not in self.servers:
                document = self.client.document(server, self.text)
                document.users += 1
                self.servers[server] = document
                server.open(document, self.code.data())
        if any(document.version for document in self.servers.values()):
            self._show_known()
            self.look_again()
        self.text.take_triggers()
        self.show_state()

    def close(self) -> None:
        """It is shown no more, or no more served."""
        for server, document in self.servers.items():
            document.users -= 1
            if not document.users and isValid(server):
                server.close(document)
        self.servers.clear()
        if isValid(self):
            self.pane.served = None
            self.pane.status.server.hide()
            self._features_gone()
            self.lister = None
            self.deleteLater()

    @property
    def editor(self) -> Any:
        """The editor around it."""
        widget = self.pane.parentWidget()
        while widget is not None and not hasattr(widget, "list_panel"):
            widget = widget.parentWidget()
        return widget

    @property
    def can_be_served(self) -> bool:
        """Whether its letters are those of the file: no parts of long lines, not too large."""
        return not self.pane.is_broken and self.code.length < TOO_LARGE

    def hear_ready(self, server: Server) -> None:
        """A server began to answer, or again."""
        document = self.servers.get(server)
        if document is not None:
            server.open(document, self.code.data())
            self.text.take_triggers()
            self.look_again()

    def flush(self) -> None:
        """Tell the servers what the text is now."""
        if not self.can_be_served:
            for server, document in self.servers.items():
                server.close(document)
            return
        data = self.code.data() if self.servers else b""
        for server, document in self.servers.items():
            if document.version:
                server.change(document, data)
            else:
                server.open(document, data)

    def saved(self) -> None:
        """The file was written."""
        self.text.tell()
        for server, document in self.servers.items():
            server.save(document)

    # -- questions ------------------------------------------------------------------------------------------------

    def able(self, provider: str) -> Server | None:
        """The first server that can do something (``hoverProvider``)."""
        return next((one for one, document in self.servers.items() if document.version and one.has(provider)), None)

    def ask(
        self, slot: str, server: Server, method: str, params: dict[str, Any], kind: Any, done: Callable[[Any], Any],
        failed: Callable[[str], Any] | None = None,
    ) -> None:  # fmt: skip
        """Ask about this text as it is now.

        Args:
            slot: A question in the same slot takes the place of the one before, which is given up.
            params: Besides ``textDocument``.
            done: Called unless the text has changed meanwhile.
        """
        self.text.tell()
        self.give_up(slot)
        document = self.servers.get(server)
        if document is None or not document.version:
            return
        version = document.version

        def take(result: Any) -> None:
            self._numbers.pop(slot, None)
            if isValid(self) and self.servers.get(server) is document and document.version == version:
                done(result)

        def lose(why: str) -> None:
            self._numbers.pop(slot, None)
            if isValid(self) and failed is not None:
                failed(why)

        everything = {"textDocument": document.name, **params}
        number = server.ask(method, everything, kind, take, lose, deadline=ASKED_S)
        if number:
            self._numbers[slot] = (server, number)

    def remember(self, slot: str, server: Server, number: int) -> None:
        """A request that was sent elsewhere belongs to a slot."""
        self._numbers[slot] = (server, number)

    def give_up(self, slot: str) -> None:
        """Wait for the answer of a slot no more."""
        before = self._numbers.pop(slot, None)
        if before is not None and isValid(before[0]):
            before[0].cancel(before[1])

    def position(self, server: Server, place: int | None = None) -> dict[str, int]:
        """A byte as a server names it; the caret without one."""
        return position_of(self.code, self.code.caret if place is None else place, server.encoding)

    def note(self, text: str) -> None:
        """Say something in the line below the text."""
        if isValid(self):
            self.pane.status.say(text)

    def apply(self, server: Server, edits: Sequence[TextEdit]) -> None:
        """Do edits of this text, as one step."""
        from plugins.scintilla.language_client.workspace_edit import apply_to_text

        failure = apply_to_text(self, server, edits)
        if failure:
            self.note(refused(failure))

    # -- what servers tell ----------------------------------------------------------------------------------------

    def show_problems(self, server: Server, found: PublishedDiagnostics) -> None:
        """Show a server's problems, unless they are of a text that is no more."""
        document = self.servers.get(server)
        if document is None or (found.version is not None and found.version < document.version):
            return
        self.text.show_diagnostics(server.row.name, [self._problem(server, one) for one in found.diagnostics[:2000]])

    def _show_known(self) -> None:
        """Show the problems that were told before, of a file that another view shows already."""
        assert self.text.file is not None
        told = self.client.problems.get(self.text.file, {})
        for server in self.servers:
            if (found := told.get(server.row.name)) is not None:
                self.show_problems(server, found)

    @property
    def is_shared(self) -> bool:
        """Whether another view of the same text is served: marks and folds in it are both views'."""
        mine = self.code.send(SCI.SCI_GETDOCPOINTER)
        others = (one.code for one in self.client.texts() if one is not self)
        return any(one.host.is_alive and one.send(SCI.SCI_GETDOCPOINTER) == mine for one in others)

    def forget_problems(self, server: Server) -> None:
        """It is gone, and what it told with it."""
        if server in self.servers:
            self.text.show_diagnostics(server.row.name, [])

    def _problem(self, server: Server, one: Any) -> Diagnostic:
        span = Span(*(self._place(server, at) for at in (one.range.start, one.range.end)))
        source = one.source or server.row.name
        if one.code is not None and str(one.code) not in (source, ""):
            source = f"{source} {one.code}"
        return Diagnostic(span, one.message, SEVERITIES.get(one.severity or 1, "error"), source)

    def _place(self, server: Server, position: Any) -> Place:
        if server.encoding == "utf-32":
            return Place(position.line, position.character)
        return Place(*self.code.place_of(byte_of(self.code, position, server.encoding)))

    def show_state(self) -> None:
        """Say in the line below how the servers are."""
        from plugins.scintilla.language_client.state_line import show_state

        show_state(self)

    # -- features -------------------------------------------------------------------------------------------------

    def look_again(self) -> None:
        """Ask anew for what is shown all the time."""
        self.uses.start()
        self.inlays.start()
        self.pulls.start()
        self.tokens.start()
        self.folds.start()

    def _features_gone(self) -> None:
        """Take what they show off the text."""
        for one in (self.hover, self.uses, self.inlays, self.pulls, self.tokens, self.folds):
            one.end()
        self.code.host.editor.SCN_CHARADDED.disconnect(self._hear_letter)

    def _hear_letter(self, letter: int) -> None:
        if any(one.can.get("documentOnTypeFormattingProvider") for one in self.servers):
            from plugins.scintilla.language_client.formatting import format_typed

            format_typed(self, chr(letter & 0x1FFFFF) if letter > 0 else "")

    def complete(self, place: Place, done: Callable[[Sequence[Completion]], Any]) -> None:
        """What the servers know may stand there."""
        from plugins.scintilla.language_client.completing import complete

        complete(self, done)

    def call_tip(self, place: Place, done: Callable[[CallTip | None], Any]) -> None:
        """How what is called there is called."""
        from plugins.scintilla.language_client.signature import ask_signature

        ask_signature(self, done)

    @property
    def triggers(self) -> str:
        """Letters after which the servers want to be asked for completions."""
        found = (one.options("completionProvider").get("triggerCharacters") for one in self.servers if one.can)
        return "".join(letter for letters in found for letter in letters or () if letter.strip())

    @property
    def tip_triggers(self) -> str:
        """Letters after which they want to be asked how something is called."""
        found = [one.options("signatureHelpProvider") for one in self.servers if one.can]
        keys = ("triggerCharacters", "retriggerCharacters")
        return "".join(letter for options in found for key in keys for letter in options.get(key) or ())


def refused(text: str) -> str:
    """Why something was not done, as a sentence."""
    return say("Not done: {reason}", reason=text)
