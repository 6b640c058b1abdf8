"""Mirrors that have what they should, and mirrors that lie, lack, drip or never end: these are left out."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kernel.cache import Cache
from kernel.delivery import Delivery, DeliveryError, mirror
from kernel.delivery.mirror import Mirror, MirrorError
from kernel.delivery.mirror_folder import write_mirror
from kernel.delivery.transfer import GRACE_S, SLOWEST, not_too_slow
from kernel.tables.error import UnavailableError
from kernel.wire.error import FrameError
from tests.attacks.straight import APP, Straight, whole
from tests.waiting import PATIENCE_S

CHANCE = random.Random(7)
FIRST = {f"part/{number}.bin": CHANCE.randbytes(40_000) for number in range(12)}
SECOND = {path: data[:20_000] + b"another end" + data[20_050:] for path, data in FIRST.items()}
#: Path of the request → the status, the headers and the pieces of what is answered.
Answer = Callable[[str], tuple[int, dict[str, str], Iterator[bytes]]]


class Web:
    """A web server whose answers a test decides.

    Attributes:
        asked: The paths so far.
    """

    def __init__(self, answer: Answer) -> None:
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked.append(self.path)
                status, headers, pieces = answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.close_connection = True
                    self.send_header("Connection", "close")
                self.end_headers()
                try:
                    for piece in pieces:
                        self.wfile.write(piece)
                except (BrokenPipeError, ConnectionResetError):  # the client has had enough
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/some/where"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def whole_answer(data: bytes) -> tuple[int, dict[str, str], Iterator[bytes]]:
    return 200, {"Content-Length": str(len(data))}, iter([data])


class World:
    """A server, a mirror's folder with both releases, and the way to serve that folder."""

    def __init__(self, folder: Path) -> None:
        self.shop = Straight()
        self.folder = folder / "mirror"
        self.place = folder / "cache"
        self.ids = []
        self.asked = 0
        self.webs: list[Web] = []
        for files in (FIRST, SECOND):
            self.shop.publish(files)
            delivery = self.shop.delivery(folder / "source")
            manifest = delivery.refresh(APP)
            self.ids.append(delivery.release_id(APP))
            write_mirror(self.folder, manifest, self.ids[-1], delivery.reader(manifest))
        self.shop.asked = self._note

    def _note(self) -> None:
        self.asked += 1

    def read(self, path: str) -> tuple[int, dict[str, str], Iterator[bytes]]:
        """What an honest web server over the folder answers."""
        place = self.folder / path.removeprefix("/some/where/")
        return whole_answer(place.read_bytes()) if place.is_file() else (404, {"Content-Length": "0"}, iter(()))

    def web(self, answer: Answer) -> Web:
        self.webs.append(Web(answer))
        return self.webs[-1]

    def delivery(self, *mirrors: str) -> Delivery:
        link: Any = self.shop
        return Delivery(Cache(self.place), "home", lambda: link, mirrors=mirrors)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    for web in made.webs:
        web.close()


def test_a_mirror_serves_a_whole_release_in_one_request(world: World) -> None:
    web = world.web(world.read)
    delivery = world.delivery(web.url)
    delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 0
    assert web.asked == [f"/some/where/releases/{world.ids[1]}.pack"]


def test_a_folder_is_a_mirror_and_small_changes_are_the_servers(world: World) -> None:
    delivery = world.delivery(str(world.folder))
    delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 0
    world.shop.publish(SECOND | {"part/3.bin": b"short"})
    delivery.refresh(APP)
    assert whole(delivery, SECOND | {"part/3.bin": b"short"}) and world.asked == 1


def test_what_is_missing_of_a_release_comes_file_by_file(world: World) -> None:
    web = world.web(world.read)
    some = dict(list(SECOND.items())[:8])
    Cache(world.place).put_many(list(some.values())[:5])
    delivery = world.delivery(web.url)
    delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 0


def other_release(world: World) -> Answer:
    return lambda path: world.read(path.replace(world.ids[1], world.ids[0]))


def swapped_files(world: World) -> Answer:
    first, second = sorted((world.folder / "files").rglob("*.zst"))[:2]

    def answer(path: str) -> Any:
        if path.endswith(".pack"):
            return 404, {"Content-Length": "0"}, iter(())
        return whole_answer((second if path.endswith(first.name) else first).read_bytes())

    return answer


def login_page(world: World) -> Answer:
    return lambda path: whole_answer(b"<!DOCTYPE html><html><body>Please log in</body></html>")


def status(code: int) -> Callable[[World], Answer]:
    return lambda world: lambda path: (code, {"Content-Length": "2"}, iter([b"no"]))


def moved(world: World) -> Answer:
    return lambda path: (302, {"Location": "http://127.0.0.1:1/", "Content-Length": "0"}, iter(()))


def cut(world: World) -> Answer:
    def answer(path: str) -> Any:
        code, headers, pieces = world.read(path)
        data = b"".join(pieces)
        return code, {**headers, "Connection": "close"}, iter([data[: len(data) // 2]])

    return answer


def endless(world: World) -> Answer:
    def pieces() -> Iterator[bytes]:
        while True:
            yield b"x" * 65536

    return lambda path: (200, {}, pieces())


def longer(world: World) -> Answer:
    def answer(path: str) -> Any:
        _, _, pieces = world.read(path)
        return whole_answer(b"".join(pieces) + b"more")

    return answer


LIARS: dict[str, Callable[[World], Answer]] = {
    "the release before": other_release,
    "other files": swapped_files,
    "a page to log in": login_page,
    "not found": status(404),
    "busy": status(503),
    "moved elsewhere": moved,
    "half of it": cut,
    "without an end": endless,
}


@pytest.mark.parametrize("name", LIARS)
def test_a_mirror_that_lies_is_left_out_and_the_next_one_asked(
    world: World, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    liar, honest = world.web(LIARS[name](world)), world.web(world.read)
    with caplog.at_level(logging.WARNING, "espalier"):
        delivery = world.delivery(liar.url, honest.url)
        delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 0 and honest.asked
    assert f"the mirror {liar.url} is left out: {liar.url} " in caplog.text


@pytest.mark.parametrize("name", LIARS)
def test_without_an_honest_mirror_the_server_completes(world: World, name: str) -> None:
    delivery = world.delivery(world.web(LIARS[name](world)).url, "http://127.0.0.1:1", "ftp://nothing")
    delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 1


def test_bytes_behind_a_whole_release_change_nothing(world: World, caplog: pytest.LogCaptureFixture) -> None:
    delivery = world.delivery(world.web(longer(world)).url)
    with caplog.at_level(logging.WARNING, "espalier"):
        delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 0 and "nobody asked for" in caplog.text


def test_half_of_a_mirrors_files_are_gone(world: World) -> None:
    """The pack and every other file: what it has is taken, the rest is the server's."""
    left = set(sorted(path.name for path in (world.folder / "files").rglob("*.zst"))[::2])

    def answer(path: str) -> Any:
        is_left = path.rpartition("/")[2] in left or path.endswith(".pack")
        return (503, {"Content-Length": "0"}, iter(())) if is_left else world.read(path)

    Cache(world.place).put_many(list(SECOND.values())[:7])
    delivery = world.delivery(world.web(answer).url)
    delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 1


def test_mirrors_mend_what_is_damaged_while_the_server_is_away(world: World) -> None:
    delivery = world.delivery(str(world.folder))
    manifest = delivery.refresh(APP)
    for path in Path(delivery.cache.segment_directory).iterdir():
        path.write_bytes(b"")

    def away() -> None:
        raise UnavailableError("away")

    world.shop.asked = away
    again = world.delivery(str(world.folder))
    assert again.read(manifest, "part/1.bin") == SECOND["part/1.bin"]
    alone = world.delivery()
    for path in Path(delivery.cache.segment_directory).iterdir():
        path.write_bytes(b"")
    with pytest.raises(DeliveryError, match="missing or damaged and home is away"):
        world.delivery().read(manifest, "part/2.bin")
    alone.cache.close()


def test_drips_are_cut_by_a_floor_of_bytes_a_second() -> None:
    now = 0.0

    def drip() -> Iterator[bytes]:
        nonlocal now
        while True:
            now += 1.0
            yield b"x"

    taken = 0
    with pytest.raises(FrameError, match=f"less than {SLOWEST} bytes a second"):
        for _ in not_too_slow(drip(), "home", lambda: now):
            taken += 1
    assert GRACE_S - 2 < taken < GRACE_S + 2


def test_a_head_that_comes_by_drips_is_cut(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror, "HEAD_S", 0.2)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not over.wait(0.02):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        delivery = world.delivery(f"http://127.0.0.1:{listener.getsockname()[1]}")
        fetching = threading.Thread(target=delivery.refresh, args=(APP,))
        fetching.start()
        fetching.join(PATIENCE_S)
        is_cut = not fetching.is_alive()
        over.set()
        thread.join()
        fetching.join()
    assert is_cut and whole(delivery, SECOND) and world.asked == 1


def test_a_pipe_in_a_mirrors_folder_is_not_waited_for(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for path in list(world.folder.rglob("*.*")):
        path.unlink()
        os.mkfifo(path)
    with caplog.at_level(logging.WARNING, "espalier"):
        delivery = world.delivery(str(world.folder))
        delivery.refresh(APP)
    assert whole(delivery, SECOND) and world.asked == 1 and "is no file" in caplog.text


def test_a_slow_line_is_no_drip() -> None:
    now = 0.0

    def slow() -> Iterator[bytes]:
        nonlocal now
        for _ in range(200):
            now += 1.0
            yield b"x" * (SLOWEST + 1)

    assert sum(map(len, not_too_slow(slow(), "home", lambda: now))) == 200 * (SLOWEST + 1)


@pytest.mark.parametrize("place", ["ftp://x/y", "http://", "file:///etc"])
def test_a_place_that_is_no_mirror_is_told(place: str) -> None:
    with pytest.raises(MirrorError, match="is no mirror"):
        Mirror(place)
