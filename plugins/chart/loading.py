"""Imports the drawing module on a thread, once per process, after a window was painted."""

from __future__ import annotations

import importlib
import os
import threading
from types import ModuleType

from PySide6.QtCore import QObject, Signal

from plugins.api import at_unload, hand


class PlotLoader(QObject):
    """``loaded`` carries the module, ``failed`` the exception; on the GUI thread, while the loader lives."""

    loaded = Signal(object)
    failed = Signal(object)

    def start(self) -> None:
        """Begin; answers by signal, once."""
        thread = threading.Thread(target=self._import, name="chart import", daemon=True)
        thread.start()
        # What it imports must not come after the plugin has gone.
        at_unload("chart", thread.join)

    def _import(self) -> None:
        # Without being told it takes PyQt where another plugin has imported that.
        os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
        try:
            module: ModuleType = importlib.import_module("plugins.chart.plot")
        except Exception as error:  # Shown in the chart's place.
            answer, value = "failed", error
        else:
            answer, value = "loaded", module
        # The window, and the loader with it, may have gone while the import ran.
        hand(lambda: getattr(self, answer).emit(value), self)
