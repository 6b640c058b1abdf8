"""What can be chosen in a page: links, buttons and fields in sight, with what choosing them does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, QRect

from plugins.api import HintTarget

#: Reads the targets within the page, in a world of scripts that the page cannot see.
_SCRIPT = Path(__file__).with_name("hint.js").read_text(encoding="utf-8")


class Frame(NamedTuple):
    """What a page stands in.

    Attributes:
        corner: Answers where the page's corner is in the widget that tells of the targets.
        enter: Puts the focus into the page.
        open_outside: Opens an address in the person's own browser.
    """

    corner: Callable[[], QPoint]
    enter: Callable[[], None]
    open_outside: Callable[[str], None]


def read_targets(page: Any, world: int, zoom: float, frame: Frame, done: Callable[[list[HintTarget]], None]) -> None:
    """Ask a page for its targets; ``done`` gets them in the page's order.

    Args:
        page: Runs scripts.
        world: The world that is ours.
        zoom: Pixels of the view for one of the page.
        frame: What the page stands in.
    """

    def run(function: str, place: int) -> None:
        frame.enter()
        page.runJavaScript(f"{function}({place})", world)

    def take(answer: Any) -> None:
        found = json.loads(answer) if isinstance(answer, str) and answer else []
        done(list(_targets(found, frame, run)))

    page.runJavaScript(f"{_SCRIPT}\nespalierTargets({zoom})", world, take)


def _targets(found: list[list[Any]], frame: Frame, run: Callable[[str, int], None]) -> Iterator[HintTarget]:
    """One for each row of the script's answer; a thousand of them keep a person waiting, so that little is made."""
    x, y = frame.corner().toTuple()
    for place, (left, top, width, height, text, role, address) in enumerate(found):
        act, focus = partial(run, "espalierChoose", place), partial(run, "espalierFocus", place)
        outside = partial(frame.open_outside, address) if address.startswith(("http://", "https://")) else None
        yield HintTarget(QRect(left + x, top + y, width, height), text, role, act, focus, address, None, outside)
