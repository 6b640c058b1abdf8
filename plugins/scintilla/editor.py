"""The kind ``editor``: a column's text, a state's, a file or a text that is only shown, in QScintilla."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from plugins.api import (
    Bound,
    Context,
    EspalierError,
    Node,
    Subject,
    keymap_name,
    option,
    say,
    watch_keymap,
    watch_option,
)
from plugins.scintilla.document import Form, told_line_end
from plugins.scintilla.editor_place import EditorPlaces
from plugins.scintilla.field import CodeField
from plugins.scintilla.file_text import FileText
from plugins.scintilla.open_text import AssistedText
from plugins.scintilla.pane import Pane

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.api import FormBar
    from plugins.scintilla.list_panel import ListPanel

#: Made-up paths of texts that are no files.
_NUMBERS = iter(range(1, 1 << 62))


class Editor(EditorPlaces):
    """One editor of a layout.

    Attributes:
        pane: The text with its surroundings; None until the column is known.
        places: Where it was before it went elsewhere: file, line and letter; the last one last.
        shown: Another surface has the text from now on.
    """

    changed = Signal()
    saved = Signal()
    shown = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self._field: CodeField | None = None
        self._bound: Bound | None = None
        self._plain: Pane | None = None
        self._list_panel: ListPanel | None = None
        self.places: list[tuple[str, int, int]] = []
        self._is_read_only = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(context.theme.length(120))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        given = [name for name in ("value", "file", "text") if node.get(name) is not None]
        if len(given) > 1:
            raise EspalierError(
                say("an editor shows one text, not {names}", names=", ".join(given)), where=node.where,
                hint=say("write a value, file= or text="),
            )  # fmt: skip
        if "value" in given:
            self._bound = Bound(node, context, self, self._make_field)
            self._column.addWidget(self._bound)
            self.setFocusProxy(self._bound)
        elif "file" not in given:
            self._plain = Pane(context, self)
            self._plain.code.set_read_only("text" in given)
            self._take(self._plain)
        self._watch = [watch_option(f"scintilla.{name}", self._take_font) for name in ("font", "size")]
        self._watch += [watch_option("scintilla.keys", self._take_keys), watch_keymap(self._take_keys)]
        watching = self._watch
        self.destroyed.connect(lambda *_: [stop() for stop in watching])

    @property
    def pane(self) -> Pane | None:
        """See the class."""
        if self._field is not None:
            return self._field.pane
        return self._file.pane if self._file is not None else self._plain

    @property
    def path(self) -> str:
        """The file that it shows, as it was named; empty for other texts."""
        return self._file.path if self._file is not None else ""

    @property
    def bar(self) -> FormBar | None:
        """Where the person is asked about the file."""
        return self._file.bar if self._file is not None else None

    def list_panel(self) -> ListPanel:
        """The list below the text, which stays when another file is shown; made at its first use."""
        if self._list_panel is None:
            from plugins.scintilla.list_panel import ListPanel

            self._list_panel = ListPanel(self)
            self._column.addWidget(self._list_panel)
        return self._list_panel

    @property
    def listed(self) -> str:
        """What that list shows now, see :attr:`ListPanel.subject`; empty where there is none."""
        return self._list_panel.subject if self._list_panel is not None else ""

    def second_view(self, parent: QWidget) -> Editor:
        """The same text once more, with a caret of its own; raises EspalierError before there is a text."""
        from plugins.scintilla.second import SecondEditor

        if self.pane is None:
            raise EspalierError(say("there is no text here yet"))
        return SecondEditor(self, parent)

    def has_edits(self) -> bool:
        """Whether something of a file is typed that is not written; a column's edits are its form's."""
        return self._file is not None and self._file.has_edits()

    def show_file_history(self, fail: Callable[[str], Any]) -> None:
        """List the versions of the file, once it is known who keeps them; ``fail`` is told why there are none."""
        from plugins.scintilla.gutter.awaited import show_history_soon

        show_history_soon(self, fail)

    def open_breadcrumb(self) -> None:
        """List what stands beside the part of the file where the caret is.

        Raises:
            EspalierError: it shows no file.
        """
        if self._file is None:
            raise EspalierError(say("this text is no file"))
        self._file.trail().open_last()

    def save(self) -> bool:
        """Write what is typed; answers whether it is on its way."""
        if self._bound is not None:
            self._bound.write()
            return True
        return self._file is not None and self._file.save()

    def save_in_order(self) -> None:
        """Write it, put in order before where a server does that and the person wants it."""
        served = self.pane.served if self.pane is not None else None
        if served is None:
            self.save()
            return
        from plugins.scintilla.language_client.formatting import before_saving

        before_saving(served, self.save)

    # -- properties -----------------------------------------------------------------------------------------------

    def set_file(self, path: Any) -> None:
        """Edit another file; one with edits stays until they are written."""
        path = str(path or "")
        if self._file is not None and self._file.path == path:
            return
        if self._file is not None and self._file.has_edits() and not self._file.save():
            return
        if self._file is not None:
            self._close_assisted()
            self._file.let_go()
            self._file.hide()
            self._file.deleteLater()
            self._file = None
        if path:
            self._file = FileText(path, self.context, self)
            self._file.saved.connect(self._hear_saved)
            self._take(self._file.pane, self._file)

    def set_text(self, text: Any) -> None:
        """Show a text that cannot be edited; the place in it stays where the beginning does."""
        if self._plain is not None:
            data = str(text or "").encode("utf-8", "surrogatepass")
            if not self._plain.code.length:
                self._plain.load(data, Form("utf-8", False, *told_line_end(data)))
            else:
                self._plain.take(data)

    def set_read_only(self, is_read_only: Any) -> None:
        """Show only."""
        self._is_read_only = bool(is_read_only)
        self._take_read_only()

    def set_label(self, text: Any) -> None:
        """What stands above it, and a screen reader calls it."""
        if self._bound is not None:
            self._bound.set_label(str(text or ""))
        self._set("title", str(text or ""))

    # -- inside ---------------------------------------------------------------------------------------------------

    def _make_field(self, subject: Subject, parent: QWidget) -> CodeField:
        field = CodeField(subject, parent, lambda: _bound_of(parent))
        self._field = field
        self._take(field.pane)
        return field

    def _take(self, pane: Pane, widget: QWidget | None = None) -> None:
        """A new pane: give it all that was set before."""
        if self._field is None:
            self._column.insertWidget(0, widget or pane, 1)
            (widget or pane).show()  # now: the layout would do so at the next turn of the event loop
        self.setFocusProxy(pane.code.host.view)
        self.take_settings(pane)
        pane.edited.connect(self.changed)
        self._take_font()
        self._take_keys()
        self._take_read_only()
        self._close_assisted()
        file = self._file if self._file is not None and pane is self._file.pane else None
        if file is None:
            self._assisted = AssistedText(pane, f"text-{next(_NUMBERS)}")
        else:
            place = file.file.path if file.file is not None else None
            self._assisted = AssistedText(pane, file.path, place, file.bar)
            if place is not None:
                # After the first paint: what is kept of the file is no matter of showing it.
                QTimer.singleShot(0, pane, partial(_bring_changes, pane, place))
        self.shown.emit()

    def key_mode(self) -> str:
        """What its keys mean now, for the window: empty while it is edited plainly."""
        modal = self.pane.modal if self.pane is not None else None
        return modal.mode if modal is not None else ""

    def run_line(self, text: str) -> str | None:
        """Run a typed line as an ex command; None where it is none, else what to say."""
        modal = self.pane.modal if self.pane is not None else None
        return modal.run_line(text) if modal is not None else None

    def _take_keys(self, *_: Any) -> None:
        if self.pane is not None:
            wanted = option("scintilla.keys")
            self.pane.set_modal(wanted == "vim" or (wanted == "follow" and keymap_name() == "vim"))

    def _hear_saved(self) -> None:
        served = self.pane.served if self.pane is not None else None
        if served is not None:
            served.saved()
        self.saved.emit()

    def _close_assisted(self) -> None:
        if self._assisted is not None:
            if self._assisted.pane.changes is not None:
                self._assisted.pane.changes.close()
            self._assisted.close()
            self._assisted.deleteLater()
            self._assisted = None

    def let_go(self) -> None:
        """It is taken down: no assistant serves it any more, and what was typed is on the disk."""
        self._close_assisted()
        if self._file is not None:
            self._file.let_go()

    def _take_read_only(self) -> None:
        if self._field is not None:
            self._field.hold(self._is_read_only)
        elif self._file is not None:
            self._file.pane.code.set_read_only(self._is_read_only or self._file.file is None)

    def _take_font(self, *_: Any) -> None:
        if self.pane is not None:
            family, size = (option(f"scintilla.{name}") for name in ("font", "size"))
            self.pane.code.set_font(str(family or ""), float(size or 0))


def _bring_changes(pane: Pane, place: Path) -> None:
    """Compare the text with what is kept of its file, where the person wants that and the pane is still there."""
    if isValid(pane) and pane.assisted is not None and pane.changes is None and option("scintilla.show-changes"):
        from plugins.scintilla.gutter.gutter import Gutter

        pane.changes = Gutter(pane, place)


def _bound_of(widget: QWidget) -> Bound:
    """What a field's editor is bound to; it is made before the editor knows it."""
    while not isinstance(widget, Bound):
        widget = widget.parentWidget()
    return widget
