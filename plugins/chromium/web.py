"""The kind ``web``: its properties and what pages tell it. Chromium is loaded when the ground is first painted."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from plugins.api import Context, EspalierError, Node, option, quick_enums, say
from plugins.chromium import engine
from plugins.chromium.address import APP, HTML, Address, AddressError, Blocked, Reach, host_of, read_address, read_typed
from plugins.chromium.steered import ZOOM_LEAST, ZOOM_MOST, Steered

#: Whether this process has said that pages run without Chromium's sandbox; how long after a page it does, in ms.
_has_told_of_sandbox, _TELL_MS = False, 500


class Web(Steered):
    """See the module."""

    loaded = Signal()
    title_told = Signal(str)

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        engine.load_ahead()
        super().__init__(node, context, parent)
        self._url, self._html = "", None
        self.has_bridge = bool(node.get("bridge", True))
        self._host = host_of(str(context.scope.read("app.name") or "app"))
        self.reach, self.blocked = Reach(self._host), Blocked("")
        self._block, self._is_open = "", False
        self.ground.painted.connect(lambda: QTimer.singleShot(0, self, self.start))
        context.theme.changed.connect(self._take_theme)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        """Keys go into the page.

        NOTE: no focus proxy: Chromium changes the one of its view with each page, and Qt follows a chain of them.
        """
        super().focusInEvent(event)
        if self.browser is not None and self.browser.view.isVisible():
            self.browser.view.setFocus(event.reason())

    def hideEvent(self, event: QHideEvent) -> None:  # Qt's name
        """What a page waits for is refused when it goes out of sight: all other pages wait with it."""
        super().hideEvent(event)
        if "asker" in vars(self) and not event.spontaneous():
            self.asker.refuse_key("question")

    # -- properties -------------------------------------------------------------------------------------------------

    def set_url(self, url: str) -> None:
        """The address to show: a page of the web, or a file of the app."""
        if url != self._url:
            self._url = url
            self._show_wanted()

    def set_html(self, value: Any) -> None:
        """A text to show as a page."""
        self._html = value
        if value is not None or self._node.get("html") is not None:
            self._show_wanted()

    def set_zoom(self, factor: float | None) -> None:
        """Size of the page; what the person chose before goes first."""
        kept = self.context.recall(self._zoom_name()) if self._node.id else None
        self._zoom = min(max(float(kept if isinstance(kept, int | float) else factor or 1.0), ZOOM_LEAST), ZOOM_MOST)
        if self.browser is not None:
            self.browser.set_zoom(self._zoom)

    def set_allow(self, allow: str) -> None:
        """Hosts and origins that may be shown."""
        self.reach = Reach(self._host, allow or "")

    def set_block(self, block: str) -> None:
        """Requests that are not made, besides those that the person's option names."""
        self._block = block or ""
        self._take_blocked()

    def set_title(self, title: str) -> None:
        """What it is called."""
        self.setAccessibleName(title)

    # -- starting ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Load Chromium and show what is wanted."""
        if self.browser is not None or self.state == "missing":
            return
        if not engine.is_there():
            self._say_missing(engine.INSTALL)
            return
        with quick_enums():
            self._start()

    def _start(self) -> None:
        try:
            is_open = engine.make_ready(self.context.theme)
            from plugins.chromium.browser import Browser
            from plugins.chromium.profiles import PRIVATE, profile_of
        except ImportError as error:
            self._say_missing(str(error))
            return
        name = str(self._node.get("profile") or "")
        profile = profile_of(name, self.context.private_place, self._host, self.context.read_file)
        if not profile.is_kept and name != PRIVATE:
            text = say("Another process shows pages of this app; cookies of this one are forgotten when it ends.")
            self.context.reporter.report("warning", text)
        self._take_blocked()
        self.browser = browser = Browser(self, profile)
        self.destroyed.connect(lambda *_: browser.let_go())
        browser.view.setGeometry(self.ground.rect())
        self.ground.parts = [browser.view, self.note]
        browser.set_zoom(self._zoom)
        self._is_open = is_open
        self._show_wanted()

    def _say_missing(self, how: str) -> None:
        self.state = "missing"
        title = say("Web pages need QtWebEngine, which is not installed.")
        self.note.say("globe", title, say("Install it with: {command}", command=how), tone="error")

    def _tell_of_sandbox(self) -> None:
        global _has_told_of_sandbox
        if not _has_told_of_sandbox:
            _has_told_of_sandbox = True
            text = say("Web pages run without Chromium's sandbox, because this program runs as root")
            self.tell("info", text, say("start it as an ordinary user for pages that you do not trust"))

    def _take_blocked(self) -> None:
        own = str(option("chromium.block") or "")
        self.blocked = Blocked(f"{own},{self._block}")

    def _show_wanted(self) -> None:
        """Show what the layout says now."""
        if self.browser is None:
            return
        if self._node.get("html") is not None:
            if self._html in (None, ""):
                self._say_empty()
            else:
                self._begin()
                self.browser.show_text(self._write_html)
                self.browser.view.show()
            return
        if not self._url:
            self._say_empty()
            return
        try:
            self.lead(read_address(self._url, self._host))
        except AddressError as error:
            self._fail(error)

    def _write_html(self) -> str:
        """The layout's text, on the theme's ground."""
        import html as html_text

        text = self._html.decode("utf-8", "replace") if isinstance(self._html, bytes) else str(self._html)
        theme = self.context.theme
        family = html_text.escape(theme.font().family(), quote=True).replace(";", "")
        looks = (
            f"<style>:root {{ color-scheme: {theme.scheme}; background: {theme.color('surface').name()};"
            f" color: {theme.color('text').name()}; font: {theme.font().pixelSize()}px '{family}', sans-serif }}"
            f" a {{ color: {theme.color('link').name()} }}</style>"
        )
        return f"<!doctype html><meta charset=utf-8>{looks}{text}"

    def _say_empty(self) -> None:
        self.state = "empty"
        self.browser.view.hide()
        self.note.say("globe", say("Nothing to show"))
        self._show_place("", "none")

    def lead(self, address: Address) -> None:
        """Show an address, which has been looked at."""
        assert self.browser is not None
        self._begin()
        self.browser.go(address)
        self.browser.view.show()

    def _begin(self) -> None:
        self.note.hide()
        self.state = "loading"

    def _fail(self, error: EspalierError) -> None:
        self.state = "error"
        if self.browser is not None:
            self.browser.view.hide()
        self.note.say("error", error.message, error.hint or "", tone="error")

    # -- what commands do ---------------------------------------------------------------------------------------------

    def go(self, typed: str) -> None:
        """Show what was typed as an address."""
        if self.browser is None:
            self.start()
        if self.browser is None:
            return
        try:
            address = read_typed(typed, self._host)
        except AddressError as error:
            self.tell("warning", error.message, error.hint or "")
            return
        if address.role not in (APP, HTML) and not self.reach.is_allowed(address.url):
            self.tell("warning", say("This view does not show pages of {host}.", host=f"“{typed[:80]}”"))
            return
        self.lead(address)
        self.setFocus()

    # -- what the page tells; see plugins.chromium.page.Host --------------------------------------------------------

    def leave(self, url: str, *, is_click: bool) -> None:
        """A page leads where another page must show it."""
        from plugins.chromium.wish import leave

        leave(self, url, is_click=is_click)

    def take_download(self, item: Any, origin: str) -> None:
        """A page wants a file to be saved."""
        from plugins.chromium.wish import take_download

        take_download(self, item, origin)

    def tell(self, level: str, text: str, detail: str = "") -> None:
        """Show a message."""
        self.context.reporter.report(level, text, detail)

    def open_popup(self, request: Any) -> None:
        """A page wants a small window beside itself, after a click."""
        if self.browser is not None:
            self.browser.open_popup(request)

    def take_loading(self, is_loading: bool, is_good: bool) -> None:
        """The page began or ended loading."""
        self._show_loading(is_loading)
        self._publish("is_loading", is_loading)
        if is_loading:
            return
        if self._is_open:
            QTimer.singleShot(_TELL_MS, self, self._tell_of_sandbox)
        if self.state == "loading" or is_good:
            self.state = "ready" if is_good else "error"
        self.loaded.emit()

    def take_place(self, url: str, security: str) -> None:
        """Where the page is."""
        self._show_place(url, security)
        self._publish("url", url)

    def take_title(self, title: str) -> None:
        """What the page is called."""
        self.title = title
        self._publish("title", title)
        self.title_told.emit(title)

    def take_crash(self, code: int) -> None:
        """The page's process has ended."""
        self.state = "crashed"
        self.refuse_all()
        assert self.browser is not None
        self.browser.view.hide()
        hint = say("Its process ended with code {code}. Nothing else is concerned.", code=code)
        self.note.say("error", say("The page has crashed."), hint, tone="error", can_retry=True)
        self.note.button.setText(say("Reload"))

    def take_printed(self, path: str, is_good: bool) -> None:
        """A PDF file was written, or not."""
        if is_good:
            self.tell("success", say("The page was saved as {path}", path=path))
        else:
            self.tell("error", say("The page cannot be saved as {path}", path=path))

    def let_go(self) -> None:
        """Answer what is still asked, since nobody sees it any more; called by the builder."""
        if isValid(self):
            self.refuse_all()

    def _take_theme(self) -> None:
        self.ground.update()
        self._with(lambda browser: browser.take_theme())

    def _publish(self, name: str, value: Any) -> None:
        if self._node.id:
            self.context.scope.publish(f"{self._node.id}.{name}", value)
