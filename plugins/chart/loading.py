"""Imports the drawing module on a thread, once per process, after a window was painted."""

from __future__ import annotations

import importlib
import threading
from types import ModuleType

from PySide6.QtCore import QObject, Signal


class PlotLoader(QObject):
    """``loaded`` carries the module, ``failed`` the exception; both arrive on the thread that made the loader."""

    loaded = Signal(object)
    failed = Signal(object)

    def start(self) -> None:
        """Begin; answers by signal, once."""
        threading.Thread(target=self._import, name="chart import", daemon=True).start()

    def _import(self) -> None:
        try:
            module: ModuleType = importlib.import_module("plugins.chart.plot")
        except Exception as error:  # Shown in the chart's place.
            self._tell(self.failed, error)
        else:
            self._tell(self.loaded, module)

    def _tell(self, signal: object, value: object) -> None:
        try:
            signal.emit(value)
        except RuntimeError:
            # The window, and the loader with it, went away while the import ran: nobody is left to tell.
            return
