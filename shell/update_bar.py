"""The bar that says that a newer version of the app is here, where a person wants to be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kernel.words import say
from shell.bar import Bar

if TYPE_CHECKING:
    from shell.window import Window


class UpdateBar(Bar):
    """See :class:`shell.bar.Bar`.

    Args:
        window: The window that it is in.
        show_now: Shows the newer version.
    """

    def __init__(self, window: Window, show_now: Callable[[], None]) -> None:
        super().__init__(window, "refresh", (say("Show now"), show_now), (say("Later"), lambda: None))

    def offer(self, version: str) -> None:
        """Say that this version is here."""
        said = say("Version {version} of this app is here.", version=version)
        self.say(said, say("If not now, it is shown when the app is opened next."))
