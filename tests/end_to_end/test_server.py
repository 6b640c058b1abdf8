"""The source server as a process: starting, serving, pushing to it, attacking it, ending it."""

from __future__ import annotations

import json
import queue
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kernel.delivery.offer import Offer, opened
from kernel.release import Release, decode_offered
from kernel.tables.change import Insert
from kernel.tables.error import ReadOnlyError, SourceError, UnavailableError
from kernel.tables.query import Query
from kernel.tables.remote import RemoteSource
from kernel.wire.blob_stream import unpack_blobs
from kernel.wire.error import RemoteError
from kernel.wire.link import Link
from tests.served import ROOT, SHOP, ServerProcess, commit, git, make_repository, write_files
from tests.server.test_deadline import SCHEMA, SEED
from tests.waiting import PATIENCE_S, wait_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "served"


@pytest.fixture
def work(folder: Path) -> Path:
    """A clone to push from."""
    return make_repository(folder)[1]


@pytest.fixture
def server(folder: Path, work: Path) -> Iterator[ServerProcess]:
    with ServerProcess(folder / "apps.git", log_path=folder / "server.log") as server:
        yield server


@pytest.fixture
def link(server: ServerProcess) -> Iterator[Link]:
    with Link(server.address) as link:
        yield link


def push(work: Path, files: dict[str, str]) -> None:
    commit(work, files)
    git(work, "push", "-q", "origin", "main")


def heard_on(link: Link, topic: str) -> queue.SimpleQueue[Any]:
    """A topic's events from now on."""
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    link.on_event(topic, events.put)
    link.call("hello", {})  # answered after the subscription holds
    return events


def run_server(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The server's command line, expected to end by itself."""
    with tempfile.TemporaryDirectory() as keys:
        command = [sys.executable, "-m", "server", *arguments, "--keys", keys]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT)


def offered(link: Link, question: dict[str, Any], held: Release | None = None) -> Release:
    """The release that a server offers, to one who has ``held``."""
    return opened(link.call("release", question, type=dict[str, Offer])["release"], held)


def test_apps_release_and_blobs(link: Link) -> None:
    assert link.call("hello", {"client": "test", "version": "1"})["server"] == "espalier"
    apps = link.call("apps", {})["apps"]
    assert [app["name"] for app in apps] == ["notes", "shop"]
    release = offered(link, {"app": "shop", "have": ""})
    assert release.id == apps[1]["release"]
    assert link.call("release", {"app": "shop", "have": release.id}) == {}
    files = decode_offered(release).files
    absent = "0" * 64
    pieces = link.stream("blobs", {"hashes": [file.sha256 for file in files.values()] + [absent]})
    blobs = list(unpack_blobs(pieces, [file.size for file in files.values()] + [0]))
    assert blobs == [SHOP[path].encode() for path in files] + [None]


def test_a_push_makes_a_release_and_tells(work: Path, link: Link) -> None:
    release, apps = heard_on(link, "release:shop"), heard_on(link, "apps")
    before = offered(link, {"app": "shop"})
    push(work, {"apps/shop/main.kdl": SHOP["main.kdl"] + "// pushed\n"})
    event = release.get(timeout=PATIENCE_S)
    assert apps.get(timeout=PATIENCE_S) == {"changed": ["shop"]}
    after = offered(link, {"app": "shop", "have": before.id}, before)
    assert event == {"release": after.id} and after.id != before.id


def test_a_bad_app_is_refused_with_its_place_while_others_change(
    work: Path, link: Link, server: ServerProcess
) -> None:
    notes = heard_on(link, "release:notes")
    before = offered(link, {"app": "shop"})
    push(work, {"apps/shop/app.toml": 'name = "shop"\ntitel = "Shop"\n', "apps/notes/more.txt": "more"})
    assert notes.get(timeout=PATIENCE_S)["release"]
    assert offered(link, {"app": "shop"}) == before
    wait_for(lambda: "apps/shop/app.toml:2:1" in server.log() and "title" in server.log())


def test_tables_are_created_from_the_release(server: ServerProcess, folder: Path, link: Link) -> None:
    table = RemoteSource(link, "shop", "stock").table("items")
    assert table.count(Query()) == 2
    table.commit([Insert({"name": "spade"})])
    assert server.stop() == (0, "")
    database = folder / "apps.git" / "espalier" / "data" / "shop" / "stock.sqlite"
    assert database.is_file() and not list(database.parent.glob("*-journal"))
    with ServerProcess(folder / "apps.git", log_path=folder / "again.log") as again, Link(again.address) as link:
        assert RemoteSource(link, "shop", "stock").table("items").count(Query()) == 3, "the seed runs once"


@pytest.mark.parametrize("path", ["../../escaped.sqlite", "/tmp/escaped.sqlite", "a/../../b.sqlite", "C:b.sqlite"])
def test_databases_outside_of_the_apps_folder_are_refused(work: Path, link: Link, folder: Path, path: str) -> None:
    release = heard_on(link, "release:shop")
    push(work, {"apps/shop/app.toml": SHOP["app.toml"].replace("stock.sqlite", path)})
    release.get(timeout=PATIENCE_S)
    with pytest.raises(SourceError, match="may not be served"):
        RemoteSource(link, "shop", "stock").table("items")
    assert not list(folder.rglob("escaped*"))


def test_twenty_clients_create_a_database_once(server: ServerProcess) -> None:
    def count(_: int) -> int:
        with Link(server.address) as link:
            return RemoteSource(link, "shop", "stock").table("items").count(Query())

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(count, range(20))) == {2}


@pytest.mark.parametrize(
    ("command", "args", "code"),
    [
        ("release", {"app": "nothing"}, "not_found"),
        ("release", {}, "bad_arguments"),
        ("table.fetch", {"app": "shop", "table": "items", "start": -1, "stop": 5}, "too_large"),
        ("table.fetch", {"app": "shop", "table": "items", "start": 0, "stop": 10**6}, "too_large"),
        ("table.fetch", {"app": "shop", "table": "items", "start": 0, "stop": 5, "stp": 5}, "bad_arguments"),
        ("table.count", {"app": "shop", "table": "nothing"}, "not_found"),
        ("table.count", {"app": "gone", "table": "items"}, "not_found"),
        ("table.count", {"app": "shop", "source": "gone", "table": "items"}, "failed"),
        ("subscribe", {"topic": "weather"}, "not_found"),
        ("subscribe", {"topic": "table:gone/stock/items"}, "not_found"),
        ("subscribe", {"topic": "table:shop/stock/gone"}, "not_found"),
        ("blobs", {"hashes": 5}, "bad_arguments"),
    ],
)
def test_wrong_requests_get_a_named_answer(link: Link, command: str, args: dict[str, Any], code: str) -> None:
    with pytest.raises(RemoteError) as caught:
        link.call(command, args)
    assert caught.value.code == code
    assert link.call("apps", {})["apps"], "the connection goes on"


def test_garbage_ends_only_its_own_connection(server: ServerProcess, link: Link) -> None:
    host, _, port = server.address.rpartition(":")
    too_long, no_request = b"\xe5\x01\x01\xff\xff\xff\xff", b"\xe5\x01\x01\0\0\0\x03abc"
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", too_long, b"\x00" * 100, no_request):
        with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as raw:
            raw.sendall(garbage)
            raw.shutdown(socket.SHUT_WR)
            while raw.recv(4096):
                pass
    assert len(link.call("apps", {})["apps"]) == 2
    assert "Traceback" not in server.log()


def test_a_server_killed_in_mid_answer_is_an_unavailable_one(server: ServerProcess, link: Link) -> None:
    table = RemoteSource(link, "shop", "stock").table("items")
    names = [{"name": f"item {number}"} for number in range(2_000)]
    table.commit([Insert(values) for values in names])
    answered = threading.Event()

    def ask_until_it_fails() -> None:
        while True:
            table.fetch(Query(filter="name contains 'i'"), 0, 2_000)
            answered.set()

    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(ask_until_it_fails) for _ in range(8)]
        assert answered.wait(PATIENCE_S)
        server.kill()
        outcomes = [future.exception() for future in asked]
    assert all(isinstance(error, UnavailableError) for error in outcomes), outcomes


def test_missing_directory_is_created_with_the_starter_apps(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "new" / "apps.git", log_path=tmp_path / "log") as server:
        assert server.lines[0].startswith("Created the repository") and "orders" in server.lines[0]
        git(tmp_path, "clone", "-q", str(tmp_path / "new" / "apps.git"), "clone")
        assert (tmp_path / "clone" / "apps" / "orders" / "main.kdl").is_file()
        assert server.stop() == (0, "")


def test_plain_folder_needs_init(tmp_path: Path) -> None:
    write_files(tmp_path / "plain", {f"apps/shop/{path}": text for path, text in SHOP.items()})
    refused = run_server(str(tmp_path / "plain"), "--port", "0")
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1 and "--init" in refused.stderr
    with ServerProcess(tmp_path / "plain", "--init", log_path=tmp_path / "log") as server, Link(server.address) as link:
        assert [app["name"] for app in link.call("apps", {})["apps"]] == ["shop"]
    assert git(tmp_path / "plain", "log", "--format=%s").strip() == "Add the apps shop"
    assert git(tmp_path / "plain", "status", "--porcelain", "apps").strip() == ""


def test_a_work_tree_serves_its_commits_only(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main", "work")
    commit(tmp_path / "work", {f"apps/shop/{path}": text for path, text in SHOP.items()})
    write_files(tmp_path / "work", {"apps/shop/main.kdl": "not committed"})
    with ServerProcess(tmp_path / "work", log_path=tmp_path / "log") as server, Link(server.address) as link:
        release = offered(link, {"app": "shop"})
        assert decode_offered(release).files["main.kdl"].size == len(SHOP["main.kdl"])


def test_port_in_use_and_a_file_are_one_clear_line(server: ServerProcess, folder: Path, tmp_path: Path) -> None:
    port = server.address.rpartition(":")[2]
    second, _ = make_repository(tmp_path / "second")
    same = run_server(str(folder / "apps.git"), "--port", "0", "--log", str(tmp_path / "log"))
    assert same.returncode == 1 and same.stderr.count("\n") == 1 and "another process signs in" in same.stderr
    taken = run_server(str(second), "--port", port, "--log", str(tmp_path / "log"))
    assert taken.returncode == 1 and taken.stderr.count("\n") == 1 and port in taken.stderr
    assert "another server" in taken.stderr
    foreign = run_server(str(second), "--host", "192.0.2.1", "--log", str(tmp_path / "log"))
    assert foreign.returncode == 1 and foreign.stderr.count("\n") == 1 and "192.0.2.1" in foreign.stderr
    assert "another server" not in foreign.stderr and "address of this machine" in foreign.stderr
    (tmp_path / "file").write_text("x")
    wrong = run_server(str(tmp_path / "file"), "--port", "0")
    assert wrong.returncode == 1 and wrong.stderr.count("\n") == 1 and "is a file" in wrong.stderr


def test_a_changed_schema_leaves_the_database_and_is_said_in_the_log(
    server: ServerProcess, work: Path, link: Link
) -> None:
    table = RemoteSource(link, "shop", "stock").table("items")
    assert table.count(Query()) == 2
    heard = heard_on(link, "release:shop")
    schema = SHOP["schema.sql"].replace("day DATE", "day TEXT, size INTEGER") + "CREATE TABLE bins (id INTEGER);"
    push(work, {"apps/shop/schema.sql": schema})
    heard.get(timeout=PATIENCE_S)
    wait_for(lambda: "differs from the schema" in server.log())
    (said,) = [one for one in events(server.log()) if "differs" in one["event"]]
    assert said["level"] == "warning" and said["app"] == "shop" and said["source"] == "stock"
    assert said["differences"] == ["items.day is DATE instead of TEXT", "items.size is missing", "bins is missing"]
    assert table.count(Query()) == 2 and "size" not in [column.name for column in table.schema.columns]


def test_open_sources_take_a_new_description(server: ServerProcess, work: Path, link: Link) -> None:
    table = RemoteSource(link, "shop", "stock").table("items")
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    table.subscribe(told.put)
    table.commit([Insert({"name": "spade"})])
    assert told.get(timeout=PATIENCE_S).inserted
    push(work, {"apps/shop/app.toml": SHOP["app.toml"].replace("stock.sqlite", "other.sqlite")})
    assert told.get(timeout=PATIENCE_S).is_everything
    assert table.count(Query()) == 2
    table.commit([Insert({"name": "fork"})])
    assert told.get(timeout=PATIENCE_S).inserted
    push(work, {"apps/shop/app.toml": SHOP["app.toml"] + "read_only = true\n"})
    assert told.get(timeout=PATIENCE_S).is_everything
    assert table.count(Query()) == 3
    with pytest.raises(ReadOnlyError):
        table.commit([Insert({"name": "hoe"})])


def espalier_serve(directory: Path, home: Path, *settings: str) -> tuple[subprocess.Popen[str], str]:
    """``espalier serve`` with options, and its address."""
    words = [word for setting in settings for word in ("--set", setting)]
    command = ["--basedir", str(home), *words, "serve", str(directory), "--port", "0"]
    command = [sys.executable, "-m", "shell.main", *command]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert " on " in line, process.communicate(timeout=PATIENCE_S)
    return process, line.split()[-1]


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.terminate()
    return process.wait(PATIENCE_S), process.communicate()[1]


def events(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]


def test_the_log_options_are_honoured(folder: Path, work: Path, tmp_path: Path) -> None:
    log = tmp_path / "logs" / "server.log"
    process, address = espalier_serve(folder / "apps.git", tmp_path / "home", f"log.file={log}")
    assert end(process) == (0, "")
    found = events(log.read_text())
    assert [one["event"] for one in found][-3:] == ["serving", "stopping", "stopped"]
    assert found[-3]["address"] == address and found[-3]["level"] == "info" and found[-3]["apps"] == 2
    process, _ = espalier_serve(folder / "apps.git", tmp_path / "home", "log.level=warning")
    assert end(process) == (0, "")
    process, _ = espalier_serve(folder / "apps.git", tmp_path / "home", "log.format=text")
    code, errors = end(process)
    assert code == 0 and "level=info event=stopped" in errors
    process, address = espalier_serve(folder / "apps.git", tmp_path / "home", "log.level=debug")
    with Link(address) as link:
        link.call("hello", {})
    assert "connected" in end(process)[1]


def test_a_log_that_cannot_be_written_is_one_clear_line(folder: Path, work: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused = run_server(str(folder / "apps.git"), "--port", "0", "--log", str(tmp_path / "file" / "log"))
    assert refused.returncode == 1 and refused.stderr.count("\n") == 1 and "cannot be written" in refused.stderr


def is_taken_in(address: str) -> bool:
    """Whether the server has room for one more client."""
    try:
        with Link(address) as link:
            return bool(link.call("hello", {}))
    except UnavailableError:
        return False


def test_more_clients_than_it_takes_are_told_so(folder: Path, work: Path, tmp_path: Path) -> None:
    process, address = espalier_serve(folder / "apps.git", tmp_path / "home", "server.connections=2")
    with Link(address) as one, Link(address) as two:
        assert one.call("hello", {}) and two.call("hello", {})
        with Link(address) as three, pytest.raises(UnavailableError):
            three.call("hello", {})
        assert one.call("hello", {})
    wait_for(lambda: is_taken_in(address))  # as soon as the server has noticed that the others went
    assert "as many connections" in end(process)[1]


def test_requests_over_the_limit_of_one_client_wait(folder: Path, work: Path, tmp_path: Path) -> None:
    process, address = espalier_serve(folder / "apps.git", tmp_path / "home", "server.pending=1")
    with Link(address) as link, ThreadPoolExecutor(8) as threads:
        table = {"app": "shop", "source": "stock", "table": "items"}
        asked = [threads.submit(link.call, "table.count", table) for _ in range(40)]
        assert {future.result(PATIENCE_S) for future in asked} == {2}
    assert end(process)[0] == 0


#: A filter that takes the closure of every row.
SLOW = "lower(name) contains 'no such' or upper(name) + 'x' contains 'none'"


@pytest.mark.parametrize("grace", ["20 s", "50 ms"])
def test_it_ends_cleanly_under_load(folder: Path, work: Path, tmp_path: Path, grace: str) -> None:
    process, address = espalier_serve(folder / "apps.git", tmp_path / "home", f"server.stop_grace={grace}")
    with Link(address) as link:
        table = RemoteSource(link, "shop", "stock").table("items")
        table.commit([Insert({"name": f"item {number}"}) for number in range(4_000)])
        asked: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        is_over = threading.Event()

        def ask() -> None:
            while not is_over.is_set():
                try:
                    table.count(Query(filter=SLOW))
                except Exception as error:
                    asked.put(error)
                    return
                asked.put(None)

        readers = [threading.Thread(target=ask) for _ in range(6)]
        for reader in readers:
            reader.start()
        assert asked.get(timeout=PATIENCE_S) is None
        code, errors = end(process)
        is_over.set()
        for reader in readers:
            reader.join(PATIENCE_S)
    outcomes = []
    while not asked.empty():
        outcomes.append(asked.get())
    assert code == 0 and "Traceback" not in errors and "traceback" not in errors
    assert all(error is None or isinstance(error, UnavailableError) for error in outcomes), outcomes


def test_a_reader_past_the_grace_is_told_unavailable(folder: Path, work: Path, tmp_path: Path) -> None:
    push(work, {"apps/shop/schema.sql": SCHEMA, "apps/shop/seed.sql": SEED})
    process, address = espalier_serve(folder / "apps.git", tmp_path / "home", "server.stop_grace=0 s")
    has_begun = threading.Event()
    with Link(address) as link, ThreadPoolExecutor(1) as threads:
        place = {"app": "shop", "source": "stock", "table": "endless", "query": {"filter": SLOW}}

        def ask() -> None:
            for _ in link.stream("table.prepare", place):
                has_begun.set()

        asked = threads.submit(ask)
        assert has_begun.wait(PATIENCE_S)
        assert end(process)[0] == 0
        error = asked.exception(PATIENCE_S)
    assert isinstance(error, RemoteError) and error.code == "unavailable" and "stopping" in str(error)
