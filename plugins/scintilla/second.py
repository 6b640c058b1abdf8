"""A second view of an editor: the same text with one undo, and a caret, a place and folds of its own.

Both show one document of Scintilla. What the text is, where it comes from and goes to is the first one's; language
servers know it as one document, and are asked from either view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from plugins.api import Node
from plugins.scintilla.editor import Editor
from plugins.scintilla.editor_setting import DOCUMENTS
from plugins.scintilla.host import SCI
from plugins.scintilla.open_text import AssistedText
from plugins.scintilla.pane import Pane

if TYPE_CHECKING:
    from plugins.api import FormBar


class SecondEditor(Editor):
    """The text of another editor once more.

    Args:
        first: Whose text.
        parent: Where it stands.
    """

    def __init__(self, first: Editor, parent: QWidget) -> None:
        self._first = first
        self._shared: Pane | None = None
        super().__init__(Node("editor", where=first.node.where), first.context, parent)  # type: ignore[attr-defined]
        self.node = _alone(first.node)  # type: ignore[attr-defined]
        self._close_assisted()
        first.shown.connect(self._share)
        assert self.pane is not None
        self.pane.form_changed.connect(self._hand_form)
        self.pane.code.language_changed.connect(self._hand_language)
        self._share()
        self._go_along()

    # -- what is the first one's ----------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """See the base."""
        return self._first.path

    @property
    def bar(self) -> FormBar | None:
        """See the base."""
        return self._first.bar

    def has_edits(self) -> bool:
        """See the base."""
        return self._first.has_edits()

    def save(self) -> bool:
        """See the base."""
        return self._first.save()

    def save_in_order(self) -> None:
        """See the base."""
        self._first.save_in_order()

    def set_file(self, path: Any) -> None:
        """See the base: both show the other file."""
        self._first.set_file(path)

    def keep_state(self) -> Any:
        """Nothing: it goes with the window."""
        return None

    def second_view(self, parent: QWidget) -> Editor:
        """See the base."""
        return self._first.second_view(parent)

    def let_go(self) -> None:
        """Show nothing of the text any more; the lexer of the document stays the first one's."""
        if isValid(self._first):
            self._first.shown.disconnect(self._share)
        self._leave()
        super().let_go()
        if self.pane is not None:
            self.pane.code.send(SCI.SCI_SETDOCPOINTER, 0, 0)

    # -- sharing --------------------------------------------------------------------------------------------------

    def _leave(self) -> None:
        shared, self._shared = self._shared, None
        if shared is not None and isValid(shared):
            shared.code.loaded.disconnect(self._share)
            shared.code.language_changed.disconnect(self._take_language)
            shared.form_changed.disconnect(self._take_form)

    def _share(self) -> None:
        """Show the document that the first one shows now."""
        pane, first = self.pane, self._first.pane
        if pane is None or first is None:
            return
        if first is not self._shared:
            self._leave()
            self._shared = first
            first.code.loaded.connect(self._share)
            first.code.language_changed.connect(self._take_language)
            first.form_changed.connect(self._take_form)
        code, theirs = pane.code, first.code
        if not self._is_assisted():
            self._close_assisted()
        document = theirs.send(SCI.SCI_GETDOCPOINTER)
        code.is_large = theirs.is_large
        if document != code.send(SCI.SCI_GETDOCPOINTER):
            with code.quiet():
                code.send(SCI.SCI_SETDOCPOINTER, 0, document)
            code.hear_events(theirs.send(SCI.SCI_GETMODEVENTMASK))
        self._take_settings()
        pane._path, pane.is_broken = first.path, first.is_broken
        self._take_language()
        code.dress()
        self._take_form()
        if pane.modal is not None:
            pane.modal.reset()
        self._assist()

    def _is_assisted(self) -> bool:
        """Whether assistants know this view as one of the file that the first one shows."""
        theirs = self._first.pane.assisted if self._first.pane is not None else None
        return self._assisted is not None and theirs is not None and self._assisted.file == theirs.file

    def _assist(self) -> None:
        """Have those who serve the first one's file serve this view, too."""
        theirs = self._first.pane.assisted if self._first.pane is not None else None
        if theirs is not None and theirs.file is not None and self.pane is not None and not self._is_assisted():
            self._assisted = AssistedText(self.pane, theirs.path, theirs.file, theirs.bar)

    def _take_settings(self) -> None:
        for name, value in self._first.settings.items():
            if name not in ("language", *DOCUMENTS):
                self._set(name, value)

    def _take_language(self) -> None:
        self._follow_language(self._first.pane, self.pane)

    def _hand_language(self) -> None:
        self._follow_language(self.pane, self._first.pane)

    def _follow_language(self, source: Pane | None, target: Pane | None) -> None:
        """One lexer colours both, so both have the same language."""
        if source is not None and target is not None and source.code.language is not target.code.language:
            target.set_language(source.code.language.name)
            if target.assisted is not None:
                target.assisted.renew()

    def _take_form(self) -> None:
        if self.pane is not None and self._first.pane is not None:
            self.pane.form = self._first.pane.form
            self.pane.status.tell()

    def _hand_form(self) -> None:
        if self.pane is not None and self._first.pane is not None:
            self._first.pane.set_form(self.pane.form)

    def _go_along(self) -> None:
        """Begin where the first one is."""
        pane, first = self.pane, self._first.pane
        if pane is not None and first is not None:
            place = first.code.caret
            pane.code.send(SCI.SCI_SETSEL, place, place)
            pane.code.top_line = first.code.top_line


def _alone(node: Node) -> Node:
    """The node without its id, which is the first one's."""
    from msgspec.structs import replace

    return replace(node, id="")
