"""What the editor's line says of modal editing: the mode, the keys that are pending, a macro, a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.api import mark, say
from plugins.scintilla.modal.engine import INSERT, NORMAL, REPLACE, VISUAL, VISUAL_BLOCK, VISUAL_LINE
from plugins.scintilla.modal.key import told as told_keys

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine

_TITLES = {
    NORMAL: mark("Normal"), INSERT: mark("Insert"), REPLACE: mark("Replace"), VISUAL: mark("Select"),
    VISUAL_LINE: mark("Select lines"), VISUAL_BLOCK: mark("Select block"),
}  # fmt: skip


def mode_title(engine: Engine) -> str:
    """What people call the mode."""
    return say(_TITLES[engine.mode])


def _offered(engine: Engine) -> list[str]:
    """Some of what comes next by Tab; the last words alone, since the line before them stands there."""
    now = engine.line[1:]
    others = engine.offered[engine.offered.index(now) + 1 : -1] if now in engine.offered else []
    return [one.rsplit(" ", 1)[-1] for one in others[:6]] + ["…"] * (len(others) > 6)


def told(engine: Engine) -> str:
    """What is typed of a search or a command, what the last one said; empty where there is nothing to say."""
    if engine.line:
        line = "".join(one if one >= " " else f"^{chr(ord(one) | 0x40)}" for one in engine.line) + "▏"
        return "  ".join([line, *_offered(engine)])
    parts = []
    if engine.recording:
        parts.append(say("Recording {name}", name=engine.recording))
    if engine.pending:
        parts.append(told_keys(engine.pending))
    if engine.message:
        parts.append(engine.message.split("\n", 1)[0])
    return " · ".join(parts)
