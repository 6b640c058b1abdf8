"""Channels, staged roll-outs, going back, rights: what somebody publishes and what each person then gets."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from layouts.app_check.check import UnfitError
from server.audit import Audit
from server.catalogue import Catalogue
from server.error import PublishError, RightError, UnknownAppError
from server.identity import Person
from server.log import Log
from server.note import Notes
from server.publishing.fitness import Fitness
from server.publishing.operation import Publishing
from server.publishing.rollout import share_of
from server.publishing.teller import Publishers, tell_audit
from server.repository import Repository
from tests.served import NOTES, commit, git, make_repository

ANNA, BERT = Person("anna", True, "unix"), Person("bert", True, "unix")


def known(name: str) -> Person:
    """Somebody whose name is sure."""
    return Person(name, True, "unix")


PEOPLE = [f"person{number}" for number in range(200)]


class Place:
    """A repository with its releases, without a process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.work = make_repository(folder)
        self.repository = Repository(self.bare)
        self.publishers = Publishers(folder / "own")
        self.audit = Audit(folder / "audit.sqlite", Log(folder / "log"))
        self.catalogue = self.opened()
        self.publishing = Publishing(self.repository, self.catalogue, self.publishers, self.audit, self.look)

    def opened(self) -> Catalogue:
        log = Log(self.folder / "log")
        catalogue = Catalogue(
            self.repository, Notes(self.folder / "own", log), log, who_did=self.publishers.find,
            fitness=Fitness(self.repository, self.folder / "own"),
        )  # fmt: skip
        catalogue.update()
        return catalogue

    def look(self) -> None:
        self.catalogue.update()
        for app, entry in self.catalogue.take_news():
            tell_audit(self.audit, app, entry)

    def files(self, text: str = "hello", **changed: str) -> dict[str, str]:
        """The app notes with a text, as blobs."""
        files = NOTES | {"main.kdl": f'layout 1\nwindow {{ label "{text}" }}\n'} | changed
        return {path: self.repository.write_blob(content.encode()) for path, content in files.items()}

    def publish(self, text: str, channel: str = "stable", percent: float = 100.0, person: Person = ANNA,
                version: str = "") -> int:  # fmt: skip
        """Publish notes; answers the serial."""
        manifest = NOTES["app.toml"] + (f'version = "{version}"\n' if version else "")
        files = self.files(text, **{"app.toml": manifest})
        done = self.publishing.publish(person, "notes", channel, files, "", percent)
        return done.published.manifest.serial

    def shown(self, name: str = "carla", channel: str = "stable") -> str:
        """The text that a person has."""
        published = self.catalogue.offer("notes", channel, known(name))
        content = self.catalogue.read(published, "main.kdl").decode()
        return content.split('"')[1] if "layout 1\n" in content else "first"

    def push(self, files: dict[str, str]) -> None:
        git(self.work, "pull", "-q", "--rebase")
        commit(self.work, files)
        git(self.work, "push", "-q", "origin", "main")
        self.look()

    def told(self) -> list[tuple[str, str, str]]:
        """The audit: person, action, reason."""
        with closing(sqlite3.connect(self.folder / "audit.sqlite")) as audit:
            return list(audit.execute("SELECT person, action, reason FROM audit ORDER BY number"))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.audit.close()
    place.repository.close()


def test_publishing_is_one_commit_by_that_person_and_others_keep_their_work(place: Place) -> None:
    serial = place.publish("two")
    assert (place.shown(), serial) == ("two", 2)
    assert git(place.bare, "log", "-1", "--format=%an|%s", "main").strip() == "anna|Publish notes"
    assert "apps/shop/main.kdl" in git(place.bare, "ls-tree", "-r", "--name-only", "main")
    entry = place.catalogue.note_of("notes").log[-1]
    assert (entry.action, entry.person, entry.is_verified, entry.serial) == ("released", "anna", True, 2)
    assert ("anna", "released", "") in place.told()


def test_the_same_content_is_no_new_release(place: Place) -> None:
    serial = place.publish("two")
    head = place.repository.head()
    assert place.publish("two") == serial and place.repository.head() == head


def test_a_wrong_app_is_refused_whole_with_all_reasons_and_nothing_is_committed(place: Place) -> None:
    head, before = place.repository.head(), place.catalogue.find("notes")
    files = place.files(**{"main.kdl": "layout 1\nwindow { lable x }\n", "scripts/json.py": "def ("})
    with pytest.raises(UnfitError) as caught:
        place.publishing.publish(ANNA, "notes", "stable", files, "")
    assert [str(one).split(": ")[0] for one in caught.value.problems] == [
        "apps/notes/main.kdl:2:10", "apps/notes/scripts/json.py", "apps/notes/scripts/json.py:1:5",
    ]  # fmt: skip
    assert place.repository.head() == head and place.catalogue.find("notes") == before


def test_kinds_of_plugins_that_the_server_was_told_of_may_be_used(place: Place, tmp_path: Path) -> None:
    plugin = tmp_path / "plugins" / "dial"
    plugin.mkdir(parents=True)
    (plugin / "plugin.toml").write_text(
        'id = "dial"\napi = 1\ntitle = "Dial"\ndoc = "Dials."\n[[kinds]]\nname = "dial"\ndoc = "A dial."\n'
        'loader = "dial:Dial"\nrole = "Dial"\n'
    )
    files = place.files(**{"main.kdl": "layout 2\nwindow { dial }\n"})
    mark = place.repository.mark_of("notes", place.repository.write_tree(files))
    (problem,) = Fitness(place.repository, tmp_path / "one").problems("notes", "stable", mark)
    assert "no widget kind or component dial" in problem.message
    told = Fitness(place.repository, tmp_path / "two", [plugin.parent])
    assert told.problems("notes", "stable", mark) == []


def test_a_channel_is_for_those_who_chose_it_and_others_stay(place: Place) -> None:
    place.publish("beta", "beta")
    assert (place.shown(), place.shown(channel="beta"), place.shown(channel="night")) == ("first", "beta", "first")
    manifest = place.catalogue.offer("notes", "beta", known("carla")).manifest
    assert (manifest.channel, manifest.serial) == ("beta", 2)
    assert place.opened().offer("notes", "beta", known("carla")).manifest == manifest, "the same after a start"


def test_ones_own_channel_is_for_nobody_else(place: Place) -> None:
    place.publishing.publish(ANNA, "notes", place.publishing.channel_of("mine", ANNA), place.files("mine"), "")
    assert [place.shown(name, "~anna") for name in ("anna", "bert")] == ["mine", "first"]
    with pytest.raises(RightError):
        place.publishing.publish(BERT, "notes", "~anna", place.files("evil"), "")
    assert place.shown("anna", "~anna") == "mine"


def test_mine_is_the_channel_of_who_asks_and_a_claimed_name_has_none(place: Place) -> None:
    place.publishing.publish(ANNA, "notes", place.publishing.channel_of("mine", ANNA), place.files("mine"), "")
    assert [place.shown(name, "mine") for name in ("anna", "bert")] == ["mine", "first"]
    claimed = Person("anna", False, "192.0.2.7:5060")
    for channel in ("mine", "~anna"):
        assert place.catalogue.offer("notes", channel, claimed).manifest.channel == "stable"


def test_a_misspelt_channel_is_refused(place: Place) -> None:
    with pytest.raises(PublishError, match="no channel betta"):
        place.publish("x", "betta")


def test_a_staged_roll_out_reaches_its_part_and_never_anybody_else(place: Place) -> None:
    place.publish("new", percent=20)
    inside = [name for name in PEOPLE if share_of("notes", name) < 20]
    assert 20 < len(inside) < 60
    assert [name for name in PEOPLE if place.shown(name) == "new"] == inside
    place.publishing.promote(ANNA, "notes", "next", "stable", "", 50)
    wider = [name for name in PEOPLE if place.shown(name) == "new"]
    assert set(inside) < set(wider) < set(PEOPLE), "nobody who has it loses it"
    place.publishing.promote(ANNA, "notes", "next", "stable", "")
    assert {place.shown(name) for name in PEOPLE} == {"new"}
    assert "next" not in place.catalogue.channels("notes")


def test_nobody_gets_a_lower_serial_when_a_roll_out_ends_or_shrinks(place: Place) -> None:
    place.publish("new", percent=50)
    seen = {name: place.catalogue.offer("notes", "stable", known(name)).manifest.serial for name in PEOPLE}

    def check() -> None:
        for name in PEOPLE:
            serial = place.catalogue.offer("notes", "stable", known(name)).manifest.serial
            assert serial >= seen[name]
            seen[name] = serial

    place.publishing.promote(ANNA, "notes", "next", "stable", "", 10)
    check()
    place.publishing.unpublish(ANNA, "notes", "next", "")
    check()
    assert {place.shown(name) for name in PEOPLE} == {"first"}
    place.publish("new", percent=50)
    check()


def test_the_log_tells_how_much_of_everybody_gets_a_staged_roll_out(place: Place) -> None:
    place.publish("new", percent=20)
    assert place.publishing.promote(ANNA, "notes", "next", "stable", "", 50).is_new
    assert not place.publishing.promote(ANNA, "notes", "next", "stable", "", 50).is_new
    told = [(one.action, one.channel, one.percent) for one in place.catalogue.note_of("notes").log]
    assert told[-2:] == [("released", "next", 20.0), ("rolled out", "next", 50.0)]
    assert place.catalogue.note_of("notes").log[-1].person == "anna"


@pytest.mark.parametrize("is_pushed", [True, False])
def test_a_roll_out_ends_on_the_last_good_release_where_stable_is_unfit_by_now(place: Place, is_pushed: bool) -> None:
    place.publish("new", percent=50)
    wrong = {"apps/notes/main.kdl": "layout 1\nwindow { nonsense }\n"}
    if is_pushed:
        place.push(wrong)
    seen = {name: place.catalogue.offer("notes", "stable", known(name)).manifest.serial for name in PEOPLE}
    if is_pushed:
        place.publishing.unpublish(ANNA, "notes", "next", "")
    else:
        git(place.work, "pull", "-q", "--rebase")
        git(place.work, "rm", "-rq", "channels/next/notes", "rollout.toml")
        commit(place.work, wrong)
        git(place.work, "push", "-q", "origin", "main")
        place.look()
    assert {place.shown(name) for name in PEOPLE} == {"first"}
    for name in PEOPLE:
        assert place.catalogue.offer("notes", "stable", known(name)).manifest.serial >= seen[name]
    assert "nonsense" in place.catalogue.problems["notes"]
    place.push({"apps/notes/README": "another commit"})
    assert {place.shown(name) for name in PEOPLE} == {"first"}


def test_nobody_gets_a_lower_serial_when_a_roll_out_widens_behind_a_newer_stable_release(place: Place) -> None:
    place.publish("new", percent=20)
    place.push({"apps/notes/main.kdl": 'layout 1\nwindow { label "pushed" }\n'})
    seen = {name: place.catalogue.offer("notes", "stable", known(name)).manifest.serial for name in PEOPLE}
    for percent in (80, 10, 50):
        place.publishing.promote(ANNA, "notes", "next", "stable", "", percent)
        for name in PEOPLE:
            manifest = place.catalogue.offer("notes", "stable", known(name)).manifest
            assert manifest.serial >= seen[name]
            seen[name] = manifest.serial
    assert {place.shown(name) for name in PEOPLE} == {"pushed", "new"}


def test_a_published_version_never_changes(place: Place) -> None:
    place.publish("two", version="1.2")
    with pytest.raises(PublishError, match=r"version 1\.2 of 'notes' was published before with other content"):
        place.publish("three", version="1.2")
    place.push({"apps/notes/main.kdl": 'layout 1\nwindow { label "three" }\n'})
    assert place.shown() == "two" and "published before" in place.catalogue.problems["notes"]
    assert place.opened().find("notes").manifest.version == "1.2"
    place.publish("three", version="1.3")
    assert place.catalogue.find("notes").manifest.version == "1.3" and place.catalogue.problems == {}


def test_going_back_is_a_new_release_of_old_content_under_its_version(place: Place) -> None:
    place.publish("two", version="1.2")
    place.publish("three", version="1.3")
    done = place.publishing.roll_back(ANNA, "notes", "stable", "", "")
    assert place.shown() == "two"
    assert (done.published.manifest.version, done.published.manifest.serial) == ("1.2", 4)
    assert done.published.manifest.previous
    place.publishing.roll_back(ANNA, "notes", "stable", "1.3", "")
    assert (place.shown(), place.catalogue.find("notes").manifest.serial) == ("three", 5)
    with pytest.raises(PublishError, match="no release 9"):
        place.publishing.roll_back(ANNA, "notes", "stable", "9", "")


def test_promoting_gives_everybody_what_beta_has(place: Place) -> None:
    place.publish("beta", "beta", version="2")
    place.publishing.promote(ANNA, "notes", "beta", "stable", "")
    manifest = place.catalogue.find("notes").manifest
    assert (place.shown(), manifest.version, manifest.channel) == ("beta", "2", "stable")
    with pytest.raises(PublishError, match="nothing on the channel night"):
        place.publishing.promote(ANNA, "notes", "night", "stable", "")


def test_unpublishing_takes_a_channel_away_and_serials_go_on(place: Place) -> None:
    place.publish("beta", "beta")
    place.publishing.unpublish(ANNA, "notes", "beta", "")
    assert place.shown(channel="beta") == "first"
    place.publishing.unpublish(ANNA, "notes", "stable", "")
    with pytest.raises(UnknownAppError):
        place.catalogue.offer("notes", "stable", known("carla"))
    assert place.publish("again") == 3


def test_a_clone_has_what_every_channel_has(place: Place, tmp_path: Path) -> None:
    place.publish("beta", "beta")
    place.publish("some", percent=30)
    clone = tmp_path / "clone.git"
    git(tmp_path, "clone", "-q", "--bare", str(place.bare), str(clone))
    log = Log(tmp_path / "l")
    other = Catalogue(Repository(clone), Notes(tmp_path / "other", log), log)
    other.update()
    assert set(other.channels("notes")) == {"stable", "beta", "next"} and other.policy.parts == {"notes": 30}


ROLES = """[roles]
author = ["anna"]
[[rights]]
who = "role:author"
may = ["publish"]
app = "notes"
channels = ["beta"]
[[rights]]
who = "dora"
may = ["administer"]
"""


def test_rights_limit_who_publishes_what_and_the_audit_keeps_refusals(place: Place) -> None:
    place.push({"roles.toml": ROLES})
    place.publish("beta", "beta")
    place.publish("mine", "~anna")
    for channel, person in (("stable", ANNA), ("beta", BERT), ("~bert", BERT)):
        with pytest.raises(RightError, match="may not publish 'notes'"):
            place.publish("no", channel, person=person)
    with pytest.raises(RightError):
        place.publishing.promote(ANNA, "notes", "beta", "stable", "")
    with pytest.raises(RightError):
        place.publishing.unpublish(BERT, "notes", "beta", "")
    assert place.shown() == "first" and place.shown(channel="beta") == "beta"
    place.publish("all", person=Person("dora", True, "unix"))
    refused = [(person, reason) for person, action, reason in place.told() if action == "refused"]
    assert len(refused) == 5 and ("bert", "bert may not publish 'notes' on the channel beta") in refused


def test_wrong_rights_leave_those_of_before(place: Place) -> None:
    place.push({"roles.toml": ROLES})
    place.push({"roles.toml": ROLES.replace('"publish"', '"publsh"')})
    assert not place.catalogue.policy.rights.may_publish("bert", "notes", "stable")
    assert "there is no right to publsh (did you mean publish?)" in (place.folder / "log").read_text()


def test_a_signature_that_cannot_be_made_keeps_what_was_served(place: Place) -> None:
    class Broken:
        def take(self, releases: object) -> dict[tuple[str, str], str]:
            raise PublishError("the disk is full")

    place.catalogue._signing = Broken()
    with pytest.raises(PublishError, match="is not served"):
        place.publish("two")
    assert place.shown() == "first"
    place.catalogue._signing = None
    place.look()
    assert place.shown() == "two"
