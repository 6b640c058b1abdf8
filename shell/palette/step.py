"""One question of several, as the palette asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from shell.palette.contract import Provider


class Step(NamedTuple):
    """A question.

    Attributes:
        title: What all the questions are for.
        question: What is asked for now.
        providers: Where the answers come from; running an item gives the answer.
        given: What was asked for before, with the answers.
        back: Goes back to the question before; on Backspace in an empty line, and on Shift+Tab.
        text: What is typed already.
        prefers_known: Whether something that is known is meant before what is typed itself.
    """

    title: str
    question: str
    providers: list[Provider]
    given: tuple[tuple[str, str], ...] = ()
    back: Callable[[], None] | None = None
    text: str = ""
    prefers_known: bool = False
