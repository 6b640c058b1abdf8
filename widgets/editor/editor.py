"""What every field editor is: a widget with a value, three signals and a check.

An editor that is only visited answers the value it was given, whatever its type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kernel.tables.schema import Column, Reference, title_of
from kernel.words import say, say_again
from widgets.repolish import repolish

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from widgets.context import Context
    from widgets.handle import TableHandle


class Subject(NamedTuple):
    """What an editor edits: a column, where it is, how it is written.

    ``is_cell`` editors stand in a grid's cell: no frame of their own, no help around.
    """

    column: Column
    context: Context
    handle: TableHandle | None = None
    reference: Reference | None = None
    label: str = ""
    format: str = ""
    lines: int = 3
    is_cell: bool = False

    @property
    def title(self) -> str:
        """The label, for screen readers and messages."""
        return self.label or self.column.label or title_of(self.column.name)


class FieldEditor(QWidget):
    """Base of the editors: ``edited`` after each change by the person, ``committed`` when they accept it.

    Attributes:
        is_tall: Whether it is higher than one line, so that a grid gives it more than its cell.
        takes_return: Whether Return with Shift or Alt is a new line of its text (:meth:`break_line`).
        extra_width: What it needs beside its text, in pixels, so that a grid gives it more than a narrow cell.
        is_inset: Whether it leaves the frame of its cell in sight, having none of its own.
    """

    is_tall = False
    takes_return = False
    extra_width = 0
    is_inset = False

    edited = Signal()
    committed = Signal()

    def __init__(self, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.subject = subject
        self._value: Any = None
        self._is_touched = False
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(2)
        if not subject.is_cell and not self.is_tall:
            self.setMinimumHeight(subject.context.theme.height("control"))

    @property
    def is_touched(self) -> bool:
        """Whether the person changed it since the value was set."""
        return self._is_touched

    @property
    def is_listing(self) -> bool:
        """Whether a list is open that has the keys now."""
        return False

    def take_listed(self) -> None:
        """Take the marked row of the open list; tells neither ``edited`` nor ``committed``."""

    @property
    def is_waiting(self) -> bool:
        """Whether what is typed waits for an answer, without which it is no value yet."""
        return False

    def hold(self, event: QKeyEvent) -> None:
        """Keep a key, and those after it, until the answer has come; only for editors that ``is_waiting``."""

    def break_line(self) -> None:
        """Begin a new line where the cursor stands; only for editors that ``takes_return``."""

    def value(self) -> Any:
        """The value now; the one that was set as long as the person changed nothing."""
        return self.read() if self._is_touched else self._value

    def set_value(self, value: Any) -> None:
        """Show a value; not an edit."""
        self._value, self._is_touched = value, False
        self.show_value(value)

    def is_valid(self) -> str:
        """Empty, or one sentence that says what is wrong with the present input."""
        if not self._is_touched:
            return ""
        try:
            self.read()
        except ValueError as error:
            return say_again(str(error))
        return ""

    def set_read_only(self, is_read_only: bool) -> None:
        """Show only."""
        self.setEnabled(not is_read_only)
        if (part := self.focusProxy()) is not None:
            self.set_quiet(part, is_read_only)

    def set_quiet(self, part: QWidget, is_quiet: bool) -> None:
        """Give a part the look of something that is only shown."""
        if bool(part.property("quiet")) != is_quiet:
            part.setProperty("quiet", is_quiet)
            repolish(part)

    def set_label_text(self, text: str) -> None:
        """The referenced row's label when it is already known; only lookups use it."""

    def set_others(self, present: dict[str, Any], fixed: dict[str, Any]) -> None:
        """What the other columns of the reference hold; only lookups of several columns use it."""

    def others(self) -> dict[str, Any]:
        """What other columns of the row hold by what was chosen here; only lookups of several columns set them."""
        return {}

    def start(self, text: str) -> None:
        """Begin by typing: ``text`` replaces what is there."""

    def select_all(self) -> None:
        """Select the whole input."""

    def open_popup(self) -> None:
        """Open the list or calendar, where there is one."""

    def settle(self) -> None:
        """Tell at once what :attr:`edited` has not told yet; for editors that wait for a pause of the typing."""

    def read(self) -> Any:
        """The value that the input means; raises ValueError with a sentence."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Put a value into the input."""
        raise NotImplementedError

    def touch(self) -> None:
        """Note a change by the person."""
        self._is_touched = True
        self.edited.emit()

    def adopt(self, widget: QWidget, *, is_proxy: bool = True) -> None:
        """Add a part; the proxy takes the focus and the accessible name."""
        self.row.addWidget(widget, 1 if is_proxy else 0)
        if is_proxy:
            self.setFocusProxy(widget)
            widget.setAccessibleName(self.subject.title)
            widget.setAccessibleDescription(self.subject.column.doc)
            if self.subject.is_cell:
                widget.setProperty("cell", True)


def stand_in(value: Any, most: int) -> str:
    """What an editor of texts shows instead of a value that it cannot edit, or empty when it can.

    Args:
        value: The stored value.
        most: Letters that the editor can show in time.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        from widgets.format import size_text

        return size_text(len(value))
    if isinstance(value, str) and len(value) > most:
        return say(
            "(Too long to be edited here, {number:,} characters. It begins:)\n{value}…",
            number=len(value),
            value=value[:most],
        )
    return ""
