"""The kind ``web``: bars, questions and the ground of a page. Chromium is loaded when that is first painted."""

from __future__ import annotations

import html as html_text
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from plugins.api import Context, EspalierError, HintTarget, Node, StateView, option, say, size_text
from plugins.chromium import engine
from plugins.chromium.address import APP, HTML, Address, AddressError, Blocked, Reach, host_of, read_address, read_typed
from plugins.chromium.asker import Answer, Asker, Question, quoted
from plugins.chromium.bars import FindBar, NavigationBar
from plugins.chromium.download import Download, download_folder

#: The smallest and largest size of a page, and the steps between.
ZOOM_LEAST, ZOOM_MOST, ZOOM_STEP = 0.3, 5.0, 1.1
#: Whether this process has said that pages run without Chromium's sandbox.
_has_told_of_sandbox = False


class Ground(QWidget):
    """What is seen before a page is: the theme's surface, so that nothing flashes; ``painted`` comes once."""

    painted = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._is_painted = context.theme, False
        #: What stands on it.
        self.parts: list[QWidget] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def hint_parts(self) -> list[QWidget]:
        """What tells its own hints: the note; those of the page are told by who holds it."""
        return [part for part in self.parts if isinstance(part, StateView)]

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """The surface."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.color("surface"))
        painter.end()
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # Qt's name
        """All that stands on it takes all of it."""
        super().resizeEvent(event)
        for part in self.parts:
            if isValid(part):
                part.setGeometry(self.rect())


class Web(QWidget):
    """See the module.

    Attributes:
        state: waiting (not painted yet), loading, ready, error, crashed, empty or missing.
        browser: Chromium's half; None until it is wanted.
        title: The page's.
    """

    loaded = Signal()
    title_told = Signal(str)

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context, self._node = context, node
        self.state, self.title, self.browser = "waiting", "", None
        self._url, self._html, self._zoom = "", None, 1.0
        self.has_bridge = bool(node.get("bridge", True))
        self._host = host_of(str(context.scope.read("app.name") or "app"))
        self.reach, self.blocked = Reach(self._host), Blocked("")
        self._block, self._is_open = "", False
        theme = context.theme
        self.navigation = NavigationBar(self, theme, self)
        self.asker = Asker(theme, self)
        self.ground = Ground(context, self)
        self.note = StateView(self.ground, theme)
        self.ground.parts.append(self.note)
        self.note.retry.connect(self.reload)
        self.find_bar = FindBar(self, theme, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.navigation, self.asker, self.ground, self.find_bar):
            column.addWidget(part, int(part is self.ground))
        self.navigation.setVisible(bool(node.get("bar", False)))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.ground.painted.connect(lambda: QTimer.singleShot(0, self, self.start))
        theme.changed.connect(self._take_theme)

    def focusInEvent(self, event: QFocusEvent) -> None:  # Qt's name
        """Keys go into the page.

        NOTE: no focus proxy: Chromium changes the one of its view with each page, and Qt follows a chain of them.
        """
        super().focusInEvent(event)
        if self.browser is not None and self.browser.view.isVisible():
            self.browser.view.setFocus(event.reason())

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

    def set_bar(self, is_shown: bool) -> None:
        """Whether there is a bar with the address."""
        self.navigation.setVisible(bool(is_shown))

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
        profile.notified.connect(lambda title, text: self.tell("info", title, text))
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
            self._go(read_address(self._url, self._host))
        except AddressError as error:
            self._fail(error)

    def _write_html(self) -> str:
        """The layout's text, on the theme's ground."""
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
        self.navigation.show_address("", "none")

    def _go(self, address: Address) -> None:
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
            self.tell("warning", say("This view does not show pages of {host}.", host=quoted(typed[:80])))
            return
        self._go(address)
        self.setFocus()

    def back(self) -> None:
        """Go to the page before this one."""
        self._with(lambda browser: browser.back())

    def forward(self) -> None:
        """Go to the page after this one."""
        self._with(lambda browser: browser.forward())

    def reload(self) -> None:
        """Read the page anew; where it could not be shown, try again."""
        if self.state in ("error", "crashed") and self.browser is not None:
            self.note.hide()
            self.browser.view.show()
        self._with(lambda browser: browser.reload())

    def stop(self) -> None:
        """Stop what comes."""
        self._with(lambda browser: browser.stop())

    def find(self, text: str, *, is_back: bool = False) -> None:
        """Find a text in the page."""
        self._with(lambda browser: browser.find(text, is_back=is_back))

    def end_find(self) -> None:
        """Find nothing any more, and go back into the page."""
        self._with(lambda browser: browser.find(""))
        self.setFocus()

    def zoom_by(self, steps: int) -> None:
        """Make the page larger or smaller by steps; 0 is its own size."""
        factor = self._zoom * ZOOM_STEP**steps if steps else 1.0
        self._zoom = round(min(max(factor, ZOOM_LEAST), ZOOM_MOST), 3)
        if self._node.id:
            self.context.remember(self._zoom_name(), self._zoom)
        self._with(lambda browser: browser.set_zoom(self._zoom))

    @property
    def zoom(self) -> float:
        """Size of the page, 1 = its own."""
        return self._zoom

    def print_to(self, path: str = "") -> None:
        """Write the page as a PDF file; without a path, among the downloads."""
        if not path:
            name = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in self.title).strip()
            folder = Path(download_folder(str(option("chromium.folder") or "")))
            folder.mkdir(parents=True, exist_ok=True)
            path = str(_free(folder / f"{name[:80] or 'page'}.pdf"))
        self._with(lambda browser: browser.print_to(path))

    def show_tools(self) -> None:
        """Chromium's developer tools."""
        self._with(lambda browser: browser.show_tools())

    def forget_site(self) -> None:
        """Ask anew what the page's origin may do."""
        page = self.browser.page if self.browser is not None else None
        if page is not None and self.browser.profile.permissions.forget(page.origin()):
            self.tell("success", say("{origin} is asked about anew.", origin=page.origin()))

    def open_outside(self) -> None:
        """Open the page in the person's own browser."""
        page = self.browser.page if self.browser is not None else None
        if page is not None and page.url().scheme() in ("http", "https"):
            QDesktopServices.openUrl(page.url())

    def hint_targets(self, done: Callable[[list[HintTarget]], None]) -> None:
        """What can be chosen in the page: ``done`` gets the places within this widget and what choosing does."""

        def take(targets: list[HintTarget]) -> None:
            offset = self.ground.pos()
            done([self._here(target, offset) for target in targets])

        if self.browser is None:
            done([])
        else:
            self.browser.hint_targets(take)

    def _here(self, target: HintTarget, offset: QPoint) -> HintTarget:
        """A target of the page within this widget; keys go into the page once it is chosen."""

        def then(act: Callable[[], None]) -> Callable[[], None]:
            def enter() -> None:
                self._with(lambda browser: browser.view.setFocus())
                act()

            return enter

        url = target.address if QUrl(target.address).scheme() in ("http", "https") else ""
        outside = (lambda: _open_outside(url)) if url else None
        rect, act, focus = target.rect.translated(offset), then(target.act), then(target.focus or target.act)
        return target._replace(rect=rect, act=act, focus=focus, open_outside=outside)

    def _with(self, act: Callable[[Any], None]) -> None:
        if self.browser is not None:
            act(self.browser)

    # -- what the page tells; see plugins.chromium.page.Host --------------------------------------------------------

    def tell(self, level: str, text: str, detail: str = "") -> None:
        """Show a message."""
        self.context.reporter.report(level, text, detail)

    def leave(self, url: str, *, is_click: bool) -> None:
        """A page leads where another page must show it: here, or in the person's own browser."""
        if self.reach.is_open and self.reach.is_allowed(url):
            QTimer.singleShot(0, self, lambda: self._go(Address(url, "web")))
            return
        text = say("The page leads to {url}.", url=quoted(url[:200]))
        outside = Answer(say("Open in the browser"), lambda: _open_outside(url))
        if is_click and QUrl(url).scheme() in ("http", "https"):
            self.asker.ask(Question("leave", text, (outside, Answer(say("Stay here"), _nothing)), _nothing))
        else:
            self.asker.ask(Question("leave", text, (Answer(say("Stay here"), _nothing),), _nothing))

    def take_download(self, item: Any, origin: str) -> None:
        """A page wants a file to be saved: asked about, one after the other."""
        assert self.browser is not None
        downloads = self.browser.profile.downloads
        download = downloads.add(str(self.context.scope.read("app.name") or ""), item)
        folder = download_folder(str(option("chromium.folder") or ""))
        accept = lambda: self._accept(download, folder)  # noqa: E731
        refuse = lambda: downloads.cancel(download)  # noqa: E731
        if not option("chromium.ask"):
            accept()
            return
        size = size_text(download.total) if download.total else say("of unknown size")
        text = say("Save {name} ({size}) from {origin}?", name=quoted(download.name), size=size, origin=origin)
        answers = (Answer(say("Save"), accept, "primary"), Answer(say("Refuse"), refuse))
        self.asker.ask(Question(f"download {download.number}", text, answers, refuse))

    def _accept(self, download: Download, folder: str) -> None:
        assert self.browser is not None
        try:
            self.browser.profile.downloads.accept(download, folder)
        except OSError as error:
            self.browser.profile.downloads.cancel(download, str(error))
        if download.state in ("failed", "cancelled"):
            self.tell("error", say("{name} cannot be saved", name=download.name), download.reason)

    def take_loading(self, is_loading: bool, is_good: bool) -> None:
        """The page began or ended loading."""
        self.navigation.show_loading(is_loading)
        self._publish("is_loading", is_loading)
        if is_loading:
            return
        if self._is_open:
            self._tell_of_sandbox()
        if self.state == "loading" or is_good:
            self.state = "ready" if is_good else "error"
        self.loaded.emit()

    def take_place(self, url: str, security: str, has_back: bool, has_forward: bool) -> None:
        """Where the page is."""
        self.navigation.show_address(url, security)
        self.navigation.show_history(has_back, has_forward)
        self._publish("url", url)

    def take_title(self, title: str) -> None:
        """What the page is called."""
        self.title = title
        self._publish("title", title)
        self.title_told.emit(title)

    def take_crash(self, code: int) -> None:
        """The page's process has ended."""
        self.state = "crashed"
        self.asker.refuse_all()
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
            self.asker.refuse_all()

    def _take_theme(self) -> None:
        self.ground.update()
        self._with(lambda browser: browser.take_theme())

    def _publish(self, name: str, value: Any) -> None:
        if self._node.id:
            self.context.scope.publish(f"{self._node.id}.{name}", value)

    def _zoom_name(self) -> str:
        return f"zoom:{self._node.id}"


def _open_outside(url: str) -> None:
    QDesktopServices.openUrl(QUrl(url))


def _free(path: Path) -> Path:
    number = 2
    found = path
    while found.exists():
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return found


def _nothing() -> None:
    """What a note does when it is closed."""
