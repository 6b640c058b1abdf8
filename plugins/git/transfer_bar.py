"""The kind ``git-transfers``: a bar that is there while something goes to a remote or comes; it asks its questions."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from plugins.api import Context, EspalierError, Node, Query, Update, mark, say

#: States while the bar is there → what it says.
_SAID = {
    "running": mark("{action} is under way"),
    "asking": mark("{action} waits for you"),
    "stopping": mark("{action} is being given up"),
}
_STEPS = 1000


class TransferBar(QWidget):
    """See the module.

    Attributes:
        row: The transfer that is shown; None while there is none.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context, theme = context, context.theme
        handle = context.tables.get(str(node.get("table")))
        if handle is None:
            raise EspalierError(say("there is no table {name!r}", name=node.get("table")), where=node.where)
        self._handle = handle
        self.row: dict[str, Any] | None = None
        self._cancel_read: Any = None
        self._key: tuple[Any, ...] = ()
        self.said, self.bar = QLabel(self), QProgressBar(self)
        self.user, self.secret = QLineEdit(self), QLineEdit(self)
        self.kept = QCheckBox(say("Remember in the keyring"), self)
        self.answer, self.cancel = QPushButton(say("Go on"), self), QPushButton(say("Cancel"), self)
        self._build(theme)
        self.setAccessibleName(say("Transfer"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        handle.changed.connect(self._hear)
        handle.schema_changed.connect(self._soon.start)
        self._soon.start()

    def _build(self, theme: Any) -> None:
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(say("Progress"))
        self.user.setPlaceholderText(say("User"))
        self.user.setAccessibleName(say("User"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText(say("Password"))
        self.secret.returnPressed.connect(self.send)
        self.user.returnPressed.connect(self.secret.setFocus)
        self.answer.setProperty("emphasis", "primary")
        self.answer.clicked.connect(self.send)
        self.cancel.clicked.connect(self.give_up)
        grid = QGridLayout(self)
        normal = theme.space("normal")
        grid.setContentsMargins(normal, theme.space("tight"), normal, theme.space("tight"))
        grid.setSpacing(normal)
        grid.addWidget(self.said, 0, 0)
        grid.addWidget(self.bar, 0, 1, 1, 3)
        grid.addWidget(self.cancel, 0, 5)
        grid.addWidget(self.user, 1, 0)
        for place, part in enumerate((self.secret, self.kept), 1):
            grid.addWidget(part, 1, place)
        grid.addWidget(self.answer, 1, 5)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)

    def set_table(self, table: str) -> None:
        """It is looked up once."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        """Escape gives the transfer up while it asks."""
        if event.key() == Qt.Key.Key_Escape and self.row is not None:
            self.give_up()
        else:
            super().keyPressEvent(event)

    # -- what people do -----------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Answer the question."""
        if self.row is None or self.row["state"] != "asking" or not self.secret.text():
            return
        values = {"user": self.user.text(), "secret": self.secret.text(), "is_kept": self.kept.isChecked()}
        self.secret.clear()
        self._write(values)

    def give_up(self) -> None:
        """Cancel the transfer."""
        if self.row is not None:
            self._write({"state": "cancelled"})

    def _write(self, values: dict[str, Any]) -> None:
        """NOTE: not by ``commit``: what can be undone is kept, and a secret must not be."""
        change = Update(self._key, "", values)
        self._handle.call(lambda table: table.commit([change]), self._take_written, is_write=True)

    def _take_written(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            self._context.reporter.report("warning", str(answer))

    # -- what is told -------------------------------------------------------------------------------------------------

    def _hear(self, _change: Any) -> None:
        self._soon.start()

    def _read(self) -> None:
        if self._handle.schema is not None:
            if self._cancel_read is not None:
                self._cancel_read()
            self._cancel_read = self._handle.fetch(self._handle.merge(Query()), 0, 1, self._take)

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Exception) or not len(answer.keys):
            self._show(None)
            return
        self._key = answer.keys[0]
        self._show({name: values[0] for name, values in answer.columns.items()})

    def _show(self, row: dict[str, Any] | None) -> None:
        was = self.row["state"] if self.row is not None else ""
        self.row = row if row is not None and row["state"] in _SAID else None
        if self.row is None:
            self.hide()
            self.secret.clear()
            return
        state, is_asking = self.row["state"], self.row["state"] == "asking"
        title = say(_SAID[state], action=self.row["action"])
        self.said.setText(str(self.row["question"]) if is_asking else title)
        progress = self.row["progress"]
        self.bar.setRange(0, _STEPS if progress is not None else 0)
        self.bar.setValue(round((progress or 0) * _STEPS))
        self.bar.setVisible(not is_asking)
        self.cancel.setEnabled(state != "stopping")
        for part in (self.secret, self.kept, self.answer):
            part.setVisible(is_asking)
        self.user.setVisible(is_asking and self.row["user"] is None)
        self.secret.setAccessibleName(str(self.row["question"] or ""))
        self.show()
        if is_asking and was != "asking":
            (self.user if self.row["user"] is None else self.secret).setFocus(Qt.FocusReason.OtherFocusReason)
