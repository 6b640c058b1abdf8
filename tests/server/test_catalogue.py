"""Releases from commits: serials, last good releases, what is told of bad apps."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kernel.release import decode_offered
from layouts.problem import Problem
from server.catalogue import Catalogue, Signing, kept_places
from server.error import NoteError, SigningError, UnknownAppError
from server.log import Log
from server.note import NAMES, Entry, Notes
from server.repository import Repository
from tests.served import NOTES, SHOP, commit, git, make_repository


class Place:
    """A bare repository, a clone to push from, and catalogues over it."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work = make_repository(folder)
        self.log_path = folder / "log"
        self.note_paths = [folder / "notes" / name for name in NAMES]

    def catalogue(self) -> Catalogue:
        """A catalogue as after a start of the server."""
        catalogue = self.opened()
        catalogue.update()
        return catalogue

    def opened(self, signing: Signing | None = None) -> Catalogue:
        """A catalogue before its first look."""
        log = Log(self.log_path)
        return Catalogue(Repository(self.bare), Notes(self.note_paths[0].parent, log), log, signing=signing)

    def push(self, files: dict[str, str]) -> None:
        """Commit and push."""
        commit(self.work, files)
        git(self.work, "push", "-q", "origin", "main")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_release_names_every_file_by_its_hash(place: Place) -> None:
    import hashlib

    catalogue = place.catalogue()
    published = catalogue.find("shop")
    manifest = decode_offered(published.release)
    assert manifest == published.manifest
    assert set(manifest.files) == set(SHOP)
    assert manifest.files["main.kdl"].sha256 == hashlib.sha256(SHOP["main.kdl"].encode()).hexdigest()
    assert manifest.sources["stock"]["path"] == "stock.sqlite"
    assert manifest.commit == git(place.bare, "rev-parse", "main").strip()
    assert catalogue.read(published, "main.kdl").decode() == SHOP["main.kdl"]


def test_only_the_changed_app_gets_a_new_release(place: Place) -> None:
    catalogue = place.catalogue()
    before = {app: published.release.id for app, published in catalogue.published.items()}
    place.push({"apps/shop/main.kdl": SHOP["main.kdl"] + "// more\n"})
    assert catalogue.update() == {"shop"}
    assert catalogue.find("notes").release.id == before["notes"]
    assert catalogue.find("shop").release.id != before["shop"]
    assert catalogue.find("shop").manifest.serial == 2
    assert catalogue.update() == set()


def test_serial_counts_commits_and_the_manifest_is_the_same_after_a_restart(place: Place) -> None:
    for number in range(3):
        place.push({"apps/shop/main.kdl": SHOP["main.kdl"] + f"// {number}\n"})
        place.push({"README": str(number)})
    first = place.catalogue()
    assert first.find("shop").manifest.serial == 4
    assert place.catalogue().find("shop").release == first.find("shop").release
    for path in place.note_paths:
        path.unlink()
    again = msgspec.structs.replace(place.catalogue().find("shop").manifest, created=0)
    assert again == msgspec.structs.replace(first.find("shop").manifest, created=0)


def test_serial_never_falls_when_history_is_rewritten(place: Place) -> None:
    place.push({"apps/shop/main.kdl": SHOP["main.kdl"] + "// two\n"})
    catalogue = place.catalogue()
    git(place.work, "reset", "-q", "--hard", "HEAD~1")
    commit(place.work, {"apps/shop/main.kdl": SHOP["main.kdl"] + "// other\n"})
    git(place.work, "push", "-q", "--force", "origin", "main")
    assert catalogue.update() == {"shop"}
    assert catalogue.find("shop").manifest.serial == 3


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"apps/shop/app.toml": 'name = "shop"\ntitle = 5\n'}, "apps/shop/app.toml:2:"),
        ({"apps/shop/app.toml": "name = \n"}, "apps/shop/app.toml:1:"),
        ({"apps/shop/app.toml": 'name = "other"\n'}, "folder 'shop'"),
        ({"apps/shop/app.toml": 'name = "shop"\nlayout = "gone.kdl"\n'}, "gone.kdl"),
        ({"apps/shop/aux.txt": "x"}, "Windows"),
        ({"apps/shop/Main.kdl": "x"}, "one file on some systems"),
    ],
)
def test_bad_app_keeps_its_last_good_release_and_others_go_on(
    place: Place, files: dict[str, str], reason: str
) -> None:
    catalogue = place.catalogue()
    good = catalogue.find("shop").release
    place.push(files | {"apps/notes/main.kdl": NOTES["main.kdl"] + "// new\n"})
    assert catalogue.update() == {"notes"}
    assert catalogue.find("shop").release == good
    assert reason in catalogue.problems["shop"] and reason in place.log_path.read_text()
    again = place.catalogue()
    assert again.find("shop").release == good, "a new start of the server still has it"
    place.push({"apps/shop/app.toml": SHOP["app.toml"], "apps/shop/main.kdl": SHOP["main.kdl"] + "// mended\n"})
    git(place.work, "rm", "-q", "--ignore-unmatch", "apps/shop/aux.txt", "apps/shop/Main.kdl")
    place.push({"README": "mended"})
    again.update()
    assert again.find("shop").manifest.serial > catalogue.find("shop").manifest.serial
    assert again.problems == {}


def test_a_symlink_refuses_the_app(place: Place) -> None:
    (place.work / "apps/shop/passwd").symlink_to("/etc/passwd")
    place.push({})
    catalogue = place.catalogue()
    assert set(catalogue.published) == {"notes"}
    with pytest.raises(UnknownAppError, match="symbolic link"):
        catalogue.find("shop")


def test_deleted_app_goes_and_unknown_names_get_a_hint(place: Place) -> None:
    catalogue = place.catalogue()
    with pytest.raises(UnknownAppError, match="shop"):
        catalogue.find("shopp")
    git(place.work, "rm", "-q", "-r", "apps/shop")
    place.push({})
    assert catalogue.update() == {"shop"}
    assert [row["name"] for row in catalogue.rows()] == ["notes"]


def test_blobs_of_served_releases_only(place: Place) -> None:
    import hashlib

    place.push({"secret.txt": "not an app's"})
    catalogue = place.catalogue()
    assert catalogue.blob(hashlib.sha256(SHOP["main.kdl"].encode()).hexdigest())
    assert catalogue.blob(hashlib.sha256(b"not an app's").hexdigest()) is None


def test_empty_repository_serves_nothing_until_the_first_push(tmp_path: Path, place: Place) -> None:
    bare = tmp_path / "empty.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(bare))
    log = Log(tmp_path / "l")
    catalogue = Catalogue(Repository(bare), Notes(tmp_path / "own", log), log)
    assert catalogue.update() == set() and catalogue.rows() == []
    git(place.work, "push", "-q", str(bare), "main")
    assert catalogue.update() == {"shop", "notes"}


def test_one_damaged_byte_loses_no_serial(place: Place) -> None:
    place.push({"apps/shop/main.kdl": SHOP["main.kdl"] + "// two\n"})
    assert place.catalogue().find("shop").manifest.serial == 2
    git(place.work, "reset", "-q", "--hard", "HEAD~1")
    git(place.work, "push", "-q", "--force", "origin", "main")
    assert place.catalogue().find("shop").manifest.serial == 3
    for path in place.note_paths:
        whole = path.read_bytes()
        path.write_bytes(whole.replace(b'"serial":3', b'"serial":1'))
        assert place.catalogue().find("shop").manifest.serial == 3
        assert path.read_bytes() == whole, "the next note mends it"
    assert "its checksum is wrong" in place.log_path.read_text()


def test_damaged_notes_are_never_overwritten(place: Place) -> None:
    place.catalogue()
    for path in place.note_paths:
        path.write_bytes(b"\xff" + path.read_bytes()[1:])
    with pytest.raises(NoteError, match="damaged") as caught:
        place.opened()
    assert "backup" in caught.value.hint and str(place.note_paths[0]) in caught.value.message
    assert all(path.read_bytes().startswith(b"\xff") for path in place.note_paths)


def test_a_push_is_told_though_it_cannot_be_noted(place: Place) -> None:
    catalogue = place.catalogue()
    folder = place.note_paths[0].parent
    folder.rename(folder.with_name("aside"))
    folder.write_text("stands in the way")
    place.push({"apps/shop/main.kdl": SHOP["main.kdl"] + "// two\n"})
    assert catalogue.update() == {"shop"}
    assert catalogue.update() == set()
    assert place.log_path.read_text().count("cannot be noted") == 1
    folder.unlink()
    folder.with_name("aside").rename(folder)
    assert catalogue.update() == set()
    assert b'"serial":2' in place.note_paths[0].read_bytes()


class Failing:
    """Implements :class:`server.catalogue.Signing`; cannot while ``is_full``."""

    is_full = False

    def take(self, releases: object) -> dict[tuple[str, str], str]:
        if self.is_full:
            raise SigningError("no space left on device")
        return {}


def test_a_release_that_could_not_be_signed_is_told_when_it_is(place: Place) -> None:
    """Its line for the audit and the app's log is neither lost nor there twice, and its number is the next one."""
    signing = Failing()
    catalogue = place.opened(signing)
    catalogue.update()
    catalogue.take_news()
    before = catalogue.find("shop").manifest.serial
    signing.is_full = True
    place.push({"apps/shop/main.kdl": SHOP["main.kdl"] + "\n", "apps/notes/main.kdl": "layout 1 {{{"})
    new = {"apps/desk/app.toml": 'name = "desk"\ntitle = "Desk"\n', "apps/desk/main.kdl": NOTES["main.kdl"]}
    place.push(new)
    for _ in range(3):
        assert catalogue.update() == set() and catalogue.take_news() == []
    note = catalogue.note_of("shop")
    assert note and note.serial == before and catalogue.note_of("desk") is None and not catalogue.problems
    signing.is_full = False
    assert catalogue.update() == {"shop", "desk"}
    told = {(one.app, one.entry.action, one.entry.serial) for one in catalogue.take_news()}
    assert told == {("shop", "released", before + 1), ("desk", "released", 1), ("notes", "refused", 0)}
    assert [entry.action for entry in note_log(catalogue, "shop")] == ["released", "released"]
    assert place.opened(Failing()).note_of("shop") == catalogue.note_of("shop"), "as it was noted on the disk"


def note_log(catalogue: Catalogue, app: str) -> list[Entry]:
    note = catalogue.note_of(app)
    assert note is not None
    return note.log


def test_gits_clean_up_takes_no_release_away(place: Place) -> None:
    """History is rewritten so that no branch has what is served or was before, and git removes what nothing names."""
    second = SHOP["main.kdl"] + "// two\n"
    catalogue = place.catalogue()
    place.push({"apps/shop/main.kdl": second})
    catalogue.update()
    log = note_log(catalogue, "shop")
    git(place.work, "checkout", "-q", "--orphan", "anew")
    commit(place.work, {"apps/shop/app.toml": "wrong = {", "apps/shop/main.kdl": "layout 1 {{{"})
    git(place.work, "push", "-q", "--force", "origin", "HEAD:main")
    for command in (["reflog", "expire", "--expire=now", "--all"], ["gc", "-q", "--prune=now"]):
        git(place.bare, *command)
    again = place.catalogue()
    assert again.read(again.find("shop"), "main.kdl").decode() == second
    assert [entry.serial for entry in log] == [1, 2] and all(Repository(place.bare).has(one.tree) for one in log)
    assert git(place.work, "ls-remote", str(place.bare), "refs/espalier/*").count("\n") == 1


def test_libraries_of_releases_are_kept_too() -> None:
    assert kept_places("shop", ["a1 charts=b2 empty=", "a1", "c3"]) == {
        "shop/a1": "a1", "shop/b2": "b2", "shop/c3": "c3"
    }  # fmt: skip


def test_a_start_that_cannot_sign_serves_what_was_served_before(place: Place) -> None:
    before = place.catalogue().find("shop").release
    place.push({"apps/shop/main.kdl": SHOP["main.kdl"] + "// two\n"})
    signing = Failing()
    signing.is_full = True
    catalogue = place.opened(signing)
    assert catalogue.update() == {"shop", "notes"} and catalogue.update() == set()
    assert catalogue.find("shop").release == before, "to the byte, as it was signed"
    signing.is_full = False
    assert catalogue.update() == {"shop"}


def test_an_app_that_nobody_can_look_at_holds_up_no_other(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = place.catalogue()
    look = catalogue.fitness.problems

    def problems(app: str, channel: str, mark: str) -> list[Problem]:
        if app == "shop":
            raise RuntimeError("nobody thought of that")
        return look(app, channel, mark)

    monkeypatch.setattr(catalogue.fitness, "problems", problems)
    place.push({f"apps/{app}/main.kdl": NOTES["main.kdl"] + "// two\n" for app in ("shop", "notes")})
    assert catalogue.update() == {"notes"}
    assert catalogue.find("shop").manifest.serial == 1
    assert "RuntimeError: nobody thought of that" in catalogue.problems["shop"]
