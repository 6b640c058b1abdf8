"""Qt's offscreen platform, on machines that have neither a screen nor Xvfb."""

from __future__ import annotations

import os
import sys

#: What that platform says of every window with a least size, for nobody's use.
_NOTE = "This plugin does not support propagateSizeHints()"


def drop_note() -> None:
    """Print Qt's messages as Qt would, but for that note; does nothing on other platforms."""
    if os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        return
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(lambda _kind, _place, text: None if text == _NOTE else print(text, file=sys.stderr))
