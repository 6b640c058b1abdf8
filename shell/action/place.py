"""Commands for places: by direction, back and forward, marks, any view by its id."""

from __future__ import annotations

from typing import Any, Literal

from kernel.error import EspalierError
from kernel.nearest import did_you_mean
from kernel.words import say

#: What marks are remembered under, name → place.
_MARKS = "marks"


def focus_way(window: Any, way: Literal["left", "right", "up", "down"]) -> None:
    """Go to the view that lies that way."""
    from shell.direction import step

    if not step(window, way):
        raise EspalierError(say("nothing lies there"))


def back(window: Any, count: int = 1) -> None:
    """Go back to where the person was."""
    _turn(window, "back", count, say("there is no place before this one"))


def forward(window: Any, count: int = 1) -> None:
    """Go forward again."""
    _turn(window, "forward", count, say("there is no place after this one"))


def _turn(window: Any, way: str, count: int, none: str) -> None:
    from shell.place.following import Stop, follow

    following = follow(window)
    for at in range(max(count, 1)):
        if not getattr(following.trail, way)(following.here(), Stop.go):
            if at == 0:
                raise EspalierError(none)
            return


def set_mark(window: Any, name: str) -> None:
    """Give the place a name."""
    from shell.place.following import follow

    name, here = name.strip(), follow(window).here()
    if not name:
        raise EspalierError(say("a mark has a name"))
    if here is None:
        raise EspalierError(say("go into a view first"))
    window.remembering.remember(_MARKS, {**_marks(window), name: list(here.place)})
    window.messages.report("success", say("{name} leads back here", name=f"“{name}”"))


def go_mark(window: Any, name: str = "") -> None:
    """Go to a place that was given a name; without one the person chooses."""
    marks = _marks(window)
    if not marks:
        raise EspalierError(say("there are no marks"), hint=say("mark.set makes one"))
    if not name:
        _choose(window, say("Go to a mark"), [(mark, str(place[1])) for mark, place in marks.items()],
                lambda mark: go_mark(window, mark))  # fmt: skip
        return
    if name not in marks:
        raise EspalierError(say("there is no mark {name}", name=f"“{name}”"), hint=did_you_mean(name, marks))
    from shell.family import open_window_of
    from shell.place.following import follow

    follow(window).note()
    place = _read(marks[name])
    target = open_window_of(window, place.window) if place.window != window.index else window
    if not follow(target).go(place):
        raise EspalierError(say("the place of {name} is there no more", name=f"“{name}”"))


def delete_mark(window: Any, name: str = "") -> None:
    """Forget a mark."""
    marks = _marks(window)
    if not name and marks:
        _choose(window, say("Forget a mark"), [(mark, str(place[1])) for mark, place in marks.items()],
                lambda mark: delete_mark(window, mark))  # fmt: skip
        return
    if name not in marks:
        raise EspalierError(say("there is no mark {name}", name=f"“{name}”"), hint=did_you_mean(name, marks))
    window.remembering.remember(_MARKS, {mark: place for mark, place in marks.items() if mark != name} or None)


def go_view(window: Any, name: str = "") -> None:
    """Go to a view by its id, on whichever page it stands; without one the person chooses."""
    from shell.place.layout_view import show_view, views_of

    found = views_of(window)
    if not name:
        _choose(window, say("Go to a view"), [(one.name, one.title) for one in found.values()],
                lambda chosen: go_view(window, chosen))  # fmt: skip
        return
    if name not in found:
        raise EspalierError(say("there is no view {name}", name=f"“{name}”"), hint=did_you_mean(name, found))
    if not show_view(window, found[name]):
        raise EspalierError(say("{name} is not shown now", name=f"“{name}”"))


def _marks(window: Any) -> dict[str, list[Any]]:
    """The app's marks; what is no mark was damaged and is left out."""
    kept = window.state.recall(_MARKS)
    items = kept.items() if isinstance(kept, dict) else ()
    return {name: place for name, place in items if _read(place) is not None}


def _read(kept: Any) -> Any:
    from shell.place.place import Place

    try:
        window, view, pages, key, column, within = kept
        pages = tuple((str(name), str(page)) for name, page in pages)
        key = tuple(key) if key is not None else None
        return Place(int(window), str(view), pages, key, str(column), within)
    except (TypeError, ValueError):
        return None


def _choose(window: Any, question: str, names: list[tuple[str, str]], go: Any) -> None:
    """Let the person choose a name in the palette."""
    from shell.palette.item import Item

    if not names:
        raise EspalierError(say("there is nothing to choose from"))
    items = [Item(f"choice {name}", name, lambda name=name: go(name), detail) for name, detail in names]
    window.cards.palette().choose(question, items)
