"""What stands between lines, of several who say something there: Scintilla has one text a line and forgets all at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI

#: Line → text and style.
Rows = Mapping[int, tuple[str, int]]


class Annotations:
    """The texts below the lines of one text."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._rows: dict[str, Rows] = {}

    def put(self, owner: str, rows: Rows) -> None:
        """Show these in the place of what the owner has shown."""
        if not rows and owner not in self._rows:
            return
        self._rows.pop(owner, None)
        if rows:
            self._rows[owner] = rows
        send = self._code.send
        send(SCI.SCI_ANNOTATIONCLEARALL)
        texts: dict[int, tuple[str, int]] = {}
        for some in self._rows.values():
            for line, (text, style) in some.items():
                before = texts.get(line)
                texts[line] = (f"{before[0]}\n{text}", before[1]) if before is not None else (text, style)
        for line, (text, style) in texts.items():
            send(SCI.SCI_ANNOTATIONSETTEXT, line, text.encode("utf-8", "replace").replace(b"\0", b""))
            send(SCI.SCI_ANNOTATIONSETSTYLE, line, style)
