"""The embedded server: found, started once, cleaned up after, ended when nobody needs it."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from kernel.wire.error import UnavailableError
from kernel.wire.link import Link
from server.embedded import EmbeddedServerError, ensure_running, is_listening, note_path
from server.fingerprint import ROOMS, code_fingerprint
from server.repository import Repository
from server.starter import update_starters
from shell.server_link import LazyLink
from tests.served import ROOT, commit, git
from tests.waiting import PATIENCE_S, wait_for


class Home(NamedTuple):
    """Directories as :class:`kernel.config.Paths` has them."""

    data: Path
    state: Path
    runtime: Path

    def server_ids(self) -> list[int]:
        """Processes of this home's server."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_bytes()
                except (FileNotFoundError, ProcessLookupError):
                    continue
                if b"--embedded" in line and os.fsencode(self.data) in line:
                    found.append(int(entry.name))
        return [number for number in found if _is_alive(number)]


def _is_alive(number: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False



def answered(link: Link | LazyLink) -> str:
    """Which program answers; empty while the link has not noticed yet that its server went, or is not back."""
    try:
        return link.call("hello", {})["server"]
    except UnavailableError:
        return ""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "data", tmp_path / "state", tmp_path / "runtime")
    yield home
    for number in home.server_ids():
        os.kill(number, signal.SIGTERM)
    wait_for(lambda: not home.server_ids())


def test_starts_serves_the_starter_apps_and_is_found_again(home: Home) -> None:
    address = ensure_running(home)
    with Link(address) as link:
        assert {"orders", "contacts"} <= {app["name"] for app in link.call("apps", {})["apps"]}
    assert ensure_running(home) == address
    assert len(home.server_ids()) == 1
    socket_path = Path(address.removeprefix("unix:"))
    assert stat.S_IMODE(socket_path.parent.stat().st_mode) == 0o700


def test_many_shells_at_once_start_one_server(home: Home) -> None:
    script = (
        "import sys; from pathlib import Path; from types import SimpleNamespace as N\n"
        "from server.embedded import ensure_running\n"
        "base = Path(sys.argv[1])\n"
        "print(ensure_running(N(data=base/'data', state=base/'state', runtime=base/'runtime')))\n"
    )

    def start(_: int) -> str:
        command = [sys.executable, "-c", script, str(home.data.parent)]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT, check=True).stdout

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(start, range(4)))) == 1
    assert len(home.server_ids()) == 1


def test_a_dead_servers_socket_is_cleaned_up(home: Home) -> None:
    address = ensure_running(home)
    [number] = home.server_ids()
    os.kill(number, signal.SIGKILL)
    socket_path = Path(address.removeprefix("unix:"))
    wait_for(lambda: not is_listening(socket_path))
    assert socket_path.exists()
    assert ensure_running(home) == address
    with Link(address) as link:
        assert link.call("hello", {})["server"] == "espalier"


def test_a_server_of_other_code_is_ended_and_replaced(home: Home) -> None:
    address = ensure_running(home)
    (old,) = home.server_ids()
    note = note_path(Path(address.removeprefix("unix:")))
    assert note.read_text() == f"{old} {code_fingerprint()}\n"
    note.write_text(f"{old} 0123456789abcdef\n")
    assert ensure_running(home, may_replace=False) == address and home.server_ids() == [old]
    with Link(address) as link:
        link.call("hello", {})
        assert ensure_running(home) == address
        (new,) = home.server_ids()
        assert new != old
        assert wait_for(lambda: answered(link)) == "espalier"
    assert '"reason":"signal"' in (home.state / "server.log").read_text()
    assert ensure_running(home) == address and home.server_ids() == [new]


def test_many_that_find_other_code_replace_it_once(home: Home) -> None:
    address = ensure_running(home)
    (old,) = home.server_ids()
    note_path(Path(address.removeprefix("unix:"))).unlink()
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda _: ensure_running(home), range(6))) == {address}
    assert len(home.server_ids()) == 1 and home.server_ids() != [old]


def test_a_server_that_is_ended_lets_a_shell_in_only_when_it_is_gone(home: Home) -> None:
    address = ensure_running(home)
    (old,) = home.server_ids()
    os.kill(old, signal.SIGTERM)
    for _ in range(20):  # whatever the moment: an address that answers, of the old server or the new one
        assert ensure_running(home) == address
        numbers = home.server_ids()
        assert len(numbers) <= 1 or old in numbers
    wait_for(lambda: old not in home.server_ids())
    assert ensure_running(home) == address
    with Link(address) as link:
        assert link.call("hello", {})["server"] == "espalier"


def test_fingerprints_follow_the_code(tmp_path: Path) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
    (tmp_path / "kernel" / "a.py").write_text("1")
    before = code_fingerprint(tmp_path)
    (tmp_path / "kernel" / "__pycache__").mkdir()
    (tmp_path / "kernel" / "__pycache__" / "a.pyc").write_text("1")
    assert code_fingerprint(tmp_path) == before
    (tmp_path / "kernel" / "a.py").write_text("22")
    assert code_fingerprint(tmp_path) != before


def test_a_link_starts_its_dead_server_again(home: Home) -> None:
    made = LazyLink(lambda: Link(ensure_running(home)), revive=lambda: ensure_running(home, may_replace=False))
    assert made.call("hello", {})["server"] == "espalier"
    (old,) = home.server_ids()
    os.kill(old, signal.SIGKILL)
    wait_for(lambda: old not in home.server_ids())
    assert wait_for(lambda: answered(made)) == "espalier"
    made.close()


def connected(home: Home, idle_s: float) -> tuple[str, Link]:
    """A client of a server that ends soon without one, and where it listens."""
    while True:
        address = ensure_running(home, idle_s=idle_s)
        link = Link(address)
        if answered(link):
            return address, link
        link.close()  # this machine is so slow that the server was idle for too long


def test_ends_when_idle_and_not_while_a_client_is_there(home: Home) -> None:
    address, link = connected(home, idle_s=1)
    with link:
        began = time.monotonic()
        wait_for(lambda: time.monotonic() - began > 2.5)
        assert len(home.server_ids()) == 1
    wait_for(lambda: not home.server_ids())
    assert not is_listening(Path(address.removeprefix("unix:")))
    assert '"reason":"idle"' in (home.state / "server.log").read_text()


def test_a_long_base_directory_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    home = Home(deep / "data", deep / "state", deep / "runtime")
    try:
        address = ensure_running(home)
        assert len(address) < 108
        with Link(address) as link:
            assert link.call("hello", {})
    finally:
        for number in home.server_ids():
            os.kill(number, signal.SIGTERM)
        wait_for(lambda: not home.server_ids())


def test_failing_start_says_why(home: Home) -> None:
    home.data.mkdir()
    (home.data / "server").write_text("in the way")
    with pytest.raises(EmbeddedServerError, match="does not start"):
        ensure_running(home)


def test_asking_for_the_server_imports_nothing_heavy() -> None:
    script = "import sys, server.embedded; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT, check=True)
    assert {"pygit2", "asyncio", "logging", "msgspec", "subprocess"}.isdisjoint(done.stdout.split())


def test_starter_apps_are_updated_unless_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import server.starter as starter

    shipped = {"one": {"app.toml": b'name = "one"\n'}, "two": {"app.toml": b'name = "two"\n'}}
    monkeypatch.setattr(starter, "starter_files", lambda: shipped)
    repository, apps = starter.create_with_starters(tmp_path / "apps.git")
    assert apps == ["one", "two"] and update_starters(repository) == []
    git(tmp_path, "clone", "-q", str(tmp_path / "apps.git"), "work")
    commit(tmp_path / "work", {"apps/two/app.toml": 'name = "two"\ntitle = "Mine"\n'})
    git(tmp_path / "work", "push", "-q", "origin", "main")
    shipped["one"] = {"app.toml": b'name = "one"\n', "new.kdl": b"new"}
    shipped["two"] = {"app.toml": b'name = "two"\ntitle = "Theirs"\n'}
    assert update_starters(Repository(tmp_path / "apps.git")) == ["one"]
    head = Repository(tmp_path / "apps.git").head()
    (tmp_path / "apps.git" / "espalier" / starter.NOTE).unlink()
    again = Repository(tmp_path / "apps.git")
    assert update_starters(again) == [] and again.head() == head
    git(tmp_path / "work", "pull", "-q", "--rebase", "origin", "main")
    assert (tmp_path / "work/apps/one/new.kdl").read_text() == "new"
    assert "Mine" in (tmp_path / "work/apps/two/app.toml").read_text()
