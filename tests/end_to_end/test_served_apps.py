"""A source server and desktops around it: opening, sharing edits, going offline, names that are apps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desktop import ESPALIER, Desktop, has_display_tools, wait_for

from tests.served import commit, free_port, git, in_app, make_repository

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")


class Served:
    """`espalier serve` over a repository with the apps shop and notes.

    Attributes:
        address: HOST:PORT.
        work: A clone to push from.
        database: The shop's, on the server.
    """

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.bare, self.work = make_repository(folder)
        self.data = folder / "data"
        self._desktop = desktop
        self.start(str(free_port()))

    def start(self, port: str) -> None:
        """Serve at a port."""
        self.process = self._desktop.start(
            "serve", str(self.bare), "--host", "127.0.0.1", "--port", port, "--data", str(self.data)
        )
        self.process.may_complain = True  # the server's log goes to standard error
        line = self.process.wait_for_line("Serving ")
        self.address = line.rsplit(" ", 1)[-1]

    @property
    def database(self) -> Path:
        (file,) = self.data.rglob("stock.sqlite")
        return file

    def price(self, name: str) -> Any:
        """An item's price as the server's database has it."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute("SELECT price FROM items WHERE name = ?", (name,)).fetchone()[0]
        finally:
            connection.close()


@pytest.fixture
def served(desktop: Desktop, tmp_path: Path) -> Iterator[Served]:
    yield Served(desktop, tmp_path / "served")


def know(desktop: Desktop, served: Served) -> None:
    """Write the server into the person's configuration."""
    (desktop.base / "config" / "config.toml").write_text(f'[servers]\nbeast = "{served.address}"\n')


def test_an_app_of_an_address_is_edited_on_the_server(desktop: Desktop, served: Served) -> None:
    desktop.open(f"shop@{served.address}", title="Shop")
    desktop.until_shown("| > 1 | rake | 34.95")
    desktop.focus("Grid grid")
    desktop.keys("End", "Left", "F2", "ctrl+a")
    desktop.text("29.5")
    desktop.keys("Return")
    wait_for(lambda: served.price("rake") == 29.5)


def test_two_desktops_see_each_others_edits(desktop: Desktop, served: Served, tmp_path: Path) -> None:
    other = Desktop(tmp_path / "other")
    try:
        desktop.open(f"shop@{served.address}", title="Shop")
        other.open(f"shop@{served.address}", title="Shop")
        for each in (desktop, other):
            each.until_shown("| > 1 | rake")
        for one, two, price in ((desktop, other, "11.5"), (other, desktop, "12.75")):
            one.focus("Grid grid")
            one.keys("Home", "ctrl+Up", "End", "Left", "F2", "ctrl+a")
            one.text(price)
            one.keys("Return")
            two.until_shown(f"1 | rake | {price}")
        assert served.price("rake") == 12.75
    finally:
        other.close()
    assert not other.complaints()


def test_a_known_server_is_named_and_the_app_opens_offline(desktop: Desktop, served: Served) -> None:
    know(desktop, served)
    process = desktop.open("shop@beast", title="Shop")
    desktop.until_shown("1 | rake | 34.95")
    desktop.keys("ctrl+q")
    assert process.wait() == 0
    assert served.process.end() == 0
    process = desktop.open("shop@beast", title="Shop")
    desktop.until_shown("Offline")
    desktop.until_shown("rake")
    desktop.keys("ctrl+q")
    assert process.wait() == 0


def test_a_server_that_comes_back_is_noticed(desktop: Desktop, served: Served) -> None:
    know(desktop, served)
    desktop.open("shop@beast", title="Shop")
    desktop.until_shown("1 | rake | 34.95")
    served.process.kill()
    desktop.until_shown("Offline")
    served.start(served.address.rsplit(":", 1)[1])
    wait_for(lambda: "Offline" not in desktop.tree())
    desktop.until_shown("1 | rake | 34.95")


def test_what_is_published_changes_open_windows(desktop: Desktop, served: Served) -> None:
    desktop.open(f"shop@{served.address}", title="Shop")
    changed = 'layout 1 title="Shop"\ntable items source="items"\nwindow { label "Fresh paint"; grid items }\n'
    commit(served.work, in_app("shop", {"main.kdl": changed}))
    git(served.work, "push", "-q", "origin", "main")
    desktop.until_shown("= 'Fresh paint'")


def test_an_unknown_server_and_one_that_is_away_are_one_line(desktop: Desktop, served: Served) -> None:
    know(desktop, served)
    served.process.end()
    for words, expected in {"shop@best": "there is no known server best", "shop@beast": "never opened here"}.items():
        process = desktop.start(words)
        process.may_complain = True
        assert process.wait() == 1
        assert expected in process.err and process.err.count("\n") == 1
        assert not desktop.has_window("Shop")


def test_the_executables_own_name_is_an_app(desktop: Desktop, served: Served, tmp_path: Path) -> None:
    know(desktop, served)
    shop = tmp_path / "shop"
    shop.symlink_to(ESPALIER)
    desktop.open(title="Shop", program=shop)
    desktop.until_shown("1 | rake | 34.95")


def test_apps_lists_what_a_server_offers(desktop: Desktop, served: Served) -> None:
    said = desktop.run("apps", served.address)
    assert said.popen.returncode == 0
    assert "shop" in said.out and "notes" in said.out
