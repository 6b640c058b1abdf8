"""The kind ``diff-view``: two texts, what differs marked, side by side or below each other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from plugins.api import Context, Node, option, say, say_count, watch_option
from plugins.scintilla.code import Code
from plugins.scintilla.difference import Row, changes, inline_rows, rows, within
from plugins.scintilla.host import SCI
from plugins.scintilla.language import BY_NAME, PLAIN
from plugins.scintilla.look import MARGIN, MARKER

#: Letters of both texts together that are compared.
MOST = 8_000_000
_SIGNS = {"removed": "-", "added": "+", "changed": "", "equal": ""}


class DiffView(QWidget):
    """Shows and compares; F7 and Shift+F7 go from change to change.

    Attributes:
        rows: What is shown, a row a line.
        starts: Rows at which changes begin.
        index: The change that was gone to, -1 for none.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._theme = theme = context.theme
        self._texts = {"before": "", "after": ""}
        self._is_inline, self._language = False, PLAIN
        self.rows: list[Row] = []
        self.starts: list[int] = []
        self.index = -1
        self._is_following = False
        self.setMinimumHeight(theme.length(120))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        sides = QHBoxLayout()
        sides.setSpacing(theme.space("tight"))
        column.addLayout(sides, 1)
        self.sides = [Code(theme, self), Code(theme, self)]
        for code, name in zip(self.sides, (say("Before"), say("After")), strict=True):
            sides.addWidget(code, 1)
            code.set_read_only(True)
            code.host.view.setAccessibleName(name)
            code.moved.connect(lambda code=code: self._follow(code))
            code.send(SCI.SCI_SETMARGINTYPEN, MARGIN["numbers"], SCI.SC_MARGIN_RTEXT)
            code.send(SCI.SCI_SETCARETLINEVISIBLE, 1)
            code.send(SCI.SCI_SETCARETLINEVISIBLEALWAYS, 1)
            code.send(SCI.SCI_SETCARETLINEFRAME, 1)
            # Wheel and scroll bar tell a paint, not a caret.
            code.host.editor.SCN_PAINTED.connect(lambda code=code: self._follow(code))
        self.setFocusProxy(self.sides[1].host.view)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.compare)
        theme.changed.connect(self._soon.start)
        self._watch = [watch_option(f"scintilla.{name}", self._take_font) for name in ("font", "size")]
        watching = self._watch
        self.destroyed.connect(lambda *_: [stop() for stop in watching])

    # -- properties -----------------------------------------------------------------------------------------------

    def set_before(self, text: Any) -> None:
        """The older text."""
        self._texts["before"] = str(text or "")
        self._soon.start()

    def set_after(self, text: Any) -> None:
        """The newer text."""
        self._texts["after"] = str(text or "")
        self._soon.start()

    def set_language(self, name: Any) -> None:
        """What both are coloured as."""
        self._language = BY_NAME.get(str(name or ""), PLAIN)
        self._soon.start()

    def set_inline(self, is_inline: Any) -> None:
        """Below each other instead of side by side."""
        self._is_inline = bool(is_inline)
        self._soon.start()

    def set_title(self, text: Any) -> None:
        """The heading."""
        self.title.setText(str(text or ""))
        self.setAccessibleName(str(text or "") or say("Compare"))

    # -- what commands do -----------------------------------------------------------------------------------------

    def step(self, step: int) -> None:
        """Go to the next or previous change, from the end on to the beginning."""
        if self._soon.isActive():
            self.compare()
        if not self.starts:
            return
        code = self._shown()[-1]
        line = code.line_of(code.caret)
        if step > 0:
            self.index = next((place for place, row in enumerate(self.starts) if row > line), 0)
            if self.index == 0 and line < self.starts[0]:
                self.index = 0
        else:
            behind = [place for place, row in enumerate(self.starts) if row < line]
            self.index = behind[-1] if behind else len(self.starts) - 1
        row = self.starts[self.index]
        for one in self._shown():
            one.go_to_line(row)
        self._tell()

    def toggle_inline(self) -> None:
        """Side by side, or below each other."""
        self.set_inline(not self._is_inline)

    def compare(self) -> None:
        """Work out what differs and show it."""
        self._soon.stop()
        before, after = (self._texts[name].splitlines() or [""] for name in ("before", "after"))
        if len(self._texts["before"]) + len(self._texts["after"]) > MOST:
            self._clear()
            self.count.setText(say("the texts are too large to be compared"))
            return
        found = changes(before, after)
        self.rows = (inline_rows if self._is_inline else rows)(found)
        self.starts = [
            place for place, row in enumerate(self.rows)
            if row.kind != "equal" and (place == 0 or self.rows[place - 1].kind == "equal")
        ]  # fmt: skip
        self.index = -1
        self.sides[0].setVisible(not self._is_inline)
        if self._is_inline:
            texts = [before[row.before] if row.after is None else after[row.after] for row in self.rows]
            kinds = [row.kind for row in self.rows]
            self._fill(self.sides[1], texts, kinds, [self._number(row, None) for row in self.rows])
        else:
            for side, lines in enumerate((before, after)):
                self._fill_side(side, lines)
            self._mark_within(before, after)
        self._tell()

    # -- inside ---------------------------------------------------------------------------------------------------

    def _make_head(self) -> QHBoxLayout:
        theme, head = self._theme, QHBoxLayout()
        head.setSpacing(theme.space("tight"))
        self.title, self.count = QLabel(self), QLabel(self)
        self.title.setFont(theme.font("strong"))
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.count)
        for icon, tip, run in (
            ("chevron-up", say("Previous difference (Shift+F7)"), lambda: self.step(-1)),
            ("chevron-down", say("Next difference (F7)"), lambda: self.step(1)),
            ("columns", say("Side by side, or below each other"), self.toggle_inline),
        ):
            button = QToolButton(self)
            button.setIcon(theme.icon(icon, "text"))
            button.setIconSize(QSize(theme.icon_size(), theme.icon_size()))
            button.setAutoRaise(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip.partition(" (")[0])
            button.clicked.connect(run)
            head.addWidget(button)
        return head

    def focus_ring(self, focus: QWidget) -> QWidget | None:
        """A side that is read shows no more than its caret."""
        return next((side for side in self.sides if side.isAncestorOf(focus)), None)

    def _shown(self) -> list[Code]:
        return self.sides[1:] if self._is_inline else self.sides

    def _clear(self) -> None:
        self.rows, self.starts = [], []
        for code in self.sides:
            code.load(b"")

    def _fill_side(self, side: int, lines: list[str]) -> None:
        own = "removed" if side == 0 else "added"
        places = [row.before if side == 0 else row.after for row in self.rows]
        kinds = [
            "blank" if place is None else "equal" if row.kind == "equal" else own
            for place, row in zip(places, self.rows, strict=True)
        ]
        texts = ["" if place is None else lines[place] for place in places]
        self._fill(self.sides[side], texts, kinds, [self._number(row, side) for row in self.rows])

    def _fill(self, code: Code, texts: list[str], kinds: list[str], numbers: list[str]) -> None:
        send = code.send
        code.load("\n".join(texts).encode("utf-8", "surrogatepass"))
        if code.language is not self._language:
            code.set_language(self._language)
        send(SCI.SCI_MARGINTEXTCLEARALL)
        for line, (kind, number) in enumerate(zip(kinds, numbers, strict=True)):
            send(SCI.SCI_MARGINSETTEXT, line, number.encode())
            send(SCI.SCI_MARGINSETSTYLE, line, SCI.STYLE_LINENUMBER)
            if kind in MARKER:
                send(SCI.SCI_MARKERADD, line, MARKER[kind])
        widest = max((len(number) for number in numbers), default=1)
        width = send(SCI.SCI_TEXTWIDTH, SCI.STYLE_LINENUMBER, b"9" * max(widest, 3)) + self._theme.length(10)
        send(SCI.SCI_SETMARGINWIDTHN, MARGIN["numbers"], width)
        for margin in ("marks", "changes", "fold"):
            send(SCI.SCI_SETMARGINWIDTHN, MARGIN[margin], 0)

    def _number(self, row: Row, side: int | None) -> str:
        """What stands before a line: its number, and a sign, so that colour does not speak alone."""
        if side is None:
            left, right = ("" if place is None else str(place + 1) for place in (row.before, row.after))
            digits = len(str(len(self.rows)))
            return f"{left:>{digits}} {right:>{digits}} {_SIGNS[row.kind] or ' '}"
        place = row.before if side == 0 else row.after
        sign = "" if row.kind == "equal" else "-" if side == 0 else "+"
        return "" if place is None else f"{place + 1} {sign or ' '}"

    def _mark_within(self, before: list[str], after: list[str]) -> None:
        removed: list[tuple[int, int]] = []
        added: list[tuple[int, int]] = []
        for line, row in enumerate(self.rows):
            if row.kind != "changed":
                continue
            parts = within(before[row.before], after[row.after])
            for code, spans, text, made in (
                (self.sides[0], parts[0], before[row.before], removed),
                (self.sides[1], parts[1], after[row.after], added),
            ):
                start = code.line_start(line)
                made += [(start + _width(text[:low]), start + _width(text[:high])) for low, high in spans]
        self.sides[0].mark_spans("removed", removed)
        self.sides[1].mark_spans("added", added)

    def _tell(self) -> None:
        count = len(self.starts)
        if not count:
            text = say("The texts are equal")
        elif self.index < 0:
            text = say_count("{count} difference", "{count} differences", count)
        else:
            text = say("Difference {place} of {count}", place=self.index + 1, count=count)
        self.count.setText(text)
        for code in self.sides:
            code.host.view.setAccessibleDescription(text)

    def _take_font(self, *_: Any) -> None:
        family, size = (option(f"scintilla.{name}") for name in ("font", "size"))
        for code in self.sides:
            code.set_font(str(family or ""), float(size or 0))
        self._soon.start()

    def _follow(self, code: Code) -> None:
        """The other side shows the same rows."""
        if self._is_following or self._is_inline:
            return
        self._is_following = True
        other = self.sides[1] if code is self.sides[0] else self.sides[0]
        for get, put in (
            (SCI.SCI_GETFIRSTVISIBLELINE, SCI.SCI_SETFIRSTVISIBLELINE), (SCI.SCI_GETXOFFSET, SCI.SCI_SETXOFFSET),
        ):  # fmt: skip
            if other.send(get) != code.send(get):
                other.send(put, code.send(get))
        self._is_following = False


def next_change(view: DiffView) -> None:
    """Go to the next change."""
    view.step(1)


def previous_change(view: DiffView) -> None:
    """Go to the previous change."""
    view.step(-1)


def toggle_inline(view: DiffView) -> None:
    """Side by side, or below each other."""
    view.toggle_inline()


def _width(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
