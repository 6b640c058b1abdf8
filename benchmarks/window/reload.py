"""One property changed in a window of 1,000 widgets that runs: from the file saved to the change painted."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.result import Result

WIDGETS = 1_000
ROUNDS = 15
_LATEST_S = 30.0
#: Nobody saves again sooner, in s.
_PAUSE_S = 0.2


def measure() -> list[Result]:
    """Milliseconds from saved to painted, of the patch itself, and how many widgets were made anew."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")}
    environ["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "benchmarks.window.reload"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=300, env=environ).stdout
    painted, patched, made = map(float, output.split())
    return [
        Result("reload, painted", "ms", painted, None, 50, True),
        Result("reload, patch", "ms", patched, None, 2, True),
        Result("reload, made anew", "widgets", made, None, 0, True),
    ]


def _layout(number: int) -> str:
    """The layout; ``number`` stands in one label in its middle, which is in sight."""
    lines = [f'row {{ label "Row {row}"; button "Go {row}"; search placeholder="Find {row}" }}' for row in range(5)]
    rest = [f'row {{ label "Row {row}"; button "Go {row}"; search placeholder="Find {row}" }}' for row in range(244)]
    content = "\n    ".join([*lines, f'label "Number {number}" id=words', "scroll {", *rest, "}"])
    return f"layout 1\nwindow {{\n    {content}\n}}\n"


class _Running:
    """An app folder in its window, followed."""

    def __init__(self, place: Path) -> None:
        from shell import desk
        from shell.boot import boot
        from shell.live import patching
        from shell.live.developing import Developing
        from shell.session import Given

        self._file = place / "app" / "main.kdl"
        self._file.parent.mkdir()
        (self._file.parent / "app.toml").write_text('name = "many"\n')
        self._file.write_text(_layout(0))
        session = boot(str(self._file.parent), Given(basedir=str(place / "home")), may_block=False)
        self._following = Developing(self._file.parent, session)
        (self._window,) = next(iter(desk._DESKS.values())).windows
        self._window.resize(1000, 800)
        self._window.show()
        self._patched = 0.0
        self._patch, self._patching = patching.patch_widget, patching
        patching.patch_widget = self._timed_patch
        self._paint = _painted(self._words())
        self._wait(lambda: self._paint.painted)

    def _timed_patch(self, *arguments: Any) -> Any:
        started = time.process_time()
        try:
            return self._patch(*arguments)
        finally:
            self._patched = (time.process_time() - started) * 1e3

    def change(self, number: int) -> tuple[float, float, float]:
        """Save the file with another number; answers (ms to painted, ms of the patch, widgets made anew)."""
        rested = time.monotonic() + _PAUSE_S
        self._wait(lambda: time.monotonic() > rested)
        kept = list(self._window.context.built)
        before = {id(widget) for widget in kept}
        self._paint.painted = ""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(_layout(number))
        started = time.perf_counter()
        fresh.replace(self._file)
        self._wait(lambda: self._paint.painted == f"Number {number}")
        taken = (time.perf_counter() - started) * 1e3
        made = sum(id(widget) not in before for widget in self._window.context.built)
        return taken, self._patched, float(made)

    def _words(self) -> Any:
        return self._window.context.widgets["words"]

    def _wait(self, is_so: Any) -> None:
        from PySide6.QtWidgets import QApplication

        latest = time.monotonic() + _LATEST_S
        while not is_so():
            QApplication.processEvents()
            if time.monotonic() > latest:
                raise TimeoutError("the window did not follow its file")

    def close(self) -> None:
        """End it."""
        self._patching.patch_widget = self._patch
        self._following.stop()
        self._window.close()


def _painted(widget: Any) -> Any:
    """An event filter that knows what the label said when it was painted last."""
    from PySide6.QtCore import QEvent, QObject

    class Painted(QObject):
        painted = ""

        def eventFilter(self, watched: Any, event: QEvent) -> bool:  # Qt's name
            if event.type() == QEvent.Type.Paint:
                self.painted = watched.text()
            return False

    filter = Painted(widget)
    widget.installEventFilter(filter)
    return filter


def main() -> None:
    """Measure in this process and print the medians."""
    with tempfile.TemporaryDirectory() as place:
        running = _Running(Path(place))
        rounds = [running.change(number) for number in range(1, ROUNDS + 1)]
        running.close()
    print(*(statistics.median(values) for values in zip(*rounds, strict=True)))


if __name__ == "__main__":
    main()
