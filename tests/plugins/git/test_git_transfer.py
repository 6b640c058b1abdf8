"""Fetch, pull and push against a server that wants a password: asked, remembered, given up, and told as they go on."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from layouts.node import Node
from plugins.api import Insert, ReadOnlyError, TableError, TableProvider, Update
from plugins.git import credential
from plugins.git.credential import is_encrypted
from plugins.git.source import tables
from tests.plugins.git.conftest import Git
from tests.plugins.git.git_server import GitServer
from tests.plugins.git.test_git_views import Desk, desk, shown  # noqa: F401
from tests.waiting import wait_for


class Ring(dict[str, tuple[str, str]]):
    """A keyring of the test's own."""

    def get_credential(self, entry: str, user: str | None) -> Any:
        found = self.get(entry)
        return None if found is None else SimpleNamespace(username=found[0], password=found[1])

    def set_password(self, entry: str, user: str, secret: str) -> None:
        self[entry] = (user, secret)


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    import keyring

    made = Ring()
    monkeypatch.setattr(keyring, "get_credential", made.get_credential)
    monkeypatch.setattr(keyring, "set_password", made.set_password)
    return made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    far = tmp_path / "far"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(far / "songs.git")], check=True)
    (far / "songs.git" / "config").open("a").write("[http]\n\treceivepack = true\n")
    made = GitServer(far, "ann", "correct horse")
    yield made
    made.close()


@pytest.fixture
def actions(worked: tuple[Path, Git], server: GitServer, ring: Ring) -> Iterator[TableProvider]:
    folder, git = worked
    git("remote", "add", "origin", f"{server.url}/songs.git")
    found = tables(str(folder))
    yield found["actions"]
    for table in found.values():
        table.close()


def row(actions: TableProvider) -> dict[str, Any]:
    names = [column.name for column in actions.schema.columns]
    return dict(zip(names, actions.rows(0, 1)[0], strict=True))


def push(actions: TableProvider, **values: Any) -> tuple[Any, ...]:
    return actions.commit([Insert({"action": "push", "can_ask": True, **values})]).keys[0]


def test_a_password_is_asked_for_remembered_and_not_asked_again(
    actions: TableProvider, server: GitServer, ring: Ring, worked: tuple[Path, Git]
) -> None:
    key = push(actions)
    wait_for(lambda: row(actions)["state"] == "asking")
    assert row(actions)["question"] == f"Password for {server.url}/songs.git" and row(actions)["user"] is None
    actions.commit([Update(key, "", {"user": "ann", "secret": "wrong", "is_kept": True})])
    wait_for(lambda: "did not take it" in str(row(actions)["question"]))
    assert row(actions)["secret"] is None and not ring
    actions.commit([Update(key, "", {"user": "ann", "secret": "correct horse", "is_kept": True})])
    wait_for(lambda: row(actions)["state"] == "done")
    assert ring == {f"git:{server.url.rpartition(':')[0]}": ("ann", "correct horse")}
    assert row(actions)["progress"] == 1.0 and row(actions)["question"] is None
    folder, git = worked
    far = server.folder / "songs.git"
    assert git("rev-parse", "main").strip() == git("--git-dir", str(far), "rev-parse", "main").strip()
    actions.commit([Insert({"action": "fetch"})])
    wait_for(lambda: row(actions)["action"] == "fetch" and row(actions)["state"] == "done")
    assert actions.count() == 2


def test_nobody_is_asked_where_nobody_can_answer(actions: TableProvider, ring: Ring) -> None:
    push(actions, can_ask=False)
    wait_for(lambda: row(actions)["state"] == "failed")
    assert "lets nobody in" in row(actions)["result"] and "keyring may hold a password" in row(actions)["result"]


def test_a_transfer_is_given_up_while_it_asks_and_while_the_server_is_silent(
    actions: TableProvider, server: GitServer, ring: Ring
) -> None:
    key = push(actions)
    wait_for(lambda: row(actions)["state"] == "asking")
    with pytest.raises(TableError, match="another transfer is under way"):
        push(actions)
    with pytest.raises(ReadOnlyError):
        actions.commit([Update(key, "", {"result": "x"})])
    actions.commit([Update(key, "", {"state": "cancelled"})])
    wait_for(lambda: row(actions)["state"] == "cancelled")
    with pytest.raises(TableError, match="over already"):
        actions.commit([Update(key, "", {"state": "cancelled"})])
    ring["git:http://127.0.0.1"] = ("ann", "correct horse")
    server.hold.clear()
    key = push(actions)
    actions.commit([Update(key, "", {"state": "cancelled"})])
    # The server says nothing, and is not waited for; what it says later is too late.
    wait_for(lambda: row(actions)["state"] == "cancelled")
    left = [thread for thread in threading.enumerate() if thread.name == "git transfer"]
    server.hold.set()
    for thread in left:
        thread.join(60)
    assert row(actions)["state"] == "cancelled"
    assert not list((server.folder / "songs.git" / "refs" / "heads").iterdir())


def test_the_bar_shows_how_far_it_is_and_asks_with_a_mask(
    desk: Desk, server: GitServer, ring: Ring, wait_until: Callable[..., None]  # noqa: F811
) -> None:
    context, _, git = desk
    git("remote", "add", "origin", f"{server.url}/songs.git")
    table = context.tables["actions"].table()
    [bar] = shown(context, Node("git-transfers", "bar", {"table": "actions"}))
    assert bar.isHidden()
    table.commit([Insert({"action": "push", "can_ask": True})])
    wait_until(lambda: bar.secret.isVisible())
    assert bar.secret.echoMode() == QLineEdit.EchoMode.Password and bar.user.isVisible() and not bar.bar.isVisible()
    bar.user.setText("ann")
    QTest.keyClicks(bar.secret, "correct horse")
    bar.kept.setChecked(True)
    QTest.keyClick(bar.secret, Qt.Key.Key_Return)
    assert bar.secret.text() == ""
    wait_until(lambda: bar.isHidden() and len(ring) == 1)
    server.hold.clear()
    table.commit([Insert({"action": "fetch", "can_ask": True})])
    wait_until(lambda: bar.isVisible() and bar.said.text() == "fetch is under way")
    bar.cancel.click()
    wait_until(lambda: bar.isHidden())
    server.hold.set()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="apt-get install openssh-client")
def test_keys_with_a_passphrase_are_known(tmp_path: Path) -> None:
    for kind in (["-t", "ed25519"], ["-t", "ecdsa", "-m", "PEM"]):
        for secret in ("", "secret"):
            path = tmp_path / f"{kind[1]}{bool(secret)}"
            subprocess.run(["ssh-keygen", "-q", *kind, "-N", secret, "-f", str(path)], check=True)
            assert is_encrypted(path) is bool(secret), path.name


def test_a_key_with_a_passphrase_is_asked_about_once(
    tmp_path: Path, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pygit2
    from pygit2.enums import CredentialType

    monkeypatch.setattr(credential.Path, "home", lambda: tmp_path)
    monkeypatch.setattr(credential, "is_encrypted", lambda path: path.name == "id_ed25519")
    (tmp_path / ".ssh").mkdir()
    for name in ("id_rsa", "id_ed25519"):
        (tmp_path / ".ssh" / name).write_text("key")
    asked: list[str] = []

    def ask(wish: credential.Wish) -> credential.Secret:
        asked.append(wish.text)
        return credential.Secret("", "open sesame", True)

    credentials = credential.Credentials(ask)
    given = [credentials.next("ssh://git@far/x", "git", CredentialType.SSH_KEY) for _ in range(3)]
    assert [type(one) for one in given] == [pygit2.KeypairFromAgent, pygit2.Keypair, pygit2.Keypair]
    with pytest.raises(TableError, match="lets nobody in"):
        credentials.next("ssh://git@far/x", "git", CredentialType.SSH_KEY)
    path = tmp_path / ".ssh" / "id_ed25519"
    assert asked == [f"Passphrase of the key {path}"]
    credentials.remember()
    assert ring == {f"ssh:{path}": (str(path), "open sesame")}
