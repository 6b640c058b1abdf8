"""What plugins give to the palette: entries, found on a thread while a person types. See docs/plugin-guide.md.

A row ``[[palette]]`` of a plugin.toml names a callable. It gets the view or the :class:`plugins.workplace.Workplace`
on the GUI thread, where it reads what it needs of them, and answers a :data:`Gather`, which is called on a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from kernel.tables.interrupt import current


class PalettePreview(NamedTuple):
    """What is shown beside the list of the entry that is chosen: a heading, names with values, a text."""

    title: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    text: str = ""


class PaletteItem(NamedTuple):
    """One line of the palette.

    Attributes:
        id: Its own within the palette, the same each time: what is used often comes first by it.
        title: What is found by the letters that are typed.
        run: Called on the GUI thread when it is chosen.
        section: The heading that it stands under; empty: the provider's title.
        icon: Icon name.
        key: The key that does the same.
        doc: A sentence about it.
        reason: Why it cannot be used now, empty when it can.
        detail: What stands quietly behind the title, a folder for instance; found by as well.
        preview: Answers what is shown beside it; called on a thread, and may take its time.
    """

    id: str
    title: str
    run: Callable[[], object]
    section: str = ""
    icon: str = ""
    key: str = ""
    doc: str = ""
    reason: str = ""
    detail: str = ""
    preview: Callable[[], PalettePreview] | None = None


class PaletteAsked(NamedTuple):
    """What is looked for: the text without the prefix; empty for providers that are asked once an opening."""

    text: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any more: the person has typed on, or closed the palette."""
        interrupt = current()
        return interrupt is not None and interrupt.is_set

    def check(self) -> None:
        """End the work when nobody waits any more; call it again and again in long work.

        Raises:
            InterruptedCallError: nobody does.
        """
        if (interrupt := current()) is not None:
            interrupt.check()


#: Finds entries, on a thread; yields them as they are found. What it raises is told in the palette.
Gather = Callable[[PaletteAsked], Iterable[PaletteItem]]
