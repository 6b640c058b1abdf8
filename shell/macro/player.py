"""Plays a macro: each line when what the one before began is done; the first that fails ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.error import EspalierError
from kernel.words import say
from shell.command import Later
from shell.line.settled import when_settled
from shell.running import Caller, perform

if TYPE_CHECKING:
    from shell.window import Window

#: Macros within one another.
_DEEPEST = 20


class Player:
    """One macro on its way.

    Args:
        window: Where it is played.
        name: Of the macro.
        lines: What it does, as often as it is to be done.
        later: Told None at the end, or what went wrong.
    """

    def __init__(self, window: Window, name: str, lines: list[str], later: Later) -> None:
        self._window, self._name, self._lines, self._later = window, name, lines, later
        self._at = self._awaited = 0
        self._error: Exception | None = None
        self.is_stopped = False

    def play(self) -> None:
        """The next line, or the end."""
        if self._error is not None or self.is_stopped or self._at == len(self._lines) or self._window.is_closing:
            self._end()
            return
        line = self._lines[self._at]
        self._at += 1
        registry = self._window.registry
        caller = Caller(registry.ask, None, lambda _command, error: self._fail(error), self._take)
        registry.depth += 1  # what it runs is a part of it
        try:
            perform(registry, line, {}, caller)
        except Exception as error:  # told at the end, with the line
            self._fail(error)
        finally:
            registry.depth -= 1
        when_settled(self._window, self.play, lambda: self._awaited > 0 and self._error is None)

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Later):
            self._awaited += 1
            answer.then(self._take_late)

    def _take_late(self, answer: Any) -> None:
        self._awaited -= 1
        if isinstance(answer, Exception):
            self._fail(answer)

    def _fail(self, error: Exception) -> None:
        self._error = error

    def _end(self) -> None:
        _playing(self._window).remove(self)
        if self._error is None:
            self._later.tell(None)
            return
        reason = getattr(self._error, "message", str(self._error))
        said = say("macro “{name}” stopped at “{line}”: {reason}", name=self._name,
                   line=self._lines[self._at - 1], reason=reason)  # fmt: skip
        self._later.fail(EspalierError(said, hint=getattr(self._error, "hint", "")))


def play(window: Window, name: str, lines: list[str]) -> Later:
    """Play lines; answers when they are through.

    Raises:
        EspalierError: too many macros play one another, or one itself.
    """
    playing = _playing(window)
    if len(playing) >= _DEEPEST:
        stop(window)
        raise EspalierError(say("macro “{name}” plays itself", name=name))
    later = Later()
    player = Player(window, name, lines, later)
    playing.append(player)
    player.play()
    return later


def stop(window: Window) -> bool:
    """End all that is played behind the line that runs now; answers whether anything was."""
    found = _playing(window)
    for player in found:
        player.is_stopped = True
    return bool(found)


def _playing(window: Window) -> list[Player]:
    return window.cards.made.setdefault("players", [])
