"""What the bar says about an app's connection."""

from __future__ import annotations

import time
from pathlib import Path

from kernel.words import mark, say, say_count
from shell.app import OpenedApp

#: State of an app → (text of the pill, level); ``{version}`` is what is shown. States that need no word are left out.
TEXTS: dict[str, tuple[str, str]] = {
    "offline": (mark("Offline{version}"), "warning"),
}


def describe_state(state: str, app: OpenedApp) -> tuple[str, str]:
    """The pill's text and level; an empty text for a state that needs no word."""
    text, level = TEXTS.get(state, ("", "info"))
    parts = [say(text, version=_version(app)) if text else "", _proof(app), *_edits(app)]
    said = " · ".join(part for part in parts if part)
    coming = _coming(app)
    return " · ".join(part for part in (coming, said) if part), "warning" if said else level


def _coming(app: OpenedApp) -> str:
    """How far a newer release is: ``getting a newer version: 1.2 MB of 5.0 MB``."""
    progress = getattr(getattr(app, "behind", None), "progress", None)
    if progress is None:
        return ""
    from widgets.format import size_text

    done, total = size_text(progress.done), size_text(progress.total)
    return say("getting a newer version: {done} of {total}", done=done, total=total)


def _proof(app: OpenedApp) -> str:
    """That nothing proves any more that this is the newest release: ``not proven current since 3 May``."""
    since = getattr(app, "unproven_since", 0.0)
    return say("not proven current since {moment}", moment=_moment(since)) if since else ""


def _edits(app: OpenedApp) -> list[str]:
    """What is not written yet: ``3 edits waiting``, ``1 edit could not be sent``."""
    outboxes = getattr(app, "outboxes", [])
    waiting, refused = (sum(len(getattr(outbox, name)) for outbox in outboxes) for name in ("waiting", "refused"))
    said = (
        (waiting, say_count("{count} edit waiting", "{count} edits waiting", waiting)),
        (refused, say_count("{count} edit could not be sent", "{count} edits could not be sent", refused)),
    )
    return [text for count, text in said if count]


def state_tip(app: OpenedApp) -> str:
    """What a press on the pill does, or empty when it does nothing."""
    is_refused = any(outbox.refused for outbox in getattr(app, "outboxes", []))
    return say("Show the edits that could not be sent") if is_refused else ""


def _version(app: OpenedApp) -> str:
    version = app.info.version
    if not version:
        return ""
    when = getattr(app, "fetched_at", None)
    if when:
        return say(" — showing version {version} from {moment}", version=version, moment=_moment(when))
    return say(" — showing version {version}", version=version)


def _moment(seconds: float) -> str:
    """The hour of today, the date before: seconds since the epoch → ``12:30`` or ``3 May``, in the language spoken."""
    then, now = time.localtime(seconds), time.localtime()
    if then[:3] == now[:3]:
        return time.strftime("%H:%M", then)
    from PySide6.QtCore import QLocale

    month = QLocale().monthName(then.tm_mon)
    return say("{day} {month}", day=then.tm_mday, month=month)


def log_path(state_directory: Path) -> Path:
    """Where the desktop writes its log."""
    return Path(state_directory) / "espalier.log"
