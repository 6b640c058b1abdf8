"""The kind ``watch``: an action after each change of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from widgets.act import act
from widgets.binding import bind
from widgets.structure.circle import circles_of
from widgets.structure.structure import Structure

if TYPE_CHECKING:
    from widgets.region import Part


#: Actions of watches within one another before it is taken for a circle.
_MOST_WITHIN = 30


class Watch(Structure):
    """Does nothing for the value that is there at first. A watch that sets what it watches is stopped, and told."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self._is_first = True
        self._circles = circles_of(self.region.context)
        self._circles.add(self)
        self.disposers.add(lambda: self._circles.remove(self))
        self.disposers.add(bind(self.node.get("value"), self.region.context, self._take))

    def _take(self, _value: Any) -> None:
        if self._is_first:
            self._is_first = False
            return
        context = self.region.context
        root = context.root
        if root.watches_acting >= _MOST_WITHIN:
            self._circles.tell(self)
            return
        self._circles.begin(self)
        if not self._circles.may_act(self):
            return
        root.watches_acting += 1
        before, self._circles.acting = self._circles.acting, self
        try:
            act(self.node.get("run"), context)
        finally:
            root.watches_acting -= 1
            self._circles.acting = before
