"""The kind ``missing``: what stands in the place of a part that cannot be shown here, and what it would take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.words import mark, say
from widgets.message import Message

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.node import Node
    from widgets.context import Context

#: First word of what is required → what it is called.
_SUBJECTS = {
    "shell": mark("Espalier {rest}"),
    "plugin": mark("the plugin {rest}"),
    "interface": mark("version {rest} of the interface of plugins"),
    "permission": mark("the permission “{rest}”"),
}


class Missing(Message):
    """A note that names the part and what is missing."""

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(node, context, parent)
        self._what = self._need = ""

    def set_what(self, what: str) -> None:
        """What the part is."""
        self._what = what
        self._say()

    def set_need(self, need: str) -> None:
        """What it requires and is not here, parts with ``;`` between; empty: a newer Espalier."""
        self._need = need
        self._say()

    def _say(self) -> None:
        if not self._need:
            self.set_text(say(
                "This part of the app is a {kind}, which came with a newer Espalier than this one. Update Espalier to "
                "see it; everything else works as before.", kind=self._what,
            ))  # fmt: skip
            return
        needs = ", ".join(map(_said, self._need.split(";")))
        self.set_text(say(
            "This part of the app ({kind}) needs what is not here: {needs}. Everything else works as before.",
            kind=self._what, needs=needs,
        ))  # fmt: skip


def _said(need: str) -> str:
    word, _, rest = need.strip().partition(" ")
    return say(_SUBJECTS[word], rest=rest) if word in _SUBJECTS else need.strip()
