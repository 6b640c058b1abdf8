"""QScintilla inside a widget of PySide6: the only module here that imports PyQt6.

Two bindings share one Qt. That is safe as long as the editor has a C++ parent from birth, so that sip never owns it:
everything else moves, parents and deletes the :class:`Host`. Values do not cross the bindings: colours go over as
numbers, texts as bytes, fonts as names and sizes. Nothing here calls ``sip.delete``.
"""

# ruff: isort: skip_file

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

# NOTE: the order counts. Any other one finds a second Qt, or none: PySide6 first, printing too, then PyQt6.
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
import PySide6.QtPrintSupport  # noqa: F401
import shiboken6
from PyQt6 import Qsci, sip
from PyQt6.QtGui import QFont as _Font, QImage as _Image
from PyQt6.QtWidgets import QWidget as _Widget

#: Scintilla's messages and constants: ``SCI.SCI_GETLENGTH``.
SCI = Qsci.QsciScintillaBase
#: Notifications that are told of texts above the size where QScintilla counts letters at every one: no texts, no
#: deltas, but what is about to be changed. See ``surface.QUIET_FROM``.
QUIET_EVENTS = 0xAC20C | SCI.SC_MOD_BEFOREINSERT | SCI.SC_MOD_BEFOREDELETE
#: Those that are told of all other texts: changes of letters, and of folds, which QScintilla itself wants. Each one of
#: styles and marks would be a call of Python at every key.
ALL_EVENTS = (
    SCI.SC_MOD_INSERTTEXT | SCI.SC_MOD_DELETETEXT | SCI.SC_MOD_BEFOREINSERT | SCI.SC_MOD_BEFOREDELETE
    | SCI.SC_MOD_CHANGEFOLD | SCI.SC_MOD_CHANGEMARKER | SCI.SC_MOD_CONTAINER
)  # fmt: skip


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What Python does anyway. PyQt6 ends the process when nobody has set anything."""
    sys.__excepthook__(kind, error, trace)


if sys.excepthook is sys.__excepthook__:
    sys.excepthook = _tell


class Host(QWidget):
    """The widget around one editor.

    Attributes:
        editor: The QsciScintilla; its signals may be connected from here.
        view: The same object as PySide6 sees it, for layouts, focus, events and accessible names.
        send: ``send(message, first, second) → int``, Scintilla's own call.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        me = sip.wrapinstance(shiboken6.getCppPointer(self)[0], _Widget)
        self.editor = Qsci.QsciScintilla(me)
        # NOTE: found as a child, so that PySide knows whose it is and forgets it with the host. An object made by
        # wrapInstance would stay known by the address of an editor that is gone, and be taken for what comes there.
        self._view: QAbstractScrollArea = self.findChild(QAbstractScrollArea)
        self.send: Any = self.editor.SendScintilla

    @property
    def view(self) -> QAbstractScrollArea:
        """See the class.

        WORKAROUND PySide6 6.11: when an editor goes that stood at the same address once, its host takes the object of
        this one for its own, and says that it is gone. Until objects are told apart by more than their address.
        """
        if not shiboken6.isValid(self._view):
            self._view = self.findChild(QAbstractScrollArea)
        return self._view

    @property
    def is_alive(self) -> bool:
        """Whether the editor is still there; it goes with its host."""
        return not sip.isdeleted(self.editor)

    def resizeEvent(self, event: Any) -> None:  # Qt's name
        """The editor fills the host. A layout of Qt would do it in one more turn of the event loop."""
        super().resizeEvent(event)
        self.view.setGeometry(self.rect())

    def set_lexer(self, name: str) -> Any:
        """Use QScintilla's lexer of that class (``QsciLexerPython``), empty for none; answers it or None."""
        before = self.editor.lexer()
        made = getattr(Qsci, name)(self.editor) if name else None
        if made is not None:
            # Else it reads fonts and colours of its own, which are replaced anyway, per style.
            made.setDefaultFont(_Font(self.font().family()))
        self.editor.setLexer(made)
        if before is not None:
            before.setParent(None)
        return made

    def bytes(self, start: int = 0, stop: int = -1) -> bytes:
        """A part of the text as it is kept, UTF-8; -1 = to the end. Positions beyond it are cut to it."""
        length = self.send(SCI.SCI_GETLENGTH)
        stop = length if stop < 0 else min(stop, length)
        start = max(start, 0)
        return bytes(self.editor.bytes(start, stop))[: stop - start] if start < stop else b""

    def styled(self, start: int, stop: int) -> bytes:
        """A part of the text with its styles: a letter's byte, then the number of its style, and so on."""
        cells = bytes(2 * (stop - start) + 2)
        # Scintilla writes into it: it is new, and known to nobody else yet.
        self.send(SCI.SCI_GETSTYLEDTEXT, start, stop, cells)
        return cells[:-2]

    def buffer(self) -> Any:
        """The whole text without a copy, for searches: good until the next change of the text."""
        length = self.send(SCI.SCI_GETLENGTH)
        if not length:
            return b""
        return memoryview(sip.voidptr(int(self.editor.SendScintillaPtrResult(SCI.SCI_GETCHARACTERPOINTER)), length))

    def has_room_at(self, position: int) -> bool:
        """Whether a position of the text is on a screen, so that a list or a tip can be shown there.

        WORKAROUND QScintilla 2.14.1: it asks the screen at that place how large it is, and there may be none. Until it
        looks whether there is one.
        """
        across = self.send(SCI.SCI_POINTXFROMPOSITION, 0, position)
        down = self.send(SCI.SCI_POINTYFROMPOSITION, 0, position)
        places = (part.mapToGlobal(QPoint(across, down)) for part in (self.view, self.view.viewport()))
        return all(QGuiApplication.screenAt(place) is not None for place in places)

    def set_icon(self, marker: int, pixels: bytes, width: int, height: int, ratio: float) -> None:
        """Draw a marker as an image: RGBA, four bytes a pixel; ``ratio`` of its pixels are one of the screen's."""
        image = _Image(pixels, width, height, 4 * width, _Image.Format.Format_RGBA8888).copy()
        image.setDevicePixelRatio(ratio)
        self.send(SCI.SCI_RGBAIMAGESETWIDTH, width)
        self.send(SCI.SCI_RGBAIMAGESETHEIGHT, height)
        self.send(SCI.SCI_RGBAIMAGESETSCALE, round(100 * ratio))
        self.send(SCI.SCI_MARKERDEFINERGBAIMAGE, marker, image)

    def print_into(self, path: str, printer: Any = None) -> bool:
        """Write all of it as a PDF file; whether that went well."""
        made = Qsci.QsciPrinter()
        made.setOutputFormat(made.OutputFormat.PdfFormat)
        made.setOutputFileName(path)
        made.setWrapMode(Qsci.QsciScintilla.WrapMode.WrapWord)
        return bool(made.printRange(self.editor))

    def print_on(self, name: str) -> bool:
        """Print all of it on the printer of that name; whether that went well."""
        made = Qsci.QsciPrinter()
        made.setPrinterName(name)
        made.setWrapMode(Qsci.QsciScintilla.WrapMode.WrapWord)
        return bool(made.printRange(self.editor))
