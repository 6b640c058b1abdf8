"""A real server process; the clients are connections of this process, which count what they get."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.fetch.tree import SMALL, changed, make
from benchmarks.result import Result
from kernel.wire.address import parse_address
from kernel.wire.client import Client
from kernel.wire.connect import connect
from tests.served import ServerProcess, git

APP = "bench"
SHELLS, CLIENTS, ROUNDS = 200, 1_000, 5
#: The most, in ms, until the last of the shells has heard of a release; and until the 99th of 100 clients has it.
HEARD_MS, SERVED_MS = 50.0, 30_000.0
#: The most of the server's memory while all fetch, in MB.
MEMORY_MB = 1_000.0


class Storm(NamedTuple):
    """What all clients at once saw: ms until each had everything, how many did, and the server's most memory, MB."""

    times: list[float]
    served: int
    memory: float


def measure() -> list[Result]:
    """The figures."""
    import uvloop

    with tempfile.TemporaryDirectory(prefix="espalier-storm-") as folder:
        place = Place(Path(folder))
        try:
            heard = sorted(uvloop.run(_reach(place)))
            changed_ = uvloop.run(_storm(place, is_cold=False))
            cold = uvloop.run(_storm(place, is_cold=True))
        finally:
            place.server.stop()
    median = heard[len(heard) // 2]
    return [
        Result(f"release to {SHELLS}", "ms", median, None, HEARD_MS, True),
        *_results("a change", changed_),
        *_results("all of it", cold),
    ]


def _results(name: str, storm: Storm) -> list[Result]:
    problem = "" if storm.served == CLIENTS else f"{CLIENTS - storm.served} were not served"
    p99 = sorted(storm.times)[len(storm.times) * 99 // 100]
    return [
        Result(f"{CLIENTS}, {name}, p99", "ms", p99, None, SERVED_MS, True, problem=problem),
        Result(f"{CLIENTS}, {name}, server", "MB", storm.memory, None, MEMORY_MB, True),
    ]


class Place:
    """A server of one app, and the folder that it is pushed from."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.files = make(SMALL)
        self.number = 0
        self.bare, self.work = folder / "apps.git", folder / "work"
        git(folder, "init", "-q", "--bare", "-b", "main", str(self.bare))
        git(folder, "clone", "-q", str(self.bare), str(self.work))
        git(self.work, "checkout", "-q", "-b", "main")
        self._write(self.files)
        self.push()
        self.server = ServerProcess(self.bare, *options, log_path=folder / "server.log")

    def change(self) -> None:
        """Commit another line."""
        self.number += 1
        after = changed(self.files, self.number)
        self._write({path: data for path, data in after.items() if self.files[path] != data})
        self.files = after

    def _write(self, files: dict[str, bytes]) -> None:
        for path, data in files.items():
            place = self.work / "apps" / APP / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        git(self.work, "add", "-A")
        git(self.work, "commit", "-q", "-m", "Change")

    def push(self) -> float:
        """Push; answers when the branch was another one, seconds since 1970."""
        git(self.work, "push", "-q", "origin", "main")
        return (self.bare / "refs" / "heads" / "main").stat().st_mtime

    def memory(self) -> float:
        """The server's memory at its most so far, MB."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found.group(1)) / 1000 if found else 0.0


async def _reach(place: Place) -> list[float]:
    """ms from each of some pushes until the last shell has heard of its release."""
    count = 0
    last = 0.0
    everybody = asyncio.Event()

    def hear(_topic: str, _body: Any) -> None:
        nonlocal count, last
        count += 1
        if count == SHELLS:
            last = time.time()
            everybody.set()

    clients = [await connect(parse_address(place.server.address), lambda: Client(on_event=hear), 10.0)
               for _ in range(SHELLS)]  # fmt: skip
    await asyncio.gather(*(one.call("subscribe", {"topic": f"release:{APP}"}) for one in clients))
    taken = []
    for _ in range(ROUNDS):
        count = 0
        everybody.clear()
        await asyncio.to_thread(place.change)
        committed = await asyncio.to_thread(place.push)
        async with asyncio.timeout(30):
            await everybody.wait()
        taken.append((last - committed) * 1000)
    for one in clients:
        one.close()
    return taken


async def _storm(place: Place, *, is_cold: bool) -> Storm:
    """All clients ask in the same moment: for a change of what they have, or for everything."""
    address = parse_address(place.server.address)
    clients = [await connect(address, Client, 10.0) for _ in range(CLIENTS - 1)]
    clients.append(await connect(address, Client, 10.0))
    have = "" if is_cold else await _newest(clients[0])
    if not is_cold:
        await asyncio.to_thread(place.change)
        await asyncio.to_thread(place.push)
        async with asyncio.timeout(30):
            while await _newest(clients[0]) == have:
                await asyncio.sleep(0.01)
    release = await _newest(clients[0])
    number = len(place.files)
    path = sorted(place.files).index(_changed_path(place))
    files = [0, number] if is_cold else [path, path + 1]
    started = time.perf_counter()
    times = await asyncio.gather(*(_fetch(one, have, release, files) for one in clients), return_exceptions=True)
    for one in clients:
        one.close()
    taken = [(at - started) * 1000 for at in times if isinstance(at, float)]
    return Storm(taken, len(taken), place.memory())


def _changed_path(place: Place) -> str:
    texts = [path for path in place.files if path.endswith(".txt")]
    return texts[place.number * 7 % len(texts)]


async def _newest(client: Client) -> str:
    """The id of the newest release."""
    apps = await client.call("apps", {}, timeout_s=30)
    return str(next(row["release"] for row in apps["apps"] if row["name"] == APP))


async def _fetch(client: Client, have: str, release: str, files: list[int]) -> float:
    """What a shell does: ask, and take the files; answers when it has them."""
    await client.call("release", {"app": APP, "have": have}, timeout_s=120)
    done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    taken = 0

    def take(_piece: bytes) -> None:
        nonlocal taken
        taken += 1
        client.take_more(id, 1)

    args = {"app": APP, "release": release, "base": have, "files": files}
    id = client.request("files", args, done.set_result, chunk=take)
    answer = await done
    if isinstance(answer, Exception):
        raise answer
    if not taken:
        raise RuntimeError("nothing came")
    return time.perf_counter()
