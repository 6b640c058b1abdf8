"""What the palette looks through: the providers' items, those that are there and those that come.

Lines for a text are there at once, from what is known; what comes later for the same text stands below them, so that
nothing moves under the person's eyes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from kernel.words import say
from shell.palette.asking import SLOW_S, Asking, was_given_up
from shell.palette.contract import Asked, Provider, titled
from shell.palette.index import LINES, NEAREST_AT_ONCE, Finder, Part
from shell.palette.item import Found, Item
from shell.palette.ranking import Ranking
from widgets.handle_worker import Worker

#: From its opening until what is looked for by letters is fetched, in ms: after the first paint.
_EARLY_MS = 120
#: From the last key until live providers are asked, in ms; letters without a prefix for which they are.
_LIVE_MS, _LIVE_LETTERS = 60, 2
#: The prefix that lists the prefixes.
HELP = "?"


class Search(QObject):
    """The items of one palette.

    Args:
        ranking: What was used comes first.
        parent: The palette.

    Attributes:
        providers: Those that were taken when it was opened.
        text: What was looked for last.

    Signals:
        came: Further lines for the text that was looked for last.
        told: It is another thing now that :meth:`state` says.
        wants: Another text is to be looked for.
    """

    came = Signal(object)
    told = Signal()
    wants = Signal(str)

    def __init__(self, ranking: Ranking, parent: QObject) -> None:
        super().__init__(parent)
        self._ranking = ranking
        self.providers: list[Provider] = []
        self._kept: dict[str, list[Part]] = {}
        self._parts = self._kept
        self._fresh: dict[str, list[Part]] = {}
        self._askings: dict[str, Asking] = {}
        self._typos: Worker | None = None
        self._stop_typos = lambda: None
        self._prefix = self._query = self.text = ""
        self._shown: set[str] = set()
        #: Providers that have read what they need of the window as it is now.
        self._begun: set[str] = set()
        #: Provider and text of the live lines that have their heading already.
        self._headed = ("", "")
        self._uses: dict[str, float] = {}
        self._early = self._timer(lambda: self._ask([one for one in self.providers if one.is_general and one.is_early]))
        self._live, self._slow = self._timer(self._ask_live), self._timer(self.told.emit)
        askings = self._askings
        self.destroyed.connect(lambda: _stop(askings))

    def _timer(self, then) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(then)
        return timer

    # Opening and closing

    def open(self, providers: Iterable[Provider], *, is_kept: bool = True) -> None:
        """Take these providers; those that are quick are asked now.

        Args:
            providers: In the order of their standing.
            is_kept: Whether what they answer is used at once the next time, until they have answered anew.
        """
        self.close()
        self._parts = self._kept if is_kept else {}
        self.providers = list(providers)
        self._uses = self._ranking.weights()
        there = {provider.name for provider in self.providers}
        for name in [name for name in self._parts if name not in there]:
            del self._parts[name]  # of a plugin that is gone, of a view that is not there
        self._early.start(_EARLY_MS)
        for provider in self.providers:
            if provider.way == "here":
                self._parts[provider.name] = [Part(_gathered(provider, Asked()), provider.bonus)]

    def choose(self, items: list[Item]) -> None:
        """Look through these items alone."""
        self.open([Provider("choice", "", lambda _asked: items)], is_kept=False)

    def close(self) -> None:
        """Wait for nobody any more."""
        self._early.stop()
        self._live.stop()
        self._slow.stop()
        self._stop_typos()
        for asking in self._askings.values():
            asking.give_up()
            asking.error = None
        self._fresh.clear()
        self._begun.clear()

    def forget(self) -> None:
        """Know nothing any more, and end the threads; the next opening asks anew."""
        self.close()
        self._kept.clear()
        self._parts = self._kept
        self.providers = []
        _stop(self._askings)

    @property
    def is_waiting(self) -> bool:
        """Whether further lines may come."""
        return self._live.isActive() or any(one.is_busy for one in self._askings.values())

    def items(self) -> list[Item]:
        """All that is known by now."""
        return [item for parts in self._parts.values() for part in parts for item in part.items]

    # Looking

    def split(self, text: str) -> tuple[str, str]:
        """The prefix of a text, and what is looked for."""
        first = text[:1]
        prefixes = {one.prefix for one in self.providers if one.prefix}
        if prefixes and first in {HELP, *prefixes}:
            return first, text[1:].strip()
        return "", text.strip()

    def to_select(self, text: str) -> tuple[int, int]:
        """Begin and length of what the next letter replaces: all but the prefix."""
        start = len(self.split(text)[0])
        return start, len(text) - start

    def look(self, text: str) -> list[Found]:
        """The lines for a text that are known now; :attr:`came` brings others."""
        self.text = text
        self._prefix, self._query = self.split(text)
        self._live.stop()
        self._stop_typos()
        for asking in self._askings.values():
            if asking.provider.way == "live":
                asking.give_up()
        chosen = self._chosen()
        before, behind = self._typed(chosen)
        finder = Finder(self._parts_of(chosen))
        if self._query or self._prefix:
            known = finder.find(self._query, self._uses)
        else:
            others = [one for one in self.providers if one.is_general and not one.is_first]
            known = finder.at_first(self._uses, self._parts_of(others))
        found = [*before, *known, *behind]
        self._shown = {one.item.id for one in found}
        found += [Found(_failure(one, error)) for one in chosen if one.way == "once" and (error := self._failed(one))]
        self._ask(chosen)
        if not found and self._query:
            self._ask_nearest(chosen)
        self.told.emit()
        return found

    def _chosen(self) -> list[Provider]:
        if self._prefix == HELP:
            return [Provider("help", say("What may be typed first"), self._help)]
        if self._prefix:
            return [one for one in self.providers if one.prefix == self._prefix]
        if not self._query:
            return [one for one in self.providers if one.is_general and one.is_first]
        return [one for one in self.providers if one.is_general]

    def _is_chosen(self, provider: Provider) -> bool:
        return any(one.name == provider.name for one in self._chosen())

    def _typed(self, chosen: list[Provider]) -> tuple[list[Found], list[Found]]:
        """The lines of what is typed itself: those that stand first, and those that stand behind what is known."""
        asked = Asked(self._query)
        rows = [(each.bonus < 0, one) for each in chosen if each.way == "typed"
                for one in _gathered(each, asked)]  # fmt: skip
        return [Found(item) for is_behind, item in rows if not is_behind], [Found(item) for late, item in rows if late]

    def _parts_of(self, chosen: list[Provider]) -> list[Part]:
        if self._prefix == HELP:
            return [Part(self._help(Asked()))]
        return [part for provider in chosen for part in self._parts.get(provider.name, ())]

    def _help(self, _asked: Asked) -> Iterable[Item]:
        by_prefix: dict[str, list[Provider]] = {}
        for provider in self.providers:
            if provider.prefix:
                by_prefix.setdefault(provider.prefix, []).append(provider)
        for prefix, found in by_prefix.items():
            doc = ", ".join(dict.fromkeys(one.doc for one in found if one.doc))
            title, again = doc[:1].upper() + doc[1:], partial(self.wants.emit, prefix)
            yield Item(f"prefix {prefix}", title, again, say("What may be typed first"), "search", prefix)

    # Those that are asked on threads

    def _ask(self, chosen: list[Provider]) -> None:
        for provider in chosen:
            if provider.way == "once" and provider.name not in self._fresh:
                self._begin(provider, "")
        least = 1 if self._prefix else _LIVE_LETTERS
        if len(self._query) >= least and any(one.way == "live" for one in chosen):
            self._live.start(_LIVE_MS)

    def _begin(self, provider: Provider, text: str) -> None:
        """Ask a provider; before its first answer it may read on the GUI thread what it needs of the window."""
        asking = self._askings.get(provider.name)
        if asking is None:
            asking = self._askings[provider.name] = Asking(provider, self._take)
        if provider.name not in self._begun:
            try:
                asking.provider = provider._replace(gather=provider.begin()) if provider.begin else provider
            except Exception as error:  # told in the palette, where the others go on
                asking.fail(error)
                return
            self._begun.add(provider.name)
        self._fresh[provider.name] = []
        asking.ask(text)
        self._slow.start(round(SLOW_S * 1000) + 20)

    def _ask_live(self) -> None:
        for provider in self._chosen():
            if provider.way == "live":
                self._begin(provider, self._query)
        self.told.emit()

    def _take(self, asking: Asking, part: Part | None) -> None:
        provider = asking.provider
        fresh = self._fresh.setdefault(provider.name, [])
        if part is None:
            if provider.way == "once" and asking.error is None:
                self._parts[provider.name] = fresh if asking.whole is None else [asking.whole]
            elif (error := self._failed(provider)) and self._is_chosen(provider):
                self.came.emit([Found(_failure(provider, error))])
            self.told.emit()
            return
        fresh.append(part)
        if provider.way == "live":
            self._show([Found(item) for item in part.items], provider)
            return
        if provider.name not in self._parts or self._parts[provider.name] is fresh:
            self._parts[provider.name] = fresh  # the first time: known as it comes
        if self._is_chosen(provider):
            self._show(Finder([part]).find(self._query, self._uses), provider)

    def _show(self, found: list[Found], provider: Provider) -> None:
        """Bring lines that are not there yet."""
        new = [one for one in found if one.item.id not in self._shown][: max(0, LINES - len(self._shown))]
        if not new:
            return
        self._shown.update(one.item.id for one in new)
        if provider.way == "live":
            heading = "" if self._headed == (provider.name, self.text) else provider.title
            self._headed = (provider.name, self.text)
            new[0] = new[0]._replace(heading=heading)
        self.came.emit(new)

    def _failed(self, provider: Provider) -> Exception | None:
        """Why a provider has not answered; None when it has, or was only given up."""
        asking = self._askings.get(provider.name)
        return None if asking is None or was_given_up(asking.error) else asking.error

    def state(self) -> str:
        """What is still looked through, in words; empty when all has come quickly."""
        slow = [one.provider.title for one in self._askings.values() if one.is_slow]
        return say("Still looking: {names}", names=", ".join(slow)) if slow else ""

    # Typing errors among many

    def _ask_nearest(self, chosen: list[Provider]) -> None:
        finder = Finder(self._parts_of(chosen))
        if len(finder) <= NEAREST_AT_ONCE:
            return
        if self._typos is None:
            self._typos = worker = Worker("palette typing errors")
            self.destroyed.connect(lambda: worker.stop())
        query, check = self._query, Asked().check
        self._stop_typos = self._typos.submit(lambda: finder.nearest(query, check), self._take_nearest)

    def _take_nearest(self, answer: object) -> None:
        if isinstance(answer, list) and not self._shown:
            self._shown = {one.item.id for one in answer}
            self.came.emit(answer)


def _gathered(provider: Provider, asked: Asked) -> list[Item]:
    """What a quick provider answers; of one that fails, the line that says so."""
    try:
        return titled(provider, provider.gather(asked))
    except Exception as error:  # told in the palette, where the others go on
        return [_failure(provider, error)]


def _failure(provider: Provider, error: Exception) -> Item:
    from shell.failure import describe

    title = say("{title} cannot be looked through", title=provider.title or provider.name)
    return Item(f"failure {provider.name}", title, _nothing, provider.title, "warning", reason=describe(error)[0])


def _stop(askings: dict[str, Asking]) -> None:
    for asking in askings.values():
        asking.stop()
    askings.clear()


def _nothing() -> None:
    """What a line that only tells something does."""
