"""Makes Qt ready: imports it without waste, and makes the one application object."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.quick_enum import quick_enums
from shell.bytecode import bytecode
from shell.later import later

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_ROOT = Path(__file__).parent.parent
#: How PySide6 notes a module: its switches apply there and none is set, or they do not.
_USES_QT, _USES_NO_QT = 0, -1
_MAY_WAIT = frozenset(
    f"shibokensupport.signature.{name}"
    for name in ("errorhandler", "importhandler", "layout", "parser", "lib.enum_sig", "lib.pyi_generator", "lib.tool")
)
#: Modules of Python that the same support imports for when it is packed into an archive, and for errors.
_MAY_COME_LATER = ("base64", "inspect", "tempfile", "textwrap", "traceback", "zipfile")
#: The classes with the most enums of those that every start uses; PySide6 makes them when they are used first.
_MANY_ENUMS = {
    "PySide6.QtCore": ("Qt", "QEvent"),
    "PySide6.QtGui": ("QFont", "QIcon", "QKeySequence", "QPainter", "QPalette"),
    "PySide6.QtWidgets": ("QSizePolicy",),
}
_ROOMS = ("shell", "widgets", "plugins", "kernel", "layouts", "resources")


def import_qt() -> None:
    """Import Qt's widgets.

    WORKAROUND PYSIDE-2029: PySide6 reads the source text of every module, of those imported before it as well, and
    looks there for its own name, to know where its ``__feature__`` switches apply (0.1 ms for each module). None of
    ours uses them, so they are noted as it would note them itself: until PySide6 looks at the compiled code.
    """
    if "PySide6.QtWidgets" in sys.modules:
        return
    with _lazy_support():
        import shiboken6  # noqa: F401

    noted = getattr(sys.modules.get("shibokensupport.feature"), "pyside_feature_dict", None)
    if isinstance(noted, dict):
        for name in list(sys.modules):
            noted.setdefault(name, _USES_NO_QT)
        for name in bytecode.names() or _own_modules():
            if name.partition(".")[0] in _ROOMS:
                noted[name] = _USES_QT
    from widgets.late_signals import make_signals_late

    with quick_enums():
        import PySide6.QtWidgets  # noqa: F401

        make_signals_late()
        for module, names in _MANY_ENUMS.items():
            for name in names:
                getattr(sys.modules[module], name)


def load_descriptions() -> Iterator[None]:
    """Load the modules that describe signatures for good, one at each step, 20 ms in all.

    NOTE: on Python 3.11 two threads whose calls of Qt fail at the same time could both load one of them for the first
    time. So they are loaded by the GUI thread alone, as soon as a window has nothing else to do.
    """
    for name in sorted(_MAY_WAIT & sys.modules.keys()):
        _ = sys.modules[name].__doc__  # the first look at anything in it loads it
        yield


@contextmanager
def _lazy_support() -> Iterator[None]:
    """Let the modules that describe signatures wait until a description is wanted, which a start never does.

    NOTE: they are 20 ms of importing Qt. Python's own :class:`importlib.util.LazyLoader` runs them when they are first
    used, for a docstring or the text of a TypeError, which is the same as without this.
    """
    finder = _LazyFinder()
    sys.meta_path.insert(0, finder)
    try:
        with later(*_MAY_COME_LATER):
            yield
    finally:
        sys.meta_path.remove(finder)


class _LazyFinder:
    """Finds the modules of Qt's Python support that may wait; only where they are files (see the Makefile)."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        """See :class:`importlib.abc.MetaPathFinder`."""
        if name not in _MAY_WAIT:
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


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
