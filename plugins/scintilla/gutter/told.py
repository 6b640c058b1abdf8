"""What the line below the text says of changes, and the menu of what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins.api import Compared, say, say_count

if TYPE_CHECKING:
    from plugins.scintilla.gutter.gutter import Gutter

#: Commands of the menu; None parts groups. Those that stage are left out where nothing can be staged.
_MENU = (
    "editor.next-change", "editor.show-change", "editor.take-back-change", None, "editor.stage-change",
    "editor.unstage-change", "editor.stage-file", "editor.commit-staged", "editor.amend-commit", None,
    "editor.toggle-blame", "editor.file-history",
)  # fmt: skip
_STAGING = frozenset(name for name in _MENU if name and name.rpartition("-")[0] in (
    "editor.stage", "editor.unstage", "editor.commit", "editor.amend"))  # fmt: skip


def counted(found: Compared) -> str:
    """How the text differs, in a sentence."""
    if found.reason:
        return say("Not compared: {reason}", reason=found.reason)
    if found.state == "new":
        return say("This file is new: it is not kept yet")
    if found.state == "ignored":
        return say("This file is ignored")
    parts = []
    if found.hunks:
        parts.append(say_count("{count} change", "{count} changes", len(found.hunks)))
    if found.staged:
        parts.append(say("{count} staged", count=len(found.staged)))
    return " · ".join(parts) or say("Nothing is changed")


def fill_menu(gutter: Gutter, menu: Any) -> None:
    """What can be done."""
    commands = gutter.pane.context.commands
    if gutter.found is not None:
        menu.addAction(counted(gutter.found)).setEnabled(False)
        menu.addSeparator()
    for name in _MENU:
        if name is None:
            menu.addSeparator()
        elif gutter.can_stage or name not in _STAGING:
            key = commands.key(name)
            menu.addAction(commands.title(name) + (f"\t{key}" if key else ""), lambda name=name: commands.run(name))
