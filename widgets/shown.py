"""What is shown of one expression, by however many widgets: worked out once, and told to all of them.

Texts of widgets that can be told many at once wait until everybody else has heard of the change; then they are told in
the order in which they were bound. That is how they lie in memory, and takes two thirds of the time that going from
expression to expression takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from widgets.text import text_of

if TYPE_CHECKING:
    from widgets.scope import Scope

UNSET = object()
_tokens = count(1)
#: Gives many widgets a text each; it calls nothing that could end a binding.
Tell = Callable[[Iterable[tuple[Any, str]]], None]


class Told(NamedTuple):
    """A setter of a text that can be one call for many widgets.

    Attributes:
        tell: Sets the texts of many.
        widget: The widget.
    """

    tell: Tell
    widget: Any

    def __call__(self, value: Any) -> None:
        self.tell(((self.widget, text_of(value)),))


class Shown:
    """One expression of a scope, whoever shows it: worked out once when a name in it changes.

    Args:
        compute: Works it out from a function that reads names.
        scope: Where the names are.
    """

    def __init__(self, compute: Callable[[Callable[[str], Any]], Any], scope: Scope) -> None:
        self.last: Any = UNSET
        self.setters: dict[int, Callable[[Any], None]] = {}
        #: Those that are told with others.
        self.told: dict[int, Told] = {}
        self.text, self.is_due = "", False
        self._compute, self.scope = compute, scope

    def add(self, setter: Callable[[Any], None]) -> int:
        """Give the setter the value of now, and keep it; answers what it is dropped by."""
        value = self._compute(self.scope.read)
        setter(value)
        # One who comes between a change and its telling has the new value before the others.
        self.last = value if self.is_idle or is_same(self.last, value) else UNSET
        token = next(_tokens)
        if type(setter) is Told:
            self.told[token] = setter
            self.scope.texts.setdefault(setter.tell, {})[token] = (self, setter.widget)
        else:
            self.setters[token] = setter
        return token

    @property
    def is_idle(self) -> bool:
        """Whether nobody shows it."""
        return not self.setters and not self.told

    def drop(self, token: int) -> bool:
        """Tell one no more; answers whether it was told until now."""
        told = self.told.pop(token, None)
        if told is not None:
            del self.scope.texts[told.tell][token]
        return told is not None or self.setters.pop(token, None) is not None

    def refresh(self) -> None:
        """Work it out anew; when it is another, tell all."""
        value = self._compute(self.scope.read)
        if is_same(self.last, value):
            return
        self.last = value
        if self.told:
            self.text, self.is_due = text_of(value), True
            if not _due:
                self.scope.behind.append(_tell_due)
            _due.append(self)
        setters = self.setters
        for token, setter in list(setters.items()):
            if token in setters:
                setter(value)

    def tell(self) -> None:
        """Give its widgets their text, unless they have it."""
        if self.is_due:
            self.is_due = False
            for told in self.told.values():
                told.tell(((told.widget, self.text),))


#: Expressions whose texts are others and not told yet.
_due: list[Shown] = []


def _tell_due() -> None:
    due = _due.copy()
    _due.clear()
    by_scope: dict[int, list[Shown]] = {}
    for shown in due:
        by_scope.setdefault(id(shown.scope), []).append(shown)
    for together in by_scope.values():
        texts = together[0].scope.texts
        if 4 * sum(len(shown.told) for shown in together) >= sum(map(len, texts.values())):
            for tell, all_shown in texts.items():
                tell([(widget, shown.text) for shown, widget in all_shown.values() if shown.is_due])
            for shown in together:
                shown.is_due = False
    for shown in due:
        shown.tell()


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are one: 1 and True are two."""
    return type(one) is type(other) and one == other
