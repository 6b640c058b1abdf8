"""Real source servers for tests: a process on a free port, and git repositories of small apps."""

from __future__ import annotations

import contextlib
import os
import random
import re
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parent.parent
#: Ports below those that Linux, macOS and Windows give out by themselves, where nothing has a name of its own.
PORTS = range(20_000, 32_000)
#: Where Linux says which ports it gives out by itself, the first and the last.
GIVEN_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")

SHOP = {
    "app.toml": 'name = "shop"\ntitle = "Shop"\n\n[sources.stock]\nkind = "sqlite"\n'
    'path = "stock.sqlite"\nschema = "schema.sql"\nseed = "seed.sql"\n',
    "main.kdl": 'layout 1 title="Shop"\ntable items source="items"\nwindow { grid items }\n',
    "schema.sql": "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price NUMERIC(10,2), day DATE);\n",
    "seed.sql": "INSERT INTO items (name, price, day) VALUES ('rake', 34.95, '2026-01-02'), ('hoe', 12.5, NULL);\n",
}
NOTES = {
    "app.toml": 'name = "notes"\ntitle = "Notes"\n',
    "main.kdl": 'layout 1 title="Notes"\nwindow { label "Notes" }\n',
}


def git(folder: Path, *arguments: str) -> str:
    """Run git as a person without configuration; answers what it printed."""
    environment = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts below ``folder``."""
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def commit(work: Path, files: Mapping[str, str], message: str = "Change") -> None:
    """Write files (path in the repository → text) and commit all."""
    write_files(work, files)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", message)


def in_app(app: str, files: Mapping[str, str]) -> dict[str, str]:
    """Files of an app as paths of the repository."""
    return {f"apps/{app}/{path}": text for path, text in files.items()}


def make_repository(folder: Path) -> tuple[Path, Path]:
    """A bare repository with the apps shop and notes, and a clone to push from."""
    bare, work = folder / "apps.git", folder / "work"
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "--bare", "-b", "main", str(bare))
    git(folder, "clone", "-q", str(bare), str(work))
    git(work, "checkout", "-q", "-b", "main")
    commit(work, in_app("shop", SHOP) | in_app("notes", NOTES), "Add shop and notes")
    git(work, "push", "-q", "origin", "main")
    return bare, work


def free_port() -> int:
    """A port for a server that goes and comes back: one that no connection gets from the system in the meantime.

    A client that tries again and again could even get its server's port for its own end, and talk to itself.
    """
    first, last = map(int, GIVEN_OUT.read_text().split()) if GIVEN_OUT.exists() else (PORTS.stop, PORTS.stop)
    for port in random.sample([port for port in PORTS if not first <= port <= last], 100):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("a hundred ports are taken")


def _is_readable(pipe: IO[bytes], timeout_s: float) -> bool:
    """Whether there is something to read within that time; for handles of any number, which select() is not."""
    with selectors.DefaultSelector() as looking:
        looking.register(pipe, selectors.EVENT_READ)
        return bool(looking.select(timeout_s))


class ServerProcess:
    """``python -m server DIRECTORY …`` on a free port; ready when the constructor returns.

    Attributes:
        address: Where it listens.
        lines: What it printed until it was ready.
        log_path: Its log.
    """

    def __init__(self, directory: Path, *options: str, log_path: Path) -> None:
        self.log_path = log_path
        command = [sys.executable, "-m", "server", str(directory), "--port", "0", "--log", str(log_path)]
        if "--keys" not in options:
            command += ["--keys", str(log_path.parent / "keys")]
        self.process = subprocess.Popen(
            [*command, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        self.lines = self._read_until("Serving ")
        found = re.search(r"^Serving .* on (\S+)$", "\n".join(self.lines), re.MULTILINE)
        assert found, self.lines
        self.address = found.group(1)

    def _read_until(self, start: str) -> list[str]:
        assert self.process.stdout is not None
        said = b""
        deadline = time.monotonic() + PATIENCE_S
        while not any(line.startswith(start.encode()) for line in said.split(b"\n")[:-1]):
            ready = _is_readable(self.process.stdout, max(0.0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not piece:
                self.process.kill()
                _, errors = self.process.communicate()
                raise AssertionError(f"the server did not start: {said.decode()}{errors.decode()}")
            said += piece
        return said.decode().splitlines()

    def log(self) -> str:
        """The log so far."""
        return self.log_path.read_text()

    def stop(self) -> tuple[int, str]:
        """Ask it to end; answers the exit code and what stood on stderr."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, errors.decode()

    def kill(self) -> None:
        """End it in the middle of everything."""
        self.process.kill()
        self.process.communicate(timeout=PATIENCE_S)

    def __enter__(self) -> ServerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()
