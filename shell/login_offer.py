"""Offers in the home window, once, to have Espalier ready from login on; ``espalier login`` does the same."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kernel.error import EspalierError
from kernel.words import say

if TYPE_CHECKING:
    from shell.window import Window

#: Names in what the process remembers beyond one app: how many starts found nothing ready, and that it was answered.
STARTS, ANSWERED = "login.starts", "login.answered"
#: It is offered at this one, so that nobody is asked who only has a look at Espalier.
OFFERED_AT = 3
#: One of them tells that a desktop reads what is to be started at login.
_DESKTOP = ("XDG_CURRENT_DESKTOP", "DESKTOP_SESSION")


def offer_login(window: Window) -> None:
    """Count this start, and ask when it is time; nothing where it could not be had, or was answered before."""
    from shell.ready import way
    from shell.service import marked
    from shell.service.login import entry

    state, config = window.desk.state, window.session.config
    if not sys.platform.startswith("linux") or not config["start.keep_ready"] or not any(map(os.environ.get, _DESKTOP)):
        return
    if not way.taken().text.startswith("first: no process") or state.recall(ANSWERED):
        return
    starts = state.recall(STARTS, 0) + 1
    _remember(window, STARTS, starts)
    try:
        if starts >= OFFERED_AT and marked.state_of(entry().path) == marked.MISSING:
            _ask(window)
    except EspalierError as error:
        window.messages.report("warning", str(error))


def _ask(window: Window) -> None:
    from shell.bar import Bar

    yes = say("Have it ready"), lambda: _accept(window)
    no = say("No, thanks"), lambda: _remember(window, ANSWERED, True)
    window.cards.made["login"] = bar = Bar(window, "sun", yes, no)
    window.show_above(bar)
    bar.say(
        say("The first window of a day can open at once, too."),
        say("A process of about 40 MB sleeps from login on, then. It ends at logout, or when memory runs short."),
    )


def _remember(window: Window, name: str, value: object) -> None:
    state = window.desk.state
    state.remember(name, value)
    try:
        state.save()
    except OSError as error:
        window.desk.log("warning", f"that login was asked about could not be remembered: {error}", "")


def _accept(window: Window) -> None:
    from shell.service import marked
    from shell.service.login import entry

    _remember(window, ANSWERED, True)
    try:
        marked.write(entry(), may_replace_edits=False)
    except EspalierError as error:
        window.messages.report("error", say("Nothing could be set up for login"), str(error))
        return
    how_to_end = say("`espalier login off` ends that.")
    window.messages.report("info", say("Espalier is ready from the next login on"), how_to_end)
