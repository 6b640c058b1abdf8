"""What pages were allowed or refused: remembered for the app and the page's origin. No WebEngine here."""

from __future__ import annotations

import os
from pathlib import Path

from plugins.api import mark

#: Chromium's name of a permission → what a page wants, as the question says it. Others are refused.
ASKED: dict[str, str] = {
    "MediaAudioCapture": mark("use the microphone"),
    "MediaVideoCapture": mark("use the camera"),
    "MediaAudioVideoCapture": mark("use the camera and the microphone"),
    "Geolocation": mark("know where you are"),
    "Notifications": mark("show notifications"),
    "ClipboardReadWrite": mark("read the clipboard"),
    "MouseLock": mark("hide and hold the mouse pointer"),
}
#: A file with more than this is not ours, in bytes.
_LARGEST = 1 << 20


class Permissions:
    """The answers of one profile.

    Args:
        path: Their file; None remembers them for the profile's life.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._answers = _read(path) if path is not None else {}

    def answer(self, origin: str, name: str) -> bool | None:
        """What was answered; None when nobody was asked."""
        return self._answers.get(origin, {}).get(name)

    def remember(self, origin: str, name: str, is_granted: bool) -> None:
        """Keep an answer."""
        self._answers.setdefault(origin, {})[name] = is_granted
        self._write()

    def forget(self, origin: str) -> bool:
        """Ask anew what this origin wants; whether anything was remembered."""
        found = self._answers.pop(origin, None)
        self._write()
        return bool(found)

    def _write(self) -> None:
        if self._path is None:
            return
        fresh = self._path.with_suffix(".new")
        import json

        fresh.write_text(json.dumps(self._answers, indent=1, sort_keys=True), encoding="utf-8")
        os.replace(fresh, self._path)


def _read(path: Path) -> dict[str, dict[str, bool]]:
    """The answers of a file; a damaged one asks anew."""
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        import json

        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    origins = found.items() if isinstance(found, dict) else ()
    return {
        origin: {name: value for name, value in answers.items() if name in ASKED and isinstance(value, bool)}
        for origin, answers in origins
        if isinstance(answers, dict)
    }
