"""Has the system load Qt's libraries on a thread of their own, while Python imports what comes before Qt.

Loading them is a third of importing Qt, in which Python holds its lock and does nothing. Here the C library is called
without that lock, so that a second core does it. What cannot be loaded so is left to the import, which tells what is
wrong with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from kernel.library_ahead import RTLD_LAZY, load_libraries

#: Below PySide6: its modules, which bring Qt's libraries, and Qt's connection to the X server.
_MODULES = ("QtCore.abi3.so", "QtGui.abi3.so", "QtWidgets.abi3.so")
_XCB = os.path.join("Qt", "plugins", "platforms", "libqxcb.so")
#: Finds out which fonts there are, once a process; Qt asks for it at its first text.
_FONTS, _FIND_FONTS = "libfontconfig.so.1", "FcInit"


def load_ahead() -> None:
    """Begin, and answer at once. Nothing where Qt is there already, and on other systems than Linux."""
    if not sys.platform.startswith("linux") or "PySide6" in sys.modules:
        return
    spec = find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return
    folder, platforms = spec.submodule_search_locations[0], [_XCB] if uses_x(os.environ) else []
    try:
        # NOTE: one library is loaded at a time, so what Python loads before Qt comes first: it would wait.
        import _socket  # noqa: F401
        import fcntl  # noqa: F401
        import struct  # noqa: F401

        import kernel.digest  # noqa: F401
    except ImportError:
        return  # another Python: Qt is loaded when it is imported
    load_libraries([os.path.join(folder, name) for name in (*_MODULES, *platforms)], _find_fonts)


def uses_x(environ: Mapping[str, str]) -> bool:
    """Whether Qt will talk to an X server, as far as the environment tells."""
    wanted = environ.get("QT_QPA_PLATFORM") or ("wayland" if environ.get("WAYLAND_DISPLAY") else "xcb")
    return wanted == "xcb" and bool(environ.get("DISPLAY"))


def _find_fonts(ctypes: Any, call: Any) -> None:
    try:
        find_fonts = ctypes.dlsym(ctypes.dlopen(_FONTS, RTLD_LAZY), _FIND_FONTS)
    except OSError:
        return  # a Qt without it
    call(find_fonts, ())
