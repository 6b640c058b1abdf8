"""The real nginx in front of a real server: frames, git and files at one port, and what happens when either dies."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.delivery.mirror import Mirror, MirrorError, pack_path
from kernel.tables.change import Insert
from kernel.tables.remote import RemoteSource
from kernel.trust.person import PersonKey
from kernel.wire.behind import parse_line
from kernel.wire.link import Link
from kernel.wire.tls import Introduction, client_context
from server.log import Log
from server.nginx.config import Front, text_of
from server.nginx.process import Nginx, NginxError, find_nginx, has_module
from tests.served import ROOT, SHOP, ServerProcess, commit, free_port, git, in_app, make_repository
from tests.waiting import PATIENCE_S, wait_for

GRANTS = '\n[[grants]]\nwho = "anna"\ntable = "*"\nmay = ["read", "edit", "add", "delete"]\n'


def why_not() -> str:
    """Why the real nginx cannot be used here; empty when it can."""
    try:
        program = find_nginx()
    except NginxError as error:
        return f"{error.message}: {error.hint}"
    front = Front(Path("/nowhere"), "127.0.0.1", 1, Path("/nowhere/tls.pem"), True, 1)
    if not has_module(program) and "load_module" not in text_of(front):
        return "nginx lacks its module for connections: apt install libnginx-mod-stream"
    return ""


needs_nginx = pytest.mark.skipif(bool(why_not()), reason=why_not() or "-")


class Me:
    """Implements :class:`kernel.wire.tls.Security`: a person with a key, who knows the server's."""

    def __init__(self, folder: Path) -> None:
        self.key = PersonKey(folder, has_keyring=False)
        self.shown = ""

    def check_server(self, key: str) -> None:
        self.shown = key

    def introduce(self, connection: bytes) -> Introduction:
        return self.key.introduce(connection)


class Place:
    """A server behind nginx, whose shop is for Anna."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.anna = folder, Me(folder / "anna")
        self.bare, self.work = make_repository(folder / "git")
        roles = f'[people]\nanna = ["{self.anna.key.public}"]\n'
        commit(self.work, in_app("shop", {"app.toml": SHOP["app.toml"] + GRANTS}) | {"roles.toml": roles})
        git(self.work, "push", "-q", "origin", "HEAD:main")
        self.own = self.bare / "espalier"
        self.port, self.web_port = free_port(), free_port()
        self.serve()

    def serve(self) -> None:
        options = ("--nginx", "--port", str(self.port), "--web-port", str(self.web_port))
        self.server = ServerProcess(self.bare, *options, log_path=self.folder / "server.log")
        said = "\n".join(self.server.lines)
        self.key = re.search(r"^Its key is (\w+)$", said, re.MULTILINE)[1]  # type: ignore[index]

    def ask(self, address: str, name: str = "", security: Any = None) -> list[str]:
        with Link(address, name=name, security=security) as link:
            return sorted(row["name"] for row in link.call("apps", {})["apps"])

    def master(self) -> int:
        """The number of nginx's first process."""
        return int((self.own / "nginx" / "nginx.pid").read_text())

    def pack(self) -> str:
        """The path of the file of a whole release, once it is there."""
        with Link(self.server.address) as link:
            rows = link.call("apps", {})["apps"]
        path = pack_path(next(row["release"] for row in rows if row["name"] == "shop"))
        wait_for(lambda: (self.own / "nginx" / "static" / path).exists())
        return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("nginx"))
    yield made
    made.server.stop()


@pytest.fixture
def own_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place for what ends it; its name is short, for there are sockets in it."""
    made = Place(tmp_path_factory.mktemp("own"))
    yield made
    if made.server.process.poll() is None:
        made.server.stop()


@needs_nginx
def test_frames_with_and_without_tls_come_through_the_one_port(place: Place) -> None:
    assert place.ask(place.server.address) == ["notes", "shop"]
    assert place.ask(f"tls:{place.server.address}", security=place.anna) == ["notes", "shop"]
    assert place.anna.shown == place.key, "nginx does not stand between a desktop and the server's own TLS"


@needs_nginx
def test_people_are_known_by_their_keys_and_by_where_they_come_from(place: Place) -> None:
    with Link(f"tls:{place.server.address}", name="x", security=place.anna) as link:
        source = RemoteSource(link, "shop", "stock")
        source.table("items").commit([Insert({"name": "axe"})])
        source.close()
    with Link(place.server.address, name="bert") as link, pytest.raises(Exception, match="you may not read items"):
        link.call("table.count", {"app": "shop", "source": "stock", "table": "items"})

    def lines() -> list[tuple[str, int, str, str]]:
        with contextlib.closing(sqlite3.connect(place.own / "audit.sqlite")) as audit:
            return list(audit.execute("SELECT person, is_verified, action, origin FROM audit WHERE [table] != ''"))

    wait_for(lambda: len(lines()) >= 2)
    told = {line[:3]: line[3] for line in lines()}
    assert told.keys() == {("anna", 1, "insert"), ("bert", 0, "refused")}
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+", origin) for origin in told.values())


@needs_nginx
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_git_comes_through_too(place: Place, scheme: str) -> None:
    command = ["git", "-c", "http.sslVerify=false", "ls-remote", f"{scheme}://127.0.0.1:{place.port}/apps.git"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S)
    assert "refs/heads/main" in done.stdout, done.stderr


@needs_nginx
@pytest.mark.parametrize("port", ["port", "web_port"])
def test_files_of_releases_come_from_the_disk_under_the_pinned_key(place: Place, port: str) -> None:
    path = place.pack()
    at = f"https://127.0.0.1:{getattr(place, port)}/static"
    mirror = Mirror(f"{at}#{place.key}")
    try:
        found = b"".join(mirror.pack(path.removeprefix("releases/").removesuffix(".pack")))
    finally:
        mirror.close()
    assert found == (place.own / "nginx" / "static" / path).read_bytes()
    with pytest.raises(MirrorError, match="shows another key"):
        b"".join(Mirror(f"{at}#{'0' * 64}").pack("x"))
    with pytest.raises(MirrorError, match="cannot be read"):  # no authority vouches for it
        b"".join(Mirror(at).pack("x"))


def status(place: Place, path: str, method: str = "GET") -> str:
    """What nginx answers to a path as it is written."""
    plain = socket.create_connection(("127.0.0.1", place.web_port), PATIENCE_S)
    with client_context().wrap_socket(plain) as one:
        one.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return one.recv(12).decode()[9:]


@needs_nginx
def test_nothing_but_files_of_releases_is_given_out(place: Place) -> None:
    static = place.own / "nginx" / "static"
    path = place.pack()
    (static / "files" / "link").symlink_to(place.own / "tls.pem")
    assert status(place, f"/static/{path}") == "200"
    assert status(place, f"/static/{path}", "POST") == "403"
    for wrong in ("/static/../nginx.conf", "/static/%2e%2e/nginx.conf", "/static../tls.pem", "/static/files/link",
                  "/static/", "/static/releases", "/tls.pem", "/static/%2e%2e/%2e%2e/tls.pem"):  # fmt: skip
        assert status(place, wrong) in ("403", "404", "400", "301"), wrong
    assert status(place, "/static/releases/") in ("403", "404")


@needs_nginx
def test_a_reload_keeps_everybody(place: Place) -> None:
    master = place.master()
    with Link(place.server.address) as link:
        assert link.call("hello", {})
        config = place.own / "nginx" / "nginx.conf"
        config.unlink()
        place.server.process.send_signal(signal.SIGHUP)
        wait_for(config.exists)
        assert link.call("hello", {}) and place.ask(place.server.address)
    assert place.master() == master


@needs_nginx
def test_who_comes_to_the_inner_sockets_without_a_line_is_parted_from(place: Place) -> None:
    for said in (b"\xe5\x01\x01\x00\x00\x00\x00", b"PROXY TCP4 1.2.3.4 x\r\n", b"PROXY " + b"x" * 200, b"GET / \r\n"):
        with socket.socket(socket.AF_UNIX) as one:
            one.settimeout(PATIENCE_S)
            one.connect(str(place.own / "nginx" / "plain.sock"))
            one.sendall(said)
            with contextlib.suppress(ConnectionError):
                assert one.recv(100) == b"", "not a word"
    assert all((place.own / "nginx" / f"{name}.sock").stat().st_mode & 0o077 == 0 for name in ("tls", "plain"))


@pytest.mark.parametrize(
    ("line", "client"),
    [
        (b"PROXY TCP4 192.0.2.7 192.0.2.1 40000 5060\r\n", "192.0.2.7:40000"),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 40000 5060\r\n", "2001:db8::7:40000"),
        (b"PROXY UNKNOWN\r\n", "unknown"),
        (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", "unknown"),
        *((line, None) for line in (
            b"PROXY TCP4 192.0.2.7 192.0.2.1 99999 5060\r\n", b"PROXY TCP4 2001:db8::7 x 1 2\r\n", b"HELO\r\n",
            b"PROXY TCP4 192.0.2.7 192.0.2.1 -1 5060\r\n", b"PROXY TCP5 192.0.2.7 192.0.2.1 1 2\r\n", b"\xff\r\n",
            b"PROXY TCP4  192.0.2.7 192.0.2.1 1 2\r\n",
        )),
    ],
)  # fmt: skip
def test_lines_of_the_proxy(line: bytes, client: str | None) -> None:
    if client is not None:
        assert parse_line(line) == client
        return
    with pytest.raises(ValueError):
        parse_line(line)


@needs_nginx
def test_nginx_comes_back_when_it_dies(own_place: Place) -> None:
    for number in (signal.SIGKILL, signal.SIGTERM):
        master = own_place.master()
        os.kill(master, number)
        wait_for(lambda master=master: _pid(own_place) not in (0, master))
        assert own_place.ask(own_place.server.address) == ["notes", "shop"]
    assert own_place.server.log().count("nginx ended") == 2
    assert own_place.server.stop() == (0, "")
    assert _is_free(own_place.port) and _is_free(own_place.web_port), "nothing of nginx is left"


@needs_nginx
def test_nginx_ends_with_a_server_that_is_killed(own_place: Place) -> None:
    own_place.server.kill()
    wait_for(lambda: _is_free(own_place.port) and _is_free(own_place.web_port))
    own_place.serve()  # sockets that were left are in nobody's way
    assert own_place.ask(own_place.server.address) == ["notes", "shop"]


def _pid(place: Place) -> int:
    try:
        pid = place.master()
        os.kill(pid, 0)
        with socket.create_connection(("127.0.0.1", place.port), 1.0):
            return pid
    except (OSError, ValueError):
        return 0


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def run(folder: Path, *options: str, path: str | None = None) -> tuple[int, str]:
    """A server that does not come about: its exit code and what it says."""
    folder.mkdir()
    command = [sys.executable, "-m", "server", str(folder / "apps"), "--nginx", "--keys", str(folder / "keys")]
    command += ["--log", str(folder / "log"), *options]
    environment = os.environ | ({"PATH": path} if path is not None else {})
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S)
    return done.returncode, done.stderr


def test_a_machine_without_nginx_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.nginx.process.shutil.which", lambda *_, **__: None)
    front = Front(tmp_path, "127.0.0.1", 1, tmp_path / "tls.pem", True, 1)
    with pytest.raises(NginxError, match="there is no nginx on this machine") as caught:
        Nginx(front, Log(tmp_path / "log"))
    assert "apt install nginx libnginx-mod-stream" in caught.value.hint


@needs_nginx
def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = run(tmp_path / "it", "--port", str(taken.getsockname()[1]))
    assert code == 1 and "Address already in use" in said and "is another server running?" in said


@needs_nginx
def test_a_configuration_that_nginx_does_not_take_is_told_before_anything_runs(tmp_path: Path) -> None:
    front = Front(tmp_path / "own", "127.0.0.1", free_port(), tmp_path / "missing.pem", True, 1)
    nginx = Nginx(front, Log(tmp_path / "log"))
    import asyncio

    with pytest.raises(NginxError, match=r"does not take its configuration .*missing\.pem"):
        asyncio.run(nginx.start())
    assert nginx.process is None


@needs_nginx
def test_old_files_go_and_those_of_today_stay(tmp_path: Path) -> None:
    from server.catalogue import Catalogue
    from server.nginx.static import KEEP_S, Static
    from server.note import Notes
    from server.repository import Repository

    bare, _ = make_repository(tmp_path / "git")
    log, folder = Log(tmp_path / "log"), tmp_path / "static"
    catalogue = Catalogue(Repository(bare), Notes(tmp_path / "notes", log), log)
    catalogue.update()
    static = Static(folder, catalogue, log)
    static.close()
    static._stop.clear()
    static.write()
    files = {path for path in folder.rglob("*.*") if path.is_file()}
    assert len(files) == 8
    (folder / "files" / "aa").mkdir(exist_ok=True)
    gone, young = (folder / "files" / "aa" / name for name in ("old.zst", "young.zst"))
    for path in (gone, young):
        path.write_bytes(b"")
    for path in (gone, *files):
        os.utime(path, (time.time() - 2 * KEEP_S,) * 2)
    assert static.write() == 0
    assert {path for path in folder.rglob("*.*") if path.is_file()} == files | {young}
