"""Apps with code of their own from a real source server: scripts, wheels, native libraries, each in its process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.compiling import WHEEL_TAG, extension, library, needs_gcc
from tests.served import ROOT, ServerProcess, git, make_repository
from tests.waiting import PATIENCE_S
from tests.wheels import wheel

LAYOUT = 'layout 1 title="Paint"\nwindow { label "Paint" }\n'
SCRIPT = """
import ctypes
import paint
import paint.fast
from colours import names

def run(app):
    return f"{paint.__version__} {paint.fast.answer()} {ctypes.CDLL('libgeo.so.1').geo()} {names.ALL}"
"""

#: A person's process: opens an app of a server and runs a script, as a window does, without the window.
CLIENT = """
import sys
import time
from shell.app_remote import RemoteApp
from shell.consent import consents_of, question
from shell.session import Given, Session
from tests.waiting import PATIENCE_S
session, end = Session(Given(basedir=sys.argv[1])), time.monotonic() + PATIENCE_S
session.app = RemoteApp(session.servers, sys.argv[2], sys.argv[3])
asked = question(session.app, session)
if asked is not None:
    consents_of(session).agree(asked.key, asked.wanted)
for run in sys.argv[4:]:
    try:
        print(session.scripts.call(run, None), flush=True)
    except Exception as error:
        print(type(error).__name__, error, flush=True)
    if sys.stdin.readline().strip() == "refresh":
        while session.app.manifest.serial < 2 and time.monotonic() < end:
            session.app._take_newest()
            time.sleep(0.05)
        print(session.app.manifest.version, session.scripts_wait, flush=True)
session.close()
"""


def files(version: str, answer: int) -> dict[str, bytes]:
    """An app with a wheel and a library, both in that version."""
    modules = {
        "paint/__init__.py": f"__version__ = {version!r}\n",
        "paint/fast.abi3.so": extension("fast", str(answer)),
    }
    name, data = wheel("paint", version, modules, tag=WHEEL_TAG)
    described = f'requires.wheels = ["paint=={version}"]\n[libraries.geo]\nversion = "{version}"\nfile = "native/geo"\n'
    return {
        "app.toml": f'name = "APP"\n{described}'.encode(),
        "main.kdl": LAYOUT.encode(),
        "scripts/brush.py": SCRIPT.encode(),
        "scripts/colours/names.py": b"ALL = ['red']\n",
        "native/geo": library("libgeo.so.1", f"int geo(void) {{ return {answer} * 2; }}"),
        f"wheels/{name}": data,
    }


def push(work: Path, app: str, content: dict[str, bytes]) -> None:
    """Make the app's folder these files, and push it."""
    folder = work / "apps" / app
    if folder.exists():
        git(work, "rm", "-rq", f"apps/{app}")
    for path, data in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data.replace(b"APP", app.encode()) if path == "app.toml" else data)
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", f"Change {app}")
    git(work, "push", "-q", "origin", "main")


class Client:
    """A person's process."""

    def __init__(self, base: Path, address: str, app: str, *runs: str) -> None:
        command = [sys.executable, "-c", CLIENT, str(base), address, app, *runs]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes)

    def line(self) -> str:
        """The next line that it prints."""
        return self.process.stdout.readline().strip()

    def tell(self, word: str) -> None:
        """Let it go on."""
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Let it end."""
        self.process.communicate("end\n", timeout=PATIENCE_S)


@needs_gcc
def test_two_apps_have_two_versions_of_a_wheel_and_a_library_side_by_side(tmp_path: Path) -> None:
    bare, work = make_repository(tmp_path)
    push(work, "first", files("1.0", 10))
    push(work, "second", files("2.0", 20))
    with ServerProcess(bare, log_path=tmp_path / "log") as server:
        clients = [Client(tmp_path / "base", server.address, app, "brush:run") for app in ("first", "second")]
        try:
            assert [client.line() for client in clients] == ["1.0 10 20 ['red']", "2.0 20 40 ['red']"]
        finally:
            for client in clients:
                client.end()
    again = Client(tmp_path / "base", server.address, "first", "brush:run")
    assert again.line() == "1.0 10 20 ['red']", "without the server, from what is kept"
    again.end()


@needs_gcc
@pytest.mark.parametrize("change", ["scripts", "wheels", "no reload"])
def test_scripts_of_a_newer_release_are_taken_where_that_can_be(tmp_path: Path, change: str) -> None:
    bare, work = make_repository(tmp_path)
    first = files("1.0", 10)
    if change == "no reload":
        first["app.toml"] += b"[scripts]\nreload = false\n"
    push(work, "desk", first)
    with ServerProcess(bare, log_path=tmp_path / "log") as server:
        client = Client(tmp_path / "base", server.address, "desk", "brush:run", "brush:run")
        assert client.line() == "1.0 10 20 ['red']"
        newer = files("2.0", 20) if change == "wheels" else {**first, "scripts/colours/names.py": b"ALL = ['blue']\n"}
        if change == "wheels":
            newer["scripts/colours/names.py"] = b"ALL = ['blue']\n"
        push(work, "desk", newer)
        wait_for_line(server, "app published", '"app":"desk"', '"serial":2')
        client.tell("refresh")
        told = client.line()
        taken = change == "scripts"
        assert ("when the app is started again" in told) is not taken, told
        assert client.line() == f"1.0 10 20 ['{'blue' if taken else 'red'}']"
        client.end()


@needs_gcc
def test_a_wrong_wheel_or_library_is_refused_and_the_last_good_release_goes_on(tmp_path: Path) -> None:
    bare, work = make_repository(tmp_path)
    good = files("1.0", 10)
    push(work, "desk", good)
    name, evil = wheel("paint", "1.0", {"paint/__init__.py": "", "evil.pth": "import os"})
    path = library("/tmp/evil.so", "int geo(void) { return 666; }")
    attacks = {
        "would run at every start": {f"wheels/{name}": evil},
        "calls itself /tmp/evil.so, which is a path": {"native/geo": path},
        "the name json is Python's own": {"scripts/json.py": b"evil = 1"},
    }
    with ServerProcess(bare, log_path=tmp_path / "log") as server:
        for reason, change in attacks.items():
            push(work, "desk", {**good, **change})
            wait_for_line(server, "refused", reason)
            client = Client(tmp_path / "base", server.address, "desk", "brush:run")
            assert client.line() == "1.0 10 20 ['red']"
            client.end()


def wait_for_line(server: ServerProcess, *words: str) -> None:
    """Until a line of the server's log has the words."""
    end = time.monotonic() + PATIENCE_S
    while not any(all(word in line for word in words) for line in server.log().splitlines()):
        assert time.monotonic() < end, server.log()
        time.sleep(0.05)
