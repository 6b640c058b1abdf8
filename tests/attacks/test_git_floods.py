"""Somebody who asks for git over HTTP without end, and takes no answer: other machines are served all the same."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.http.place import SHARE, WAITING_SHARE, Places
from server.http.request import HttpError
from tests.server.test_git_door import Place
from tests.waiting import PATIENCE_S, wait_for

_ASK = b"GET /apps.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: x\r\n\r\n"
_KIND = b"Content-Type: application/x-git-upload-pack-request\r\n"
_HOLD = b"POST /apps.git/git-upload-pack HTTP/1.1\r\nHost: x\r\n" + _KIND + b"Content-Length: 100\r\n\r\n"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.server.kill()  # what is held open would be waited for


def test_one_machine_that_holds_every_place_it_gets(place: Place) -> None:
    host, port = place.address.rsplit(":", 1)

    def connect(machine: str, said: bytes) -> socket.socket:
        made = socket.create_connection((host, int(port)), PATIENCE_S, source_address=(machine, 0))
        made.sendall(said)
        return made

    def answer(one: socket.socket) -> bytes:
        found = b""
        while piece := one.recv(65536):
            found += piece
        return found

    held = [connect("127.0.0.1", _HOLD) for _ in range(SHARE + WAITING_SHARE)]
    refused: list[bytes] = []

    def is_refused() -> bool:
        with connect("127.0.0.1", _ASK) as one:
            one.settimeout(1.0)
            try:
                refused.append(answer(one))
            except TimeoutError:
                return False
        return refused[-1].startswith(b"HTTP/1.1 503")

    wait_for(is_refused)
    assert f"{SHARE} of one machine".encode() in refused[-1] and b"Retry-After" in refused[-1]
    with connect("127.0.0.2", _ASK) as other:
        assert answer(other).startswith(b"HTTP/1.1 200")
    for one in held:
        one.close()

    def is_served() -> bool:
        with connect("127.0.0.1", _ASK) as one:
            return answer(one).startswith(b"HTTP/1.1 200")

    wait_for(is_served)


def test_places_are_given_in_turn_and_each_machine_has_its_share() -> None:
    async def run() -> None:
        places, served = Places(at_once=3, share=2, waiting=5, waiting_share=3), []
        go_on = asyncio.Event()

        async def ask(machine: str, number: int) -> None:
            async with places.place(machine):
                served.append((machine, number))
                await go_on.wait()

        tasks = []

        async def begin(machine: str, number: int) -> None:
            tasks.append(asyncio.create_task(ask(machine, number)))
            await asyncio.sleep(0)

        for number in range(5):
            await begin("evil", number)
        with pytest.raises(HttpError, match="serves 3 git requests at once, 2 of one machine"):
            await ask("evil", 5)
        await begin("good", 0)
        assert served == [("evil", 0), ("evil", 1), ("good", 0)]
        await begin("other", 0)
        tasks[2].cancel()  # one that waits gives up
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert sorted(served) == [("evil", 0), ("evil", 1), ("evil", 3), ("evil", 4), ("good", 0), ("other", 0)]
        async with places.place("evil"), places.place("evil"), places.place("new"):
            assert not places._waiting and places._taken.total() == 3
        assert not places._taken

    asyncio.run(run())
