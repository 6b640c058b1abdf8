"""Opened apps: a folder, a release that is there before the network is, and the table of apps."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from kernel.delivery import AppEntry
from kernel.delivery.progress import Progress, current_report
from kernel.release import File, Manifest, Proof, ReleaseError
from kernel.tables.error import UnavailableError
from kernel.tables.interrupt import current
from kernel.tables.query import Query
from shell.app import OpenError, Sources
from shell.app_home import HomeApp
from shell.app_local import LocalApp
from shell.app_remote import RemoteApp
from shell.session import Given, Session
from shell.status import describe_state
from shell.target import Name, is_path, open_name, open_target, parse_name
from tests.waiting import PATIENCE_S


def manifest(serial: int = 1, **more: Any) -> Manifest:
    return Manifest("shop", "Shop", f"1.{serial}", serial, "c", (), {"main.kdl": File("h", 1)}, **more)


class Delivery:
    """Releases of one server, held or offered; ``is_away`` is the server that does not answer."""

    def __init__(self, held: Manifest | None = None, offered: Manifest | None = None, is_away: bool = False) -> None:
        self.refused: dict[str, Exception] = {}
        self.proven: Proof | None = None
        self.held, self.offered, self.is_away = held, offered, is_away
        self.asked = 0
        self.refusal: Exception | None = None

    def cached(self, app: str) -> Manifest | None:
        return self.held

    def refresh(self, app: str, channel: str = "stable") -> Manifest:
        self.asked += 1
        if self.refusal is not None:
            raise self.refusal
        if self.is_away or self.offered is None:
            raise UnavailableError("nobody is there")
        self.held = self.offered
        return self.offered

    def checked_at(self, app: str) -> float:
        return 100.0 + self.asked

    def proof(self) -> Proof | None:
        return self.proven

    def read(self, release: Manifest, path: str) -> bytes:
        return f"{path} of {release.serial}".encode()

    def cached_apps(self) -> list[AppEntry]:
        return [AppEntry("shop", "Old shop")]

    def apps(self) -> list[AppEntry]:
        if self.is_away:
            raise UnavailableError("nobody is there")
        return [AppEntry("shop", "Shop"), AppEntry("till", "Till", "2")]


class Link:
    """A link that only remembers who listens."""

    failure = None

    def __init__(self) -> None:
        self.events: dict[str, Callable[[Any], None]] = {}
        self.states: list[Callable[[str], None]] = []

    def on_event(self, topic: str, listener: Callable[[Any], None]) -> Callable[[], None]:
        self.events[topic] = listener
        return lambda: self.events.pop(topic, None) and None

    def on_state(self, listener: Callable[[str], None]) -> Callable[[], None]:
        self.states.append(listener)
        listener("connecting")
        return lambda: self.states.remove(listener)


class Servers:
    """Stands for shell.server_link.Servers."""

    def __init__(self, **deliveries: Delivery) -> None:
        self.deliveries = deliveries
        self.the_link = Link()
        self.met: dict[str, str] = {}
        self.links = 0
        self.update_policy = "at once"

    def channel_of(self, app: str) -> str:
        return "stable"

    def names(self) -> list[str]:
        return list(self.deliveries)

    def delivery(self, server: str) -> Delivery:
        return self.deliveries[server]

    def link(self, server: str) -> Link:
        self.links += 1
        return self.the_link

    def clean_up(self) -> None:
        pass

    def take_met(self, server: str) -> str:
        return self.met.pop(server, "")


def settle() -> None:
    """Wait for the threads that a refresh has started."""
    for thread in threading.enumerate():
        if thread.name.startswith(("refresh of", "apps of")):
            thread.join(PATIENCE_S)


def test_a_cached_release_is_shown_without_the_network() -> None:
    servers = Servers(home=Delivery(held=manifest()))
    app = RemoteApp(servers, "home", "shop")
    assert (app.info.key, app.info.version, app.state) == ("shop@home", "1.1", "connecting")
    assert app.read_file("main.kdl") == b"main.kdl of 1"
    assert app.read_file("nothing") is None
    assert servers.deliveries["home"].asked == 0
    assert servers.links == 0


def test_a_newer_release_comes_behind_and_is_told() -> None:
    servers = Servers(home=Delivery(held=manifest(), offered=manifest(2)))
    app = RemoteApp(servers, "home", "shop")
    states: list[str] = []
    told: list[str] = []
    app.on_state(states.append)
    app.on_release(lambda: told.append(app.info.version))
    app.refresh()
    settle()
    assert states == ["connecting", "online"]
    assert told == ["1.2"]
    assert app.read_file("main.kdl") == b"main.kdl of 2"


def test_a_large_newer_release_tells_how_far_it_is_and_may_be_given_up() -> None:
    delivery = Delivery(held=manifest(), offered=manifest(2))
    entered, gate = threading.Event(), threading.Event()

    def slowly(app: str, channel: str = "stable") -> Manifest:
        report, interrupt = current_report(), current()
        assert report is not None and interrupt is not None
        report(Progress(1_200_000, 5_000_000))
        entered.set()
        gate.wait(PATIENCE_S)
        interrupt.check()
        return manifest(2)

    delivery.refresh = slowly  # type: ignore[method-assign]
    app = RemoteApp(Servers(home=delivery), "home", "shop")
    said: list[str] = []
    app.on_state(lambda state: said.append(describe_state(state, app)[0]))
    app.refresh()
    assert entered.wait(PATIENCE_S)
    assert said[-1] == "getting a newer version: 1.2 MB of 5.0 MB"
    assert app.behind is not None
    app.behind.stop()
    gate.set()
    settle()
    assert said[-1] == "" and app.info.version == "1.1" and app.problem == ""
    app.refresh()
    settle()
    assert app.info.version == "1.2" and said[-1] == ""


def test_a_server_that_is_met_is_told_once_somebody_listens_and_once_only() -> None:
    servers = Servers(home=Delivery(held=manifest(), offered=manifest()))
    servers.met = {"home": "ab12" * 10}
    app = RemoteApp(servers, "home", "shop")
    app.refresh()
    settle()
    told: list[str] = []
    app.on_notice(lambda text, detail: told.append(f"{text}: {detail}"))
    app.refresh()
    settle()
    (said,) = told
    assert said.startswith("home is trusted from now on: ") and "ab12 ab12 ab12" in said


def test_the_bar_says_since_when_nothing_proves_the_release() -> None:
    delivery = Delivery(held=manifest(), offered=manifest())
    app = RemoteApp(Servers(home=delivery), "home", "shop")
    assert describe_state("online", app) == ("", "info")
    delivery.proven = Proof(100.0)
    assert describe_state("online", app) == ("", "info")
    then = datetime(2024, 5, 3, 12, 30).timestamp()
    delivery.proven = Proof(0.0, then)
    assert describe_state("online", app) == ("not proven current since 3 May", "warning")
    states: list[str] = []
    app.on_state(states.append)
    app.refresh()
    settle()
    assert states[-1] == "online" and len(states) >= 3, "the bar is told to look again"
    app.close()


def test_another_proof_is_asked_for_before_the_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[float] = []

    class Timer:
        def __init__(self, seconds: float, call: object) -> None:
            self.seconds = seconds

        def start(self) -> None:
            begun.append(self.seconds)

        def cancel(self) -> None:
            begun.append(-self.seconds)

    monkeypatch.setattr("shell.app_remote.threading.Timer", Timer)
    delivery = Delivery(held=manifest(), offered=manifest())
    app = RemoteApp(Servers(home=delivery), "home", "shop")
    for left in (48 * 3600.0, 3600.0):
        delivery.proven = Proof(left)
        app.refresh()
        settle()
    app.close()
    assert begun == [42 * 3600.0, -42 * 3600.0, 600.0, -600.0]


@pytest.mark.parametrize(("policy", "offered"), [("ask", ["1.2"]), ("next start", [])])
def test_a_newer_release_waits_where_the_person_wants_it_so(policy: str, offered: list[str]) -> None:
    servers = Servers(home=Delivery(held=manifest(), offered=manifest(2)))
    servers.update_policy = policy
    app = RemoteApp(servers, "home", "shop")
    told: list[str] = []
    offers: list[str] = []
    app.on_release(lambda: told.append(app.info.version))
    app.on_offer(offers.append)
    app.refresh()
    settle()
    app.refresh()
    settle()
    assert (told, offers) == ([], offered), "said once"
    assert app.read_file("main.kdl") == b"main.kdl of 1"
    later: list[str] = []
    app.on_offer(later.append)
    assert later == offered, "a second window hears of it too"
    app.take_offer()
    assert told == ["1.2"] and app.read_file("main.kdl") == b"main.kdl of 2"
    assert RemoteApp(servers, "home", "shop").info.version == "1.2", "the next start has it in any case"


def test_the_same_release_is_not_told() -> None:
    app = RemoteApp(Servers(home=Delivery(held=manifest(), offered=manifest())), "home", "shop")
    told: list[str] = []
    app.on_release(lambda: told.append("x"))
    app.refresh()
    settle()
    assert (told, app.state) == ([], "online")


def test_the_same_files_published_again_are_not_told() -> None:
    again = msgspec.structs.replace(manifest(), serial=7, commit="d")
    app = RemoteApp(Servers(home=Delivery(held=manifest(), offered=again)), "home", "shop")
    told: list[str] = []
    app.on_release(lambda: told.append("x"))
    app.refresh()
    settle()
    assert (told, app.state, app.manifest.serial) == ([], "online", 7)


def test_a_refused_release_is_told_once_and_is_not_being_offline() -> None:
    delivery = Delivery(held=manifest(2))
    delivery.refusal = ReleaseError("release 1 is older than release 2")
    app = RemoteApp(Servers(home=delivery), "home", "shop")
    told: list[str] = []
    app.on_problem(lambda error: told.append(error.message))
    for _ in range(2):
        app.refresh()
        settle()
    assert (told, app.state, app.info.version) == (["release 1 is older than release 2"], "online", "1.2")


def test_offline_it_is_known_when_the_release_was_checked_last() -> None:
    app = RemoteApp(Servers(home=Delivery(held=manifest(), is_away=True)), "home", "shop")
    app.refresh()
    settle()
    then = time.mktime((2026, 5, 3, 12, 30, 0, 0, 0, -1))
    app._delivery.checked_at = lambda name: then  # type: ignore[method-assign]
    assert describe_state(app.state, app) == ("Offline — showing version 1.1 from 3 May", "warning")


def test_a_published_release_is_fetched() -> None:
    servers = Servers(home=Delivery(held=manifest(), offered=manifest()))
    app = RemoteApp(servers, "home", "shop")
    app.refresh()
    settle()
    servers.deliveries["home"].offered = manifest(2)
    servers.the_link.events["release:shop"](None)
    settle()
    assert app.info.version == "1.2"


def test_without_the_server_the_last_good_version_stays() -> None:
    app = RemoteApp(Servers(home=Delivery(held=manifest(), is_away=True)), "home", "shop")
    states: list[str] = []
    app.on_state(states.append)
    app.refresh()
    settle()
    assert states == ["connecting", "offline"]
    assert app.problem == "nobody is there"
    assert app.read_file("main.kdl") == b"main.kdl of 1"


def test_a_server_that_comes_back_is_told_by_its_link() -> None:
    servers = Servers(home=Delivery(held=manifest(), offered=manifest()))
    app = RemoteApp(servers, "home", "shop")
    app.refresh()
    settle()
    states: list[str] = []
    app.on_state(states.append)
    for state in ("offline", "connecting", "online"):
        servers.the_link.states[0](state)
    assert states == ["online", "offline", "connecting", "online"]


def test_the_first_opening_needs_the_server() -> None:
    assert RemoteApp(Servers(home=Delivery(offered=manifest())), "home", "shop").state == "online"
    with pytest.raises(OpenError, match="was never opened here, and the server does not answer .nobody is there"):
        RemoteApp(Servers(home=Delivery(is_away=True)), "home", "shop")


def test_a_closed_app_tells_nobody() -> None:
    servers = Servers(home=Delivery(held=manifest(), offered=manifest()))
    app = RemoteApp(servers, "home", "shop")
    app.refresh()
    settle()
    app.on_state(lambda state: pytest.fail(state) if state == "offline" else None)
    app.close()
    assert servers.the_link.states == []
    assert servers.the_link.events == {}


def rows(app: HomeApp) -> list[tuple[str, str, str]]:
    block = app.source().table("apps").fetch(Query(), 0, 100)
    found = [block.row(index) for index in range(len(block))]
    return sorted((row["address"], row["title"], row["state"]) for row in found)


def test_home_shows_cached_lists_at_once_and_fresh_ones_behind() -> None:
    app = HomeApp(Servers(near=Delivery(), far=Delivery(is_away=True)))
    assert rows(app) == [("shop@far", "Old shop", "connecting"), ("shop@near", "Old shop", "connecting")]
    changes: list[Any] = []
    app.source().table("apps").subscribe(changes.append)
    app.refresh()
    settle()
    assert rows(app) == [
        ("shop@far", "Old shop", "offline"),
        ("shop@near", "Shop", "online"),
        ("till@near", "Till", "online"),
    ]
    assert app.state == "online"
    assert len(changes) == 2
    app.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "shop"
    place.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (place / "app.toml").write_text(
        'name = "shop"\n[sources.desk]\nkind = "sqlite"\npath = "desk.sqlite"\nschema = "schema.sql"\n'
    )
    (place / "schema.sql").write_text("CREATE TABLE item (id INTEGER PRIMARY KEY);")
    (place / "main.kdl").write_text('layout 1\nwindow { label "x" }\n')
    return place


def test_a_folders_database_is_made_below_the_data_directory(folder: Path, tmp_path: Path) -> None:
    app = LocalApp(folder, tmp_path / "data")
    assert app.source().table_names() == ["item"]
    assert app.source("desk") is app.source()
    assert not (folder / "desk.sqlite").exists()
    assert [path.name for path in (tmp_path / "data").rglob("*.sqlite")] == ["desk.sqlite"]
    app.close()


def test_a_database_that_stands_in_the_folder_is_used_there(folder: Path, tmp_path: Path) -> None:
    LocalApp(folder).source()
    assert (folder / "desk.sqlite").is_file()
    app = LocalApp(folder, tmp_path / "data")
    assert app.source().table_names() == ["item"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/hostname", "nothing", "", ".", "a\0b"])
def test_nothing_outside_of_the_folder_is_read(folder: Path, path: str) -> None:
    assert LocalApp(folder).read_file(path) is None


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent / "secret.txt")
    assert LocalApp(folder).read_file("link") is None


@pytest.mark.parametrize(
    ("names", "asked", "message"),
    [
        ([], "", "no source of tables"),
        (["a", "b"], "", "several sources .a, b"),
        (["desk"], "dsk", "did you mean desk"),
    ],
)
def test_a_wrong_source_is_explained(names: list[str], asked: str, message: str) -> None:
    with pytest.raises(OpenError, match=message):
        Sources(dict.fromkeys(names), lambda name: pytest.fail(name)).get(asked)


def test_a_layout_file_opens_its_app_with_that_layout(folder: Path, tmp_path: Path) -> None:
    (folder / "parts").mkdir()
    (folder / "parts" / "other.kdl").write_text("layout 1\n")
    session = Session(Given(basedir=str(tmp_path / "home")))
    app = open_target(str(folder / "parts" / "other.kdl"), session)
    assert app.info.entry == ("layout", "parts/other.kdl", "window")


#: text → whether it is a path.
TARGETS = {
    "shop": False, "shop@home": False, "shop@beast:5060": False, "shop@unix:/run/x": False, "home": False,
    "./shop": True, "music.sqlite": True, "/x/y": True, "~/x": True, ".": True, "folder/x": True,
}  # fmt: skip


@pytest.mark.parametrize("text", TARGETS)
def test_names_and_paths_are_told_apart(text: str) -> None:
    assert is_path(text) is TARGETS[text]


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "music.sqlite"
    os.mkfifo(pipe)
    with pytest.raises(OpenError, match=f"{pipe} is no file"):
        open_target(str(pipe), Session(Given(basedir=str(tmp_path / "home"))))


def test_the_nearest_name_that_a_server_tells_is_passed_on() -> None:
    delivery = Delivery()
    delivery.refusal = OpenError("this server has no app 'order'", hint="did you mean orders?")
    session: Any = SimpleNamespace(servers=Servers(home=delivery))
    with pytest.raises(OpenError, match=r"no server has an app order .home: .*, did you mean orders\?"):
        open_name("order", session)


def test_names_are_split() -> None:
    assert parse_name("shop") == Name("shop", "")
    assert parse_name("my-shop@[::1]:5060") == Name("my-shop", "[::1]:5060")
    for text in ("", "@x", "x@", "a b", "a/b@c"):
        with pytest.raises(OpenError, match="names no app"):
            parse_name(text)


def test_a_link_in_the_working_directory_names_an_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "bin" / "espalier"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    (tmp_path / "shop").symlink_to(program)
    (tmp_path / "data").write_bytes(b"SQLite format 3\0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["./shop"])
    assert not is_path("shop")
    assert is_path("./shop")
    assert is_path("data")
