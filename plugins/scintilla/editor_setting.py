"""The properties of an editor that are handed to its pane: kept, so that another file's pane gets them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from plugins.scintilla.file_text import FileText
    from plugins.scintilla.open_text import AssistedText
    from plugins.scintilla.pane import Pane

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


class EditorSettings(QWidget):
    """The base of :class:`plugins.scintilla.editor.Editor` that keeps what its layout says of the surface."""

    pane: Pane | None

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._settings: dict[str, Any] = {}
        self._file: FileText | None = None
        self._assisted: AssistedText | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """What its layout has said of the surface, by the properties' names."""
        return self._settings

    def set_language(self, name: Any) -> None:
        """What it is coloured and commented as; ``auto`` = by name or beginning."""
        self._set("language", str(name or "auto"))

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

    def take_settings(self, pane: Pane) -> None:
        """Give a new pane all that was set before."""
        for name, value in self._settings.items():
            _SETTERS[name](pane, value)
        if self._file is not None:
            self._file.take_rules(self._settings)

    def _set(self, name: str, value: Any) -> None:
        self._settings[name] = value
        if self.pane is not None:
            _SETTERS[name](self.pane, value)
            if name in _INDENTS and self._file is not None:
                self._file.take_rules(self._settings)
            if name == "language" and self._assisted is not None:
                self._assisted.renew()
