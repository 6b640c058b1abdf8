"""Chromium's view within a web view, and its pages: one for each role, so that no page ever has what another may have.

A page of the app keeps the bridge for as long as it shows a page of the app; it never shows anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QKeyEvent
from PySide6.QtWebEngineCore import QWebEngineFindTextResult, QWebEnginePage, QWebEngineScript
from PySide6.QtWebEngineWidgets import QWebEngineView
from shiboken6 import isValid

from plugins.api import say
from plugins.chromium.address import APP, HTML, HTML_HOST, SCHEME, WEB, Address
from plugins.chromium.bars import security_of
from plugins.chromium.page import Page
from plugins.chromium.page_view import PageView, copy_key
from plugins.chromium.profiles import Profile

if TYPE_CHECKING:
    from plugins.api import HintTarget
    from plugins.chromium.bridge import Link
    from plugins.chromium.hint import Frame
    from plugins.chromium.patience import Patience
    from plugins.chromium.web import Web

#: The world of our scripts, which pages cannot see.
WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
#: Milliseconds from a page's coming until its keys are watched: it is painted first.
_SETTLED_MS = 60
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
_Action = QWebEnginePage.WebAction


class Browser(QObject):
    """The Chromium half of a web view.

    Args:
        web: The view.
        profile: Where its cookies and files are.
    """

    def __init__(self, web: Web, profile: Profile) -> None:
        super().__init__(web)
        self._web, self.profile = web, profile
        self.view = PageView(web.ground)
        self.pages: dict[str, Page] = {}
        self._link: Link | None = None
        self._page: Page | None = None
        self._zoom = 1.0
        self._is_offering = False
        self._html, self._crashed, self._tools = "", "", None
        self._wanted = ""  # where the person wants to go, until it is there: a page that hangs keeps its address
        self._broken: set[str] = set()
        #: The small window that a page has opened.
        self.popup: Any = None
        self._settling = QTimer(self, singleShot=True)
        self._settling.timeout.connect(self._watch_keys)
        self._notify = partial(web.tell, "info")
        profile.listeners.append(self._notify)
        profile.ending.connect(self.close)
        self.take_theme()

    # -- pages ------------------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page that is shown.

        NOTE: the view itself is not asked: it would make a page, with a profile of its own, where it has none.
        """
        return self._page

    def show_role(self, role: str) -> Page:
        """Show the page of a role; made when it is first wanted."""
        page = self.pages.get(role)
        is_new = page is None
        if page is None:
            page = self.pages[role] = self._make_page(role)
        if self._page is not page:
            self._page = page
            self.view.setPage(page)
            page.setZoomFactor(self._zoom)
            if not is_new:
                self._watch_keys()
            self._show_place()
        return page

    def go(self, address: Address) -> None:
        """Show an address."""
        self.forgive()
        page = self.show_role(address.role)
        self._expect()
        self._wanted = address.url
        page.load(QUrl(address.url))

    def show_text(self, write: Callable[[], str]) -> None:
        """Show a text of the layout; it runs no scripts and has an origin of its own."""
        self._html = self._html or f"{id(self):x}.html"
        self.profile.files.texts[self._html] = write
        self.go(Address(f"{SCHEME}://{HTML_HOST}/{self._html}", HTML))

    def forgive(self) -> None:
        """The person goes on by themselves: pages may ask again."""
        for page in self.pages.values():
            page.forgive()

    def let_go(self) -> None:
        """Let go of what is no widget: tables, texts and a profile that nobody else has. The view may be gone."""
        self.profile.files.texts.pop(self._html, None)
        self.profile.listeners[:] = [one for one in self.profile.listeners if one is not self._notify]
        self._close_link()
        if not self.profile.is_shared:
            self.profile.end()

    def close(self) -> None:
        """Delete the view and its pages, since their profile ends."""
        self._close_link()
        self._web.refuse_all()
        if self.popup is not None:
            self.popup.end()
        self._page = None
        self.view.setPage(None)
        for page in self.pages.values():
            page.setParent(None)
            page.deleteLater()
        self.pages.clear()
        self.view.hide()
        self.view.deleteLater()

    def _close_link(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def open_popup(self, request: Any) -> None:
        """Show a small window that a page has asked for; one that is there already is closed."""
        from plugins.chromium.popup import Popup

        if self.popup is not None:
            self.popup.end()
        popup = self.popup = Popup(self._web, self.profile)
        popup.closed.connect(lambda: self._forget_popup(popup))
        popup.open(request)

    def _forget_popup(self, popup: Any) -> None:
        if self.popup is popup:
            self.popup = None
            self.view.setFocus()

    def _make_page(self, role: str) -> Page:
        page = Page(self.profile.engine, role, self._web, self.profile.permissions, self.view)
        page.take_theme(self._web.context.theme)
        if role == APP and self._web.has_bridge:
            from plugins.chromium.bridge import Link

            self._link = Link(page, self._web)
        page.loadStarted.connect(lambda: self._take_loading(page, True))
        page.loadFinished.connect(lambda is_good: self._take_loading(page, False, is_good))
        page.urlChanged.connect(lambda _url: self._take_url(page))
        page.titleChanged.connect(self._web.take_title)
        page.findTextFinished.connect(self._take_found)
        page.renderProcessTerminated.connect(lambda status, code: self._take_crash(page, status, code))
        page.certificateError.connect(self._take_certificate)
        page.pdfPrintingFinished.connect(lambda path, is_good: self._web.take_printed(path, is_good))
        return page

    def take_theme(self) -> None:
        """The theme's colours: behind pages, and in pages of the app."""
        for page in self.pages.values():
            page.take_theme(self._web.context.theme)
        if self._link is not None:
            self._link.take_theme()
        page = self.pages.get(HTML)
        if page is not None and page is self.page:
            page.triggerAction(_Action.Reload)

    # -- what pages tell ----------------------------------------------------------------------------------------------

    def _take_loading(self, page: Page, is_loading: bool, is_good: bool = True) -> None:
        if page is not self.page:
            return
        if is_loading:
            self._crashed = ""
        else:
            self._settling.start(_SETTLED_MS)
            self._wanted = "" if is_good else self._wanted
            if "_patience" in vars(self):
                self._patience.rest()
        self._web.take_loading(is_loading, is_good)
        self._show_place()

    def _take_url(self, page: Page) -> None:
        if page is self.page:
            # Chromium makes the widget that gets the keys with the page's first frame.
            self._settling.start(_SETTLED_MS)
        self._show_place()

    def _show_place(self) -> None:
        page = self.page
        if page is None:
            return
        url = "" if page.role == HTML else page.url().toString()
        self._web.take_place(url, security_of(url, is_broken=page.url().host() in self._broken))

    def _take_crash(self, page: Page, status: Any, code: int) -> None:
        normal = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        if page is self.page and status != normal:
            self._crashed = self._wanted or page.url().toString()
            self._web.take_crash(code)

    def _take_certificate(self, error: Any) -> None:
        """A certificate that is wrong is never passed over."""
        self._broken.add(error.url().host())
        error.rejectCertificate()

    def _take_found(self, result: QWebEngineFindTextResult) -> None:
        self._web.find_bar.show_count(result.activeMatch(), result.numberOfMatches())

    # -- what people do -----------------------------------------------------------------------------------------------

    def has_back(self) -> bool:
        """Whether there is a page before this one: in its own history, or the app's page that led here."""
        page = self.page
        return page is not None and (page.history().canGoBack() or self._before(page) is not None)

    def has_forward(self) -> bool:
        """Whether there is a page after this one."""
        page = self.page
        return page is not None and page.history().canGoForward()

    def back(self) -> None:
        """Go to the page before this one."""
        page = self.page
        if page is None:
            return
        self._expect()
        if page.history().canGoBack():
            page.triggerAction(_Action.Back)
        elif (before := self._before(page)) is not None:
            self.show_role(before.role)

    def forward(self) -> None:
        """Go to the page after this one."""
        if self.page is not None:
            self._expect()
            self.page.triggerAction(_Action.Forward)

    def reload(self) -> None:
        """Read the page anew; after a crash in a new process."""
        if self.page is None:
            return
        self.page.forgive_refused()
        if self._crashed:
            url, self._crashed = self._crashed, ""
            self.page.load(QUrl(url))
        else:
            self._expect()
            self.page.triggerAction(_Action.Reload)

    def stop(self) -> None:
        """Stop what comes."""
        if self.page is not None:
            self._expect()
            self.page.triggerAction(_Action.Stop)

    def _expect(self) -> None:
        """Notice a page that does not answer any more; a text of the layout runs nothing that could keep it."""
        page = self.page
        if page is not None and page.role != HTML and page.renderProcessPid():
            self._patience.expect(page)

    @cached_property
    def _patience(self) -> Patience:
        from plugins.chromium.patience import Patience

        return Patience(self._web, WORLD)

    def find(self, text: str, *, is_back: bool = False) -> None:
        """Find a text in the page, from the last hit on."""
        if self.page is not None:
            flag = QWebEnginePage.FindFlag.FindBackward if is_back else QWebEnginePage.FindFlag(0)
            self.page.findText(text, flag)

    def set_zoom(self, factor: float) -> None:
        """Size of the page, 1 = as it is."""
        self._zoom = factor
        if self._page is not None:
            self._page.setZoomFactor(factor)

    def print_to(self, path: str) -> None:
        """Write the page as a PDF file."""
        if self.page is not None:
            self.page.printToPdf(path)

    def read_targets(self, frame: Frame, done: Callable[[list[HintTarget]], None]) -> None:
        """What can be chosen in the page, which stands in a frame."""
        if self.page is None or self.page.role == HTML:
            done([])
        else:
            from plugins.chromium.hint import read_targets

            read_targets(self.page, WORLD, self._zoom, frame, done)

    def show_tools(self) -> None:
        """Chromium's developer tools for the page, in a window of their own."""
        if self.page is None:
            return
        if self._tools is None:
            self._tools = QWebEngineView(self._web)
            self._tools.setWindowFlag(Qt.WindowType.Window)
            self._tools.setWindowTitle(say("Developer tools"))
            self._tools.resize(1000, 600)
            tools = QWebEnginePage(self.profile.engine, self._tools)
            self._tools.setPage(tools)
            self.profile.ending.connect(tools.deleteLater)
        self._tools.page().setInspectedPage(self.page)
        self._tools.show()
        self._tools.raise_()

    def _before(self, page: Page) -> Page | None:
        """The app's own page, from where one of the web was reached."""
        before = self.pages.get(APP) or self.pages.get(HTML)
        return before if page.role == WEB and before is not None and before.url().toString() else None

    # -- keys ---------------------------------------------------------------------------------------------------------

    @property
    def is_settled(self) -> bool:
        """Whether the keys of the page are watched."""
        return not self._settling.isActive()

    def is_typing(self) -> bool:
        """Whether an editable element of the page has the focus, in frames too: Chromium tells its input method."""
        target = self.view.focusProxy()
        enabled = Qt.InputMethodQuery.ImEnabled
        return bool(
            target is not None
            and target.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
            and target.inputMethodQuery(enabled)
        )

    def leave_field(self) -> None:
        """Take the focus out of the page's field, so that keys are the window's again."""
        if self.page is not None:
            script = (
                "(function leave(root) { const at = root.activeElement; if (!at) return;"
                " if (at.shadowRoot) leave(at.shadowRoot);"
                " try { if (at.contentDocument) leave(at.contentDocument) } catch (error) { } at.blur() })(document)"
            )
            self.page.runJavaScript(script, WORLD)

    def _watch_keys(self) -> None:
        """Get the keys of the widget that Chromium makes for a page, from its first frame on.

        NOTE: not before the page is painted: the first look at a widget of Chromium's takes Qt's binding 15 ms.
        """
        target = self.view.focusProxy()
        if target is not None:
            target.removeEventFilter(self)
            target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # Qt's name
        """While somebody types in the page its keys are the page's, but for Escape and the keys with a number.

        All others are offered to the window's commands first. Qt asks Chromium's own object whether it wants a key, and
        not the widgets around it, so that the window is asked here. A key that the page has no use for comes back from
        Chromium, and is offered then.
        """
        kind = event.type()
        if kind not in _KEYS or not isinstance(event, QKeyEvent):
            return False
        has_number = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
        if not self.is_typing() or has_number:
            return kind == QEvent.Type.KeyPress and self._offer(event)
        if event.key() == Qt.Key.Key_Escape:
            if kind == QEvent.Type.KeyPress:
                self.leave_field()
            event.accept()
            return True
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return False

    def _offer(self, event: QKeyEvent) -> bool:
        """Whether a command of the window took the key; the window is then given the press of it as well, to eat."""
        if self._is_offering:
            return False
        self._is_offering = True
        try:
            window, asked = self._web.window(), copy_key(event, QEvent.Type.ShortcutOverride)
            asked.ignore()
            QCoreApplication.sendEvent(window, asked)
            if asked.isAccepted() and isValid(window) and window.windowHandle() is not None:
                QCoreApplication.sendEvent(window.windowHandle(), copy_key(event, QEvent.Type.KeyPress))
            return asked.isAccepted()
        finally:
            self._is_offering = False
