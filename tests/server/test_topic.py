"""Topics: which there are, how many one may hear, and that what follows a subscription follows it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.wire import frame
from kernel.wire.address import parse_address
from kernel.wire.code import NAMES
from kernel.wire.error import RemoteError
from kernel.wire.server import ServerThread
from kernel.wire.topic import Topics
from server.log import Log
from server.repository import Repository
from server.source_server import SourceServer
from server.topic import Topic, parse_topic
from tests.kernel.wire_server import Raw
from tests.served import make_repository
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("apps", Topic("apps")),
        ("release:shop", Topic("release", "shop")),
        ("table:shop/stock/items", Topic("table", "shop", "stock", "items")),
        ("table:shop//items", Topic("table", "shop", "", "items")),
        ("table:shop/stock/a/b: ü", Topic("table", "shop", "stock", "a/b: ü")),
    ],
)
def test_topics_that_there_are(text: str, topic: Topic) -> None:
    assert parse_topic(text) == topic


@pytest.mark.parametrize(
    "text",
    ["", "weather", "apps:", "apps:x", "release", "release:", "release:a/b", "release:../x", "release:A", "table:",
     "table:shop", "table:shop/stock", "table:shop/stock/", "table:../x/y/z", "table:shop/stock/a\nb",
     "release:" + "x" * 65, "table:shop/stock/" + "x" * 1000],
)  # fmt: skip
def test_topics_that_cannot_be(text: str) -> None:
    with pytest.raises(RemoteError) as caught:
        parse_topic(text)
    assert caught.value.code == "not_found" and len(caught.value.error) < 200


def test_a_sessions_topics_are_known_by_session() -> None:
    topics = Topics()
    for number in range(3):
        topics.subscribe("one", f"t{number}")
    topics.subscribe("two", "t1")
    topics.subscribe("two", "t1")
    topics.unsubscribe("one", "t2")
    assert (topics.topics_of("one"), topics.topics_of("two")) == (["t0", "t1"], ["t1"])
    topics.forget("one")
    assert not topics.has_subscribers("t0") and topics.has_subscribers("t1")
    topics.forget("two")
    assert not topics.has_subscribers("t1") and topics.topics_of("two") == []


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[SourceServer, Raw]]:
    """A server in this process, and a client that can send without waiting."""
    bare, _ = make_repository(tmp_path)
    server = SourceServer(Repository(bare), Log(tmp_path / "log"))
    with ServerThread(server.wire, "127.0.0.1:0") as running:
        raw = Raw(parse_address(str(running.address)))
        yield server, raw
        raw.close()
    server.close()


PLACE = {"app": "shop", "source": "stock", "table": "items"}
ADD = {**PLACE, "changes": [{"type": "insert", "values": {"name": "spade"}}]}
ITEMS = "table:shop/stock/items"


def send(raw: Raw, id: int, command: str, args: dict[str, Any]) -> None:
    raw.send(frame.pack(frame.REQUEST, [id, command, args]))


@pytest.mark.parametrize("follower", ["table.commit", "hello"])
def test_what_is_sent_after_a_subscription_is_done_after_it(
    served: tuple[SourceServer, Raw], monkeypatch: pytest.MonkeyPatch, follower: str
) -> None:
    server, raw = served
    send(raw, 1, "table.count", PLACE)
    assert NAMES[raw.read()[1].code] == "ok"  # the database is there
    may_feed, real = threading.Event(), server.hosting.feed

    def late(topic: str, person: Any) -> Any:
        assert may_feed.wait(PATIENCE_S)
        return real(topic, person)

    monkeypatch.setattr(server.hosting, "feed", late)
    send(raw, 2, "subscribe", {"topic": ITEMS})
    send(raw, 3, follower, ADD if follower == "table.commit" else {})
    send(raw, 4, "apps", {})
    assert raw.read()[1].id == 4, "others need not wait"
    raw.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        raw.read()
    raw.socket.settimeout(PATIENCE_S)
    may_feed.set()
    kinds = [raw.read() for _ in range(3 if follower == "table.commit" else 2)]
    assert [body.id for kind, body in kinds if kind == frame.REPLY] == [2, 3]
    assert all(NAMES[body.code] == "ok" for kind, body in kinds if kind == frame.REPLY)
    assert [body.topic for kind, body in kinds if kind == frame.EVENT] == [ITEMS] * (follower == "table.commit")


def test_a_refused_subscription_leaves_none_behind(served: tuple[SourceServer, Raw]) -> None:
    server, raw = served
    for id, topic in enumerate(("table:shop/stock/gone", "release:", "apps:x"), 1):
        send(raw, id, "subscribe", {"topic": topic})
        assert NAMES[raw.read()[1].code] == "not_found"
        assert not server.wire.topics.has_subscribers(topic)
