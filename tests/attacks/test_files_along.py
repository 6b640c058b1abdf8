"""Files that come along with a release: other ones, more of them, damaged ones; nothing of that is kept or opened."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from kernel.delivery import DeliveryError
from kernel.delivery.pack import HEAD, STORED
from tests.attacks.hostile import Desk

Offered = dict[str, Any]
NUMBERS = itertools.count(1)
LENGTH = len('layout 1\nwindow { label "newer 000" }\n')


class News:
    """A desk whose server has a newer release: ``main.kdl`` is another one, ``added.txt`` a new one each time."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.number = next(NUMBERS)
        self.text = f'layout 1\nwindow {{ label "newer {self.number:03}" }}\n'
        self.added = f"added {self.number:03} " * 20
        desk.accept()
        desk.push(main_kdl=self.text, added_txt=self.added)

    def arrives(self) -> None:
        """An honest answer brings it in, for the next start as well."""
        self.desk.accept()
        again = self.desk.open()
        held = again.cached("shop")
        assert held == self.desk.first and again.read(held, "main.kdl") == self.text.encode()


@pytest.fixture
def news(desk: Desk) -> News:
    return News(desk)


def stored(*contents: bytes) -> bytes:
    """Groups of one file each, as they are."""
    return b"".join(HEAD.pack(STORED, 1, len(content)) + content for content in contents)


def test_a_small_change_is_one_question(news: News) -> None:
    asked, streams = len(news.desk.between.asked), news.desk.between.streams
    news.arrives()
    assert (len(news.desk.between.asked), news.desk.between.streams) == (asked + 1, streams)


#: What is done to the release on its way → what the refusal says.
SPOILT: dict[str, tuple[Callable[[Offered], Offered], str]] = {
    "other content of the same size": (
        lambda offer: {"files": stored(b"x" * 200, b"y" * LENGTH)}, "that is not what the release says"
    ),
    "content of another size": (lambda offer: {"files": stored(b"x")}, "bytes came for 1 files of"),
    "cut off": (lambda offer: {"files": offer["files"][:-3]}, "ended early"),
    "more behind it": (lambda offer: {"files": offer["files"] + b"more"}, "bytes that nobody asked for"),
    "no groups at all": (lambda offer: {"files": b"\xff" * 40}, "unknown form|than was asked for"),
    "places beyond the end": (lambda offer: {"runs": [0, 1000]}, "no places of files"),
    "places before the beginning": (lambda offer: {"runs": [-2, 1]}, "no places of files"),
    "places that overlap": (lambda offer: {"runs": [0, 2, 1, 3]}, "no places of files"),
    "half a place": (lambda offer: {"runs": [0]}, "no places of files"),
    "other places": (lambda offer: {"runs": [0, 1]}, "came for|a change of|nobody asked|not what the release says"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_files_along_with_a_right_release(news: News, how: str) -> None:
    (spoil, words), desk = SPOILT[how], news.desk
    desk.between.alter = lambda answer: answer | {"release": answer["release"] | spoil(answer["release"])}
    with pytest.raises(DeliveryError, match=words):
        desk.delivery.refresh("shop")
    again = desk.open()
    assert again.cached("shop") == desk.first and again.read(desk.first, "main.kdl")
    news.arrives()


def test_files_of_a_release_that_is_refused_are_not_kept(news: News) -> None:
    news.desk.instead({"timestamp": b"no"})
    news.desk.refuse("the metadata of 'timestamp' cannot be read")
    news.arrives()


def test_files_along_that_are_held_already_are_not_kept_twice(news: News) -> None:
    cache = news.desk.delivery.cache
    cache.put_many([news.text.encode(), news.added.encode()])
    size = cache.size()
    news.arrives()
    assert cache.size() - size < len(news.desk.first.encode()) + 200, "the manifest alone"


def test_fewer_files_along_than_are_missing_the_rest_is_asked_for(news: News) -> None:
    def fewer(answer: Offered) -> Offered:
        at = sorted({*news.desk.first.files, "added.txt"}).index("added.txt")
        along = {"runs": [at, at + 1], "files": stored(news.added.encode())}
        return answer | {"release": answer["release"] | along}

    streams = news.desk.between.streams
    news.desk.between.alter = fewer
    news.desk.delivery.refresh("shop")
    assert news.desk.between.streams == streams + 1
    news.arrives()
