"""``git clone``, ``fetch`` and ``push`` over HTTP on the server's own port, and what a push is told."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kernel.delivery.offer import News
from kernel.wire.link import Link
from tests.served import NOTES, ServerProcess, commit, git, make_repository
from tests.waiting import PATIENCE_S

RIGHTS = """[[rights]]
who = "anna"
may = ["publish"]
app = "notes"
[[rights]]
who = "dora"
may = ["administer"]
"""
PUSH = b"POST /apps.git/git-receive-pack HTTP/1.1\r\n"


class Place:
    """A server over a repository, and clones over HTTP."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.work = make_repository(folder)
        self.server = ServerProcess(self.bare, log_path=folder / "server.log")
        self.address = str(self.server.address)
        self._links: list[Link] = []

    def url(self, name: str = "") -> str:
        who = f"{name}:x@" if name else ""
        return f"http://{who}{self.address}/apps.git"

    def clone(self, name: str = "") -> Path:
        work = self.folder / f"clone-{name}"
        git(self.folder, "clone", "-q", self.url(name), str(work))
        return work

    def push(self, work: Path, *refs: str) -> tuple[int, str]:
        """Push; answers the exit code and what git said."""
        environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        command = ["git", "-C", str(work), "push", "origin", *(refs or ("HEAD:main",))]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, env=environment)
        return done.returncode, done.stderr

    def version(self, app: str = "notes") -> int:
        """The serial of the stable release, as a client hears it."""
        link = Link(self.address)
        try:
            from kernel.delivery.offer import opened
            from kernel.release import decode_manifest

            news = link.call("release", {"app": app}, type=News)
            return decode_manifest(opened(news.release, None).manifest).serial
        finally:
            link.close()

    def audit(self) -> list[tuple[str, str, str]]:
        """Person, action and reason of every line about publishing."""
        with closing(sqlite3.connect(self.bare / "espalier" / "audit.sqlite")) as audit:
            return list(audit.execute("SELECT person, action, reason FROM audit ORDER BY number"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.server.stop()


def change(work: Path, text: str, path: str = "apps/notes/main.kdl") -> None:
    commit(work, {path: f'layout 1\nwindow {{ label "{text}" }}\n'})


def test_clone_push_and_fetch_on_the_port_of_the_frames(place: Place, wait_until) -> None:
    work = place.clone("anna")
    change(work, "two")
    code, said = place.push(work)
    assert code == 0, said
    wait_until(lambda: place.version() == 2)
    git(place.work, "pull", "-q")
    assert "two" in (place.work / "apps/notes/main.kdl").read_text(), "the path of the repository goes on working"
    wait_until(lambda: ("A", "released", "") in place.audit())  # the commit's own word: nobody was asked for a name


def test_a_push_larger_than_one_post_comes_in_chunks(place: Place, wait_until) -> None:
    work = place.clone()
    (work / "apps/notes/data.bin").write_bytes(os.urandom(3 << 20))
    change(work, "two")
    assert place.push(work)[0] == 0
    wait_until(lambda: place.version() == 2)


def test_whoever_pushes_a_wrong_app_is_told_all_reasons_and_the_last_good_release_stays(place: Place) -> None:
    work = place.clone()
    commit(work, {"apps/notes/main.kdl": "layout 1\nwindow { lable x }\n", "apps/notes/scripts/json.py": "("})
    code, said = place.push(work)
    assert code == 0
    assert "notes is not released on stable, its last good release stays" in said
    assert "apps/notes/main.kdl:2:10" in said and "did you mean label?" in said and "json is Python's own" in said
    assert place.version() == 1
    change(work, "mended")
    git(work, "rm", "-q", "apps/notes/scripts/json.py")
    commit(work, {"README": "mended"})
    assert "not released" not in place.push(work)[1]


def test_pushing_takes_a_right_and_refusals_stand_in_the_audit(place: Place, wait_until) -> None:
    commit(place.work, {"roles.toml": RIGHTS})
    assert place.push(place.work)[0] == 0
    bert, nobody = place.clone("bert"), place.clone()
    change(bert, "x")
    wait_until(lambda: "403" in place.push(bert, "HEAD:refs/heads/mine")[1])
    assert place.push(bert)[0] != 0
    change(nobody, "x")
    assert place.push(nobody)[0] != 0
    anna = place.clone("anna")
    change(anna, "shop", "apps/shop/main.kdl")
    code, said = place.push(anna)
    assert code != 0 and "anna may not publish 'shop' on the channel stable" in said
    git(anna, "reset", "-q", "--hard", "origin/main")
    commit(anna, {"roles.toml": ""})
    code, said = place.push(anna)
    assert code != 0 and "anna may not change roles.toml" in said
    git(anna, "reset", "-q", "--hard", "origin/main")
    change(anna, "mine")
    assert place.push(anna)[0] == 0
    wait_until(lambda: ("anna", "released", "") in place.audit())
    assert place.push(anna, "HEAD~1:main", "--force")[0] != 0, "history is the administrators' to rewrite"
    dora = place.clone("dora")
    commit(dora, {"roles.toml": RIGHTS + "# more\n"})
    assert place.push(dora)[0] == 0
    refused = [line for line in place.audit() if line[1] == "refused"]
    assert ("anna", "refused", "anna may not publish 'shop' on the channel stable") in refused


def test_reading_can_take_a_right_too(place: Place, wait_until) -> None:
    commit(place.work, {"roles.toml": RIGHTS + '[[rights]]\nwho = "rita"\nmay = ["read"]\n'})
    place.push(place.work)
    command = ["git", "ls-remote", place.url("bert")]

    def is_refused() -> bool:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
        return done.returncode != 0 and "403" in done.stderr

    wait_until(is_refused)
    assert "apps" in os.listdir(place.clone("rita"))


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"GET /apps.git/HEAD HTTP/1.1\r\nHost: x\r\n\r\n", b"404"),
        (b"GET /apps.git/../../etc/passwd HTTP/1.1\r\n\r\n", b"404"),
        (b"GET /apps.git/info/refs HTTP/1.1\r\n\r\n", b"404"),
        (b"PUT /apps.git/x HTTP/1.1\r\n\r\n", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nA" + b"a" * 70_000 + b": x\r\n\r\n", b"431"),
        (PUSH + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
        (PUSH + b"Content-Length: 999999999999\r\n\r\n" + b"x" * 10, b""),
    ],
)
def test_odd_requests_are_answered_and_the_server_goes_on(place: Place, request_bytes: bytes, status: bytes) -> None:
    host, port = place.address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    assert status in answer.partition(b"\r\n")[0]
    assert place.version() == 1


def test_a_hook_of_the_repositorys_owner_is_left_alone(tmp_path: Path) -> None:
    bare, work = make_repository(tmp_path)
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 0\n")
    hook.chmod(0o755)
    server = ServerProcess(bare, log_path=tmp_path / "server.log")
    try:
        assert hook.read_text() == "#!/bin/sh\nexit 0\n"
        assert "another hook is there" in (tmp_path / "server.log").read_text()
        assert set(NOTES) <= set(os.listdir(work / "apps" / "notes"))
    finally:
        server.stop()
