"""A pane over a file: reading, saving, what happens when somebody else changes the file, and what was typed before."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.api import Context, EspalierError, FormBar, option, say, watch_option
from plugins.scintilla.document import Form, read, write
from plugins.scintilla.file import EditedFile
from plugins.scintilla.file_rule import TOLD_BYTES, RuleError, Rules, read_rules, take_rules, tidy, told_indent
from plugins.scintilla.journal.keeper import Keeper, Kept
from plugins.scintilla.journal.store import identity_of
from plugins.scintilla.pane import Pane

if TYPE_CHECKING:
    from plugins.scintilla.trail import Trail


class FileText(QWidget):
    """One file in the editor; ``saved`` when it was written.

    Args:
        path: A file on this machine, or the name of one of the app's.
        context: The window's surroundings. What it finds no place for is read from the app, and cannot be written.
    """

    saved = Signal()

    def __init__(self, path: str, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = FormBar(context.theme, self)
        self.pane = Pane(context, self, title=Path(path).name)
        column.addWidget(self.bar)
        column.addWidget(self.pane, 1)
        self.path = path
        self.file: EditedFile | None = None
        self._stored = Form()
        self._is_other = False
        self._keeper: Keeper | None = None
        self._rules = self._told = Rules()
        self._trail: Trail | None = None
        self.load()
        self._show_trail()
        self._stop_following = watch_option("scintilla.breadcrumbs", self._show_trail)
        self.destroyed.connect(lambda *_, stop=self._stop_following: stop())

    def _show_trail(self, *_: Any) -> None:
        """Say above the text where the caret is, when the person wants that."""
        is_wanted = bool(option("scintilla.breadcrumbs"))
        if is_wanted and self._trail is None:
            self._trail = self._make_trail()
        if self._trail is not None:
            self._trail.setVisible(is_wanted)

    def _make_trail(self) -> Trail:
        from plugins.scintilla.trail import Trail

        trail = Trail(self)
        self.layout().insertWidget(1, trail)
        return trail

    def trail(self) -> Trail:
        """The line that says where the caret is; made when it is first wanted."""
        if self._trail is None:
            self._trail = self._make_trail()
            self._trail.hide()
        return self._trail

    def load(self) -> None:
        """Read the file; what is typed is given up.

        Raises:
            EspalierError: it cannot be read.
        """
        place = self.context.find_file(self.path)
        if place is None:
            data = self.context.read_file(self.path)
            if data is None:
                hint = say("an app reads its own files; others where it asks for the permission “files”")
                raise EspalierError(say("there is no file {path} here", path=self.path), hint=hint)
            self.pane.code.set_read_only(True)
        else:
            if self.file is None:
                self.file = EditedFile(place, self)
                self.file.changed.connect(self._hear_change)
            data = self.file.read()
        self._close(is_needed=False)
        text, self._stored = read(data)
        self._read_rules()
        if not len(data) and self.file is not None:
            rules, form = self._rules, self._stored
            encoding, line_end = rules.encoding or form.encoding, rules.line_end or form.line_end
            self._stored = form._replace(encoding=encoding, has_mark=rules.has_mark, line_end=line_end)
        self._told = told_indent(bytes(text[:TOLD_BYTES]))
        self.pane.load(text, self._stored, self.path)
        self.take_rules()
        if self.file is not None and option("scintilla.keep-edits"):
            self._keep(data, lambda: self.pane.load(text, self._stored, self.path))

    def _read_rules(self) -> None:
        self._rules = Rules()
        if self.file is None:
            return
        try:
            self._rules = read_rules(self.file.path)
        except RuleError as error:
            self.bar.say(error.message[:1].upper() + error.message[1:], "warning")

    def take_rules(self, given: Collection[str] = ()) -> None:
        """Indent as its folder says, else as the text is; of what the layout has given only the folder's word counts.

        Args:
            given: Properties that the layout has given.
        """
        told = self._told
        if "tabs" in given:
            told = told._replace(uses_tabs=None)
        if "tab-width" in given:
            told = told._replace(indent=None)
        take_rules(self.pane.code, told)
        take_rules(self.pane.code, self._rules)

    def let_go(self) -> None:
        """What was typed is on the disk when this returns; nothing more is kept."""
        self._close(is_needed=True)

    def _close(self, *, is_needed: bool) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.close(is_needed=is_needed)
            keeper.deleteLater()

    def _keep(self, data: Any, load: Callable[[], None]) -> None:
        """Keep what is typed from now on, and show what was typed and not written at the last time."""
        assert self.file is not None
        folder = self.context.private_place() / "edits"
        self._keeper = Keeper(self.pane, folder, self.file.path)
        self._keeper.failed.connect(self._hear_failure)
        self._tell(self._keeper.begin(identity_of(data, self.file.state), load))

    def _tell(self, kept: Kept) -> None:
        if kept.restored:
            self.pane.status.tell()
            when = _time(kept.restored)
            if kept.is_other:
                self._is_other = True
                said = say("Edits of {when} are here again; another program changed this file since", when=when)
                self._ask(said)
            else:
                said = say("Edits of {when} that were not written are here again", when=when)
                answers = (say("Give them up"), self._give_up), (say("Keep them"), self.bar.dismiss)
                self.bar.say(said, "warning", *answers)
        elif kept.lost:
            said = say("Edits of {when} do not fit this file any more; they are kept aside", when=_time(kept.lost))
            self.bar.say(said, "warning")
        elif kept.is_elsewhere:
            self.bar.say(say("Another window edits this file as well"), "warning")

    def _give_up(self) -> None:
        self.bar.dismiss()
        self.take_theirs()

    def _hear_failure(self, reason: str) -> None:
        self.bar.say(say("What is typed here cannot be kept until it is written: {reason}", reason=reason), "warning")

    def has_edits(self) -> bool:
        """Whether something is typed, or another encoding chosen, that is not written."""
        return self.file is not None and (self.pane.code.is_dirty or self.pane.form != self._stored)

    def save(self) -> bool:
        """Write the file; False where the person has to decide or to mend something first, which the bar says."""
        if self.file is None:
            self.bar.say(say("This file belongs to the app and cannot be written here"), "warning")
            return False
        self.file.look()
        if self._is_other:
            self._ask()
            return False
        return self._write()

    def _write(self) -> bool:
        assert self.file is not None
        if not self.pane.is_broken:
            tidy(self.pane.code, self._rules)
        try:
            data = write(self.pane.text(), self.pane.form)
            self.file.write(data)
        except EspalierError as error:
            text = str(error)
            self.bar.say(text[:1].upper() + text[1:], "error")
            return False
        self._stored, self._is_other = self.pane.form, False
        self._mark_saved(data)
        self.bar.dismiss()
        self.saved.emit()
        return True

    def take_theirs(self) -> None:
        """Show the file as it is now; the step can be undone."""
        assert self.file is not None
        self._is_other = False
        try:
            data = self.file.read()
        except EspalierError as error:
            self.bar.say(str(error), "error")
            return
        text, form = read(data)
        self._stored = self.pane.form = form
        self.pane.take(bytes(text))
        self._mark_saved(data)
        self.pane.status.tell()

    def _mark_saved(self, data: Any) -> None:
        """The file has these bytes, which are what is shown."""
        assert self.file is not None
        self.pane.code.mark_saved()
        if self._keeper is not None:
            self._keeper.mark_saved(identity_of(data, self.file.state))

    def keep_mine(self) -> None:
        """Write over the file as it is now."""
        self._is_other = False
        self._write()

    def _hear_change(self) -> None:
        assert self.file is not None
        if not self.file.path.exists():
            self.bar.say(say("The file was deleted meanwhile; saving makes it anew"), "warning")
            return
        if self.has_edits():
            self._is_other = True
            self._ask()
        else:
            self.take_theirs()
            self.bar.dismiss()

    def _ask(self, text: str = "") -> None:
        answers: tuple[tuple[str, Callable[[], None]], ...] = (
            (say("Take theirs"), self.take_theirs), (say("Keep mine"), self.keep_mine),
        )  # fmt: skip
        text = text or say("Another program changed this file meanwhile")
        self.bar.say(text, "warning", *answers, is_asking=True)


def _time(seconds: float) -> str:
    """A moment as people of the language write it."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(round(seconds)), QLocale.FormatType.ShortFormat)
