"""One provider asked on a thread: its items come in parts, what it raises comes too, and it can be given up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from kernel.tables.error import InterruptedCallError
from shell.palette.contract import Asked, Provider
from shell.palette.index import Part
from widgets import gui_thread
from widgets.handle_worker import Worker

#: Items of a live provider are handed on after so long, of another one after so long, in seconds.
_LIVE_S, _ONCE_S = 0.03, 0.15
#: After so long a provider is said to be slow.
SLOW_S = 0.4


class Asking:
    """A provider with its thread, which starts with the first question. Used on the GUI thread.

    Args:
        provider: Who is asked.
        take: Gets ``(asking, part)``, as items come; a part of None says that these were all, or that it has failed.

    Attributes:
        error: Why the last question was not answered; None when it was, or is not yet.
        whole: All that came, where it came in several parts.
        is_busy: Whether an answer is awaited.
        since: When it was asked (``time.monotonic``).
    """

    def __init__(self, provider: Provider, take: Callable[[Asking, Part | None], None]) -> None:
        self.provider = provider
        self.error: Exception | None = None
        self.whole: Part | None = None
        self.is_busy = False
        self.since = 0.0
        self._take = take
        self._number = 0
        self._cancel: Callable[[], None] | None = None
        self._worker = Worker(f"palette {provider.name}")

    @property
    def is_slow(self) -> bool:
        """Whether the answer is awaited for longer than people expect."""
        return self.is_busy and time.monotonic() - self.since >= SLOW_S

    def ask(self, text: str = "") -> None:
        """Ask; whatever was asked before is given up."""
        self.give_up()
        self.is_busy, self.error, self.since = True, None, time.monotonic()
        number, provider, deliver = self._number, self.provider, self._worker.deliver

        def hand_on(items: list[Any]) -> None:
            part = Part(items, provider.bonus)
            deliver(lambda: self._come(number, part))

        self._cancel = self._worker.submit(
            lambda: _gather(provider, text, hand_on), lambda answer: self._finish(number, answer)
        )

    def fail(self, error: Exception) -> None:
        """It could not even be asked."""
        self.give_up()
        self.error = error
        gui_thread.hand(lambda number=self._number: self._finish(number, error))

    def give_up(self) -> None:
        """Wait for no answer any more."""
        self._number += 1
        self.is_busy = False
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    def stop(self) -> None:
        """End the thread; nothing comes after that."""
        self.give_up()
        self._worker.stop()

    def _come(self, number: int, part: Part) -> None:
        if number == self._number:
            self._take(self, part)

    def _finish(self, number: int, answer: Any) -> None:
        if number == self._number:
            self.is_busy = False
            self.error = answer if isinstance(answer, Exception) else None
            self.whole = answer if isinstance(answer, Part) else None
            self._take(self, None)


def _gather(provider: Provider, text: str, hand_on: Callable[[list[Any]], None]) -> Part | None:
    """On the thread: hand the items on in parts, until nobody waits any more; answers all of several as one."""
    asked, waiting = Asked(text), []  # type: tuple[Asked, list[Any]]
    between = _LIVE_S if provider.way == "live" else _ONCE_S
    told = time.monotonic()
    everything: list[Any] = []
    for item in provider.gather(asked):
        asked.check()
        waiting.append(item if item.section else item._replace(section=provider.title))
        if time.monotonic() - told >= between:
            hand_on(waiting)
            everything += waiting
            waiting, told = [], time.monotonic()
    if waiting:
        hand_on(waiting)
    # NOTE: one part is looked through faster than the several that came.
    return Part([*everything, *waiting], provider.bonus) if everything and provider.way == "once" else None


def was_given_up(error: Exception | None) -> bool:
    """Whether an answer is missing only because nobody waited for it."""
    return isinstance(error, InterruptedCallError)
