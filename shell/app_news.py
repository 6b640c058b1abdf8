"""What an app tells its window while it runs: its state, releases, refusals, what else its person should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.disposer import Disposers
from shell.person import user_name
from shell.status import describe_state, state_tip
from widgets import gui_thread

if TYPE_CHECKING:
    from kernel.error import EspalierError
    from shell.window import Window


class AppNews:
    """Hears of the app of one window, on the thread of the user interface."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._followed = Disposers()

    def follow(self) -> None:
        """Hear of the window's app, and of nothing that was followed before."""
        self._followed()
        window, add = self._window, self._followed.add
        app = window.app
        own = {"app.name": app.info.name, "app.title": app.info.title, "app.version": app.info.version}
        for name, value in {**own, "app.user": user_name(window.session.config)}.items():
            window.scope.publish(name, value)
        add(app.on_state(gui_thread.listener(self._show_state, gui_thread.call)))
        if window.main is not None:
            return
        add(app.on_release(gui_thread.listener(self._take_release)))
        hears = {"on_problem": self._tell_refusal, "on_notice": self._tell_notice, "on_offer": self.offer_release}
        for name, hear in hears.items():
            if (listen := getattr(app, name, None)) is not None:
                add(listen(gui_thread.listener(hear)))

    def end(self) -> None:
        """Hear of nothing any more."""
        self._followed()

    def _show_state(self, state: str) -> None:
        window = self._window
        window.scope.publish("app.state", state)
        window.scope.publish("app.is_online", state != "offline")
        window.bar.show_state(*describe_state(state, window.app), state_tip(window.app))

    def _take_release(self) -> None:
        from shell.reload import reload_window

        if (bar := self._window.cards.made.get("update")) is not None:
            bar.hide()
        reload_window(self._window, is_release=True)

    def offer_release(self, version: str) -> None:
        """A newer version is here, and the person wants to be asked."""
        made = self._window.cards.made
        if "update" not in made:
            from shell.update_bar import UpdateBar

            made["update"] = bar = UpdateBar(self._window, lambda: self._window.app.take_offer())
            self._window.show_above(bar)
        made["update"].offer(version)

    def _tell_refusal(self, error: EspalierError) -> None:
        from shell.failure import refusal_heading

        self._window.messages.report("warning", refusal_heading(error), str(error))

    def _tell_notice(self, text: str, detail: str) -> None:
        self._window.messages.report("info", text, detail)
