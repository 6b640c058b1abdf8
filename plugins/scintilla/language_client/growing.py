"""Selections that grow by what a server knows of the text, for languages whose syntax the editor does not know."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from plugins.scintilla.language_client.places import bytes_of
from plugins.scintilla.language_client.protocol import SelectionRange

if TYPE_CHECKING:
    from plugins.scintilla.language_client.served import ServedText

Span = tuple[int, int]


def ask_parts(served: ServedText, take: Callable[[list[Span]], None]) -> bool:
    """Ask for the parts of the text around the selection; false where no server can say."""
    server = served.able("selectionRangeProvider")
    if server is None:
        return False

    def hear(found: list[SelectionRange] | None) -> None:
        parts, one = [], found[0] if found else None
        while one is not None:
            parts.append(bytes_of(served.code, one.range, server.encoding))
            one = one.parent
        take(parts)

    params = {"positions": [served.position(server, served.code.selection[0])]}
    served.ask(
        "grow", server, "textDocument/selectionRange", params, list[SelectionRange] | None, hear,
        lambda _why: take([]),
    )  # fmt: skip
    return True
