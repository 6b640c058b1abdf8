"""A text as the assistants of its language see it: opened, changed after a pause, closed.

The client of language servers is an assistant too; it is imported when a text is a file that servers may know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from plugins.api import Assistant, CallTip, Completion, Diagnostic, Place, assistants_of, option, watch_assistants

if TYPE_CHECKING:
    from plugins.api import FormBar
    from plugins.scintilla.pane import Pane

#: A pause of the typing after which assistants are told, in ms; bytes from which on a text is shown to none.
PAUSE_MS, TOO_LARGE = 250, 1 << 20


class AssistedText(QObject):
    """Joins one pane to the assistants of its language; see :class:`kernel.assist.OpenText`.

    Attributes:
        pane: The pane.
        file: The file on this machine that it is, None for every other text.
        bar: Where the person is asked about this text; None where there is no place for that.
    """

    def __init__(self, pane: Pane, path: str, file: Path | None = None, bar: FormBar | None = None) -> None:
        super().__init__(pane)
        self.pane = self._pane = pane
        self.path, self.file, self.bar = path, file, bar
        pane.assisted = self
        self.language = pane.code.language.name
        self._serving: list[Assistant] = []
        self._is_changed = self._is_closed = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.tell)
        pane.edited.connect(self._hear)
        stop = watch_assistants(self.renew)
        serving = self._serving
        self.destroyed.connect(lambda *_: (stop(), serving.clear()))
        self.renew()
        if file is not None:
            # After the first paint: whether there are servers at all is no matter of showing the text.
            QTimer.singleShot(0, self, self._bring_servers)

    def text(self) -> str:
        """All of it."""
        return self._pane.text().decode("utf-8", "replace")

    def show_diagnostics(self, source: str, diagnostics: Sequence[Diagnostic]) -> None:
        """Show these problems in the place of those that the source told before."""
        if isValid(self):
            self._pane.marks.show(source, diagnostics)

    def renew(self) -> None:
        """Open it for those who know its language now, and close it for the others."""
        if not isValid(self) or self._is_closed:
            return
        is_small = self._pane.code.length < TOO_LARGE
        wanted = assistants_of(self._pane.code.language.name) if is_small else []
        is_other = self._pane.code.language.name != self.language
        self.language = self._pane.code.language.name
        for one in [one for one in self._serving if is_other or one not in wanted]:
            self._serving.remove(one)
            one.close_text(self)
        for one in wanted:
            if one not in self._serving:
                self._serving.append(one)
                one.open_text(self)
        completer = self._pane.completer
        completer.ask = self.complete if self._serving else None
        completer.ask_tip = self.call_tip if self._serving else None
        self.take_triggers()

    def take_triggers(self) -> None:
        """The letters after which assistants are asked, as they say now."""
        served = self._pane.served
        completer = self._pane.completer
        completer.triggers = "".join(one.triggers for one in self._serving) + (served.triggers if served else "")
        completer.tip_triggers = served.tip_triggers if served and served.tip_triggers else "(,"

    def _bring_servers(self) -> None:
        if isValid(self) and not self._is_closed and option("scintilla.language-servers"):
            from plugins.scintilla.language_client.assistant import bring

            bring(self._pane.context)

    @property
    def is_too_large(self) -> bool:
        """Whether it is a file that language servers would know, were it smaller."""
        if self.file is None or self._pane.code.length < TOO_LARGE:
            return False
        from plugins.scintilla.language_client.server_table import BUILT_IN

        return any(self.language in row.languages for row in BUILT_IN)

    def close(self) -> None:
        """It is shown no more."""
        self._is_closed = True
        self._pane.assisted = None
        serving, self._serving[:] = list(self._serving), []
        for one in serving:
            one.close_text(self)
        self._pane.completer.ask = self._pane.completer.ask_tip = None

    def tell(self) -> None:
        """Tell the assistants of what was typed."""
        self._pause.stop()
        if self._is_changed:
            self._is_changed = False
            for one in self._serving:
                one.change_text(self)

    def complete(self, place: Place, done: Callable[[Sequence[Completion]], Any]) -> None:
        """Ask all of them; what they answer comes together."""
        self.tell()
        found: list[Completion] = []
        waits = [len(self._serving)]

        def take(more: Sequence[Completion]) -> None:
            found.extend(more)
            waits[0] -= 1
            if not waits[0]:
                done(found)

        for one in list(self._serving):
            one.complete(self, place, take)

    def call_tip(self, place: Place, done: Callable[[CallTip | None], Any]) -> None:
        """Ask one after the other until one knows."""
        self.tell()
        left = list(self._serving)

        def ask_next() -> None:
            if left:
                left.pop(0).call_tip(self, place, lambda tip: done(tip) if tip is not None or not left else ask_next())
            else:
                done(None)

        ask_next()

    def _hear(self) -> None:
        self._is_changed = True
        if self._serving:
            self._pause.start()
