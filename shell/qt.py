"""Makes Qt ready: imports it without waste, and makes the one application object."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_ROOT = Path(__file__).parent.parent
#: How PySide6 notes a module: its switches apply there and none is set, or they do not.
_USES_QT, _USES_NO_QT = 0, -1
_ROOMS = ("shell", "widgets", "plugins", "kernel", "layouts", "resources")


def import_qt() -> None:
    """Import Qt's widgets.

    WORKAROUND PYSIDE-2029: PySide6 reads the source text of every module, of those imported before it as well, and
    looks there for its own name, to know where its ``__feature__`` switches apply (0.1 ms for each module). None of
    ours uses them, so they are noted as it would note them itself: until PySide6 looks at the compiled code.
    """
    import shiboken6  # noqa: F401

    noted = getattr(sys.modules.get("shibokensupport.feature"), "pyside_feature_dict", None)
    if isinstance(noted, dict):
        for name in list(sys.modules):
            noted.setdefault(name, _USES_NO_QT)
        for name in _own_modules():
            noted[name] = _USES_QT
    import PySide6.QtWidgets  # noqa: F401


def make_application() -> QApplication:
    """The QApplication of the process, made at the first call; in the style that the theme dresses.

    NOTE: asked for here, by Qt's own option: ``setStyle`` answers an object that takes 8 ms to be wrapped.
    """
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if application is None:
        application = QApplication(["espalier", "-style", "fusion"])
        application.setProperty("has_fusion_style", True)
    return application


def _own_modules() -> Iterator[str]:
    for room in _ROOMS:
        for folder, _, files in os.walk(_ROOT / room):
            package = os.path.relpath(folder, _ROOT).replace(os.sep, ".")
            yield package
            for file in files:
                if file.endswith(".py"):
                    yield f"{package}.{file[:-3]}"
