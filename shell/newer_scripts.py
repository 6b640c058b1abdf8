"""Whether the scripts of a newer release may be taken while the app runs, or wait until it is started again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.error import EspalierError
from kernel.words import say
from shell.consent import question

if TYPE_CHECKING:
    from layouts.app_brought import Brought
    from shell.app import OpenedApp
    from shell.session import Session


def why_to_wait(app: OpenedApp | None, before: Brought | None, session: Session) -> str:
    """Why they wait, a sentence for people; empty when they are taken at their next use.

    Args:
        app: As it is now.
        before: What the release brought whose scripts are in use.
        session: Whose app it is.
    """
    from layouts.app_manifest import read_app

    if app is None:
        return ""
    if question(app, session) is not None:
        return say("It asks for more than before: its scripts are taken when the app is started again and you agree")
    try:
        may_reload = read_app(app.read_file).scripts.get("reload", True)
        is_same = app.brought() == before
    except EspalierError as error:
        return say("Its scripts stay those of before: {reason}", reason=error.message)
    if not may_reload:
        return say("Its scripts are taken when the app is started again, as its author wants it")
    if is_same:
        return ""
    return say("It brings other wheels or libraries, which are taken when the app is started again")
