"""The engine: takes keys one by one, and follows the grammar's tables through a generator that waits for the next one.

The state of the whole grammar stands here; what commands do stands in the modules of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from plugins.api import say
from plugins.scintilla.modal.caret import Carets
from plugins.scintilla.modal.key import ESCAPE
from plugins.scintilla.modal.mark import Marks
from plugins.scintilla.modal.register import Registers, Store
from plugins.scintilla.modal.row import Motion, Refused
from plugins.scintilla.modal.surroundings import Surroundings
from plugins.scintilla.modal.text import Place, Text, depth, last_column, shown_column, width

NORMAL, INSERT, REPLACE = "normal", "insert", "replace"
VISUAL, VISUAL_LINE, VISUAL_BLOCK = "visual", "visual-line", "visual-block"
VISUAL_MODES = (VISUAL, VISUAL_LINE, VISUAL_BLOCK)
TYPING_MODES = (INSERT, REPLACE)
#: Macros and repetitions within each other at most; steps of one macro at most.
_DEEPEST = 50


class Cancelled(Exception):  # noqa: N818 - a person gave up, nothing went wrong
    """Escape in the middle of a command."""


class Change(NamedTuple):
    """What ``.`` repeats.

    Attributes:
        keys: Its keys without counts and register.
        count: Its count, if it had one.
        register: Its register.
        extent: Shape, lines and columns of what was selected, for a change of a selection.
    """

    keys: str
    count: int | None = None
    register: str | None = None
    extent: tuple[str, int, int] | None = None


class Engine:
    """Modal editing of one text.

    Attributes:
        text: What is edited.
        caret: Where the caret stands.
        mode: One of the modes of this module.
        anchor: Where the selection began.
        pending: The keys of a command that is not whole yet.
        line: What is typed of a search or an ex command, with the sign it began with; empty outside.
        message: What the last command has to say.
        recording: The register of a macro that is being recorded; empty for none.
        is_native: Whether the widget types letters by itself while a person types.
        carets: The further carets, where there are several.
        heard: The keys of the command that runs, counts and register included.
        row: The row of the tables that it is; None before that is known.
        offered: What the typed line may become, while a person goes through that.
    """

    def __init__(self, text: Text, surroundings: Surroundings | None = None, store: Store | None = None) -> None:
        from plugins.scintilla.modal.option import Options
        from plugins.scintilla.modal.search import Search

        self.text = text
        self.surroundings = surroundings or Surroundings()
        self.caret = self.anchor = Place(0, 0)
        self.mode = NORMAL
        self.want: int | None = None
        self.operator: Any = None
        self.register: str | None = None
        self.pending = self.line = self.message = self.recording = ""
        self.is_native = self.is_repeating = False
        self.passes_on = False
        self.options = Options()
        self.search = Search()
        self.marks = Marks()
        self.registers = Registers(
            self.surroundings.clip, self.surroundings.set_clip,
            {":": lambda: self.last_line, "/": lambda: self.search.last, ".": lambda: self.last_inserted,
             "%": self.surroundings.name},
            store,
        )  # fmt: skip
        self.carets = Carets(self)
        self.heard: list[str] = []
        self.row: Any = None
        self.found_letter: tuple[str, int, bool] | None = None
        self.last_change: Change | None = None
        self.last_inserted = self.last_line = self.last_macro = ""
        self.last_substitute: Any = None
        self.last_visual: tuple[str, Place, Place, bool] | None = None
        self.taken: list[str] = []
        self.offered: list[str] = []
        self.lines_before: list[str] = []
        self.shift_steps, self.is_selected = 1, False
        self.fresh_line: int | None = None
        self.part_start: Place | None = None
        self.extent_span: Any = None
        self.undo_place: Place | None = None
        self.session: Any = None
        self.awaited: tuple[Any, str] | None = None
        self.undone: list[tuple[object, object, Place, int, list[Any]]] = []
        self.redone: list[tuple[object, object, Place, int, list[Any]]] = []
        self.first_changed: int | None = None
        self._back: list[str] = []
        self._recorded: list[str] = []
        self._depth = self._steps = 0
        self._begun: tuple[object, Place] = self.text.size, self.caret
        self._begun_at: list[Any] = []
        self._running = self._start()

    # -- keys -----------------------------------------------------------------------------------------------------

    def feed(self, keys: str) -> bool:
        """Take keys that a person typed; false when the last of them is for the widget itself to type."""
        self._steps = 0
        for key in keys:
            self.passes_on = False
            if self.recording:
                self._recorded.append(key)
            self.message = ""
            if not self.pending and self.mode not in TYPING_MODES:
                self._begun = self.text.size, self.caret
                self._begun_at = self.carets.places()
            try:
                self._running.send(key)
            except BaseException:
                # A fault of ours: whoever hears of it, the next key begins anew.
                self.mode, self.line = NORMAL, ""
                self._running = self._start()
                raise
        return not self.passes_on

    def replay(self, keys: str, *, keeps_typing: bool = False) -> None:
        """Run keys as if they were typed; what is not whole at their end is given up.

        Raises:
            Refused: one of the commands cannot be done; the rest is not run.
        """
        if self._depth >= _DEEPEST:
            raise Refused(say("macros within macros without end"))
        outer = self._running, self._back, self.taken, self.operator, self.register, self.heard, self.row
        self._back, self._depth = [], self._depth + 1
        try:
            self._running = self._start()
            for key in keys:
                self._steps += 1
                if self._steps > 200_000:
                    raise Refused(say("the macro does not end"))
                self._running.send(key)
            if self.mode in TYPING_MODES and not keeps_typing:
                self._running.send(ESCAPE)
            if self.line:
                self._running.send(ESCAPE)
        finally:
            self._running.close()
            self._depth -= 1
            self.line, self.pending = "", ""
            self._running, self._back, self.taken, self.operator, self.register, self.heard, self.row = outer

    @property
    def is_live(self) -> bool:
        """Whether a person types these keys, and no macro."""
        return not self._depth

    @property
    def is_passing_on(self) -> bool:
        """Whether the widget itself types one more letter: a person types at one caret, and no key is waited for."""
        if not self.is_native or self.mode != INSERT or self.first_changed is None:
            return False
        return self.awaited is None and not (self.pending or self.line or self.carets.is_typing)

    def cancel(self) -> None:
        """Back to normal mode, whatever is pending."""
        for _ in range(3):
            self.feed(ESCAPE)

    def key(self) -> Iterator[None]:
        """The next key, for the generators of commands."""
        if self._back:
            self.heard.append(self._back.pop())
            return self.heard[-1]
        key = yield
        self.heard.append(key)
        self.pending += key
        self.taken.append(key)
        return key

    def argument(self, name: str) -> Iterator[None]:
        """The next key as an argument: a letter, a register, a mark. Escape gives up."""
        self.awaited = None, name
        key = yield from self.key()
        self.awaited = None
        if key == ESCAPE:
            raise Cancelled
        return "\n" if key == "\r" and name != "letter" else key

    def look_up(self, table: Any, key: str) -> Iterator[None]:
        """The row whose keys are typed; the longest that fits, what was typed beyond it is read again."""
        typed, best, found = key, "", None
        while True:
            if typed in table.rows:
                best, found = typed, table.rows[typed]
            if typed not in table.prefixes:
                break
            self.awaited = table, typed
            typed += yield from self.key()
        self.awaited = None
        if found is None:
            raise Cancelled if typed.endswith(ESCAPE) else Refused
        self._back.extend(reversed(typed[len(best) :]))
        del self.heard[len(self.heard) - len(typed) + len(best) :]
        return found

    def _start(self) -> Any:
        running = self._main()
        next(running)
        return running

    def _main(self) -> Iterator[None]:
        from plugins.scintilla.modal.follow import command

        while True:
            self.pending, self.awaited, self.operator, self.register = "", None, None, None
            self.heard, self.row = [], None
            if self.is_live:
                self.first_changed = self.undo_place = None
            self.text.begin()
            try:
                yield from command(self)
                self.carets.spread()
            except Cancelled:
                self._back.clear()
            except Refused as refused:
                self._back.clear()
                if self._depth:
                    raise
                self.message = str(refused)
            finally:
                self.line, self.offered = "", []
                self.text.end()
            self.operator = None
            self.settle()
            if self.is_live:
                self._note_step()

    def _note_step(self) -> None:
        """Remember where a change began, for the caret after undo."""
        if self.first_changed is not None:
            before, where = self._begun
            self.undone.append((before, self.text.size, where, self.first_changed, self._begun_at))
            del self.undone[:-1000]
            self.redone.clear()

    # -- the caret ------------------------------------------------------------------------------------------------

    @property
    def is_visual(self) -> bool:
        """Whether something is selected."""
        return self.mode in VISUAL_MODES

    def last(self, letters: str) -> int:
        """The last column of a line that the caret may stand at in this mode."""
        return len(letters) if self.mode != NORMAL or self.operator else last_column(letters)

    def wished(self) -> int:
        """The column of the screen that up and down keep."""
        if self.want is None:
            letters, tab = self.text.line(self.caret.line), self.text.tab_width
            self.want = shown_column(letters, self.caret.column, tab)
            letter = letters[self.caret.column : self.caret.column + 1]
            if letter == "\t" and self.mode not in TYPING_MODES:
                self.want += width(letter, self.want, tab) - 1
        return self.want

    def first_letter(self, line: int) -> Place:
        """The first letter of a line that is no space."""
        letters = self.text.line(line)
        start = depth(letters)
        return Place(line, start if start < len(letters) else last_column(letters))

    def end_of_text(self) -> Place:
        """Behind the last letter."""
        line = self.text.line_count - 1
        return Place(line, len(self.text.line(line)))

    def sight(self) -> tuple[int, int]:
        """First and last line on the screen."""
        top, bottom = self.surroundings.lines_in_sight()
        last = self.text.line_count - 1
        return min(top, last), min(bottom, last)

    def lines_down(self, count: int | None) -> int:
        """The last of so many lines from the caret's on.

        Raises:
            Refused: several are wanted, and this is the last one.
        """
        line, last = self.caret.line, self.text.line_count - 1
        if (count or 1) > 1 and line == last:
            raise Refused
        return min(line + (count or 1) - 1, last)

    def settle(self) -> None:
        """Bring the caret back to where it may stand."""
        line = min(max(self.caret.line, 0), self.text.line_count - 1)
        letters = self.text.line(line)
        column = min(self.caret.column, self.last(letters))
        self.caret = Place(line, max(column, 0))
        if self.is_visual:
            line = min(self.anchor.line, self.text.line_count - 1)
            self.anchor = Place(line, min(self.anchor.column, len(self.text.line(line))))

    def move(self, row: Motion, place: Place) -> None:
        """Go where a motion leads."""
        if row.is_jump and place.line != self.caret.line:
            self.marks.jump(self.caret)
        self.caret = place
        if not row.keeps:
            self.want = None

    # -- changes --------------------------------------------------------------------------------------------------

    def replace(self, start: Place, stop: Place, new: str) -> None:
        """Change a part of the text; marks and jumps move along.

        Raises:
            Refused: the text is read-only.
        """
        if self.text.is_read_only:
            raise Refused(say("this text is read-only"))
        self.text.replace(start, stop, new)
        self.carets.shift(start, stop, new)
        self.note_change(start.line, stop.line - start.line, new.count("\n"), start.column)

    def remove_lines(self, first: int, last: int) -> None:
        """Take whole lines out."""
        if self.text.is_read_only:
            raise Refused(say("this text is read-only"))
        count = self.text.line_count
        start = Place(first, 0) if last + 1 < count or not first else Place(first - 1, len(self.text.line(first - 1)))
        self.text.remove_lines(first, last)
        self.carets.shift(start, Place(last + 1, 0), "")
        self.note_change(first, last - first + 1, 0, 0)

    def note_change(self, line: int, before: int, after: int, column: int = 0) -> None:
        """Something was changed: as many line ends were there from that line on, and so many are there now."""
        self.note_step(line)
        self.marks.shift(line, before, after, self.text.line_count, column)
        self.marks.note_change(Place(line, column))

    def retell(self, keys: list[str]) -> None:
        """What was typed since insert mode began came to this: for the macro that is being recorded."""
        if self.recording and self.session is not None:
            self._recorded[self.session.recorded_at :] = keys

    @property
    def recorded(self) -> int:
        """Keys of the macro that is being recorded."""
        return len(self._recorded)

    def note_step(self, line: int) -> None:
        """The step changes something in that line: undo brings the caret back to where it stands before the first."""
        if self.first_changed is None:
            self._begun = self._begun[0], self.undo_place or self.caret
        self.first_changed = line if self.first_changed is None else min(line, self.first_changed)

    def start_recording(self, name: str) -> None:
        """Record what is typed from now on."""
        self.recording, self._recorded = name, []

    def stop_recording(self) -> None:
        """Keep what was recorded, without the key that ended it."""
        keys, name = "".join(self._recorded[:-1]), self.recording
        self.recording, self._recorded = "", []
        self.registers.put(name, keys, is_quiet=True)
        self.last_macro = name.lower()
