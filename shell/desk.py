"""What all windows of one process share: the theme, the log, the list of windows, the hooks for failures."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from kernel.disposer import Disposers
from kernel.words import say
from shell.bytecode import bytecode
from shell.failure import install, write_log
from shell.kinds import blamed, import_class_module
from shell.language import speak
from shell.state import UNWRITTEN, State
from shell.status import log_path
from widgets import gui_thread, recipe
from widgets.theme import Theme

if TYPE_CHECKING:
    from shell.garbage import Collector
    from shell.own_files import FileWatch
    from shell.spare import Spare
    from shell.window import Window

#: Long enough for the forms to be painted before the network's threads want their share of the processor.
_FRAME_MS = 16


class Desk:
    """One per process.

    Args:
        application: The QApplication; gets the theme.
        config: The person's configuration.

    Attributes:
        theme: The looks of all windows.
        state: What the process remembers beyond one app: recent files.
        windows: The open windows, the newest last. This list keeps them alive.
        own_files: What follows the person's files; None until a window was painted.
        journal: Writes down what is open; None before, False where it cannot.
        spare: The frame of the next window, from the second one of an app on; None before.
    """

    def __init__(self, application: QApplication, config: Any) -> None:
        self.application = application
        self.config = config
        self.theme = Theme(config["ui.theme"], text_size=config["ui.text_size"], density=config["ui.density"])
        self.theme.apply(application)
        speak(application, config["ui.language"])
        self.windows: list[Window] = []
        #: Where the person was, in all windows; see :mod:`shell.place`.
        self.trail: Any = None
        self.disposers = Disposers()
        recipe.import_module, recipe.blamed = import_class_module, blamed
        self._log_file = log_path(config.paths.state)
        self.disposers.add(install(self._report_failure, self._log_file))
        self.state = State(config.paths.state / "desk.json")
        self._is_announced = self._is_listening = False
        self._collector: Collector | None = None
        self.own_files: FileWatch | None = None
        self.journal: Any = None
        self.spare: Spare | None = None

    def log(self, level: str, text: str, detail: str) -> None:
        """Write an entry to the log file."""
        write_log(self._log_file, level, text, detail)

    def remember(self, window: Window) -> None:
        """Keep an opened window."""
        self.windows.append(window)

    def forget(self, window: Window) -> None:
        """Let a closed window go."""
        if window in self.windows:
            self.windows.remove(window)
            window.deleteLater()
            if self.spare is not None:
                self.spare.forget(window.session)
            if self._collector is not None and self.windows:
                from shell.garbage import let_go

                let_go()

    def begin_collecting(self) -> None:
        """Collect garbage from now on; a start goes without it."""
        if self._collector is None:
            from shell.garbage import Collector

            self._collector = Collector(self.application)

    def is_in_use(self, app: Any) -> bool:
        """Whether any open window shows the app."""
        return any(window.app is app for window in self.windows)

    def after_paint(self, window: Window) -> None:
        """What can wait until the window is seen: first its forms, and a frame later what is not seen at once."""
        bytecode.note()
        window.build_rest()
        QTimer.singleShot(_FRAME_MS, window, lambda: self._after_forms(window))

    def _after_forms(self, window: Window) -> None:
        """Ask the tables, then for a newer version; tell problems of the configuration."""
        window.ask_tables()
        if not window.isVisible():
            return
        if getattr(window.session, "claims", None) and window.main is None:
            from shell.single_window import answer

            answer(window)
        self._listen()
        refresh = getattr(window.app, "refresh", None)
        if refresh is not None:
            refresh()
        from shell.place.following import follow

        follow(window)
        self._tell_version(window)
        if window.main is None and window.state.recall(UNWRITTEN):
            from shell.unwritten import tell_unwritten

            tell_unwritten(window)
        self._keep_recent(window.app)
        if window.main is None and len(window.layout_tree.windows) > 1:
            from shell.family import reopen

            reopen(window)
        # Reads the keymap, which tells what is wrong with the person's own keys.
        window.registry.show_keys()
        window.bar.find.set_key(window.registry.key("palette.open"))
        from shell.own_files import follow_own_files

        follow_own_files(self, window)
        self._bring_back(window)
        if self._is_announced:
            return
        self._is_announced = True
        if not window.session.config["plugins.use"]:
            window.messages.report("info", say("Started without plugins; cards stand in their place"))
        problems = self.config.problems
        if problems:
            detail = "\n".join(map(str, problems))
            window.messages.report("warning", say("Some settings are wrong and were left out"), detail)

    def _bring_back(self, window: Window) -> None:
        """Show the window as a killed process left it; write down what is open from the first one on."""
        given = window.session.given
        if given is not None and not given.picture and window.retry is None:
            from shell.workspace.opening import begin

            begin(window)

    def _listen(self) -> None:
        """Take commands from outside, from the first window on."""
        given = self.windows[0].session.given
        if self._is_listening or given is None or given.picture:
            return
        self._is_listening = True
        from shell.do.listener import listen

        listen(self, str(self.config.paths.runtime))

    def _tell_version(self, window: Window) -> None:
        """A window was painted, which proves a version on trial; tell of one that was given up."""
        from shell.version_choice import prove

        if word := prove(os.path.join(self.config.paths.data, "program")):
            name, _, reason = word.partition("\n")
            said = say("Espalier {version} is not used: you go on with the one before", version=name)
            window.messages.report("warning", said, reason.strip())

    def _keep_recent(self, app: Any) -> None:
        """Remember an opened database; show the remembered ones where they are listed."""
        from shell.opening import recent_files, remember_recent

        if database := getattr(app, "database", None):
            remember_recent(self, str(database))
        if show := getattr(app, "show_recent", None):
            show(recent_files(self))

    def _report_failure(self, text: str, detail: str) -> None:
        """Tell it in the next turn: what failed may be a paint event, in which Qt lets no widget be made."""
        gui_thread.hand(lambda: self.windows[-1].messages.report("error", text, detail) if self.windows else None)


_DESKS: dict[int, Desk] = {}


def desk_of(application: QApplication, config: Any) -> Desk:
    """The desk of the process, made at the first call."""
    if id(application) not in _DESKS:
        _DESKS[id(application)] = Desk(application, config)
    return _DESKS[id(application)]


def desks() -> list[Desk]:
    """All desks of the process; one, as a rule."""
    return list(_DESKS.values())
