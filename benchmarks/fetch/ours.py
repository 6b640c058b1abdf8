"""Ours: a real server process over a bare repository, and a delivery with a cache of its own in this process.

Signatures are checked; on one machine connections are plain, as those of most peers here. The figures begin where a
shell asks (no interpreter is started) and end when the release is durable in the cache.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.fetch.tree import Tree, changed, make
from benchmarks.fetch.way import Proxy
from kernel.cache import Cache
from kernel.delivery import Delivery
from kernel.release import Manifest, decode_manifest
from kernel.trust.known_server import KnownServer, named_in
from kernel.trust.seal import Seal
from kernel.trust.server_trust import ServerTrust
from kernel.trust.state import States
from kernel.wire.link import Link
from tests.served import ServerProcess, git

APP = "bench"


class Ours:
    """One app on a server, and what is measured of it.

    Args:
        folder: Where everything is.
        tree: The app's size.
        round_trip_ms: Of the way to the server; None = straight to it.
    """

    name = "espalier"

    def __init__(self, folder: Path, tree: Tree, round_trip_ms: float | None = None) -> None:
        self._folder = folder
        self._files = make(tree)
        self._number = 0
        self._round_trip_ms = round_trip_ms
        self._cold = 0
        bare, self._work = folder / "apps.git", folder / "work"
        folder.mkdir(parents=True)
        git(folder, "init", "-q", "--bare", "-b", "main", str(bare))
        git(folder, "clone", "-q", str(bare), str(self._work))
        git(self._work, "checkout", "-q", "-b", "main")
        self._write(self._files)
        self._push()
        self.server = ServerProcess(bare, log_path=folder / "server.log")
        self.proxy = Proxy(self.server.address, round_trip_ms) if round_trip_ms is not None else None
        self._link: Link | None = None
        try:
            self._manifest = self._new(folder / "cache").refresh(APP)
        except BaseException:
            self.close()
            raise

    @property
    def address(self) -> str:
        """Where clients connect to."""
        return f"127.0.0.1:{self.proxy.port}" if self.proxy is not None else self.server.address

    def _new(self, cache: Path) -> Delivery:
        """A delivery over a connection of its own."""
        if self._link is not None:
            self._link.close()
        own = cache.with_suffix(".person")
        trust = ServerTrust(own / "trust", "bench", kept := Cache(cache), seal=(seal := Seal(own / "seal.key")))
        self._link = link = Link(self.address, security=self._security(own))
        return Delivery(kept, "bench", lambda: link, trust, seal)

    def _security(self, own: Path) -> KnownServer:
        """What a shell gives its connections to a server of the network."""
        states = States(own / "trust")

        def named() -> tuple[str, ...]:
            state = states.read("bench")
            return named_in(state.root) if state is not None else ()

        return KnownServer(own / "trust", "bench", named, lambda _key: None)

    def _timed(self, delivery: Delivery) -> float:
        started = time.perf_counter()
        self._manifest = delivery.refresh(APP)
        return (time.perf_counter() - started) * 1000

    def cold(self) -> float:
        """The first time, over a new connection, into an empty cache; ms."""
        self._cold += 1
        place = self._folder / f"cold{self._cold}"
        taken = self._timed(self._new(place))
        shutil.rmtree(place)
        shutil.rmtree(place.with_suffix(".person"))
        return taken

    def unchanged(self) -> float:
        """Asked again over a new connection; ms."""
        return self._timed(self._new(self._folder / "cache"))

    def unchanged_open(self) -> float:
        """Asked again over the connection that a shell has; ms."""
        delivery = self._new(self._folder / "cache")
        delivery.refresh(APP)
        return self._timed(delivery)

    def one_file(self) -> float:
        """A line of one file has changed; over a new connection; ms."""
        self._change()
        taken = self._timed(self._new(self._folder / "cache"))
        assert self._is_newest(self._manifest)
        return taken

    def one_file_open(self) -> float:
        """A line of one file has changed; over the connection that a shell has; ms."""
        delivery = self._new(self._folder / "cache")
        delivery.refresh(APP)
        self._change()
        return self._timed(delivery)

    def bytes_of(self, measure: Callable[[], float]) -> int:
        """Bytes on the wire, both ways, of what one measure moves over its new connection."""
        straight, self.proxy = self.proxy, Proxy(self.server.address)
        try:
            measure()
            assert self._link is not None
            self._link.close()
            return self.proxy.passed()
        finally:
            self.proxy.stop()
            self.proxy = straight

    def _change(self) -> None:
        self._number += 1
        after = changed(self._files, self._number)
        different = {path: data for path, data in after.items() if self._files[path] != data}
        self._files = after
        self._write(different)
        self._push()
        self._wait_for_release()

    def _wait_for_release(self) -> None:
        """Wait until the server has published what was pushed."""
        head = git(self._work, "rev-parse", "HEAD").strip()
        with Link(self.server.address) as link:
            while _commit(link) != head:
                time.sleep(0.005)

    def _is_newest(self, manifest: Manifest) -> bool:
        return manifest.commit == git(self._work, "rev-parse", "HEAD").strip()

    def _write(self, files: dict[str, bytes]) -> None:
        for path, data in files.items():
            place = self._work / "apps" / APP / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

    def _push(self) -> None:
        git(self._work, "add", "-A")
        git(self._work, "commit", "-q", "-m", "Change")
        git(self._work, "push", "-q", "origin", "main")

    def close(self) -> None:
        """End everything."""
        if self._link is not None:
            self._link.close()
        if self.proxy is not None:
            self.proxy.stop()
        self.server.stop()


def _commit(link: Link) -> str:
    """The commit of the release that the server offers."""
    from kernel.delivery.offer import News, opened

    news: News = link.call("release", {"app": APP}, type=News)
    assert news.release is not None
    return decode_manifest(opened(news.release, None).manifest).commit


def run(command: list[str | Path], **options: object) -> float:
    """Milliseconds of a program that must succeed."""
    started = time.perf_counter()
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=120, **options)  # type: ignore[call-overload]
    taken = (time.perf_counter() - started) * 1000
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr.decode()[-300:]}")
    return taken
