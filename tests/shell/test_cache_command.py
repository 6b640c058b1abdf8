"""``espalier cache``: what it tells of a cache that is whole, and of one that is not."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from kernel.cache import Cache
from kernel.tables.error import UnavailableError
from shell.commands_cli.cache import run
from tests.attacks.straight import APP, Straight, sha

FILES = {"app.toml": b"name = 'shop'", "main.kdl": b"window " * 300}
Ask = Callable[[str], tuple[int, list[str]]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A cache with one app, and what no app needs."""
    shop = Straight()
    shop.publish(FILES)
    shop.delivery(tmp_path / "cache").refresh(APP)
    Cache(tmp_path / "cache").put_many([b"nobody's" * 1000])
    return tmp_path / "cache"


@pytest.fixture
def ask(place: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run an action; answers the exit code and the lines."""

    def run_action(action: str) -> tuple[int, list[str]]:
        session: Any = SimpleNamespace(servers=SimpleNamespace(cache=Cache(place)), config={"cache.limit": 2_000_000})
        code = run(Namespace(action=action), session)
        return code, capsys.readouterr().out.splitlines()

    return run_action


def test_stat_tells_sizes_and_apps(ask: Ask, place: Path) -> None:
    code, lines = ask("stat")
    assert code == 0 and lines[0] == str(place)
    assert lines[1].endswith("of 2.0 MB in 2 segments: 4 files")
    assert lines[2].split() == ["shop@home", "1.0", "2", "files", "2.1", "kB"]


def test_verify_names_what_is_damaged(ask: Ask, place: Path) -> None:
    assert ask("verify") == (0, ["4 files are whole"])
    for path in (place / "segments").iterdir():
        data = path.read_bytes()
        path.write_bytes(data.replace(b"window window", b"window Window", 1).replace(b"nobody's", b"Nobody's", 1))
    code, lines = ask("verify")
    assert code == 1 and lines[0] == "2 files are whole"
    assert lines[1] == "shop@home: main.kdl is damaged; it is fetched again when it is read"
    assert lines[2].startswith(sha(b"nobody's" * 1000)) and "no app needs it" in lines[2]
    for path in (place / "segments").iterdir():
        with open(path, "r+b") as file:
            file.seek(20)
            file.write(b"\0\0\0\0")
    code, lines = ask("verify")
    assert code == 1 and lines[0] == "0 files are whole" and "its index is damaged" in lines[1]


def test_gc_removes_what_no_app_needs(ask: Ask, place: Path) -> None:
    for path in (place / "segments").iterdir():
        os.utime(path, (1000, 1000))
    code, lines = ask("gc")
    assert code == 0 and lines[0].startswith("8.")
    assert Cache(place).get(sha(b"nobody's" * 1000)) is None
    assert all(Cache(place).get(sha(data)) == data for data in FILES.values())


def test_keep_fetches_the_newest_of_what_is_here_and_tells_who_is_away(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop, cache, done = Straight(), Cache(place), []
    shop.publish(FILES)
    newest = shop.publish({**FILES, "main.kdl": b"window { label new }"})
    servers = SimpleNamespace(
        cache=cache, delivery=lambda server: shop.delivery(place), channel_of=lambda app: "stable",
        clean_up=lambda: done.append("cleaned"), close=lambda: done.append("closed"),
    )  # fmt: skip
    session: Any = SimpleNamespace(servers=servers, config={"cache.limit": 2_000_000})
    assert run(Namespace(action="keep"), session) == 0
    assert capsys.readouterr().out.split() == ["shop@home", "1.0"]
    assert shop.delivery(place).cached(APP) == newest and done == ["cleaned", "closed"]

    def is_away(server: str) -> Any:
        raise UnavailableError("home is away")

    servers.delivery = is_away
    assert run(Namespace(action="keep"), session) == 1
    assert "stays as it is: home is away" in capsys.readouterr().out
    assert shop.delivery(place).cached(APP) == newest
