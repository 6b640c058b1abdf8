"""libvlc, opened once for the process and when the first medium is shown; the one place that imports ``vlc``."""

from __future__ import annotations

import threading
from typing import Any

from plugins.api import EspalierError, at_unload, option, say

_lock = threading.Lock()
_instance: Any = None
#: Nothing of libvlc's own is shown over a picture, written to its log or kept in its own configuration.
_ARGUMENTS = ("--quiet", "--no-video-title-show", "--no-stats", "--no-snapshot-preview", "--no-osd", "--ignore-config",
              "--no-metadata-network-access", "--no-lua", "--no-xlib")  # fmt: skip


def vlc_module() -> Any:
    """The module ``vlc``.

    Raises:
        EspalierError: libvlc is not installed; the hint says what to type.
    """
    try:
        import vlc
    except (ImportError, OSError, NotImplementedError, FileNotFoundError) as error:
        raise _missing(error) from error
    if getattr(vlc, "dll", None) is None:
        raise _missing(None)
    return vlc


def vlc_instance() -> Any:
    """The process's :class:`vlc.Instance`.

    Raises:
        EspalierError: libvlc is missing, or has no plugins.
    """
    global _instance
    with _lock:
        if _instance is None:
            vlc = vlc_module()
            more = tuple(str(option("vlc.arguments")).split())
            _instance = vlc.Instance([*_ARGUMENTS, *more])
            at_unload("vlc", forget_instance)
            if _instance is None:
                hint = say("is vlc.arguments right, and vlc-plugin-base installed?")
                raise EspalierError(say("VLC cannot be started"), hint=hint)
        return _instance


def forget_instance() -> None:
    """Let go of libvlc; for unloading the plugin, when no player is left."""
    global _instance
    with _lock:
        instance, _instance = _instance, None
    if instance is not None:
        instance.release()


def _missing(error: Exception | None) -> EspalierError:
    said = f" ({error})" if error is not None and str(error) else ""
    return EspalierError(say("VLC's library is not installed") + said,
                         hint=say("sudo apt-get install libvlc5 vlc-plugin-base, or VLC's own installer"))
