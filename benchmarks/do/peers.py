"""Programs that ask a running one, each with the one that answers: emacsclient, kitty, dbus-send, tmux."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.do.exec import run

#: Seconds that a program which answers may take to come up.
LONGEST_S = 30


class Peer(NamedTuple):
    """One of them.

    Attributes:
        program: What must be installed.
        doc: What is asked.
        server: The command line that answers, given the home.
        asking: The command line that asks.
    """

    program: str
    doc: str
    server: Callable[[Path], list[str]]
    asking: Callable[[Path], list[str]]


PEERS: tuple[Peer, ...] = (
    Peer("emacsclient", "a value of a running Emacs",
         lambda home: ["emacs", "--quick", "--fg-daemon=" + str(home / "emacs")],
         lambda home: ["emacsclient", "--socket-name", str(home / "emacs"), "--eval", "(+ 1 2)"]),
    Peer("kitty", "the windows of a running kitty",
         lambda home: ["kitty", "--config", "NONE", "-o", "allow_remote_control=yes", "--listen-on",
                       f"unix:{home / 'kitty'}", "sleep", "600"],
         lambda home: ["kitty", "@", "--to", f"unix:{home / 'kitty'}", "ls"]),
    Peer("tmux", "a value of a running tmux",
         lambda home: ["tmux", "-S", str(home / "tmux"), "-D", "-f", "/dev/null"],
         lambda home: ["tmux", "-S", str(home / "tmux"), "show-options", "-s"]),
    Peer("dbus-send", "the id of a message bus",
         lambda home: ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={home / 'bus'}"],
         lambda home: ["dbus-send", f"--bus=unix:path={home / 'bus'}", "--print-reply", "--dest=org.freedesktop.DBus",
                       "/", "org.freedesktop.DBus.GetId"]),
)  # fmt: skip


@contextlib.contextmanager
def answering(environ: dict[str, str], home: Path) -> Iterator[dict[str, list[str]]]:
    """Start what answers; program → the command line that asks it, of those that are installed and came up."""
    found: dict[str, list[str]] = {}
    with contextlib.ExitStack() as servers:
        for peer in PEERS:
            if shutil.which(peer.program) is not None:
                servers.enter_context(_running(peer.server(home), environ))
                if _answers(peer.asking(home), environ):
                    found[peer.program] = peer.asking(home)
        yield found


@contextlib.contextmanager
def _running(command: list[str], environ: dict[str, str]) -> Iterator[None]:
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=environ, **quiet)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(command: list[str], environ: dict[str, str]) -> bool:
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        with contextlib.suppress(RuntimeError):
            run(command, environ)
            return True
        time.sleep(0.2)
    return False
