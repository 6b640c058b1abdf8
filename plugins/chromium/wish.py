"""What pages wish of their view, which a person is asked about: to be left for another page, to save a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, QUrl

from plugins.api import option, say, size_text
from plugins.chromium.address import Address
from plugins.chromium.asker import Answer, Question, quoted
from plugins.chromium.download import Download, download_folder
from plugins.chromium.steered import open_outside

if TYPE_CHECKING:
    from plugins.chromium.web import Web


def leave(web: Web, url: str, *, is_click: bool) -> None:
    """A page leads where another page must show it: here, or in the person's own browser."""
    if web.reach.is_open and web.reach.is_allowed(url):
        QTimer.singleShot(0, web, lambda: web.lead(Address(url, "web")))
        return
    text = say("The page leads to {url}.", url=quoted(url[:200]))
    outside = Answer(say("Open in the browser"), lambda: open_outside(url))
    if is_click and QUrl(url).scheme() in ("http", "https"):
        web.asker.ask(Question("leave", text, (outside, Answer(say("Stay here"), _nothing)), _nothing))
    else:
        web.asker.ask(Question("leave", text, (Answer(say("Stay here"), _nothing),), _nothing))


def take_download(web: Web, item: Any, origin: str) -> None:
    """A page wants a file to be saved: asked about, one after the other."""
    assert web.browser is not None
    downloads = web.browser.profile.downloads
    download = downloads.add(str(web.context.scope.read("app.name") or ""), item)
    folder = download_folder(str(option("chromium.folder") or ""))
    accept = lambda: _accept(web, download, folder)  # noqa: E731
    refuse = lambda: downloads.cancel(download)  # noqa: E731
    if not option("chromium.ask"):
        accept()
        return
    size = size_text(download.total) if download.total else say("of unknown size")
    text = say("Save {name} ({size}) from {origin}?", name=quoted(download.name), size=size, origin=origin)
    answers = (Answer(say("Save"), accept, "primary"), Answer(say("Refuse"), refuse))
    web.asker.ask(Question(f"download {download.number}", text, answers, refuse))


def _accept(web: Web, download: Download, folder: str) -> None:
    assert web.browser is not None
    try:
        web.browser.profile.downloads.accept(download, folder)
    except OSError as error:
        web.browser.profile.downloads.cancel(download, str(error))
    if download.state in ("failed", "cancelled"):
        web.tell("error", say("{name} cannot be saved", name=download.name), download.reason)


def _nothing() -> None:
    """What a note does when it is closed."""
