"""Addresses: what a layout or a person writes, what may be shown where, what is blocked. No Qt here."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from plugins.api import EspalierError, say

#: The scheme of an app's own files, and the host of texts that a layout gives as ``html``.
SCHEME, HTML_HOST = "app", "html"
#: Roles of a page: a page of the app, a text of its layout (which runs no scripts), a page from elsewhere.
APP, HTML, WEB = "app", "html", "web"
#: What a page may do with an address: show it, hand it to the view around it, or nothing.
STAY, LEAVE, REFUSE = "stay", "leave", "refuse"
#: Schemes of frames and parts of a page that come from the page itself.
_OWN_PARTS = ("about", "blob", "data")
_WEB = ("http", "https")
_HOST = re.compile(r"(localhost|\[[0-9a-f:]+\]|[\w-]+(\.[\w-]+)+)(:\d+)?", re.IGNORECASE)
_LOCAL = re.compile(r"(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class AddressError(EspalierError):
    """An address that is not shown."""


class Address(NamedTuple):
    """Where to go: the whole address, and the role of the page that shows it."""

    url: str
    role: str


def host_of(app: str) -> str:
    """The host of an app's own pages, from its name."""
    host = re.sub(r"[^a-z0-9-]+", "-", app.lower()).strip("-") or SCHEME
    return f"{host}-" if host == HTML_HOST else host


def read_address(text: str, host: str) -> Address:
    """What a layout's ``url`` or a typed address leads to; a path without a scheme is a file of the app.

    Raises:
        AddressError: no page of the app and no page of the web.
    """
    text = text.strip()
    if not text or text == "about:blank":
        return Address("about:blank", WEB)
    scheme = text.partition(":")[0].lower() if _SCHEME.match(text) else ""
    if scheme in _WEB and urlsplit(text).hostname:
        return Address(text, WEB)
    if scheme == SCHEME and urlsplit(text).netloc == host:
        return Address(text, APP)
    if not scheme and not text.startswith("//"):
        path, mark, rest = text.partition("?") if "?" in text else text.partition("#")
        return Address(f"{SCHEME}://{host}/{quote(path.lstrip('/'))}{mark}{rest}", APP)
    hint = say("pages of the web (https://…) and files of the app are shown")
    raise AddressError(say("This address is not shown: {url}", url=text[:200]), hint=hint)


def read_typed(text: str, host: str) -> Address:
    """What a person typed into the address line: a host without a scheme is meant as a page of the web.

    Raises:
        AddressError: as :func:`read_address`, and for what is no address at all.
    """
    text = text.strip()
    place = text.partition("/")[0]
    if _HOST.fullmatch(place):
        return Address(f"{'http' if _LOCAL.fullmatch(place) else 'https'}://{text}", WEB)
    if not _SCHEME.match(text):
        raise AddressError(say("This is no address: {url}", url=text[:200]), hint=say("write it like example.org"))
    return read_address(text, host)


def origin_of(url: str) -> str:
    """Scheme, host and port, no name or password; empty where an address has no origin of its own."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}" if place else ""


def path_of(url: str) -> str | None:
    """The file of the app that an address of its own names; None for what leads out of it."""
    path = unquote(urlsplit(url).path).lstrip("/") or "index.html"
    pieces = path.split("/")
    is_bad = "\\" in path or "\0" in path or any(piece in ("", ".", "..") or piece[0] == "." for piece in pieces)
    return None if is_bad else path


class Reach:
    """Where the pages of one view may go.

    Args:
        host: Of the app's own pages.
        allow: Patterns of hosts and origins, with commas between: ``*.example.org, https://shop.example``.
    """

    def __init__(self, host: str, allow: str = "") -> None:
        self.host = host
        self._allow = [part.strip() for part in allow.split(",") if part.strip()]

    def decide(self, url: str, role: str, *, is_main: bool) -> str:
        """What a page of that role may do with an address: :data:`STAY`, :data:`LEAVE` or :data:`REFUSE`."""
        scheme = urlsplit(url).scheme
        if not is_main:
            return STAY if scheme in _OWN_PARTS or scheme in _WEB or self._is_own(url, role) else REFUSE
        if self._is_own(url, role):
            return STAY
        if scheme in _WEB:
            return STAY if role == WEB and self.is_allowed(url) else LEAVE
        return STAY if role == WEB and url == "about:blank" else REFUSE

    def is_allowed(self, url: str) -> bool:
        """Whether a page of the web may be shown; without patterns all of them may."""
        origin, host = origin_of(url), urlsplit(url).hostname or ""
        return not self._allow or any(_fits(pattern, host) or _fits(pattern, origin) for pattern in self._allow)

    @property
    def is_open(self) -> bool:
        """Whether pages of the app may lead into the web within the view."""
        return bool(self._allow)

    def _is_own(self, url: str, role: str) -> bool:
        host = {APP: self.host, HTML: HTML_HOST}.get(role)
        return host is not None and origin_of(url) == f"{SCHEME}://{host}"


class Blocked:
    """Which requests are not made.

    Args:
        patterns: With commas between; a pattern without ``/`` means hosts (``*.tracker.example``), else addresses.
    """

    def __init__(self, patterns: str) -> None:
        parts = [part.strip() for part in patterns.split(",") if part.strip()]
        self._hosts = _joined(part for part in parts if "/" not in part)
        self._urls = _joined(part for part in parts if "/" in part)

    def __bool__(self) -> bool:
        return self._hosts is not None or self._urls is not None

    def has(self, url: str, host: str) -> bool:
        """Whether this request is blocked."""
        return bool(self._hosts and self._hosts.fullmatch(host)) or bool(self._urls and self._urls.fullmatch(url))


def _joined(patterns: object) -> re.Pattern[str] | None:
    found = [_expression(pattern) for pattern in patterns]  # type: ignore[attr-defined]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _expression(pattern: str) -> str:
    """A pattern with ``*``; ``*.example.org`` means example.org too."""
    text = re.escape(pattern).replace(r"\*", ".*")
    return rf"(?:.*\.)?{text[4:]}" if text.startswith(r".*\.") else text


def _fits(pattern: str, text: str) -> bool:
    return re.fullmatch(_expression(pattern), text, re.IGNORECASE) is not None
