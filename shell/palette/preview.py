"""What stands beside the list of the palette: what is known of the chosen line, and of what it would open."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from kernel.words import say
from shell.palette.item import Item, Preview
from widgets.handle_worker import Worker
from widgets.theme import Theme

#: How long a line is chosen before what is known of it is shown, and before more is asked for, in ms.
_KNOWN_MS, _AFTER_MS = 25, 80
#: Lines of a text and fields that are shown; letters of a line.
_LINES, _FIELDS, _LETTERS = 40, 24, 160


class PreviewPane(QWidget):
    """Shows the chosen item; what takes its time comes from a thread, and only of the item that is still chosen.

    Args:
        theme: Colours, fonts and spaces.
        parent: The card.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette-preview")
        self._theme = theme
        self._item: Item | None = None
        self._told = Preview(), False
        self._worker: Worker | None = None
        self._cancel: Callable[[], None] = _nothing
        self.label = QLabel(self)
        self.label.setObjectName("palette-preview-text")
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.label.setWordWrap(True)
        # NOTE: what does not fit is cut off below; the pane never makes the card larger.
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        column = QVBoxLayout(self)
        space = theme.space("normal")
        column.setContentsMargins(space + space // 2, space, space, space)
        column.addWidget(self.label)
        self._known, self._soon = self._timer(_KNOWN_MS, self._tell_known), self._timer(_AFTER_MS, self._ask)

    def _timer(self, interval_ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(then)
        return timer

    def show_item(self, item: Item | None) -> None:
        """Show what is known of an item, and a moment later what it would open; nothing while one types on."""
        if item is self._item and item is not None:
            return
        self._cancel()
        self._cancel = _nothing
        self._item = item
        self._soon.stop()
        self._known.start()
        if item is not None and item.preview is not None:
            self._soon.start()

    def _tell_known(self) -> None:
        self._tell(Preview() if self._item is None else _known(self._item))

    def stop(self) -> None:
        """Ask nobody any more."""
        self.show_item(None)
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def _ask(self) -> None:
        item = self._item
        if item is None or item.preview is None:
            return
        if self._worker is None:
            self._worker = worker = Worker("palette preview")
            self.destroyed.connect(lambda: worker.stop())
        self._cancel = self._worker.submit(item.preview, lambda answer: self._take(item, answer))

    def _take(self, item: Item, answer: Any) -> None:
        if item is not self._item:
            return
        if isinstance(answer, Exception):
            from shell.failure import describe

            answer = Preview(text=say("This cannot be shown: {reason}", reason=describe(answer)[0]))
        known = _known(item)
        fields = (*answer.fields, *known.fields)
        self._tell(Preview(answer.title or known.title, fields, answer.text or item.doc), bool(answer.text))

    def dress(self) -> None:
        """Show the same in the theme's colours and letters."""
        self.label.setFont(self._theme.font("caption"))
        self._tell(*self._told)

    def _tell(self, preview: Preview, is_code: bool = False) -> None:
        self._told = preview, is_code
        muted = self._theme.color("muted").name()
        parts = [f"<p style='font-weight:600; margin-bottom:6px'>{_text(preview.title)}</p>"] if preview.title else []
        if preview.fields:
            style = f"color:{muted}; padding-right:10px; padding-bottom:3px"
            rows = "".join(
                f"<tr><td style='{style}'>{_text(name)}</td><td>{_text(value)}</td></tr>"
                for name, value in preview.fields[:_FIELDS]
            )
            parts.append(f"<table cellspacing='0' cellpadding='0' style='margin-top:6px'>{rows}</table>")
        if preview.text:
            lines = "<br>".join(_line(line) for line in preview.text.splitlines()[:_LINES])
            style = "font-family:monospace" if is_code and "\n" in preview.text else f"color:{muted}"
            parts.append(f"<p style='{style}; margin-top:6px'>{lines}</p>")
        self.label.setText("".join(parts))


def _known(item: Item) -> Preview:
    """What an item itself says."""
    fields = ((say("Key"), item.key), (say("Not now"), item.reason))
    return Preview(item.title, tuple((name, value) for name, value in fields if value), item.doc or item.section)


def _text(text: str) -> str:
    return escape(text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…")


def _line(text: str) -> str:
    return _text(text.expandtabs(4)).replace("  ", "&nbsp; ")


def _nothing() -> None:
    """Nothing was asked that could be given up."""
