"""Takes the commands that are run in a window into a macro, until it is stopped; the bar says so meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.words import say, say_count
from shell.macro.store import Macros, check_name
from shell.running import Run

if TYPE_CHECKING:
    from shell.window import Window

#: What names the register in the scope, null while nothing is recorded.
NAME = "macro.recording"


class Recorder:
    """One window's.

    Args:
        window: Where commands are run.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self.register = ""
        self.lines: list[str] = []

    @property
    def macros(self) -> Macros:
        """The person's macros."""
        return Macros(self._window.session.config.paths.config / "macros.toml")

    def start(self, register: str) -> None:
        """Record into a register from now on; a capital letter adds to the small one's lines, as in Vim.

        Raises:
            MacroError: that is no name, or the macros cannot be read.
        """
        check_name(register)
        is_added = len(register) == 1 and register.isupper()
        kept = self.macros.all()
        self.register = register.lower() if is_added else register
        self.lines = list(kept.get(self.register, [])) if is_added else []
        self._window.registry.after_run.append(self._take)
        self._tell()

    def stop(self) -> None:
        """Keep what was recorded; raises as :meth:`shell.macro.store.Macros.put`, and records no more then either."""
        register, lines = self.register, self.lines
        self.register, self.lines = "", []
        self._window.registry.after_run.remove(self._take)
        self._tell()
        messages = self._window.messages
        if not lines:
            messages.report("info", say("Nothing was recorded"))
            return
        self.macros.put(register, lines)
        said = say_count("{count} command is in the macro “{name}”", "{count} commands are in the macro “{name}”",
                         len(lines), name=register)  # fmt: skip
        messages.report("success", said)

    def _take(self, run: Run) -> None:
        self.lines.append(run.line)
        self._tell()

    def _tell(self) -> None:
        self._window.scope.publish(NAME, self.register or None)
        text = ""
        if self.register:
            text = say("Recording “{name}”: {count}", name=self.register, count=len(self.lines))
        self._window.bar.show_note(text, say("Stop recording"), lambda: self._window.registry.run("macro.record"))


def recorder_of(window: Window) -> Recorder:
    """The window's, made when it is first wanted."""
    made = window.cards.made.get("recorder")
    if made is None:
        made = window.cards.made["recorder"] = Recorder(window)
    return made
