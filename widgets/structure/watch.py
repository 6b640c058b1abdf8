"""The kind ``watch``: an action after each change of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgets.act import act
from widgets.binding import bind
from widgets.structure.structure import Structure

if TYPE_CHECKING:
    from widgets.region import Part


class Watch(Structure):
    """Does nothing for the value that is there at first."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self._is_first = True
        self.disposers.add(bind(self.node.get("value"), self.region.context, self._take))

    def _take(self, _value: Any) -> None:
        if self._is_first:
            self._is_first = False
            return
        act(self.node.get("run"), self.region.context)
