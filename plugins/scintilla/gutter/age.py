"""How long ago something was, in a few words. No Qt here."""

from __future__ import annotations

import datetime

from plugins.api import say, say_count

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def age_text(date: datetime.datetime, now: datetime.datetime | None = None) -> str:
    """``3 days ago``; both as some place's clock showed them, so that hours may be off by the difference of zones."""
    seconds = ((now or datetime.datetime.now()) - date).total_seconds()
    if seconds < _HOUR:
        minutes = max(int(seconds // _MINUTE), 0)
        return say_count("{count} minute ago", "{count} minutes ago", minutes) if minutes else say("just now")
    if seconds < _DAY:
        return say_count("{count} hour ago", "{count} hours ago", int(seconds // _HOUR))
    days = int(seconds // _DAY)
    if days < 30:
        return say_count("{count} day ago", "{count} days ago", days)
    if days < 365:
        return say_count("{count} month ago", "{count} months ago", days // 30)
    return say_count("{count} year ago", "{count} years ago", days // 365)
