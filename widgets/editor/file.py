"""A file in a blob column: what it is, a preview, and open, replace, save and clear."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kernel.open_file import read_bytes
from kernel.whole_file import write_whole
from kernel.words import mark, say
from widgets.editor.editor import FieldEditor, Subject
from widgets.format import size_text

#: First bytes → what a file is, and its ending.
SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", mark("PNG image"), ".png"),
    (b"\xff\xd8\xff", mark("JPEG image"), ".jpg"),
    (b"GIF8", mark("GIF image"), ".gif"),
    (b"%PDF", "PDF", ".pdf"),
    (b"PK\x03\x04", mark("ZIP archive"), ".zip"),
    (b"BM", mark("BMP image"), ".bmp"),
)
#: Height of the preview in pixels at 100 %.
PREVIEW = 72
#: Buttons beside each other where there is little room.
_NARROW_BUTTONS = 2


class FileEditor(FieldEditor):
    """Editor of blob columns."""

    # As high as picture, text and buttons; not one line as other editors.
    is_tall = True

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(subject, parent)
        self._bytes: Any = None
        self._folder: Any = None
        self.picture = QLabel(self)
        self.text = QLabel(self)
        self.picture.setVisible(False)
        self.choose = self._button(say("Choose…"), "Replace {} by a file", self._choose)
        self.open = self._button(say("Open"), "Open {} in its program", self._open)
        self.save = self._button(say("Save…"), "Save {} to a file", self._save)
        self.clear = self._button(say("Clear"), "Empty {}", lambda: self.replace(None))
        column, self._places = QVBoxLayout(), QGridLayout()
        column.setSpacing(subject.context.theme.space("tight"))
        self._places.setSpacing(subject.context.theme.space("tight"))
        column.addWidget(self.picture)
        column.addWidget(self.text)
        self._buttons = (self.choose, self.open, self.save, self.clear)
        self._per_line = 0
        self._place_buttons(len(self._buttons))
        column.addLayout(self._places)
        self.row.addLayout(column, 1)
        self.setFocusProxy(self.choose)

    def _button(self, title: str, name: str, run: Any) -> QPushButton:
        button = QPushButton(title, self)
        button.setAccessibleName(name.format(self.subject.title))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: run())
        return button

    def _place_buttons(self, per_line: int) -> None:
        """Stand so many beside each other."""
        if per_line == self._per_line:
            return
        self._per_line = per_line
        for at, button in enumerate(self._buttons):
            self._places.addWidget(button, at // per_line, at % per_line)
        for column in range(len(self._buttons) + 1):
            self._places.setColumnStretch(column, 1 if column == per_line else 0)
        self.updateGeometry()

    def _needed_width(self, per_line: int) -> int:
        widths = [button.sizeHint().width() for button in self._buttons]
        lines = [widths[at : at + per_line] for at in range(0, len(widths), per_line)]
        return max(sum(line) + (len(line) - 1) * self._places.horizontalSpacing() for line in lines)

    def minimumSizeHint(self) -> QSize:  # Qt's name
        """In a narrow form two buttons stand beside each other, and two below."""
        return QSize(self._needed_width(_NARROW_BUTTONS), super().minimumSizeHint().height())

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """Break the line of buttons where there is no room for it."""
        super().resizeEvent(event)
        count = len(self._buttons)
        self._place_buttons(count if self._needed_width(count) <= self.width() else _NARROW_BUTTONS)

    def show_value(self, value: Any) -> None:
        """See :meth:`FieldEditor.show_value`."""
        self._bytes = value
        self.text.setText(describe(value))
        image = QImage.fromData(bytes(value)) if isinstance(value, (bytes, bytearray)) else QImage()
        self.picture.setVisible(not image.isNull() and not self.subject.is_cell)
        if not image.isNull():
            ratio = self.devicePixelRatioF()
            scaled = QPixmap.fromImage(image).scaledToHeight(
                int(min(PREVIEW, image.height()) * ratio), Qt.TransformationMode.SmoothTransformation
            )
            scaled.setDevicePixelRatio(ratio)
            self.picture.setPixmap(scaled)
            self.picture.setAccessibleName(say("Preview of {title}", title=self.subject.title))
        self.open.setVisible(bool(ending_of(value)))
        self.save.setVisible(isinstance(value, (bytes, bytearray)))
        self.clear.setEnabled(value is not None)

    def read(self) -> Any:
        """See :meth:`FieldEditor.read`."""
        return self._bytes

    def set_read_only(self, is_read_only: bool) -> None:
        """Saving stays possible."""
        self.choose.setVisible(not is_read_only)
        self.clear.setVisible(not is_read_only)

    def replace(self, content: bytes | None) -> None:
        """Take other bytes as the person's choice."""
        self.show_value(content)
        self.touch()
        if self.subject.is_cell:
            self.committed.emit()

    def _choose(self) -> None:
        from widgets import file_dialog

        name = file_dialog.name_to_open(self, say("Choose a file for {title}", title=self.subject.title))
        if name:
            self._guard(lambda: self.replace(read_bytes(name)), say("{name} cannot be read", name=name))

    def _open(self) -> None:
        """Only kinds that are looked at are opened, never a program; the copy goes with the editor."""
        from PySide6.QtCore import QTemporaryDir, QUrl
        from PySide6.QtGui import QDesktopServices

        self._folder = self._folder or QTemporaryDir()
        path = Path(self._folder.filePath(self.subject.column.name.replace("/", "_") + ending_of(self._bytes)))
        self._guard(lambda: path.write_bytes(bytes(self._bytes)), say("{path} cannot be written", path=path))
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.subject.context.reporter.report("warning", say("No program opens {suffix} files", suffix=path.suffix))

    def _save(self) -> None:
        from widgets import file_dialog

        content, name = bytes(self._bytes), self.subject.column.name + ending_of(self._bytes)
        name = file_dialog.name_to_save(self, say("Save {title}", title=self.subject.title), name)
        if name:
            self._guard(lambda: write_whole(Path(name), content), say("{name} cannot be written", name=name))

    def _guard(self, run: Any, sentence: str) -> None:
        try:
            run()
        except OSError as error:
            self.subject.context.reporter.report("error", sentence, str(error))


def ending_of(value: Any) -> str:
    """``.png`` by the first bytes; empty when they are of no known kind."""
    content = bytes(value[:8]) if isinstance(value, (bytes, bytearray)) else b""
    return next((ending for start, _, ending in SIGNATURES if content.startswith(start)), "")


def describe(value: Any) -> str:
    """``12 kB PNG image``."""
    if value is None:
        return say("No file")
    if not isinstance(value, (bytes, bytearray, memoryview)):
        return str(value)
    content = bytes(value[:8])
    kind = next((kind for start, kind, _ in SIGNATURES if content.startswith(start)), "")
    return f"{size_text(len(value))} {kind}".strip()
