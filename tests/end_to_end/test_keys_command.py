"""``espalier keys`` against a real server, as its admin uses it, while a desktop follows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kernel.release import ReleaseError
from shell.main import main
from tests.attacks.hostile import Desk
from tests.waiting import wait_for

Keys = Callable[..., str]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def keys(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keys:
    """Runs ``espalier keys`` as the person who started the server; answers what it printed."""
    shutil.copytree(tmp_path / "keys", tmp_path / "admin" / "config" / "keys")

    def run(*words: str, person: str = "admin", code: int = 0) -> str:
        capsys.readouterr()
        base = ["--basedir", str(tmp_path / person), "--set", "trust.keyring=false"]
        answer = main(["espalier", *base, "keys", *words])
        told = capsys.readouterr()
        assert answer == code, (told.out, told.err)
        return told.out + told.err

    return run


def own_key(keys: Keys, person: str) -> str:
    return keys("make", person=person).splitlines()[0]


def test_the_list_names_every_key_and_who_has_it(desk: Desk, keys: Keys) -> None:
    said = keys("list", desk.real.address)
    assert re.search(r"^Fingerprint  ([0-9a-f]{4} ){9}[0-9a-f]{4}$", said, re.MULTILINE)
    assert [line.split()[0] for line in said.splitlines()[4:]] == ["pushes", "root", "snapshot", "targets", "timestamp"]
    assert len(re.findall(r"\(here\)", said)) == 2
    assert "(here)" not in keys("list", desk.real.address, person="somebody")


@pytest.mark.parametrize("role", ["root", "targets", "snapshot", "timestamp", "pushes"])
def test_every_key_can_be_replaced_while_a_desktop_follows(desk: Desk, keys: Keys, role: str) -> None:
    before = keys("list", desk.real.address)
    keys("rotate", role, desk.real.address)
    after = keys("list", desk.real.address)
    changed = {line.split()[0] for line in set(after.splitlines()[4:]) ^ set(before.splitlines()[4:])}
    assert changed == {role}
    assert desk.accept().serial == 1
    desk.push(main_kdl='layout 1 title="Shop"\nwindow { label "Second" }\n')
    assert desk.accept().serial == 2
    desk.restart()
    keys("rotate", role, desk.real.address)
    assert desk.accept().serial == 2


def test_the_keys_of_a_stopped_server_are_named_by_its_directory(desk: Desk, keys: Keys, tmp_path: Path) -> None:
    directory = str(desk.bare)
    assert "another process signs in" in keys("list", directory, code=1)
    before = keys("list", desk.real.address)

    def change() -> None:
        assert "name the directory of its repository" in keys("list", desk.real.address, code=1)
        assert keys("list", directory) == before
        keys("rotate", "timestamp", directory)
        assert keys("list", directory) != before
        keys("list", str(tmp_path / "git" / "work"), code=1)

    desk.restart(change)
    assert desk.accept().serial == 1


def test_without_the_key_nothing_is_sent(desk: Desk, keys: Keys) -> None:
    said = keys("rotate", "timestamp", desk.real.address, person="somebody", code=1)
    assert "'root.2' has 0 of 1 signatures" in said and "espalier keys sign" in said
    assert desk.metadata().keys() == {"root.1", "timestamp", "snapshot", "targets", "apps", "apps/shop"}


def test_an_app_is_delegated_to_its_publisher_and_taken_back(desk: Desk, keys: Keys) -> None:
    ann = own_key(keys, "ann")
    keys("delegate", "shop", ann, desk.real.address, "--only")
    assert f"app shop     {ann}" in keys("list", desk.real.address)
    with pytest.raises(ReleaseError, match="with 0 of the 1 keys"):
        desk.delivery.refresh("shop")
    assert desk.open().cached("shop") is None  # the key that had signed it may do so no more
    keys("revoke", ann, desk.real.address)
    assert ann not in keys("list", desk.real.address)
    assert desk.accept().serial == 1
    keys("delegate", "shop", ann, desk.real.address)
    desk.push(main_kdl='layout 1 title="Shop"\nwindow { label "Second" }\n')
    assert desk.accept().serial == 2


def test_two_admins_sign_one_after_the_other(desk: Desk, keys: Keys) -> None:
    ben = own_key(keys, "ben")
    keys("add", "root", ben, desk.real.address)
    waiting = keys("threshold", "root", "2", desk.real.address, code=1)
    found = re.search(r"keys sign (\S+root\.3\.json)", waiting)
    assert found, waiting
    keys("sign", found[1], person="ben")
    keys("send", found[1], desk.real.address)
    assert "2 of 2" in keys("list", desk.real.address)
    assert desk.accept().serial == 1
    keys("rotate", "timestamp", desk.real.address, code=1)
    assert "would be left with 1 keys" in keys("revoke", ben, desk.real.address, code=1)


def test_a_server_that_was_restored_gets_new_keys_and_its_clients_back(desk: Desk, keys: Keys) -> None:
    backup = desk.folder / "backup.git"
    desk.restart(lambda: shutil.copytree(desk.bare, backup) and None)
    keys("rotate", "timestamp", desk.real.address)
    desk.push(main_kdl='layout 1 title="Shop"\nwindow { label "Second" }\n')
    desk.accept()

    def restore() -> None:
        shutil.rmtree(desk.bare)
        shutil.move(backup, desk.bare)

    desk.restart(restore)
    desk.refuse("with 0 of the 1 keys|was seen; it was refused")
    keys("restored", desk.real.address)
    assert desk.accept().serial == 1, "what the backup had is what there is"
    assert wait_for(lambda: desk.open().cached("shop")) == desk.first


def test_root_and_targets_are_renewed(desk: Desk, keys: Keys) -> None:
    keys("renew", desk.real.address)
    assert desk.accept().serial == 1
    assert "Root         2," in keys("list", desk.real.address) and "Targets      2," in keys("list", desk.real.address)


def test_a_server_is_forgotten(desk: Desk, keys: Keys, tmp_path: Path) -> None:
    assert "Nothing was known" in keys("forget", "home", code=1)
    shutil.copytree(tmp_path / "data", tmp_path / "admin" / "data")
    assert "met anew" in keys("forget", "home")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rotat", "root", "x"), "did you mean rotate"),
        (("rotate", "root"), "takes ROLE SERVER"),
        (("revoke", "ed25519:12", "{server}"), "is no public key"),
        (("revoke", "ab" * 32, "{server}"), "may sign nothing here"),
        (("threshold", "root", "2", "{server}"), "has 1 keys, 2 of them cannot be needed"),
        (("threshold", "shop", "1", "{server}"), "targets delegate nothing to 'shop'"),
        (("threshold", "snapshot", "1", "{server}"), "has no keys of people"),
        (("rotate", "owner", "{server}"), "there is no role owner"),
        (("delegate", "../x", "ab" * 32, "{server}"), "is no name of an app"),
        (("sign", "nothing.json"), "cannot be read"),
    ],
)
def test_mistakes_are_one_clear_line(desk: Desk, keys: Keys, words: tuple[str, ...], said: str) -> None:
    shown = keys(*(word.format(server=desk.real.address) for word in words), code=2 if "takes" in said or "did" in said
                 or "name of an app" in said or "cannot be read" in said else 1)  # fmt: skip
    assert said in shown and "Traceback" not in shown


def test_a_refusal_is_said_at_the_desktop_too(desk: Desk, keys: Keys) -> None:
    ann = own_key(keys, "ann")
    keys("delegate", "shop", ann, desk.real.address, "--only")
    with pytest.raises(ReleaseError, match="with 0 of the 1 keys"):
        desk.delivery.refresh("shop")
    again = desk.open()
    assert again.cached("shop") is None
    assert "signed with a key that home has revoked" in again.refused["shop"].message


def publish(desk: Desk, person: str, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """``espalier publish`` of shop with another layout, by a person."""
    (desk.work / "apps" / "shop" / "main.kdl").write_text(text)
    base = ["--basedir", str(desk.folder / person), "--set", "trust.keyring=false"]
    capsys.readouterr()
    code = main(["espalier", *base, "publish", str(desk.work / "apps" / "shop"), "--server", desk.real.address])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_a_publisher_signs_what_they_publish_and_nobody_else_can(
    desk: Desk, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = own_key(keys, "ann")
    keys("delegate", "shop", ann, desk.real.address, "--only")
    code, said = publish(desk, "ben", 'layout 1 title="Shop"\nwindow { label "of Ben" }\n', capsys)
    assert code == 1 and "waits for the signature of its publisher" in said
    code, said = publish(desk, "ann", 'layout 1 title="Shop"\nwindow { label "of Ann" }\n', capsys)
    assert code == 0 and "Published and signed shop" in said, said
    first = desk.first
    assert desk.accept() != first and b"of Ann" in desk.delivery.read(desk.first, "main.kdl")
    desk.restart()
    assert b"of Ann" in desk.delivery.read(desk.accept(), "main.kdl")


def test_a_publisher_does_not_sign_what_a_server_has_altered(desk: Desk, keys: Keys) -> None:
    from kernel.trust.publisher import check_content

    files = {path: file.sha256 for path, file in desk.first.files.items()}
    check_content(desk.first, files)
    for other, words in (
        (files | {"main.kdl": "ab" * 32}, "altered the file 'main.kdl'"),
        (files | {"more.kdl": "ab" * 32}, "lacks the file 'more.kdl'"),
        ({path: sha for path, sha in files.items() if path != "main.kdl"}, "added the file 'main.kdl'"),
    ):
        with pytest.raises(ReleaseError, match=words):
            check_content(desk.first, other)
