"""The modes of one window, which decide what keys mean: ``normal``, ``insert``, ``hint``, ``command``, and minor ones.

A keymap without modes has none: then only what a widget says of itself (``key_mode``) and what somebody has entered
counts. No Qt here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from kernel.disposer import Disposer
from shell.keymap import NORMAL

INSERT, HINT, COMMAND = "insert", "hint", "command"
#: Modes of a window; any other name is a minor mode of the widget that has the focus, and lies over one of these.
MAJOR: frozenset[str] = frozenset({NORMAL, INSERT, HINT, COMMAND})


class _Entered(NamedTuple):
    name: str
    leave: Callable[[], None] | None


class Modes:
    """What mode a window is in.

    Args:
        focused: Answers the widget that has the focus, or None.
        is_typing: Answers whether letters typed there become text.
        is_modal: Answers whether the keymap in force has modes.
    """

    def __init__(
        self, focused: Callable[[], Any], is_typing: Callable[[Any], bool], is_modal: Callable[[], bool]
    ) -> None:
        self._focused, self._is_typing, self._is_modal = focused, is_typing, is_modal
        self._entered: list[_Entered] = []
        self._listeners: list[Callable[[], None]] = []
        self._told: tuple[str, ...] = ()
        self._asked: Any = None
        self._speakers: list[Any] = []

    @property
    def own(self) -> str:
        """The mode that the focused widget says it is in; empty when it says none."""
        return self._own_mode(self._focused())

    @property
    def name(self) -> str:
        """The mode in force, the innermost one; empty when there is none."""
        names = self.names()
        return names[0] if names else ""

    def names(self) -> tuple[str, ...]:
        """The modes in force, the strongest first: a minor mode before the one that it lies over."""
        over = self._over()
        return over if over and over[0] in MAJOR else over + self._beneath()

    def _over(self) -> tuple[str, ...]:
        """The mode that was entered last; a minor one does not count in a card, or where a widget has modes itself."""
        name = self._entered[-1].name if self._entered else ""
        return (name,) if name in MAJOR or (name and not self.own) else ()

    def _beneath(self) -> tuple[str, ...]:
        focused = self._focused()
        own = self._own_mode(focused)
        if own in MAJOR or not self._is_modal():
            return (own,) if own else ()
        major = INSERT if self._is_typing(focused) else NORMAL
        return (own, major) if own else (major,)

    def _own_mode(self, focused: Any) -> str:
        """The mode that the focused widget says; who around it may say one is looked up when the focus comes."""
        if focused is not self._asked:
            self._asked, self._speakers = focused, speakers(focused)
        return next((name for widget in self._speakers if (name := widget.key_mode())), "")

    def enter(self, name: str, on_leave: Callable[[], None] | None = None) -> Disposer:
        """Be in a mode until the disposer is called, or the person leaves it with Escape.

        Args:
            name: Of the mode.
            on_leave: Called once when it ends, whoever ends it.
        """
        entered = _Entered(name, on_leave)
        self._entered.append(entered)
        self.tell()
        return lambda: self._leave(entered)

    def escape(self) -> bool:
        """Leave the mode that was entered last; False when none is in force here."""
        if not self._over():
            return False
        self._leave(self._entered[-1])
        return True

    def escape_keeping(self) -> None:
        """Leave the mode that was entered last without what was to be done at its end."""
        if self._entered:
            self._leave(self._entered[-1], is_silent=True)

    def _leave(self, entered: _Entered, *, is_silent: bool = False) -> None:
        # NOTE: by identity, since two of the same name are equal.
        if not any(one is entered for one in self._entered):
            return
        self._entered = [one for one in self._entered if one is not entered]
        if entered.leave is not None and not is_silent:
            entered.leave()
        self.tell()

    def watch(self, listener: Callable[[], None]) -> Disposer:
        """Call the listener whenever the mode is another one."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def tell(self) -> None:
        """Something happened that may have changed the mode: the focus went elsewhere, another keymap is in force."""
        names = self.names() if self._listeners else ()
        if names != self._told:
            self._told = names
            for listener in list(self._listeners):
                listener()


def key_mode(widget: Any) -> str:
    """The mode that a widget says it is in, or one that it stands in; empty when none does.

    A widget says so by a method ``key_mode() -> str``.
    """
    return next((name for one in speakers(widget) if (name := one.key_mode())), "")


def speakers(widget: Any) -> list[Any]:
    """The widget and those around it, the innermost first, that say a mode of their own."""
    found = []
    while widget is not None:
        if hasattr(widget, "key_mode"):
            found.append(widget)
        widget = widget.parentWidget()
    return found
