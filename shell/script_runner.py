"""Runs the scripts of an app on a thread of their own, one after the other; windows stay awake meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QTimer

from kernel.words import mark, say
from shell.script_app import ScriptApp
from widgets.handle_worker import Worker

if TYPE_CHECKING:
    from shell.scripts import Scripts
    from shell.window import Window
    from widgets.structure.circle import Circles

#: A script that takes longer than this is told of.
TELL_AFTER_MS = 1500


class _Started(NamedTuple):
    title: str


class ScriptRunner:
    """The scripts of one session. Used on the GUI thread.

    Args:
        scripts: Answers the script modules of the app as it is now; called on the thread of the scripts.
    """

    def __init__(self, scripts: Callable[[], Scripts]) -> None:
        self._scripts = scripts
        self._worker = Worker("scripts")
        #: By command: what runs (the first) and what waits.
        self._running: dict[str, _Started] = {}
        #: Commands that watches want once more when they are through.
        self._again: dict[str, Callable[[], None]] = {}

    def start(self, command: str, run: str, window: Window) -> None:
        """Run ``module:function`` for a command; a command whose script still runs is only told of.

        A watch has it run once more behind that instead, however often it was set off meanwhile.

        Args:
            command: Its id.
            run: The function.
            window: Whose rows and messages the script gets; it may be closed while the script runs.
        """
        if command in self._running:
            circles = window.context.root.circles if window.context is not None else None
            if circles is None or circles.acting is None:
                self._tell_running(command, window)
            else:
                self._again[command] = self._later(command, run, window, circles)
            return
        started = self._running[command] = _Started(window.registry.title(command))
        app = ScriptApp(window, self._worker.deliver)

        def tell() -> None:
            if self._running.get(command) is started:
                self._tell_running(command, window)

        def work() -> None:
            try:
                self._scripts().call(run, app)
            except Exception as error:  # the person is told
                app.tell_failure(started.title, error)

        QTimer.singleShot(TELL_AFTER_MS, window, tell)
        # As a write: what was begun is brought to its end when the session is closed.
        self._worker.submit(work, lambda _: self._end(command), is_urgent=True, is_write=True)

    def _later(self, command: str, run: str, window: Window, circles: Circles) -> Callable[[], None]:
        """Starts it because of the watch that acts now."""
        watch = circles.acting

        def start() -> None:
            if window in window.desk.windows:
                with circles.going_on(watch):
                    self.start(command, run, window)

        return start

    def _end(self, command: str) -> None:
        del self._running[command]
        again = self._again.pop(command, None)
        if again is not None:
            again()

    @property
    def is_running(self) -> bool:
        """Whether any script runs or waits."""
        return bool(self._running)

    def finish(self, then: Callable[[], None]) -> None:
        """Take no more scripts; call ``then`` on their thread after the last one, or now when there is none."""
        if self._running:
            self._worker.submit(then, lambda _: None, is_urgent=True, is_write=True)
            self._worker.stop()
        else:
            self._worker.stop()
            then()

    def _tell_running(self, command: str, window: Window) -> None:
        first = next(iter(self._running))
        text = mark("{title} is still running") if first == command else mark("{title} waits for “{other}”")
        title, other = self._running[command].title, self._running[first].title
        window.messages.report("info", say(text, title=title, other=other))
