"""Who wrote each line, in the margin: short id, author, age; said once for lines in a row that came together."""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from plugins.api import FileVersions, Version, say
from plugins.scintilla.gutter.age import age_text
from plugins.scintilla.host import SCI
from plugins.scintilla.look import MARGIN, PEEK

if TYPE_CHECKING:
    from plugins.scintilla.gutter.gutter import Gutter
    from plugins.scintilla.gutter.text import Shown

#: Letters of an author's name that the margin shows; of an id everywhere.
NAME, ID = 18, 7


def line_text(version: Version | None) -> str:
    """Who wrote a line, for a sentence."""
    if version is None:
        return say("Not committed yet")
    return f"{version.id[:ID]} · {version.author}, {age_text(version.date)} · {version.summary}"


class Blame:
    """The margin of one text.

    Attributes:
        is_shown: Whether it is there.
        lines: Who wrote each line, as it was asked last.
    """

    def __init__(self, gutter: Gutter) -> None:
        self._gutter, self._code = gutter, gutter.code
        self.is_shown = False
        self.lines: list[Version | None] = []
        gutter.compared.connect(lambda: self._ask() if self.is_shown else None)

    def toggle(self) -> None:
        """Show it, or hide it."""
        if self.is_shown:
            self.hide()
        else:
            self.is_shown = True
            self._ask()

    def hide(self) -> None:
        """Hide it."""
        self.is_shown, self.lines = False, []
        self._code.send(SCI.SCI_MARGINTEXTCLEARALL)
        self._code.send(SCI.SCI_SETMARGINWIDTHN, MARGIN["blame"], 0)

    def dress(self) -> None:
        """Another font or theme."""
        if self.is_shown:
            self._show(self.lines)

    def _ask(self) -> None:
        self._gutter.do(partial(blamed, self._gutter.now()), self._take)

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self.hide()
            self._gutter.pane.status.say(str(answer))
        elif self.is_shown:
            self._show(answer)

    def _show(self, lines: list[Version | None]) -> None:
        self.lines = lines
        send, now = self._code.send, datetime.datetime.now()
        texts: dict[str, str] = {}
        widest, before = "", ""
        send(SCI.SCI_MARGINTEXTCLEARALL)
        for line, version in enumerate(lines):
            name = version.id if version is not None else ""
            if name not in texts:
                texts[name] = _margin_text(version, now)
                widest = max(widest, texts[name], key=len)
            if not line or name != before:
                send(SCI.SCI_MARGINSETTEXT, line, texts[name].encode("utf-8", "replace"))
                send(SCI.SCI_MARGINSETSTYLE, line, PEEK["blame"])
            before = name
        width = send(SCI.SCI_TEXTWIDTH, PEEK["blame"], widest.encode("utf-8", "replace"))
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["blame"], width + self._gutter.pane.theme.length(8))


def blamed(shown: Shown, versions: FileVersions) -> list[Version | None]:
    """Who wrote the lines of a text; on a thread."""
    return versions.blame(shown.data())


def _margin_text(version: Version | None, now: datetime.datetime) -> str:
    if version is None:
        return f" {'·' * ID} {say('not committed')}"
    name = version.author if len(version.author) <= NAME else f"{version.author[: NAME - 1]}…"
    return f" {version.id[:ID]} {name:<{NAME}} {age_text(version.date, now)}"
