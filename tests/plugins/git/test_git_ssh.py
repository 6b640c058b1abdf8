"""Fetch and push over ssh, with a real sshd: keys, passphrases, the agent, and hosts that are not known."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pygit2
import pytest

from plugins.api import Insert, TableProvider, Update
from plugins.git import remote
from plugins.git.known_host import is_known, is_ssh
from plugins.git.source import tables
from tests.plugins.git.conftest import Git, make_repository
from tests.plugins.git.ssh_server import SSHD, SshServer, make_key
from tests.plugins.git.test_git_transfer import Ring, ring, row  # noqa: F401
from tests.waiting import wait_for

needs_sshd = pytest.mark.skipif(SSHD is None, reason="apt-get install openssh-server openssh-client")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    made = SshServer(tmp_path_factory.mktemp("sshd") / "server")
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A person's folder, for us and for libgit2; without an agent."""
    folder = tmp_path / "home"
    (folder / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    before = pygit2.settings.homedir
    pygit2.settings.homedir = str(folder)
    yield folder
    pygit2.settings.homedir = before


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Git, Path]:
    place = tmp_path_factory.mktemp("songs")
    git = make_repository(place / "work")
    far = place / "far.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(far)], check=True)
    git("remote", "add", "origin", "nowhere")
    return place / "work", git, far


@pytest.fixture
def actions(songs: tuple[Path, Git, Path], ring: Ring) -> Iterator[TableProvider]:  # noqa: F811
    found = tables(str(songs[0]))
    yield found["actions"]
    for table in found.values():
        table.close()


def _push(actions: TableProvider) -> Any:
    return actions.commit([Insert({"action": "push", "can_ask": True})]).keys[0]


@needs_sshd
def test_a_host_is_spoken_with_once_it_is_known(
    server: SshServer, home: Path, songs: tuple[Path, Git, Path], actions: TableProvider
) -> None:
    _, git, far = songs
    git("remote", "set-url", "origin", server.url(far))
    server.authorized.write_text(make_key(home / ".ssh" / "id_ed25519"))
    name, known = f"[127.0.0.1]:{server.port}", home / ".ssh" / "known_hosts"
    _push(actions)
    wait_for(lambda: row(actions)["state"] == "failed")
    assert row(actions)["result"] == (
        f"{name} is not known: its host key is not in {known} "
        f"(ssh -p {server.port} 127.0.0.1 shows its fingerprint and accepts it, once)")  # fmt: skip
    other = make_key(home / "other").split()
    known.write_text(f"{name} {other[0]} {other[1]}\n")
    _push(actions)
    wait_for(lambda: row(actions)["state"] == "failed" and actions.count() == 2)
    assert "has another host key" in row(actions)["result"] and f"ssh-keygen -R '{name}'" in row(actions)["result"]
    assert not list((far / "refs" / "heads").iterdir())
    known.write_text(server.known)
    _push(actions)
    wait_for(lambda: row(actions)["state"] == "done")
    assert git("rev-parse", "main") == git("--git-dir", str(far), "rev-parse", "main")
    actions.commit([Insert({"action": "fetch"})])
    wait_for(lambda: row(actions)["action"] == "fetch" and row(actions)["state"] == "done")


@needs_sshd
def test_a_key_with_a_passphrase_lets_in(
    server: SshServer, home: Path, songs: tuple[Path, Git, Path], actions: TableProvider, ring: Ring  # noqa: F811
) -> None:
    _, git, far = songs
    git("remote", "set-url", "origin", server.url(far))
    (home / ".ssh" / "known_hosts").write_text(server.known)
    path = home / ".ssh" / "id_ed25519"
    server.authorized.write_text(make_key(path, "open sesame"))
    key = _push(actions)
    wait_for(lambda: row(actions)["state"] == "asking")
    assert row(actions)["question"] == f"Passphrase of the key {path}"
    actions.commit([Update(key, "", {"secret": "wrong"})])
    wait_for(lambda: row(actions)["state"] == "failed")
    assert "lets nobody in" in row(actions)["result"]
    key = _push(actions)
    wait_for(lambda: row(actions)["state"] == "asking")
    actions.commit([Update(key, "", {"secret": "open sesame", "is_kept": True})])
    wait_for(lambda: row(actions)["state"] == "done")
    assert ring == {f"ssh:{path}": (str(path), "open sesame")}


@needs_sshd
def test_the_agent_lets_in(
    server: SshServer, home: Path, songs: tuple[Path, Git, Path], actions: TableProvider, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _, git, far = songs
    git("remote", "set-url", "origin", server.url(far))
    (home / ".ssh" / "known_hosts").write_text(server.known)
    server.authorized.write_text(make_key(tmp_path / "kept-elsewhere"))
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(tmp_path / "agent")], stdout=subprocess.DEVNULL)
    try:
        wait_for((tmp_path / "agent").exists)
        monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
        _push(actions)
        wait_for(lambda: row(actions)["state"] == "failed")
        subprocess.run(["ssh-add", "-q", str(tmp_path / "kept-elsewhere")], check=True, env=dict(os.environ))
        _push(actions)
        wait_for(lambda: row(actions)["state"] == "done")
    finally:
        agent.terminate()
        agent.wait()


def test_a_transfer_that_cannot_connect_ends_when_it_is_given_up(
    songs: tuple[Path, Git, Path], home: Path, actions: TableProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "_PATIENCE_MS", 600_000)
    _, git, far = songs
    with socket.create_server(("127.0.0.1", 0)) as silent:
        git("remote", "set-url", "origin", f"ssh://127.0.0.1:{silent.getsockname()[1]}{far}")
        key = _push(actions)
        taken, _ = silent.accept()
        actions.commit([Update(key, "", {"state": "cancelled"})])
        wait_for(lambda: row(actions)["state"] == "cancelled")
        assert row(actions)["result"] == "Given up"
        # Another one need not wait for it.
        _push(actions)
        silent.accept()[0].close()
        wait_for(lambda: row(actions)["state"] == "failed")
        taken.close()


def test_known_hosts_are_read_plain_hashed_and_by_pattern(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    digest = hmac.new(b"salt", b"[three]:2222", hashlib.sha1).digest()
    hashed = "|1|" + "|".join(base64.b64encode(part).decode() for part in (b"salt", digest))
    file.write_text("# a note\n\n*.example.org,one ssh-ed25519 AAAA\n[two]:2222 ssh-ed25519 AAAA\n|1|broken ssh-rsa A\n"
                    f"{hashed} ssh-ed25519 AAAA\n")
    assert all(is_known(file, name) for name in ("a.example.org", "one", "[two]:2222", "[three]:2222"))
    assert not any(is_known(file, name) for name in ("example.com", "two", "[one]:22", ""))
    assert not is_known(tmp_path / "none", "one")
    assert [is_ssh(url) for url in ("ssh://a/b", "ann@a:b", "https://a/b", "/a/b", "file:///a")] == [
        True, True, False, False, False]  # fmt: skip
