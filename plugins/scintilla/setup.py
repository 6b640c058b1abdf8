"""What every editor is set to once: keys that are let go, several carets, margins, folds."""

from __future__ import annotations

from PySide6.QtCore import Qt

from plugins.scintilla.host import SCI, Host
from plugins.scintilla.look import MARGIN, MARKER

#: Keys that QScintilla has for itself, and commands or the window want.
_ALT = Qt.KeyboardModifier.AltModifier.value
_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier.value, Qt.KeyboardModifier.ShiftModifier.value
_SIDEWAYS = (Qt.Key.Key_Left.value, Qt.Key.Key_Right.value)
FREED = frozenset(
    (
        *(key | _ALT | _SHIFT for key in _SIDEWAYS),
        *(ord(letter) | _CTRL for letter in "DLTU[]/\\+-{}"),
        *(ord(letter) | _CTRL | _SHIFT for letter in "LTU[]/\\{}|?"),
    )
)


def set_up(host: Host) -> None:
    """Set what never changes."""
    send, editor = host.send, host.editor
    editor.setUtf8(True)
    for command in editor.standardCommands().commands():
        if command.key() in FREED:
            command.setKey(0)
        if command.alternateKey() in FREED:
            command.setAlternateKey(0)
    redo = next(one for one in editor.standardCommands().commands() if one.command() == one.Command.Redo)
    redo.setAlternateKey(ord("Z") | _CTRL | _SHIFT)
    for message, first in (
        (SCI.SCI_SETMULTIPLESELECTION, 1), (SCI.SCI_SETADDITIONALSELECTIONTYPING, 1), (SCI.SCI_SETMULTIPASTE, 1),
        (SCI.SCI_SETVIRTUALSPACEOPTIONS, SCI.SCVS_RECTANGULARSELECTION), (SCI.SCI_SETSCROLLWIDTHTRACKING, 1),
        (SCI.SCI_SETSCROLLWIDTH, 1), (SCI.SCI_SETINDENTATIONGUIDES, SCI.SC_IV_LOOKBOTH),
        (SCI.SCI_SETEXTRAASCENT, 2), (SCI.SCI_SETEXTRADESCENT, 2),
        (SCI.SCI_SETMOUSEDWELLTIME, 400), (SCI.SCI_SETTABINDENTS, 1),
        (SCI.SCI_SETBACKSPACEUNINDENTS, 1), (SCI.SCI_SETENDATLASTLINE, 0), (SCI.SCI_SETCARETLINEVISIBLE, 1),
        (SCI.SCI_ANNOTATIONSETVISIBLE, SCI.ANNOTATION_INDENTED),
        (SCI.SCI_SETADDITIONALCARETSBLINK, 1), (SCI.SCI_SETLAYOUTCACHE, SCI.SC_CACHE_PAGE),
        (SCI.SCI_SETMARGINLEFT, 0), (SCI.SCI_SETPASTECONVERTENDINGS, 1), (SCI.SCI_SETWRAPINDENTMODE, 1),
    ):  # fmt: skip
        send(message, first)
    send(SCI.SCI_SETMARGINLEFT, 0, 6)
    editor.setAutoIndent(True)
    editor.setBraceMatching(editor.BraceMatch.SloppyBraceMatch)
    send(SCI.SCI_SETMARGINS, len(MARGIN))
    send(SCI.SCI_SETMARGINTYPEN, MARGIN["marks"], SCI.SC_MARGIN_SYMBOL)
    send(SCI.SCI_SETMARGINTYPEN, MARGIN["numbers"], SCI.SC_MARGIN_NUMBER)
    send(SCI.SCI_SETMARGINTYPEN, MARGIN["changes"], SCI.SC_MARGIN_SYMBOL)
    send(SCI.SCI_SETMARGINTYPEN, MARGIN["fold"], SCI.SC_MARGIN_SYMBOL)
    signs = sum(1 << MARKER[name] for name in ("bookmark", "error", "warning", "info"))
    send(SCI.SCI_SETMARGINMASKN, MARGIN["marks"], signs)
    send(SCI.SCI_SETMARGINTYPEN, MARGIN["blame"], SCI.SC_MARGIN_TEXT)
    changes = ("changed", *(name for name in MARKER if name.startswith(("line-", "staged-"))))
    send(SCI.SCI_SETMARGINMASKN, MARGIN["changes"], sum(1 << MARKER[name] for name in changes))
    send(SCI.SCI_SETMARGINMASKN, MARGIN["blame"], 0)
    send(SCI.SCI_SETMARGINMASKN, MARGIN["numbers"], 0)
    send(SCI.SCI_SETMARGINMASKN, MARGIN["fold"], SCI.SC_MASK_FOLDERS)
    for margin in ("blame", "marks", "changes", "fold"):
        send(SCI.SCI_SETMARGINSENSITIVEN, MARGIN[margin], 1)
    send(SCI.SCI_SETFOLDFLAGS, SCI.SC_FOLDFLAG_LINEAFTER_CONTRACTED)
    send(SCI.SCI_SETAUTOMATICFOLD, SCI.SC_AUTOMATICFOLD_SHOW | SCI.SC_AUTOMATICFOLD_CHANGE)
