"""The bridge of a page of the app: messages between its scripts and the app's tables, and the theme as CSS.

It is given to a page of the role ``app`` alone, which shows nothing but the app's own files; each message is looked at
for that once more. Frames within the page have no way to it: Chromium gives the channel to the main frame only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QFile, QIODevice, QObject, Signal, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEngineScript
from shiboken6 import isValid

from plugins.api import EspalierError, say
from plugins.chromium.address import SCHEME, origin_of
from plugins.chromium.data import DataView

if TYPE_CHECKING:
    from plugins.chromium.page import Page
    from plugins.chromium.web import Web

#: The longest message that a page may send, in letters; views that a page may open.
LONGEST, MOST_VIEWS = 1 << 20, 64
_HERE = Path(__file__).parent
_CHANNEL_SCRIPT = ":/qtwebchannel/qwebchannel.js"


class Bridge(QObject):
    """What the page sees of the channel: one way to ask, one to be told."""

    told = Signal(str)

    def __init__(self, hear: Callable[[str], None]) -> None:
        super().__init__()
        self._hear = hear

    @Slot(str)
    def hear(self, message: str) -> None:
        """A message of the page."""
        self._hear(message)


class Link:
    """The bridge of one page, and the views that the page has opened.

    Args:
        page: A page of the role ``app``.
        web: The view around it.
    """

    def __init__(self, page: Page, web: Web) -> None:
        self._page, self._web = page, web
        self._views: dict[int, DataView] = {}
        self._next = 1
        self._bridge = Bridge(self._take)
        self._channel = QWebChannel()
        self._channel.registerObject("espalier", self._bridge)
        self._origin = f"{SCHEME}://{web.reach.host}"
        self._put_scripts()
        page.setWebChannel(self._channel)
        page.loadStarted.connect(self._forget_views)
        page.urlChanged.connect(lambda _url: self._guard())
        self._commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "open": self._open, "rows": self._rows, "count": self._count, "write": self._write, "close": self._close,
            "add": self._add, "delete": self._delete,
        }  # fmt: skip

    def close(self) -> None:
        """Let go of the tables and of the channel."""
        self._forget_views()
        if isValid(self._page):
            self._page.setWebChannel(None)
        self._channel.deregisterObject(self._bridge)
        self._channel.deleteLater()
        self._bridge.deleteLater()

    def take_theme(self) -> None:
        """Tell the page the colours of now, and pages to come."""
        self._put_scripts()
        self._page.runJavaScript(self._looks_script())

    # -- the page ---------------------------------------------------------------------------------------------------

    def _put_scripts(self) -> None:
        scripts = self._page.scripts()
        scripts.clear()
        sources = {
            "channel": _read_resource(_CHANNEL_SCRIPT),
            "looks": self._looks_script(),
            "bridge": (_HERE / "bridge.js").read_text(encoding="utf-8").replace("__ORIGIN__", self._origin),
            "view": (_HERE / "view.js")
            .read_text(encoding="utf-8")
            .replace("__WORDS__", json.dumps(_words()))
            .replace("__STYLE__", json.dumps((_HERE / "view.css").read_text(encoding="utf-8"))),
        }
        for name, source in sources.items():
            script = QWebEngineScript()
            script.setName(f"espalier {name}")
            script.setSourceCode(source)
            script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
            script.setWorldId(QWebEngineScript.ScriptWorldId.MainWorld.value)
            script.setRunsOnSubFrames(False)
            scripts.insert(script)

    def _looks_script(self) -> str:
        return (_HERE / "looks.js").read_text(encoding="utf-8").replace("__LOOKS__", json.dumps(css_of(self._web)))

    def _is_ours(self) -> bool:
        return origin_of(self._page.url().toString()) == self._origin

    def _guard(self) -> None:
        """The channel is there while the page shows the app's own files, and not a moment longer."""
        wanted = self._channel if self._is_ours() else None
        if self._page.webChannel() is not wanted:
            self._page.setWebChannel(wanted)

    def _tell(self, message: dict[str, Any]) -> None:
        if self._is_ours():
            self._bridge.told.emit(json.dumps(message, ensure_ascii=False, default=str))

    def _take(self, text: str) -> None:
        """One message of the page; what is wrong with it is answered, never raised."""
        if not self._is_ours() or len(text) > LONGEST:
            return
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(message, dict) or not isinstance(message.get("number"), int):
            return
        command = self._commands.get(str(message.get("what")))
        if command is None:
            self._answer(message, {"error": say("The page asked for something that there is not")})
            return
        try:
            command(message)
        except EspalierError as error:
            self._answer(message, {"error": error.message, "hint": error.hint or ""})
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self._answer(message, {"error": say("The page's question is not complete: {reason}", reason=repr(error))})

    def _answer(self, message: dict[str, Any], answer: dict[str, Any]) -> None:
        self._tell({"number": message["number"], **answer})

    # -- questions --------------------------------------------------------------------------------------------------

    def _open(self, message: dict[str, Any]) -> None:
        if len(self._views) >= MOST_VIEWS:
            raise EspalierError(say("A page may show {count} views", count=MOST_VIEWS))
        number, self._next = self._next, self._next + 1
        told = lambda event: self._tell({"view": number, **event})  # noqa: E731
        self._views[number] = view = DataView(str(message["layout"]), self._web.context, told)
        view.describe(lambda answer: self._answer(message, {"view": number, **answer}))

    def _rows(self, message: dict[str, Any]) -> None:
        start, stop = int(message["start"]), int(message["stop"])
        self._view(message).rows(start, stop, lambda answer: self._answer(message, answer))

    def _count(self, message: dict[str, Any]) -> None:
        self._view(message).count(lambda answer: self._answer(message, answer))

    def _write(self, message: dict[str, Any]) -> None:
        view, done = self._view(message), lambda answer: self._answer(message, answer)
        is_forced = message.get("force") is True
        view.write(int(message["row"]), int(message["column"]), str(message["text"]), done, is_forced=is_forced)

    def _add(self, message: dict[str, Any]) -> None:
        texts = {int(column): str(text) for column, text in dict(message["texts"]).items()}
        self._view(message).add(texts, lambda answer: self._answer(message, answer))

    def _delete(self, message: dict[str, Any]) -> None:
        self._view(message).delete(int(message["row"]), lambda answer: self._answer(message, answer))

    def _close(self, message: dict[str, Any]) -> None:
        view = self._views.pop(int(message["view"]), None)
        if view is not None:
            view.close()
        self._answer(message, {})

    def _view(self, message: dict[str, Any]) -> DataView:
        view = self._views.get(int(message["view"]))
        if view is None:
            raise EspalierError(say("The page has closed this view"))
        return view

    def _forget_views(self) -> None:
        views, self._views = self._views, {}
        for view in views.values():
            view.close()


def css_of(web: Web) -> dict[str, Any]:
    """The theme for a page: its scheme, and its tokens as CSS variables."""
    theme = web.context.theme
    names = theme.tokens.colors[theme.scheme]
    variables = {f"--espalier-{name}": theme.color(name).name() for name in names}
    body, heading = theme.font(), theme.font("heading")
    family = body.family().replace("'", "")
    variables |= {f"--espalier-space-{name}": f"{theme.space(name)}px" for name in ("tight", "normal", "wide", "page")}
    variables |= {
        "--espalier-font": f"'{family}', sans-serif", "--espalier-size": f"{body.pixelSize()}px",
        "--espalier-heading-size": f"{heading.pixelSize()}px", "--espalier-radius": f"{theme.radius()}px",
        "--espalier-row": f"{theme.height('row')}px", "--espalier-control": f"{theme.height('control')}px",
    }  # fmt: skip
    return {"scheme": theme.scheme, "variables": variables}


def _words() -> dict[str, str]:
    """What the element says, in the person's language."""
    return {
        "loading": say("Loading…"), "empty": say("No rows"), "retry": say("Try again"),
        "conflict": say("Somebody else has changed this meanwhile to {theirs}."), "mine": say("Write mine"),
        "theirs": say("Take theirs"), "gone": say("Somebody else has deleted this row."), "cancel": say("Cancel"),
        "rows": say("{count} rows"), "lost": say("This page has no way to the app's tables."),
    }  # fmt: skip


def _read_resource(path: str) -> str:
    file = QFile(path)
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise EspalierError(say("QtWebChannel has no script for pages"))
    return bytes(file.readAll().data()).decode()
