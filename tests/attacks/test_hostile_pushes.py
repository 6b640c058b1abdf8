"""What a hostile push or a hostile publisher tries, against the real server: harmless, or refused and named."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pygit2
import pytest

from kernel.wire.error import RemoteError
from kernel.wire.link import Link
from server.repository import KEPT
from shell.publishing.client import Client, RefusedError
from tests.served import NOTES, commit, git
from tests.server.test_git_door import RIGHTS, Place, change


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.server.stop()


@pytest.fixture
def client(place: Place) -> Iterator[Client]:
    link = Link(place.address, name="mallory")
    yield Client(link)
    link.close()


def push_tree(place: Place, entries: list[tuple[str, int, bytes]]) -> tuple[int, str]:
    """Push the app notes with entries that git's own commands would not make: name, mode, content or object id."""
    work = place.clone()
    repository = pygit2.Repository(str(work))
    head = repository.head.peel(pygit2.Commit)
    notes = repository.TreeBuilder(head.tree["apps/notes"])
    body = repository[notes.write()].read_raw()
    for name, mode, content in sorted(entries):
        oid = pygit2.Oid(content) if mode == 0o160000 else repository.create_blob(content)
        body += b"%o %s\0%s" % (mode, name.encode(), oid.raw)
    made = repository.odb.write(pygit2.enums.ObjectType.TREE, body)
    apps = repository.TreeBuilder(head.tree["apps"])
    apps.insert("notes", made, pygit2.enums.FileMode.TREE)
    top = repository.TreeBuilder(head.tree)
    top.insert("apps", apps.write(), pygit2.enums.FileMode.TREE)
    who = pygit2.Signature("mallory", "m@example.org")
    repository.create_commit("refs/heads/evil", who, who, "Evil", top.write(), [head.id])
    return place.push(work, "evil:main")


@pytest.mark.parametrize(
    ("name", "mode", "content"),
    [
        ("zlink", 0o120000, b"/etc/passwd"),
        ("zmodule", 0o160000, b"\x11" * 20),
        ("..", 0o100644, b"x"),
        (".git", 0o100644, b"x"),
        ("zz.\\evil", 0o100644, b"x"),
        ("NUL.txt", 0o100644, b"x"),
    ],
)
def test_links_submodules_and_paths_that_lead_elsewhere_never_become_a_release(
    place: Place, name: str, mode: int, content: bytes
) -> None:
    code, said = push_tree(place, [(name, mode, content)])
    assert code != 0 or "notes is not released on stable" in said
    assert place.version() == 1
    change(place.work, "honest")
    if code != 0:  # where git itself took it, main is no longer where the honest clone was
        assert place.push(place.work)[0] == 0


def test_hooks_attributes_and_configuration_in_the_tree_run_nothing(place: Place, wait_until: Any) -> None:
    proof = place.folder / "proof"
    work = place.clone()
    script = f"#!/bin/sh\ntouch {proof}\n"
    files = {
        "hooks/post-receive": script, "hooks/update": script, ".githooks/pre-commit": script,
        ".gitattributes": "* filter=evil\n", ".gitconfig": f'[filter "evil"]\nsmudge = touch {proof}\n',
        ".gitmodules": f'[submodule "a"]\npath = a\nurl = ext::touch {proof}\n',
        ".lfsconfig": "[lfs]\nurl = http://evil.example\n",
    }  # fmt: skip
    commit(work, files | {"apps/notes/main.kdl": 'layout 1\nwindow { label "two" }\n'})
    place.push(work)
    change(place.work, "three")
    git(place.work, "fetch", "-q")
    wait_until(lambda: place.version() >= 1)
    assert not proof.exists()


@pytest.mark.parametrize("ref", [f"refs/replace/{'1' * 40}", "refs/notes/commits", "refs/espalier/x", "refs/stash"])
def test_refs_that_change_what_objects_mean_are_refused(place: Place, ref: str) -> None:
    code, said = place.push(place.clone(), f"HEAD:{ref}")
    assert code != 0 and ("may not be pushed" in said or "hidden" in said or "deny" in said), said
    assert git(place.bare, "for-each-ref", "--format=%(refname)").split() == [KEPT, "refs/heads/main"]


def test_the_served_branch_cannot_be_removed(place: Place) -> None:
    code, said = place.push(place.clone(), ":main")
    assert code != 0 and ("may not be removed" in said or "refusing to delete" in said), said
    assert place.version() == 1


def test_grafts_and_alternates_of_the_pusher_stay_with_the_pusher(place: Place, wait_until: Any) -> None:
    work = place.clone()
    secret = place.folder / "secret.git"
    git(place.folder, "init", "-q", "--bare", str(secret))
    (work / ".git/objects/info").mkdir(exist_ok=True)
    (work / ".git/objects/info/alternates").write_text(f"{secret}/objects\n")
    (work / ".git/info").mkdir(exist_ok=True)
    (work / ".git/info/grafts").write_text(git(work, "rev-parse", "HEAD"))
    change(work, "two")
    place.push(work)
    assert not (place.bare / "objects/info/alternates").exists() and not (place.bare / "info/grafts").exists()


def test_a_push_over_the_limit_is_cut_off(place: Place, tmp_path: Path) -> None:
    import socket

    host, port = place.address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"POST /apps.git/git-receive-pack HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"7fffffff\r\n" + b"0" * 1000)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    assert place.version() == 1 and b"passwd" not in answer


def files_of(folder: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return list(files)


def test_publishing_without_a_right_sends_nothing(
    place: Place, client: Client, tmp_path: Path, wait_until: Any
) -> None:
    commit(place.work, {"roles.toml": RIGHTS})
    place.push(place.work)
    before = git(place.bare, "count-objects", "-v")
    paths = files_of(tmp_path / "evil", NOTES | {"main.kdl": 'layout 1\nwindow { label "evil" }\n'})

    def is_refused() -> bool:
        try:
            client.publish("notes", tmp_path / "evil", paths, channel="stable")
        except RemoteError as error:
            return error.code == "forbidden"
        return False

    wait_until(is_refused)
    assert git(place.bare, "count-objects", "-v") == before and place.version() == 1
    assert any(line[:2] == ("mallory", "refused") for line in place.audit())


def test_a_published_version_cannot_be_published_over(place: Place, client: Client, tmp_path: Path) -> None:
    mine = NOTES | {"app.toml": NOTES["app.toml"] + 'version = "1.0"\n'}
    client.publish("notes", tmp_path / "a", files_of(tmp_path / "a", mine))
    other = mine | {"main.kdl": 'layout 1\nwindow { label "evil" }\n'}
    with pytest.raises(RefusedError, match="published before with other content"):
        client.publish("notes", tmp_path / "b", files_of(tmp_path / "b", other))
    assert place.version() == 2


SHA = hashlib.sha256(b"x").hexdigest()


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"../../hooks/update": {"sha256": SHA, "size": 1}}, "'..'"),
        ({"/etc/cron.d/x": {"sha256": SHA, "size": 1}}, "absolute"),
        ({".git/config": {"sha256": SHA, "size": 1}}, "git directory"),
        ({"a": {"sha256": SHA, "size": 1}, "a/b": {"sha256": SHA, "size": 1}}, "both a file and a folder"),
        ({"a": {"sha256": "../x", "size": 1}}, "no SHA-256"),
        ({"a": {"sha256": SHA, "size": 1 << 40}}, "MiB"),
        ({"a": {"sha256": SHA, "size": -1}}, "bytes"),
        ({f"f{number}": {"sha256": SHA, "size": 1} for number in range(5_001)}, "5000 files"),
        ({}, "no files"),
    ],
)
def test_lists_of_files_that_no_app_has_are_refused_before_anything_is_sent(
    place: Place, files: dict[str, Any], reason: str
) -> None:
    with Link(place.address) as link, pytest.raises(RemoteError, match=reason):
        link.call("publish.begin", {"app": "notes", "files": files})
    assert place.version() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda link: link.call("publish.add", {"app": "notes", "sequence": 1, "data": b"x"}),
        lambda link: link.call("publish.add", {"app": "notes", "sequence": 0, "data": b"y"}),
        lambda link: link.call("publish.add", {"app": "notes", "sequence": 0, "data": b"xx"}),
        lambda link: link.call("publish.add", {"app": "shop", "sequence": 0, "data": b"x"}),
    ],
)
def test_other_content_than_was_announced_is_refused(place: Place, spoil: Callable[[Link], Any]) -> None:
    with Link(place.address) as link:
        link.call("publish.begin", {"app": "notes", "files": {"a": {"sha256": SHA, "size": 1}}})
        with pytest.raises(RemoteError):
            spoil(link)
        assert place.version() == 1


def test_a_hook_that_the_environment_points_to_is_not_run(place: Place) -> None:
    proof = place.folder / "proof"
    evil = place.folder / "evil"
    evil.mkdir()
    (evil / "pre-receive").write_text(f"#!/bin/sh\ntouch {proof}\n")
    (evil / "pre-receive").chmod(0o755)
    work = place.clone()
    change(work, "two")
    environment = {**os.environ, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.hooksPath",
                   "GIT_CONFIG_VALUE_0": str(evil)}  # fmt: skip
    subprocess.run(["git", "-C", str(work), "push", "-q", "origin", "HEAD:main"], env=environment, check=True)
    assert not proof.exists()
