"""Type-ahead: letters that are typed quickly lead to the next item whose title begins with them.

Rows that are here are looked through first; when none of them fits, the table is asked for its first one that does.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec

from layouts.node import Formula, Template
from widgets.listing.cache import PAGE

if TYPE_CHECKING:
    from widgets.items.view import ItemView

#: Letters that follow each other within this time belong together, in seconds.
_TOGETHER_S = 1.0
#: The parameter that holds what was typed.
_TYPED = "jump.typed"


class Jump:
    """What is being typed at one view."""

    def __init__(self, view: ItemView) -> None:
        self._view = view
        self._typed = ""
        self._at = 0.0

    def type(self, text: str, now: float) -> bool:
        """Go on with a letter; False when it is none that a search begins with."""
        if now - self._at > _TOGETHER_S:
            self._typed = ""
        if not self._typed and not text.isalnum():
            return False
        self._at = now
        is_again = self._typed and set(self._typed + text.casefold()) == {text.casefold()}
        self._typed = text.casefold() if is_again else self._typed + text.casefold()
        row = self._here(is_next=bool(is_again) or len(self._typed) == 1)
        if row is not None:
            self._view.go(row)
        else:
            self._ask()
        return True

    def _here(self, is_next: bool) -> int | None:
        """The next fitting row among those that are here, from the current one on and then from the first."""
        view = self._view
        begin = view.current.row + (1 if is_next else 0)
        rows = sorted(
            number * PAGE + at for number, page in view.rows.cache.pages.items() for at in range(len(page.block))
        )
        # What lies between is not here: only rows without a gap are sure to be the next ones.
        if len(rows) < view.row_count():
            rows = [row for row in rows if row >= begin]
        ordered = [row for row in rows if row >= begin] + [row for row in rows if row < begin]
        for row in ordered:
            item = view.content.item(row)
            if item is not None and item.title.casefold().startswith(self._typed):
                return row
        return None

    def _ask(self) -> None:
        view, expression = self._view, _title(self._view)
        if not expression:
            return
        base = view.rows.query()
        test = f"lower(left(text({expression}), {len(self._typed)})) == {_TYPED}"
        text = f"({base.filter}) and ({test})" if base.filter else test
        names = tuple(view.handle.schema.key)
        query = msgspec.structs.replace(
            base, filter=text, parameters={**base.parameters, _TYPED: self._typed}, columns=names
        )

        def take(answer: Any) -> None:
            if not isinstance(answer, Exception) and len(answer):
                view.go_to(answer.keys[0])

        view.handle.fetch(query, 0, 1, view.rows.if_there(take))


def jump(view: ItemView, text: str) -> bool:
    """A letter was typed at the view; False leaves it to the window."""
    kept = view.__dict__.setdefault("_jump", None) or Jump(view)
    view.__dict__["_jump"] = kept
    return kept.type(text, time.monotonic())


def _title(view: ItemView) -> str:
    """The expression that titles begin with, when the table can answer it alone."""
    text = view.content.texts.get("title")
    value = view.node.get("title")
    if text is None or text.outer:
        return ""
    if value is None:
        return next(iter(text.paths), "")
    parts = value.parts if isinstance(value, Template) else (value,)
    return parts[0].text if parts and isinstance(parts[0], Formula) else ""
