"""Servers and desktops that are killed at random moments of publishing and fetching; what holds afterwards.

``python -m tests.attacks.kills --kills 1000 --seed 7`` kills as often as one likes; the suite does it 42 times.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from kernel.cache import Cache
from kernel.delivery import Delivery
from kernel.trust.seal import Seal
from kernel.trust.server_trust import ServerTrust
from kernel.wire.link import Link
from kernel.wire.server import ServerThread
from server.log import Log
from server.repository import Repository, create_repository
from server.signing.signing import open_signing
from server.source_server import SourceServer

APP = "shop"
#: Files of each release besides those that say which one it is, and bytes of each.
FILES, SIZE = 12, 3_000


class Tally(NamedTuple):
    """What was done: kills of servers that publish, of servers that serve, of desktops; releases; new after a kill."""

    publishing: int
    serving: int
    fetching: int
    releases: int
    whole: int


class Broken(AssertionError):
    """Something was lost, or half."""


class Scene:
    """One server's and one person's files, and what was seen of them.

    Args:
        folder: Where.
        seed: Of the moments.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.git = folder / "apps.git"
        self.socket = str(folder / "socket")
        create_repository(self.git).close()
        self.number = self.serial = 0
        self.longest = {"publish": 0.05, "fetch": 0.02}
        self.counts = dict.fromkeys(Tally._fields, 0)

    # What the processes do

    def server(self) -> SourceServer:
        """The server as a start makes it."""
        log = Log(self.folder / "server.log", level="error")
        own = self.git / "espalier"
        signing, _ = open_signing(own / "trust", self.folder / "keys", log)
        return SourceServer(Repository(self.git), log, signing=signing)

    def publish(self, begin: Callable[[], None] = lambda: None) -> None:
        """Start a server, commit the next release's files and release them."""
        server = self.server()
        begin()
        server.repository.commit_files(self.content(self.number), f"Release {self.number}")
        server.look()
        server.close()

    def serve(self, ready: int) -> None:
        """Serve what there is until killed; tells when it does, with the serial of the release."""
        server = self.server()
        server.look()
        manifest = server.catalogue.find(APP).manifest
        self.check_server(server)
        ServerThread(server.wire, f"unix:{self.socket}")
        os.write(ready, f"{manifest.serial}\n".encode())
        signal.pause()

    def fetch(self, begin: Callable[[], None] = lambda: None) -> None:
        """Take the newest release, as a desktop does behind its first paint."""
        with Link(f"unix:{self.socket}") as link:
            link.call("hello", {})
            begin()
            self.delivery(link).refresh(APP)

    def delivery(self, link: Link | None) -> Delivery:
        """The person's own."""
        cache, data = Cache(self.folder / "cache"), self.folder / "data"
        seal = Seal(data / "seal.key")
        return Delivery(cache, "home", lambda: link, ServerTrust(data, "home", cache, seal=seal), seal)  # type: ignore[arg-type, return-value]

    def content(self, number: int) -> dict[str, bytes]:
        """The files of the commit of that number."""
        some = random.Random(number // 3)  # most stay from one release to the next
        files = {f"file{one}": some.randbytes(SIZE) for one in range(FILES)}
        files |= {"number": f"{number}".encode(), "app.toml": b'name = "shop"\ntitle = "Shop"\n'}
        files["main.kdl"] = b'layout 1 title="Shop"\nwindow { label "Shop" }\n'
        return {f"apps/{APP}/{path}": data for path, data in files.items()}

    # What must hold

    def check_server(self, server: SourceServer) -> None:
        """Whatever was committed is served whole and signed, and each release is told once."""
        published = server.catalogue.find(APP)
        newest = server.repository.apps(server.repository.head())[APP]
        self.demand(published.tree == newest, "what was committed last is not what is served")
        number = int(server.catalogue.read(published, "number"))
        wanted = self.content(number)
        found = {f"apps/{APP}/{path}": server.catalogue.read(published, path) for path in published.manifest.files}
        self.demand(found == wanted, f"the release of commit {number} has other files")
        signing = server.catalogue._signing
        signed = signing.targets_of(APP)["stable"] if signing is not None else ""  # type: ignore[attr-defined]
        self.demand(signed == published.release.id, "the release that is served is not the signed one")
        note = server.catalogue.note_of(APP)
        serials = [entry.serial for entry in note.log if entry.action == "released"] if note else []
        self.demand(serials == sorted(set(serials)), f"serials fall or come twice: {serials}")
        server.hosting.audit.flush()
        with closing(sqlite3.connect(self.git / "espalier" / "audit.sqlite")) as audit:
            query = "SELECT json_extract(after, '$.serial') FROM audit WHERE action = 'released' ORDER BY 1"
            told = [row[0] for row in audit.execute(query)]
        self.demand(told[-len(serials) :] == serials and len(told) == len(set(told)), f"the audit has {told}")

    def check_desk(self) -> int:
        """What the person has is one whole release, also without the server; answers its serial, 0 without any."""
        delivery = self.delivery(None)
        manifest = delivery.cached(APP)
        self.demand(APP not in delivery.refused, f"what is here is refused: {delivery.refused.get(APP)}")
        if manifest is None:
            return 0
        for path, file in manifest.files.items():
            self.demand(delivery.cache.get(file.sha256) is not None, f"{path} of release {manifest.serial} is missing")
        return manifest.serial

    def demand(self, holds: bool, words: str) -> None:
        if not holds:
            raise Broken(words)

    # Rounds

    def round(self) -> None:
        """A release: published by a server, served by another one, fetched by a desktop; each is killed."""
        self.number += 1
        if self.killed("publish", self.publish):
            self.counts["publishing"] += 1
        if self.serial == 0:
            self.forked(self.publish)
        serving, serial = self.served()
        try:
            self.demand(serial >= self.serial, f"release {serial} after release {self.serial}")
            self.counts["releases"] += serial > self.serial
            self.serial = serial
            before = self.check_desk()
            if self.killed("fetch", self.fetch):
                self.counts["fetching"] += 1
            after = self.check_desk()
            self.demand(after in (before, serial), f"release {after} after a kill between {before} and {serial}")
            self.counts["whole"] += 1
            self.forked(self.fetch)
            self.demand(self.check_desk() == serial, "the next fetch does not bring the newest release")
        finally:
            os.kill(serving, signal.SIGKILL)
            os.waitpid(serving, 0)
            self.counts["serving"] += 1

    def served(self) -> tuple[int, int]:
        """A process that serves, and the serial that it has."""
        ends = os.pipe()
        number = _fork(lambda: self.serve(ends[1]))
        os.close(ends[1])
        with os.fdopen(ends[0]) as told:
            serial = told.readline()
        self.demand(bool(serial), "the server does not start")
        return number, int(serial)

    def forked(self, work: Callable[[], None]) -> None:
        """Let a process do it."""
        self.demand(os.waitpid(_fork(work), 0)[1] == 0, f"{work.__name__} failed")

    def killed(self, name: str, work: Callable[[Callable[[], None]], None]) -> bool:
        """Let a process do it, and kill it at some moment after it has begun; answers whether it was still at work.

        The moments follow how long the work takes here: most are within it, some behind it.
        """
        ends = os.pipe()
        number = _fork(lambda: work(lambda: os.close(ends[1])))
        os.close(ends[1])
        os.read(ends[0], 1)  # the other end is closed where the work begins, or with the process
        os.close(ends[0])
        time.sleep(self.random.uniform(0, self.longest[name]))  # not for luck: the moment is what is tried
        os.kill(number, signal.SIGKILL)
        status = os.waitpid(number, 0)[1]
        self.demand(os.WIFSIGNALED(status) or status == 0, f"{name} failed")
        self.longest[name] *= 1.05 if os.WIFSIGNALED(status) else 0.8
        return os.WIFSIGNALED(status)

    @property
    def kills(self) -> int:
        """How many processes were killed at work."""
        return sum(self.counts[name] for name in ("publishing", "serving", "fetching"))


def _fork(work: Callable[[], None]) -> int:
    number = os.fork()
    if number == 0:
        status = 70
        try:
            work()
            status = 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    return number


def run(folder: Path, kills: int, seed: int) -> Tally:
    """Kill so often.

    Raises:
        Broken: something does not hold, with the seed.
    """
    scene = Scene(folder, seed)
    try:
        while scene.kills < kills:
            scene.round()
    except Broken as error:
        raise Broken(f"seed {seed}, round {scene.number}: {error}") from error
    return Tally(**scene.counts)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="espalier-kills-"))
    began = time.monotonic()
    try:
        tally = run(folder, options.kills, options.seed)
    except Broken as error:
        print(f"{error}; its files are in {folder}")
        return 1
    shutil.rmtree(folder)
    print(f"seed {options.seed}, {time.monotonic() - began:.0f} s: {tally}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
