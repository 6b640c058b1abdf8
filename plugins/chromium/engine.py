"""Gets Chromium ready: once per process, when the first page is wanted; nothing of it is imported before.

NOTE: the scheme ``app`` can be registered after the QApplication, as long as there is no profile yet.
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from plugins.api import Theme, load_libraries
from plugins.chromium.address import SCHEME

#: What is missing where there is no Chromium, and what to type then.
MODULE, INSTALL = "PySide6.QtWebEngineCore", "pip install PySide6-Addons"
_FLAGS, _SANDBOX = "QTWEBENGINE_CHROMIUM_FLAGS", "QTWEBENGINE_DISABLE_SANDBOX"
_is_ready = False


def load_ahead() -> None:
    """Have the system load Chromium's library, the largest there is, while the ground is made and painted."""
    found = find_spec(MODULE) if sys.platform.startswith("linux") and MODULE not in sys.modules else None
    if found is not None and found.origin:
        load_libraries([found.origin])


def is_there() -> bool:
    """Whether QtWebEngine is installed; imports nothing of it."""
    return find_spec(MODULE) is not None


def make_ready(theme: Theme) -> bool:
    """Import QtWebEngine and register the scheme; answers whether pages run without Chromium's sandbox.

    Raises:
        ImportError: QtWebEngine, or a library of the system that it needs, is not there.
    """
    global _is_ready
    if not _is_ready:
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # Chromium refuses to run as root with its sandbox.
            os.environ.setdefault(_SANDBOX, "1")
        _follow_scheme(theme)
        from PySide6.QtWebEngineCore import QWebEngineUrlScheme

        if not QWebEngineUrlScheme.schemeByName(SCHEME.encode()).name().data():
            _register(QWebEngineUrlScheme)
        _is_ready = True
    return os.environ.get(_SANDBOX, "0") not in ("", "0")


def _register(scheme_class: type) -> None:
    scheme, flag = scheme_class(SCHEME.encode()), scheme_class.Flag
    scheme.setSyntax(scheme_class.Syntax.Host)
    wanted = flag.SecureScheme | flag.FetchApiAllowed | flag.ServiceWorkersAllowed
    scheme.setFlags(wanted)
    scheme_class.registerScheme(scheme)


def _follow_scheme(theme: Theme) -> None:
    """Have pages prefer the theme's colours (prefers-color-scheme).

    Chromium asks Qt, and Qt the desktop; where that knows no colours the scheme at the start is told by a flag.
    """
    theme.lead()
    hints = QGuiApplication.styleHints()
    if hints is not None and hints.colorScheme() == Qt.ColorScheme.Unknown:
        flag = f"--blink-settings=preferredColorScheme={0 if theme.is_dark else 1}"
        os.environ[_FLAGS] = f"{os.environ.get(_FLAGS, '')} {flag}".strip()
