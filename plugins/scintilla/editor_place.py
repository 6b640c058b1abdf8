"""Where a person is in an editor's text, and what searches in files ask of it and have it do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plugins.scintilla.editor_setting import EditorSettings


class EditorPlaces(EditorSettings):
    """The base of :class:`plugins.scintilla.editor.Editor` that knows places in its text."""

    # What searches in files ask of it, see shell/search/edited.py.

    def edited_file(self) -> Path | None:
        """The file of this machine that it shows; None for other texts."""
        return self._file.file.path if self._file is not None and self._file.file is not None else None

    def text_of_file(self) -> bytes:
        """The text as it stands here, in UTF-8."""
        return self._file.pane.text() if self._file is not None else b""

    def take_text(self, text: bytes) -> None:
        """Make it that text as one step, which is not written."""
        if self._file is not None:
            self._file.pane.take(text)

    def look_at_file(self) -> None:
        """Take in now what somebody else wrote."""
        if self._file is not None and self._file.file is not None:
            self._file.file.look()

    def selected_text(self) -> str:
        """What is selected, when that is a part of one line."""
        start, stop = self.pane.code.selection if self.pane is not None else (0, 0)
        text = self.pane.code.host.bytes(start, stop) if self.pane is not None and stop - start < 1000 else b""
        return "" if b"\n" in text or b"\r" in text else text.decode("utf-8", "replace")

    def select_part(self, start: int, stop: int) -> None:
        """Select these bytes and bring them into sight."""
        if self.pane is not None:
            self.pane.code.select(start, stop)

    # -- the person's place -----------------------------------------------------------------------------------------

    def keep_state(self) -> Any:
        """Where the person is in the text, as plain data."""
        pane = self.pane
        if pane is None:
            return None
        line, letter = pane.code.place_of(pane.code.caret)
        file = self._file.path if self._file is not None else ""
        return {"file": file, "line": line, "letter": letter, "top": pane.code.top_line}

    def take_state(self, state: Any) -> None:
        """Go there again, where the same file is shown."""
        pane, file = self.pane, self._file.path if self._file is not None else ""
        if pane is not None and isinstance(state, dict) and state.get("file") == file:
            pane.code.go_to_line(int(state.get("line", 0)), int(state.get("letter", 0)))
            pane.code.top_line = int(state.get("top", 0))

    def caret_place(self) -> tuple[int, int]:
        """Line and column of the caret, from 1; 0 and 0 before there is a text."""
        if self.pane is None:
            return 0, 0
        line, letter = self.pane.code.place_of(self.pane.code.caret)
        return line + 1, letter + 1

    def go_to_line(self, line: int) -> None:
        """Put the caret to the beginning of a line, from 1."""
        if self.pane is not None:
            self.pane.code.go_to_line(line - 1)
