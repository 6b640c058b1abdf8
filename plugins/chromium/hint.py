"""What can be chosen in a page: links, buttons and fields in sight, with what choosing them does."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect

from plugins.api import HintTarget

#: Reads the targets within the page, in a world of scripts that the page cannot see.
_SCRIPT = Path(__file__).with_name("hint.js").read_text(encoding="utf-8")


def read_targets(page: Any, world: int, zoom: float, done: Callable[[list[HintTarget]], None]) -> None:
    """Ask a page for its targets; ``done`` gets them in the page's order.

    Args:
        page: Runs scripts.
        world: The world that is ours.
        zoom: Pixels of the view for one of the page.
    """

    def take(answer: Any) -> None:
        found = json.loads(answer) if isinstance(answer, str) and answer else []
        done([_target(page, world, zoom, place, one) for place, one in enumerate(found)])

    page.runJavaScript(f"{_SCRIPT}\nespalierTargets()", world, take)


def _target(page: Any, world: int, zoom: float, place: int, found: dict[str, Any]) -> HintTarget:
    left, top, width, height = found["rect"]
    rect = QRect(round(left * zoom), round(top * zoom), round(width * zoom), round(height * zoom))
    act, focus = partial(_run, page, world, "espalierChoose", place), partial(_run, page, world, "espalierFocus", place)
    return HintTarget(rect, found["text"], found["role"], act, focus, found["address"])


def _run(page: Any, world: int, function: str, place: int) -> None:
    page.runJavaScript(f"{function}({place})", world)
