"""A shell whose server goes away and comes back, is killed in mid answer, or whose cache was spoilt.

The server is a process of its own; the window runs here, offscreen, so that it can be asked what it shows.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.wire.link import Link
from shell import desk as desk_module
from shell.boot import boot
from shell.session import Given
from tests.served import ROOT, SHOP, ServerProcess, commit, free_port, git, make_repository
from tests.waiting import PATIENCE_S
from widgets.handle_opening import AWAY

LAYOUT = """layout 1 title="Shop"
table items source="items" sort="id"
window {
    grid items id=view
    form of=view.current id=editor
}
"""


def versioned(version: str) -> str:
    """The shop's app.toml with a version of its own; without one it is called by its number."""
    return SHOP["app.toml"].replace('title = "Shop"', f'title = "Shop"\nversion = "{version}"')


class Place:
    """A repository, a server that may come and go at one address, and a person's home."""

    def __init__(self, folder: Path) -> None:
        self.bare, self.work = make_repository(folder)
        self.folder, self.home = folder, folder / "home"
        self.port = free_port()
        self.target = f"shop@127.0.0.1:{self.port}"
        self.server: ServerProcess | None = None
        #: What the server keeps of the shop.
        self.database = self.bare / "espalier" / "data" / "shop" / "stock.sqlite"
        self.publish({"main.kdl": LAYOUT})

    def publish(self, files: dict[str, str]) -> None:
        commit(self.work, {f"apps/shop/{path}": text for path, text in files.items()})
        git(self.work, "push", "-q", "origin", "main")

    def start(self, *options: str) -> ServerProcess:
        log_path = self.folder / "server.log"
        self.server = ServerProcess(self.bare, "--port", str(self.port), *options, log_path=log_path)
        return self.server

    def open(self, target: str = "", *, may_block: bool = True) -> Any:
        given = Given(basedir=str(self.home), settings=("network.retry_longest=300 ms",))
        return boot(target or self.target, given, may_block=may_block)


@pytest.fixture
def place(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    place = Place(tmp_path / "place")
    yield place
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window._may_lose_edits = True
            close(window)
    if place.server is not None and place.server.process.poll() is None:
        place.server.kill()


def close(window: Any) -> None:
    window.close()
    window.session.close()


def pill(window: Any) -> str:
    return window.bar.pill.text() if window.bar.pill is not None and not window.bar.pill.isHidden() else ""


def count(window: Any) -> int | None:
    view = window.context.widgets.get("view") if window.context else None
    return view.rows.cache.count if view is not None else None


def name_shown(window: Any) -> str | None:
    form = window.context.widgets.get("editor") if window.context else None
    row = form.row if form is not None else None
    return row.value("name") if row is not None and row.values else None


def said(window: Any) -> list[str]:
    return [message.text for message in window.messages.history]


def texts(window: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in window.body.findChildren(QLabel))


def test_a_server_that_goes_away_and_comes_back(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and name_shown(window) == "rake" and count(window) == 2)
    wait_until(lambda: pill(window) == "")
    assert said(window) == []
    assert place.server.stop()[0] == 0
    wait_until(lambda: re.match(r"Offline — showing version 2 from \d", pill(window)))
    close(window)

    (window,) = place.open().windows
    wait_until(lambda: name_shown(window) == "rake")
    wait_until(lambda: pill(window).startswith("Offline — showing version 2 from"))
    form = window.context.widgets["editor"]
    wait_until(lambda: form.handle.is_away)
    form.row.edit("name", "spade")
    form.write_row()
    assert form.row.messages == {"": AWAY}
    assert form.row.edits == {"name": "spade"} and form.has_edits()

    place.start()
    wait_until(lambda: window.app.state == "online" and pill(window) == "" and not form.handle.is_away)
    form.write_row()
    wait_until(lambda: not form.has_edits() and name_shown(window) == "spade")
    wait_until(lambda: not any("newer version" in text for text in said(window)))
    assert not any("Updated" in text for text in said(window))


def test_what_was_published_meanwhile_comes_with_the_server(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and count(window) == 2)
    shown = window.body
    place.server.stop()
    wait_until(lambda: pill(window))
    place.publish({"app.toml": versioned("2.0")})
    assert window.body is shown
    place.start()
    wait_until(lambda: "Updated to version 2.0" in said(window))
    wait_until(lambda: pill(window) == "" and count(window) == 2)
    assert window.body is shown, "nothing of its layout is another"


def test_a_server_of_another_machine_is_told_of_at_the_first_contact(place: Place, wait_until: Any) -> None:
    place.start("--tls")
    (window,) = place.open(place.target.replace("@", "@tls:")).windows
    wait_until(lambda: said(window))
    assert said(window) == [f"tls:127.0.0.1:{place.port} is trusted from now on"]
    assert "Its fingerprint is" in window.messages.history[0].detail
    close(window)
    (window,) = place.open(place.target.replace("@", "@tls:")).windows
    wait_until(lambda: window.app.state == "online" and count(window) == 2)
    assert said(window) == []


def test_a_warm_start_rebuilds_nothing(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online")
    close(window)
    (window,) = place.open().windows
    shown = window.body
    wait_until(lambda: window.app.state == "online" and count(window) == 2)
    assert window.body is shown and said(window) == []


def run_shell(place: Place) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "shell.main", "--basedir", str(place.home), place.target]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT, check=False)


def test_never_opened_and_no_server_is_one_line_and_no_window(place: Place) -> None:
    done = run_shell(place)
    assert done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
    assert "was never opened here, and the server does not answer" in done.stderr


def test_from_a_window_it_is_a_page_that_tries_again(place: Place, wait_until: Any) -> None:
    (window,) = place.open(may_block=False).windows
    assert f"Getting {place.target.replace('@', ' from ')}" in texts(window)
    wait_until(lambda: "the server does not answer" in texts(window))
    window.reload()
    assert f"Getting {place.target.replace('@', ' from ')}" in texts(window)
    wait_until(lambda: "the server does not answer" in texts(window))
    place.start()
    wait_until(lambda: name_shown(window) == "rake")
    assert window.windowTitle() == "Shop"
    wait_until(lambda: window.app.state == "online")


def test_a_server_killed_while_it_sends_an_app(
    place: Place, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_begun, is_killed = threading.Event(), threading.Event()
    stream = Link.stream

    def stream_until_killed(link: Link, *arguments: Any) -> Iterator[bytes]:
        with contextlib.closing(stream(link, *arguments)) as pieces:
            for piece in pieces:  # the server waits until these are taken
                has_begun.set()
                assert is_killed.wait(PATIENCE_S)
                yield piece

    monkeypatch.setattr(Link, "stream", stream_until_killed)
    data = os.urandom(200_000).hex()
    place.publish({f"data/{number}.txt": f"{number} {data}" for number in range(60)})
    place.start()
    (window,) = place.open(may_block=False).windows
    wait_until(has_begun.is_set)
    place.server.kill()
    is_killed.set()
    wait_until(lambda: "cannot be opened" in texts(window))
    assert name_shown(window) is None
    place.start()
    wait_until(lambda: name_shown(window) == "rake")


def spoil(place: Place, how: str) -> int:
    """Damage every segment of the cache; how many there were."""
    segments = list((place.home / "cache").rglob("*.seg"))
    for path in segments:
        content = path.read_bytes()
        path.chmod(0o600)
        if how == "truncated":
            path.write_bytes(content[: len(content) // 2])
        elif how == "index":
            path.write_bytes(content[:20] + bytes([(content[20] + 1) & 0xFF]) + content[21:])
        else:
            blobs = 44 + 48 * int.from_bytes(content[8:12])  # behind the head and the index
            path.write_bytes(content[:blobs] + bytes((byte + 1) & 0xFF for byte in content[blobs:]))
    return len(segments)


@pytest.mark.parametrize("how", ["truncated", "altered", "index"])
def test_a_spoilt_cache_is_found_by_its_hashes_and_fetched_again(place: Place, wait_until: Any, how: str) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and count(window) == 2)
    close(window)
    assert spoil(place, how) > 0
    (window,) = place.open().windows
    wait_until(lambda: name_shown(window) == "rake")
    close(window)
    place.server.stop()
    (window,) = place.open().windows
    wait_until(lambda: name_shown(window) == "rake")
    close(window)
    spoil(place, how)
    done = run_shell(place)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "missing or damaged" in done.stderr and "is away" in done.stderr


def test_an_older_release_is_refused_and_the_last_good_one_stays(place: Place, wait_until: Any) -> None:
    place.publish({"app.toml": versioned("2.0")})
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and count(window) == 2)
    place.server.stop()
    git(place.work, "push", "-q", "--force", "origin", "HEAD~1:main")
    for note in (place.bare / "espalier").glob("published*.json"):  # else its number would rise
        note.unlink()
    shown = window.body
    place.start()
    wait_until(lambda: said(window))
    assert said(window) == ["What the server offers was refused; this is the last good version"]
    assert "older than release" in window.messages.history[0].detail
    wait_until(lambda: pill(window) == "")
    assert window.body is shown and window.app.info.version == "2.0"
    commit(place.work, {"apps/shop/app.toml": versioned("3.0")})
    git(place.work, "push", "-q", "--force", "origin", "main")
    wait_until(lambda: "Updated to version 3.0" in said(window))


def test_going_back_is_a_new_release_with_old_files(place: Place, wait_until: Any) -> None:
    place.start()
    (window,) = place.open().windows
    wait_until(lambda: window.app.state == "online" and count(window) == 2)
    place.publish({"app.toml": versioned("2.0")})
    wait_until(lambda: "Updated to version 2.0" in said(window))
    git(place.work, "revert", "--no-edit", "HEAD")
    git(place.work, "push", "-q", "origin", "main")
    wait_until(lambda: "Updated to version 2" in said(window))
