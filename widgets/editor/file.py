"""A file in a blob column: what it is, a preview, and open, replace, save and clear."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from widgets.editor.editor import FieldEditor, Subject
from widgets.format import size_text

#: First bytes → what a file is, and its ending.
SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "PNG image", ".png"),
    (b"\xff\xd8\xff", "JPEG image", ".jpg"),
    (b"GIF8", "GIF image", ".gif"),
    (b"%PDF", "PDF", ".pdf"),
    (b"PK\x03\x04", "ZIP archive", ".zip"),
    (b"BM", "BMP image", ".bmp"),
)
#: Height of the preview in pixels at 100 %.
PREVIEW = 72


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
        self.choose = self._button("Choose…", "Replace {} by a file", self._choose)
        self.open = self._button("Open", "Open {} in its program", self._open)
        self.save = self._button("Save…", "Save {} to a file", self._save)
        self.clear = self._button("Clear", "Empty {}", lambda: self.replace(None))
        column, buttons = QVBoxLayout(), QHBoxLayout()
        column.setSpacing(subject.context.theme.space("tight"))
        buttons.setSpacing(subject.context.theme.space("tight"))
        column.addWidget(self.picture)
        column.addWidget(self.text)
        for button in (self.choose, self.open, self.save, self.clear):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.row.addLayout(column, 1)
        self.setFocusProxy(self.choose)

    def _button(self, title: str, name: str, run: Any) -> QPushButton:
        button = QPushButton(title, self)
        button.setAccessibleName(name.format(self.subject.title))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: run())
        return button

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
            self.picture.setAccessibleName(f"Preview of {self.subject.title}")
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
        from PySide6.QtWidgets import QFileDialog

        name, _ = QFileDialog.getOpenFileName(self, f"Choose a file for {self.subject.title}")
        if name:
            self._guard(lambda: self.replace(Path(name).read_bytes()), f"{name} cannot be read")

    def _open(self) -> None:
        """Only kinds that are looked at are opened, never a program; the copy goes with the editor."""
        from PySide6.QtCore import QTemporaryDir, QUrl
        from PySide6.QtGui import QDesktopServices

        self._folder = self._folder or QTemporaryDir()
        path = Path(self._folder.filePath(self.subject.column.name.replace("/", "_") + ending_of(self._bytes)))
        self._guard(lambda: path.write_bytes(bytes(self._bytes)), f"{path} cannot be written")
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            self.subject.context.reporter.report("warning", f"No program opens {path.suffix} files")

    def _save(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        content, name = bytes(self._bytes), self.subject.column.name + ending_of(self._bytes)
        name, _ = QFileDialog.getSaveFileName(self, f"Save {self.subject.title}", name)
        if name:
            self._guard(lambda: Path(name).write_bytes(content), f"{name} cannot be written")

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
        return "No file"
    if not isinstance(value, (bytes, bytearray, memoryview)):
        return str(value)
    content = bytes(value[:8])
    kind = next((kind for start, kind, _ in SIGNATURES if content.startswith(start)), "")
    return f"{size_text(len(value))} {kind}".strip()
