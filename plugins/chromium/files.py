"""Serves the addresses ``app://``: the app's own files, and the texts that a layout shows as ``html``.

Only the app's pages may ask for them: what a page from elsewhere embeds or fetches of them is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWebEngineCore import QWebEngineUrlRequestJob, QWebEngineUrlSchemeHandler

from plugins.chromium.address import HTML_HOST, SCHEME, origin_of, path_of

#: Ending → type of what is served; nothing else of an app is (its databases and scripts are no part of a page).
TYPES: dict[str, str] = {
    "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8", "json": "application/json", "map": "application/json",
    "txt": "text/plain; charset=utf-8", "csv": "text/csv; charset=utf-8", "xml": "application/xml",
    "svg": "image/svg+xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon", "woff": "font/woff", "woff2": "font/woff2",
    "ttf": "font/ttf", "otf": "font/otf", "wasm": "application/wasm", "mp3": "audio/mpeg", "ogg": "audio/ogg",
    "wav": "audio/wav", "mp4": "video/mp4", "webm": "video/webm", "pdf": "application/pdf",
}  # fmt: skip
#: Nobody else may frame a page of the app; a text of the layout runs nothing and sends nothing.
_HEADERS: dict[bytes, bytes] = {
    b"X-Content-Type-Options": b"nosniff", b"Cache-Control": b"no-cache", b"Referrer-Policy": b"no-referrer",
}  # fmt: skip
_OWN_POLICY = b"frame-ancestors 'self'"
_HTML_POLICY = b"sandbox allow-popups; script-src 'none'; object-src 'none'; form-action 'none'; frame-src 'none'"
#: What a text of the layout may take of the app's files.
_PARTS = ("image/", "font/", "text/css")
_Error = QWebEngineUrlRequestJob.Error


class Files(QWebEngineUrlSchemeHandler):
    """The handler of one profile.

    Args:
        host: Of the app's own pages.
        read_file: Answers a file of the app by its path, verified; None when there is none such.

    Attributes:
        texts: Path → the text that is served there under the host of texts.
    """

    def __init__(self, host: str, read_file: Callable[[str], bytes | None]) -> None:
        super().__init__()
        self.host, self.read_file = host, read_file
        self.texts: dict[str, Callable[[], str]] = {}

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:  # Qt's name
        """Answer one request."""
        url = job.requestUrl().toString()
        host = urlsplit(url).netloc
        is_known = host in (self.host, HTML_HOST) and self._may_ask(job.initiator().toString(), host)
        if not is_known or bytes(job.requestMethod().data()) not in (b"GET", b"HEAD"):
            job.fail(_Error.RequestDenied)
        else:
            self._answer(job, url, host)

    def _may_ask(self, initiator: str, host: str) -> bool:
        """Nobody (an address that was opened), or a page of the same host."""
        return initiator == "" or origin_of(initiator) == f"{SCHEME}://{host}"

    def _answer(self, job: QWebEngineUrlRequestJob, url: str, host: str) -> None:
        path = path_of(url)
        if path is None:
            job.fail(_Error.UrlInvalid)
            return
        if host == HTML_HOST and path in self.texts:
            self._send(job, TYPES["html"], self.texts[path]().encode(), _HTML_POLICY)
            return
        kind = TYPES.get(path.rpartition(".")[2].lower())
        content = self.read_file(path) if kind is not None else None
        is_part = host != HTML_HOST or (kind or "").startswith(_PARTS)
        if kind is None or content is None or not is_part:
            job.fail(_Error.UrlNotFound)
            return
        self._send(job, kind, content, _HTML_POLICY if host == HTML_HOST else _OWN_POLICY)

    def _send(self, job: QWebEngineUrlRequestJob, kind: str, content: bytes, policy: bytes) -> None:
        headers = {**_HEADERS, b"Content-Security-Policy": policy}
        job.setAdditionalResponseHeaders({QByteArray(name): [QByteArray(value)] for name, value in headers.items()})
        buffer = QBuffer(job)
        buffer.setData(content)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(kind.partition(";")[0].encode() if not kind.startswith("text/") else kind.encode(), buffer)
