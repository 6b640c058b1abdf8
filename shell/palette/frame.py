"""What the palette is made of: a line, a list, a preview beside it where there is room, what is said below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from kernel.words import say
from shell.palette.delegate import LineDelegate
from shell.palette.item import Found
from shell.palette.model import Lines
from shell.palette.preview import PreviewPane
from widgets.overlay import Overlay
from widgets.theme import Theme

#: The width without a preview, and how many lines are seen.
_WIDTH, MOST_LINES = 640, 11
#: Lines that are measured at once; the others follow behind.
_BATCH = 40
#: Width with a preview; the window must be wider by so much; how both share it; the least height of both, in pixels.
_WIDE, _BESIDE, _LIST_SHARE, _PREVIEW_SHARE, _LEAST = 980, 120, 3, 2, 250


class Frame(Overlay):
    """The card with its parts.

    Args:
        window: The window that it belongs to.
        theme: Colours and spaces.

    Attributes:
        line: Where one types.
        trail: What was given so far for the questions of a command.
        list, model, delegate: The lines.
        empty: What stands in their place when nothing fits.
        preview: What is known of the chosen line.
        about, waiting: What is said below; the second of what is still looked through.
    """

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window, theme, _WIDTH, say("Palette"))
        self.line = self._make_line()
        self.list = self._make_list()
        self.empty = self._note(say("Nothing fits."), "body")
        self.about, self.waiting, self.trail = (self._note("", "caption") for _ in range(3))
        for note in (self.empty, self.waiting, self.trail):
            note.hide()
        self.preview = PreviewPane(theme, self.card)
        self.column.addWidget(self.trail)
        self.column.addWidget(self._separator())
        self.column.addLayout(self._make_body())
        self.column.addWidget(self._separator())
        self.column.addLayout(self._make_foot())
        theme.changed.connect(self._restyle)
        self._restyle()

    def _make_line(self) -> QLineEdit:
        row = QHBoxLayout()
        space = self.theme.space("normal")
        row.setContentsMargins(space + space // 2, space, space, space)
        self._sign = QLabel(self.card)
        row.addWidget(self._sign)
        line = QLineEdit(self.card)
        line.setFrame(False)
        line.setObjectName("palette-line")
        line.setAccessibleName(say("Find"))
        row.addWidget(line)
        self.column.addLayout(row)
        return line

    def _make_list(self) -> QListView:
        view = QListView(self.card)
        view.setObjectName("palette-list")
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setMouseTracking(True)
        view.setLayoutMode(QListView.LayoutMode.Batched)
        view.setBatchSize(_BATCH)
        view.setAccessibleName(say("What fits"))
        self.model = Lines(view)
        self.delegate = LineDelegate(self.theme, view)
        view.setModel(self.model)
        view.setItemDelegate(self.delegate)
        view.entered.connect(view.setCurrentIndex)
        return view

    def _make_body(self) -> QHBoxLayout:
        row, left = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(0)
        left.setSpacing(0)
        left.addWidget(self.list)
        left.addWidget(self.empty)
        left.addStretch(1)
        self._between = QFrame(self.card)
        self._between.setObjectName("palette-separator")
        self._between.setFixedWidth(1)
        row.addLayout(left, _LIST_SHARE)
        row.addWidget(self._between)
        row.addWidget(self.preview, _PREVIEW_SHARE)
        return row

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.about, 1)
        row.addWidget(self.waiting)
        return row

    def _note(self, text: str, style: str) -> QLabel:
        note = QLabel(text, self.card)
        note.setObjectName(f"palette-note-{style}")
        space = self.theme.space("normal")
        note.setContentsMargins(space + space // 2, space // 2 + 2, space, space // 2 + 2)
        note.setTextFormat(Qt.TextFormat.PlainText)
        return note

    def _separator(self) -> QFrame:
        line = QFrame(self.card)
        line.setObjectName("palette-separator")
        line.setFixedHeight(1)
        return line

    def _restyle(self) -> None:
        color = self.theme.color
        self._sign.setPixmap(self.theme.icon("search", "muted").pixmap(*[self.theme.length(18)] * 2))
        font = self.theme.font("body")
        font.setPixelSize(round(font.pixelSize() * 1.15))
        self.line.setFont(font)
        self.card.setStyleSheet(
            f"#overlay-card {{ background: transparent; }}"
            f"#palette-line {{ background: transparent; border: none; padding: 4px; color: {color('text').name()}; }}"
            f"#palette-list {{ background: transparent; border: none; padding: 4px 0; }}"
            f"#palette-separator {{ background: {color('line').name()}; border: none; }}"
            f"#palette-preview-text {{ color: {color('text').name()}; background: transparent; }}"
            f"#palette-note-caption, #palette-note-body {{ color: {color('muted').name()}; background: transparent; }}"
        )
        self.about.setFont(self.theme.font("caption"))
        self.preview.dress()

    def make_room(self) -> None:
        """Have a preview where the window is wide enough for it."""
        wide = self.theme.length(_WIDE)
        has_room = self.parentWidget().width() >= wide + _BESIDE
        self.preview.setVisible(has_room)
        self._between.setVisible(has_room)
        self.set_width(wide if has_room else self.theme.length(_WIDTH))

    def fit_list(self, found: list[Found]) -> None:
        """Give list and preview the height of what was found."""
        rows = min(len(found), MOST_LINES)
        heights = (self.list.sizeHintForRow(row) for row in range(rows))
        room = self.parentWidget().height() - 220
        wanted = max(60, min(sum(heights) + 10, room))
        self.list.setFixedHeight(wanted)
        least = min(self.theme.length(_LEAST), room)
        self.preview.setFixedHeight(max(wanted, least) if found else least)
