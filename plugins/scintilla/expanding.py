"""Snippets of the person in a text: Tab behind a prefix puts one in, completions offer them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt

from plugins.api import Completion, EspalierError
from plugins.scintilla.complete import put_in
from plugins.scintilla.host import SCI
from plugins.scintilla.snippet_file import SnippetRow, filled, snippets, values_of

if TYPE_CHECKING:
    from plugins.scintilla.pane import Pane


class Expander(QObject):
    """The snippets of one text."""

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane, self._code = pane, pane.code
        pane.code.host.view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """Tab behind a prefix is the snippet's; the list of completions has it before, when it is open."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        if event.key() != Qt.Key.Key_Tab or event.modifiers() or not self.can_expand:  # type: ignore[attr-defined]
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.expand()
        return True

    @property
    def can_expand(self) -> bool:
        """Whether Tab would put a snippet in."""
        return not self._pane.completer.is_open and self._at_caret() is not None

    def expand(self) -> bool:
        """Put in the snippet whose prefix stands before the caret; whether there was one."""
        row = self._at_caret()
        if row is None:
            return False
        caret = self._code.caret
        put_in(self._code, self._completion(row), caret - len(row.prefix.encode()), caret, 0)
        return True

    def offers(self) -> list[Completion]:
        """All of them that are words, for the list of completions."""
        return [self._completion(row) for row in self._rows() if row.prefix.isidentifier()]

    def _rows(self) -> list[SnippetRow]:
        def tell(error: EspalierError) -> None:
            self._pane.context.reporter.report("warning", str(error), error.hint or "")

        return snippets.rows(self._code.language.name, tell)

    def _at_caret(self) -> SnippetRow | None:
        """The one with the longest prefix, which does not begin within a word."""
        code = self._code
        start, stop = code.selection
        if start != stop or code.is_read_only or code.leaves:
            return None
        rows = self._rows()
        before = code.host.bytes(code.line_start(code.line_of(stop)), stop).decode("utf-8", "replace") if rows else ""
        fits = [row for row in rows if before.endswith(row.prefix) and _begins(before, row.prefix)]
        return max(fits, key=lambda row: len(row.prefix), default=None)

    def _completion(self, row: SnippetRow) -> Completion:
        send = self._code.send
        width = send(SCI.SCI_GETINDENT) or send(SCI.SCI_GETTABWIDTH)
        unit = "\t" if send(SCI.SCI_GETUSETABS) else " " * width
        body = "\n".join(_indented(line, unit) for line in row.body.splitlines())
        text = filled(body, values_of(self._pane.path, datetime.now()))
        doc = f"```\n{row.body}\n```"
        return Completion(text, row.doc, label=row.prefix, kind="snippet", doc=doc, is_snippet=True)


def _indented(line: str, unit: str) -> str:
    rest = line.lstrip("\t")
    return unit * (len(line) - len(rest)) + rest


def _begins(before: str, prefix: str) -> bool:
    """Whether the prefix at the end of a line is a word of its own, where it is a word."""
    last = before[: -len(prefix)][-1:]
    is_word = prefix[0].isalnum() or prefix[0] == "_"
    return not is_word or not (last.isalnum() or last == "_")
