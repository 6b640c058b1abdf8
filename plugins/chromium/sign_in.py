"""A server or a proxy asks who is there (HTTP sign-in): asked in a bar, told to Chromium when the page is read anew.

Chromium wants an answer at once, and stands still with all its pages until it has one. So it gets none: the page of the
refusal comes (401), the person is asked meanwhile, and what they say is given when the server asks the next time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget

from plugins.api import say
from plugins.chromium.address import HTML, origin_of
from plugins.chromium.asker import Answer, Question, quoted
from plugins.chromium.bars import security_of

if TYPE_CHECKING:
    from plugins.chromium.page import Host, Page

#: After so many refusals a page asks no more, whoever it has ask for it, until the person goes on by themselves.
MOST_REFUSED = 3
#: Letters of a server's own words that are shown.
_LONGEST = 120


@dataclass
class _Given:
    """What a person has said to one who asks; ``told`` are the addresses that have got it."""

    user: str
    password: str
    told: set[str] = field(default_factory=set)


class SignIns:
    """Of one page.

    Args:
        page: Whose requests they are.
        host: The view around it.

    Attributes:
        refused: Who asked and was refused, until the person goes on by themselves.
    """

    def __init__(self, page: Page, host: Host) -> None:
        self._page, self._host = page, host
        self.refused: set[str] = set()
        self._given: dict[str, _Given] = {}
        self._asked, self._key = "", f"sign-in {id(self):x}"
        page.authenticationRequired.connect(self._take)
        page.proxyAuthenticationRequired.connect(self._take_proxy)
        page.loadFinished.connect(self._end_load)

    def forgive(self) -> None:
        """The person goes on by themselves: who was refused may ask again."""
        self.refused.clear()

    def withdraw(self) -> None:
        """Take the question back: the page that asked goes."""
        if self._asked:
            self._asked = ""
            self._host.asker.drop(self._key)

    def _take(self, url: QUrl, authenticator: Any) -> None:
        origin = origin_of(url.toString())
        self._answer(origin, url, authenticator, lambda: self._wish(origin, url), self._warning(url))

    def _take_proxy(self, url: QUrl, authenticator: Any, proxy: str) -> None:
        wish = lambda: say("The proxy {host} asks you to sign in.", host=quoted(proxy[:_LONGEST]))  # noqa: E731
        self._answer(f"proxy {proxy}", url, authenticator, wish, "")

    def _answer(self, who: str, url: QUrl, authenticator: Any, wish: Callable[[], str], warning: str) -> None:
        """Give what was said, or refuse and ask; who refuses what was given before is told of."""
        given, address = self._given.get(who), url.toString()
        if given is not None and address not in given.told:
            given.told.add(address)
            authenticator.setUser(given.user)
            authenticator.setPassword(given.password)
            return
        realm = str(authenticator.realm())
        _refuse(authenticator)
        self._given.pop(who, None)
        if self._may_ask(who):
            user = given.user if given is not None else ""
            self._ask(who, self._text(wish(), realm, is_wrong=given is not None), user, warning)

    def _may_ask(self, who: str) -> bool:
        """Whether the person is asked: one thing at a time, and never by a text that came in a table."""
        is_over = who in self.refused or len(self.refused) >= MOST_REFUSED
        return not (is_over or self._asked or self._page.role == HTML or self._page.is_silent())

    def _ask(self, who: str, text: str, user: str, warning: str) -> None:
        from plugins.chromium.sign_in_form import SignInForm

        asker = self._host.asker
        forms: list[SignInForm] = []

        def make(parent: QWidget) -> QWidget:
            forms.append(SignInForm(asker.theme, user, warning, asker.press_first, asker.close_first, parent))
            return forms[-1]

        def agree() -> None:
            self._asked = ""
            self._given[who] = _Given(forms[-1].user.text(), forms[-1].password.text())
            self._page.read_again()

        def refuse() -> None:
            if self._asked == who:
                self._asked = ""
                self.refused.add(who)

        self._asked = who
        answers = (Answer(say("Sign in"), agree, "primary"), Answer(say("Cancel"), refuse))
        asker.ask(Question(self._key, text, answers, refuse, form=make))

    def _wish(self, origin: str, url: QUrl) -> str:
        """Who asks; a part of the page that comes from elsewhere never looks like the page."""
        page = self._page.origin_wanted()
        if origin == page:
            return say("{origin} asks you to sign in.", origin=origin)
        return say(
            "A part of the page of {page} comes from elsewhere: {origin} asks you to sign in.", page=page, origin=origin
        )

    def _warning(self, url: QUrl) -> str:
        if security_of(url.toString()) != "open":
            return ""
        return say("The connection is not encrypted: others can read the password.")

    def _text(self, wish: str, realm: str, *, is_wrong: bool) -> str:
        said = say("It calls itself {name}.", name=quoted(realm[:_LONGEST])) if realm.strip() else ""
        wrong = say("The name or the password was not accepted.") if is_wrong else ""
        return " ".join(part for part in (wrong, wish, said) if part)

    def _end_load(self) -> None:
        """What was given is Chromium's now, which tells it to the same server by itself."""
        self._given = {who: given for who, given in self._given.items() if not given.told}


def _refuse(authenticator: Any) -> None:
    """Make it empty, which is how Chromium is told that nobody answers.

    NOTE: C++ assigns an empty one, which Qt's binding cannot; an empty name instead is sent to the server, which asks
    again, without an end. The object is one pointer to what it holds, for all of Qt 6; that is given up, not freed.
    """
    (place,) = shiboken6.getCppPointer(authenticator)
    ctypes.c_void_p.from_address(place).value = None
