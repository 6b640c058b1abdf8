"""Several carets: each command runs at the engine's own one, and is run again at the others; what is typed is typed at
all of them at once. Each has a selection and registers of its own; a step of all of them is one step to undo.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.api import say
from plugins.scintilla.modal.register import Store
from plugins.scintilla.modal.row import Refused
from plugins.scintilla.modal.text import Place

if TYPE_CHECKING:
    from plugins.scintilla.modal.engine import Engine
    from plugins.scintilla.modal.typing import Session

#: Carets of one text at most.
MOST = 1_000
#: Commands of which all carets are served by running them once.
_ONCE = frozenset({
    "undo", "redo", "record", "play", "set-mark", "ex", "save-close", "close", "fold-toggle", "fold",
    "unfold", "fold-all", "unfold-all", "go-to-definition", "go-to-declaration", "find-references", "hover",
    "show-top", "show-middle", "show-bottom", "scroll-down", "scroll-up", "caret",
})  # fmt: skip
#: Commands that lead one caret elsewhere, where the others have nothing to do.
_ALONE = frozenset({"jump-back", "jump-on", "change-back", "change-on", "visual-block"})
#: What belongs to one caret, by the engine's names.
_OWN = ("caret", "anchor", "want", "last_visual", "fresh_line")


class Selected(NamedTuple):
    """Where one caret stands, as plain data."""

    caret: Place
    anchor: Place


class OwnStore(Store):
    """Registers of one caret: what it has yanked itself, else what all have."""

    def __init__(self, shared: Store) -> None:
        super().__init__()
        self.kept = ChainMap({}, shared.kept)  # type: ignore[assignment]
        self.last = shared.last


class Caret:
    """One further caret.

    Attributes:
        session: What is typed at it, while that is so.
        store: Its registers.
    """

    def __init__(self, caret: Place, anchor: Place, store: Store) -> None:
        self.caret, self.anchor, self.store = caret, anchor, store
        self.want: int | None = None
        self.last_visual: Any = None
        self.fresh_line: int | None = None
        self.session: Session | None = None


class Carets:
    """The further carets of one engine.

    Attributes:
        others: All but the engine's own one. While the engine is at one of them, its own stands here in its place.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.others: list[Caret] = []
        self._is_held = self._is_done = False
        self._mode = engine.mode

    # -- which there are ------------------------------------------------------------------------------------------

    def places(self) -> list[Selected]:
        """Where the others stand, and where their selections begin, if there are any."""
        is_visual = self._engine.is_visual
        return [Selected(one.caret, one.anchor if is_visual else one.caret) for one in self.others]

    def put(self, places: list[Selected], *, types: bool = False) -> None:
        """Have these and no others; those that go on keep their registers.

        Args:
            places: Where they stand.
            types: Whether a person types at them.
        """
        from plugins.scintilla.modal.typing import Session

        store, before = self._engine.registers.store, self.others
        self.others = [Caret(*place, OwnStore(store)) for place in places[: MOST - 1]]
        for old, new in zip(before, self.others, strict=False):
            new.store, new.session = old.store, old.session
        for one in self.others if types else ():
            one.session = one.session or Session(one.caret)
        self.merge()

    def add(self, caret: Place, anchor: Place | None = None) -> None:
        """Go there, and leave a caret where the engine's own one was.

        Raises:
            Refused: there are as many as there may be.
        """
        engine = self._engine
        if len(self.others) >= MOST - 1:
            raise Refused(say("there are {count} carets at most", count=MOST))
        self.others.append(Caret(engine.caret, engine.anchor, OwnStore(engine.registers.store)))
        engine.caret, engine.anchor, engine.want = caret, anchor or caret, None

    def drop(self) -> None:
        """Only the engine's own one stays."""
        if not self._is_held:
            self.others = []

    def merge(self) -> None:
        """Of carets at one place, and of selections over one another, one stays."""
        engine, seen = self._engine, []
        last = engine.text.line_count - 1
        for one in self.others:
            one.caret, one.anchor = (self._settled(place, last) for place in (one.caret, one.anchor))
        for one in [Selected(engine.caret, engine.anchor), *self.others]:
            if any(_overlap(one, other, engine.mode) for other in seen):
                self.others.remove(one)  # type: ignore[arg-type]
            else:
                seen.append(one)

    def _settled(self, place: Place, last: int) -> Place:
        line = min(place.line, last)
        return Place(line, max(min(place.column, self._engine.last(self._engine.text.line(line))), 0))

    def shift(self, start: Place, stop: Place, new: str) -> None:
        """A part of the text was changed by the caret that the engine is at: the others stay at their letters."""
        if self.others:
            lines = new.split("\n")
            for one in self.others:
                one.caret, one.anchor = (_moved(place, start, stop, lines) for place in (one.caret, one.anchor))

    # -- running at them ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """A command begins."""
        if not self._is_held:
            self._is_done, self._mode = False, self._engine.mode
            self._engine.registers.pieces = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """What is run within is run at one caret."""
        was, self._is_held = self._is_held, True
        try:
            yield
        finally:
            self._is_held = was

    @contextmanager
    def _at(self, caret: Caret) -> Iterator[None]:
        """The engine is at another caret."""
        engine, main = self._engine, Caret(Place(0, 0), Place(0, 0), self._engine.registers.store)
        place = self.others.index(caret)
        _copy(engine, main)
        self.others[place] = main
        _copy(caret, engine)
        engine.registers.store = caret.store
        try:
            yield
        finally:
            _copy(engine, caret)
            self.others[place] = caret
            _copy(main, engine)
            engine.registers.store = main.store

    def spread(self) -> None:
        """A command has run at the engine's own caret: run it at the others."""
        engine = self._engine
        if not self.others or self._is_held:
            return
        name, keys = getattr(engine.row, "name", ""), "".join(engine.heard)
        if name in _ALONE:
            self.drop()
        elif not self._is_done and name not in _ONCE:
            self._run(lambda _one: engine.replay(keys))
        engine.settle()
        self.merge()

    def _run(self, run: Callable[[Caret], None]) -> None:
        """Run something at each of the others; where it cannot be done nothing is."""
        engine, search = self._engine, self._engine.search
        kept = {name: getattr(engine, name) for name in _COMMON}
        searched = search.last, search.step, search.offset
        with self.held():
            for one in sorted(self.others, key=lambda one: one.caret):
                with self._at(one):
                    engine.mode = self._mode
                    try:
                        run(one)
                    except Refused:
                        one.session = None
                for name, value in kept.items():
                    setattr(engine, name, value)
                search.last, search.step, search.offset = searched
        self._join_clips()

    def _join_clips(self) -> None:
        """What all have put on the clipboard stands there line by line."""
        registers, engine = self._engine.registers, self._engine
        stores = [(engine.caret, registers.store), *((one.caret, one.store) for one in self.others)]
        if registers.pieces and len(registers.pieces) == len(stores):
            pieces = [registers.pieces[id(store)] for _, store in sorted(stores, key=lambda one: one[0])]
            registers.join("\n".join(piece.removesuffix("\n") for piece in pieces), [store for _, store in stores])
        registers.pieces = {}

    def each(self, act: Callable[[], None]) -> None:
        """Do something at each of the others; where it cannot be done nothing is."""
        self._run(lambda _one: act())

    def exchange(self, caret: Caret, *, keeps: bool) -> None:
        """Make another one the engine's own; the one before stays among the others, or goes."""
        engine = self._engine
        was = Caret(engine.caret, engine.anchor, OwnStore(engine.registers.store))
        was.store.kept.update(engine.registers.store.kept)
        _copy(engine, was)
        _copy(caret, engine)
        engine.registers.store.kept.update(dict(caret.store.kept))
        self.others.remove(caret)
        if keeps:
            self.others.append(was)

    # -- typing ---------------------------------------------------------------------------------------------------

    @property
    def is_typing(self) -> bool:
        """Whether what is typed now is typed at several carets."""
        return bool(self.others) and not self._is_held

    def begin_typing(self) -> None:
        """The engine's own caret begins to type: so do the others, behind the same keys."""
        if not self.is_typing:
            return
        engine, keys = self._engine, "".join(self._engine.heard)
        self._is_done = True

        def run(one: Caret) -> None:
            engine.session = None
            engine.replay(keys, keeps_typing=True)
            one.session = engine.session

        self._run(run)

    def type(self, act: Callable[[Session], None]) -> None:
        """Do at the others what was done at the engine's own caret."""
        if not self.is_typing:
            return
        mode = self._engine.mode
        with self.held():
            for one in list(self.others):
                if one.session is not None:
                    with self._at(one):
                        act(one.session)
        self._engine.mode = mode
        self.merge()

    def end_typing(self, end: Callable[[Session], None]) -> None:
        """The engine's own caret types no more: nor do the others."""
        self.type(end)
        for one in self.others:
            one.session = None


#: What the engine has of a command, and the carets after the first one leave as it was.
_COMMON = (
    "mode", "heard", "row", "last_change", "last_inserted", "last_macro", "message", "session", "pending",
    "is_selected", "shift_steps", "found_letter", "undo_place", "extent_span", "taken", "line", "awaited",
)  # fmt: skip


def _copy(source: Any, target: Any) -> None:
    for name in _OWN:
        setattr(target, name, getattr(source, name))


def _moved(place: Place, start: Place, stop: Place, lines: list[str]) -> Place:
    """Where a place is when a part was replaced by these lines; within it, as far as there still is something."""
    if place <= start:
        return place
    last = start.line + len(lines) - 1
    end = Place(last, len(lines[-1]) + (start.column if len(lines) == 1 else 0))
    if place >= stop:
        if place.line > stop.line:
            return Place(place.line + last - stop.line, place.column)
        return Place(last, end.column + place.column - stop.column)
    return min(place, end)


def _overlap(one: Any, other: Any, mode: str) -> bool:
    if mode not in ("visual", "visual-line"):
        return one.caret == other.caret
    spans = [sorted((each.caret, each.anchor)) for each in (one, other)]
    if mode == "visual-line":
        spans = [[low.line, high.line] for low, high in spans]
    return spans[0][0] <= spans[1][1] and spans[1][0] <= spans[0][1]
