"""The kind ``editor``: a column's text, a state's, a file or a text that is only shown, in QScintilla."""

from __future__ import annotations

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


class Editor(QWidget):
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
        self._settings: dict[str, Any] = {}
        self._field: CodeField | None = None
        self._bound: Bound | None = None
        self._file: FileText | None = None
        self._plain: Pane | None = None
        self._assisted: AssistedText | None = None
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

    @property
    def settings(self) -> dict[str, Any]:
        """What its layout has said of the surface, by the properties' names."""
        return self._settings

    def second_view(self, parent: QWidget) -> Editor:
        """The same text once more, with a caret of its own; raises EspalierError before there is a text."""
        from plugins.scintilla.second import SecondEditor

        if self.pane is None:
            raise EspalierError(say("there is no text here yet"))
        return SecondEditor(self, parent)

    def has_edits(self) -> bool:
        """Whether something of a file is typed that is not written; a column's edits are its form's."""
        return self._file is not None and self._file.has_edits()

    def open_breadcrumb(self) -> None:
        """List what stands beside the part of the file where the caret is.

        Raises:
            EspalierError: it shows no file.
        """
        if self._file is None:
            raise EspalierError(say("this text is no file"))
        self._file.trail().open_last()

    # What searches in files ask of it, see shell/search/edited.py.

    def edited_file(self) -> Path | None:
        """The file of this machine that it shows; None for other texts."""
        return self._file.file.path if self._file is not None and self._file.file is not None else None

    def text_of_file(self) -> bytes:
        """The text as it stands here, in UTF-8."""
        return self._file.pane.text() if self._file is not None else b""

    def take_text(self, text: bytes) -> None:
        """Make it that text as one step, which is not written."""
        if self._file is not None:
            self._file.pane.take(text)

    def look_at_file(self) -> None:
        """Take in now what somebody else wrote."""
        if self._file is not None and self._file.file is not None:
            self._file.file.look()

    def selected_text(self) -> str:
        """What is selected, when that is a part of one line."""
        start, stop = self.pane.code.selection if self.pane is not None else (0, 0)
        text = self.pane.code.host.bytes(start, stop) if self.pane is not None and stop - start < 1000 else b""
        return "" if b"\n" in text or b"\r" in text else text.decode("utf-8", "replace")

    def select_part(self, start: int, stop: int) -> None:
        """Select these bytes and bring them into sight."""
        if self.pane is not None:
            self.pane.code.select(start, stop)

    def save(self) -> bool:
        """Write what is typed; answers whether it is on its way."""
        if self._bound is not None:
            self._bound.write()
            return True
        return self._file is not None and self._file.save()

    def keep_state(self) -> Any:
        """Where the person is in the text, as plain data."""
        pane = self.pane
        if pane is None:
            return None
        line, letter = pane.code.place_of(pane.code.caret)
        file = self._file.path if self._file is not None else ""
        return {"file": file, "line": line, "letter": letter, "top": pane.code.top_line}

    def take_state(self, state: Any) -> None:
        """Go there again, where the same file is shown."""
        pane, file = self.pane, self._file.path if self._file is not None else ""
        if pane is not None and isinstance(state, dict) and state.get("file") == file:
            pane.code.go_to_line(int(state.get("line", 0)), int(state.get("letter", 0)))
            pane.code.top_line = int(state.get("top", 0))

    def caret_place(self) -> tuple[int, int]:
        """Line and column of the caret, from 1; 0 and 0 before there is a text."""
        if self.pane is None:
            return 0, 0
        line, letter = self.pane.code.place_of(self.pane.code.caret)
        return line + 1, letter + 1

    def go_to_line(self, line: int) -> None:
        """Put the caret to the beginning of a line, from 1."""
        if self.pane is not None:
            self.pane.code.go_to_line(line - 1)

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

    def set_language(self, name: Any) -> None:
        """What it is coloured and commented as; ``auto`` = by name or beginning."""
        self._set("language", str(name or "auto"))

    def set_read_only(self, is_read_only: Any) -> None:
        """Show only."""
        self._is_read_only = bool(is_read_only)
        self._take_read_only()

    def set_label(self, text: Any) -> None:
        """What stands above it, and a screen reader calls it."""
        if self._bound is not None:
            self._bound.set_label(str(text or ""))
        self._set("title", str(text or ""))

    def set_wrap(self, wraps: Any) -> None:
        """Break long lines at the edge."""
        self._set("wrap", bool(wraps))

    def set_line_numbers(self, has_numbers: Any) -> None:
        """Numbers of lines, signs and folds at the left."""
        self._set("line-numbers", bool(has_numbers))

    def set_minimap(self, is_shown: Any) -> None:
        """The whole text small, at the right."""
        self._set("minimap", bool(is_shown))

    def set_whitespace(self, is_shown: Any) -> None:
        """Show spaces, tabs and line ends."""
        self._set("whitespace", bool(is_shown))

    def set_status(self, is_shown: Any) -> None:
        """The line below."""
        self._set("status", bool(is_shown))

    def set_tab_width(self, width: Any) -> None:
        """Columns of a tab."""
        self._set("tab-width", int(width or 4))

    def set_tabs(self, uses_tabs: Any) -> None:
        """Indent with tabs."""
        self._set("tabs", bool(uses_tabs))

    def set_edge(self, column: Any) -> None:
        """A line at that column."""
        self._set("edge", int(column or 0))

    def set_complete(self, is_on: Any) -> None:
        """Offer words while a person types."""
        self._set("complete", bool(is_on))

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
        for name, value in self._settings.items():
            _SETTERS[name](pane, value)
        if self._file is not None:
            self._file.take_rules(self._settings)
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

    def _set(self, name: str, value: Any) -> None:
        self._settings[name] = value
        if self.pane is not None:
            _SETTERS[name](self.pane, value)
            if name in _INDENTS and self._file is not None:
                self._file.take_rules(self._settings)
            if name == "language" and self._assisted is not None:
                self._assisted.renew()

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


#: Properties of which a file's folder may say otherwise.
_INDENTS = ("tabs", "tab-width", "edge")
#: Properties that are those of the document, whoever shows it.
DOCUMENTS = ("tabs", "tab-width")
#: Property → how a pane takes it.
_SETTERS: dict[str, Any] = {
    "language": lambda pane, value: pane.set_language(value),
    "title": lambda pane, value: pane.set_title(value),
    "wrap": lambda pane, value: pane.code.set_wrap(value),
    "line-numbers": lambda pane, value: pane.code.set_line_numbers(value),
    "minimap": lambda pane, value: pane.set_minimap(value),
    "whitespace": lambda pane, value: pane.code.set_whitespace(value),
    "status": lambda pane, value: pane.set_status(value),
    "tab-width": lambda pane, value: pane.code.set_tab_width(value),
    "tabs": lambda pane, value: pane.code.set_tabs(value),
    "edge": lambda pane, value: pane.code.set_edge(value),
    "complete": lambda pane, value: setattr(pane.completer, "is_on", value),
}
