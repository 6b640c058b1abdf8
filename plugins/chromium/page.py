"""One page: where it may go, what it may ask, and that it never stops the window. One for each role of a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from plugins.api import Theme, say
from plugins.chromium.address import HTML, LEAVE, STAY, WEB, Blocked, Reach, origin_of
from plugins.chromium.asker import Answer, Asker, Question, quoted
from plugins.chromium.permission import ASKED, Permissions
from plugins.chromium.sign_in import SignIns

_Attribute = QWebEngineSettings.WebAttribute
#: What every page has: off where a page could reach further than its own window.
SETTINGS: dict[Any, bool] = {
    _Attribute.JavascriptCanOpenWindows: True,  # asked about, see Page.newWindowRequested
    _Attribute.JavascriptCanAccessClipboard: False,
    _Attribute.JavascriptCanPaste: False,
    _Attribute.LocalContentCanAccessFileUrls: False,
    _Attribute.LocalContentCanAccessRemoteUrls: False,
    _Attribute.AllowRunningInsecureContent: False,
    _Attribute.AllowGeolocationOnInsecureOrigins: False,
    _Attribute.AllowWindowActivationFromJavaScript: False,
    _Attribute.NavigateOnDropEnabled: False,
    _Attribute.HyperlinkAuditingEnabled: False,
    _Attribute.DnsPrefetchEnabled: False,
    _Attribute.ScreenCaptureEnabled: False,
    _Attribute.WebRTCPublicInterfacesOnly: True,
    _Attribute.FullScreenSupportEnabled: False,
    _Attribute.FocusOnNavigationEnabled: False,
    _Attribute.PlaybackRequiresUserGesture: True,
    _Attribute.PdfViewerEnabled: True,
    _Attribute.PluginsEnabled: True,  # the viewer of PDF files is one
}


#: Schemes that no page asks for: files of the person, and parts of the program.
FOREIGN = ("file", "qrc", "chrome", "view-source", "ftp")


#: The key of what a page waits for, and of what Chromium says when one that has something unsaved is left.
QUESTION = "question"
_LEAVES = "Are you sure you want to leave this page? Changes that you made may not be saved."


class Host(Protocol):
    """What a page needs of the view around it."""

    reach: Reach
    blocked: Blocked
    asker: Asker

    def isVisible(self) -> bool:  # Qt's name
        """Whether the person can see it."""

    def leave(self, url: str, *, is_click: bool) -> None:
        """The page leads to an address that another page must show."""

    def take_download(self, item: QWebEngineDownloadRequest, origin: str) -> None:
        """The page wants a file to be saved."""

    def open_popup(self, request: QWebEngineNewWindowRequest) -> None:
        """The page wants a small window beside itself."""

    def tell(self, level: str, text: str, detail: str = "") -> None:
        """Show a message."""


class Filter(QWebEngineUrlRequestInterceptor):
    """Stops requests of one page: blocked ones, and addresses that a page of its role may not have."""

    def __init__(self, host: Host, role: str) -> None:
        super().__init__()
        self._host, self._role = host, role

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:  # Qt's name
        """Look at one request."""
        url = info.requestUrl()
        if url.scheme() in FOREIGN or (self._host.blocked and self._host.blocked.has(url.toString(), url.host())):
            info.block(True)


class Page(QWebEnginePage):
    """See the module.

    Args:
        profile: Chromium's profile.
        role: One of the roles in :mod:`plugins.chromium.address`.
        host: The view.
        permissions: What was answered before.
    """

    def __init__(self, profile: Any, role: str, host: Host, permissions: Permissions, parent: Any) -> None:
        super().__init__(profile, parent)
        self.role = role
        self._host, self._permissions = host, permissions
        #: Origins whose page a person has stopped from asking, until they go somewhere by themselves.
        self.silenced: set[str] = set()
        #: Permissions whose question was closed without an answer, until the same.
        self._put_off: set[tuple[str, str]] = set()
        self._led_to = QUrl()
        self.sign_ins = SignIns(self, host)
        for attribute, is_on in SETTINGS.items():
            self.settings().setAttribute(attribute, is_on)
        self.settings().setAttribute(_Attribute.JavascriptEnabled, role != HTML)
        self.settings().setAttribute(_Attribute.PdfViewerEnabled, role == WEB)
        self.settings().setAttribute(_Attribute.PluginsEnabled, role == WEB)
        self._is_ground_own = role != WEB
        self._filter = Filter(host, role)
        self.setUrlRequestInterceptor(self._filter)
        if role == WEB:
            self.urlChanged.connect(lambda _url: self._has_come() and self.setBackgroundColor(QColor("white")))
        self.permissionRequested.connect(self._take_permission)
        self.newWindowRequested.connect(self._take_window)

    def forgive(self) -> None:
        """The person goes on by themselves: it may ask again."""
        self.silenced.clear()
        self.forgive_refused()

    def forgive_refused(self) -> None:
        """The person reads it anew: what was refused or put off may be asked again."""
        self._put_off.clear()
        self.sign_ins.forgive()

    def read_again(self) -> None:
        """Read the page anew, once what comes now is here."""
        if self.isLoading():
            self.loadFinished.connect(self._reload, Qt.ConnectionType.SingleShotConnection)
        else:
            self._reload()

    def _reload(self) -> None:
        self.triggerAction(QWebEnginePage.WebAction.Reload)

    def take_theme(self, theme: Theme) -> None:
        """Stand on the theme's ground, and write in its font what the page says nothing of.

        Pages of the web count on a white one: theirs is the theme's until they come.
        """
        ground = theme.color("surface")
        self.setBackgroundColor(ground if self._is_ground_own or not self._has_come() else QColor("white"))
        if self._is_ground_own:
            self.settings().setFontFamily(QWebEngineSettings.FontFamily.StandardFont, theme.font().family())
            self.settings().setFontSize(QWebEngineSettings.FontSize.DefaultFontSize, theme.font().pixelSize())

    def _has_come(self) -> bool:
        return self.url().toString() not in ("", "about:blank")

    # -- where it goes ----------------------------------------------------------------------------------------------

    def acceptNavigationRequest(self, url: QUrl, kind: Any, is_main: bool) -> bool:  # Qt's name
        """Whether this page may show the address; another one is handed to the view."""
        text = url.toString()
        decision = self._host.reach.decide(text, self.role, is_main=is_main)
        if is_main and decision == STAY:
            self._led_to = url
            self.sign_ins.withdraw()
        if decision == LEAVE:
            is_click = kind == QWebEnginePage.NavigationType.NavigationTypeLinkClicked
            self._host.leave(text, is_click=is_click)
        elif decision != STAY and is_main:
            self._ask_note(say("The page led to an address that is not shown: {url}", url=quoted(text[:200])))
        return decision == STAY

    def createWindow(self, _kind: Any) -> None:  # Qt's name
        """No page opens windows by itself; see :meth:`_take_window`."""
        return None

    def _take_window(self, request: QWebEngineNewWindowRequest) -> None:
        """A page wants a window.

        After a click a small one (of a sign-in service) is shown over the view, another one leads on in it; everything
        else is asked about, once for all.
        """
        url = request.requestedUrl().toString()
        if request.isUserInitiated() and not self.is_silent() and self._host.asker.count("window") == 0:
            is_small = request.destination() == QWebEngineNewWindowRequest.DestinationType.InNewDialog
            if is_small and self._may_open_small(url or "about:blank"):
                self._host.open_popup(request)
            else:
                self._open(url)
            return
        if self.is_silent():
            return
        text = say("{origin} wants to open {url}.", origin=self.origin(), url=quoted(url[:120] or "about:blank"))
        answers = (Answer(say("Open here"), lambda: self._open(url)), self._stop(), Answer(say("Refuse"), _nothing))
        self._host.asker.ask(Question("window", text, answers, _nothing))

    def _may_open_small(self, url: str) -> bool:
        """Whether a page of the web may be shown beside this one; pages of the app need hosts that are allowed."""
        reach = self._host.reach
        return (self.role == WEB or reach.is_open) and reach.decide(url, WEB, is_main=True) == STAY

    def _open(self, url: str) -> None:
        decision = self._host.reach.decide(url, self.role, is_main=True)
        if decision == STAY:
            self.load(QUrl(url))
        elif decision == LEAVE:
            self._host.leave(url, is_click=True)
        else:
            self._ask_note(say("The page led to an address that is not shown: {url}", url=quoted(url[:200])))

    # -- what it asks -----------------------------------------------------------------------------------------------

    def origin(self) -> str:
        """Whose page it is, for people."""
        return origin_of(self.url().toString()) or self.url().toString()[:80] or say("The page")

    def origin_wanted(self) -> str:
        """Whose page it is, or will be: of the address that it is on its way to."""
        return origin_of(self._led_to.toString()) or self.origin()

    def javaScriptAlert(self, origin: QUrl, text: str) -> None:  # Qt's name
        """A note that the page does not wait for."""
        self._ask_note(say("{origin} says: {text}", origin=_name(origin), text=quoted(text)), "alert")

    def javaScriptConfirm(self, origin: QUrl, text: str) -> bool:  # Qt's name
        """A question that the page waits for."""
        if text == QCoreApplication.translate("QWebEnginePage", _LEAVES):
            return self._may_leave(_name(origin))
        return self._wait(say("{origin} asks: {text}", origin=_name(origin), text=quoted(text)), None) is not None

    def javaScriptPrompt(self, origin: QUrl, text: str, default: str) -> tuple[bool, str]:  # Qt's name
        """A question with a line to type into."""
        typed = self._wait(say("{origin} asks: {text}", origin=_name(origin), text=quoted(text)), default)
        return typed is not None, typed or ""

    def chooseFiles(self, mode: Any, old: Sequence[str], accepted: Sequence[str]) -> list[str]:  # Qt's name
        """Files of the person that the page gets."""
        from plugins.chromium.upload import files_for

        usual = super().chooseFiles
        return files_for(self, mode, lambda: usual(mode, list(old), list(accepted)), self._ask_note)

    def javaScriptConsoleMessage(self, level: Any, text: str, line: int, source: str) -> None:  # Qt's name
        """What pages write is for their authors: it stands in the developer tools."""

    def _wait(self, text: str, typed: str | None) -> str | None:
        """The answer: what was typed (an empty text where there is no line), or None for no."""
        if not self._may_wait():
            return None
        answer: list[str] = []

        def make(end: Callable[[], None]) -> Question:
            def agree() -> None:
                answer.append(self._host.asker.line.text() if typed is not None else "")
                end()

            def stop() -> None:
                self._silence()
                end()

            answers = (Answer(say("OK"), agree, "primary"), self._stop(stop), Answer(say("Cancel"), end))
            return Question(QUESTION, text, answers, end, typed)

        self._host.asker.ask_and_wait(make)
        return answer[0] if answer else None

    def _may_wait(self) -> bool:
        """Whether the person is asked what a page waits for: all others wait with it, so never where nobody sees it."""
        return not (self.is_silent() or self._host.asker.count(QUESTION)) and self._host.isVisible()

    def _may_leave(self, origin: str) -> bool:
        """Whether the person leaves a page that has something unsaved; one that may ask nothing keeps nobody."""
        if not self._may_wait():
            return True
        answer: list[bool] = []

        def make(end: Callable[[], None]) -> Question:
            def leave() -> None:
                answer.append(True)
                end()

            text = say("{origin} may have something that is not saved. Leave it?", origin=origin)
            return Question(QUESTION, text, (Answer(say("Leave"), leave, "primary"), Answer(say("Stay"), end)), end)

        self._host.asker.ask_and_wait(make)
        return bool(answer)

    def _ask_note(self, text: str, key: str = "note") -> None:
        if not self.is_silent():
            answers = (Answer(say("OK"), _nothing), self._stop())
            self._host.asker.ask(Question(key, text, answers, _nothing))

    def _take_permission(self, permission: QWebEnginePermission) -> None:
        name, origin = permission.permissionType().name, origin_of(permission.origin().toString())
        known = self._permissions.answer(origin, name)
        wish = ASKED.get(name)
        if wish is None or known is False or self.is_silent() or (origin, name) in self._put_off:
            permission.deny()
        elif known:
            permission.grant()
        else:
            self._ask_permission(permission, name, origin, wish)

    def _ask_permission(self, permission: QWebEnginePermission, name: str, origin: str, wish: str) -> None:
        def answer(is_granted: bool, *, is_kept: bool = True) -> None:
            if is_kept:
                self._permissions.remember(origin, name, is_granted)
            else:
                self._put_off.add((origin, name))
            if permission.isValid():
                permission.grant() if is_granted else permission.deny()

        text = say("{origin} wants to {wish}.", origin=origin, wish=say(wish))
        answers = (Answer(say("Allow"), lambda: answer(True)), Answer(say("Refuse"), lambda: answer(False)))
        refuse = lambda: answer(False, is_kept=False)  # noqa: E731
        self._host.asker.ask(Question(f"permission {name} {origin}", text, answers, refuse))

    def take_download(self, item: QWebEngineDownloadRequest) -> None:
        """The page wants a file to be saved; nothing is asked for one that was told to be still."""
        if self.is_silent():
            item.cancel()
        else:
            self._host.take_download(item, self.origin())

    # -- a page that does not stop ----------------------------------------------------------------------------------

    def _stop(self, act: Callable[[], None] | None = None) -> Answer:
        return Answer(say("Stop this page from asking"), act or self._silence)

    def _silence(self) -> None:
        self.silenced.add(self.origin())
        self._host.asker.refuse_all()

    def is_silent(self) -> bool:
        """Whether the person has stopped it from asking."""
        return self.origin() in self.silenced


def _name(origin: QUrl) -> str:
    return origin_of(origin.toString()) or say("The page")


def _nothing() -> None:
    """What a note does when it is closed."""
