"""The starter app and the home window, from the embedded server, with nothing but keys."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from desktop import Desktop, has_display_tools, wait_for

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")


def on_server(desktop: Desktop, sql: str, *values: Any) -> Any:
    """One value of the order desk's database, as the server has it."""
    (file,) = (path for path in desktop.base.rglob("*.sqlite") if "orders" in str(path))
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return connection.execute(sql, values).fetchone()[0]
    finally:
        connection.close()


def test_an_order_is_searched_and_shipped(desktop: Desktop) -> None:
    desktop.open("orders", title="Order desk")
    # The window may be there before the server has made the database.
    desktop.until_shown("50,000 orders")
    number = on_server(desktop, "SELECT max(id) FROM orders WHERE status = 'open'")
    desktop.keys("slash")
    desktop.text(str(number))

    def shown() -> list[str]:
        tree = desktop.until_shown(f"> {number} | ")
        return [line for line in tree.split("orders_view")[1].split("Header")[0].splitlines() if "|" in line]

    wait_for(lambda: len(shown()) == 2)  # the headings and the one order, once the others have gone
    desktop.keys("ctrl+Return")
    desktop.until_shown(f"Ship order {number} to ")
    assert on_server(desktop, "SELECT status FROM orders WHERE id = ?", number) == "open"
    desktop.keys("Return")
    wait_for(lambda: on_server(desktop, "SELECT status FROM orders WHERE id = ?", number) == "shipped")
    assert on_server(desktop, "SELECT shipped FROM orders WHERE id = ?", number)
    desktop.until_shown(f"Order {number} is on its way")
    desktop.until_shown("| shipped | ")


def test_a_search_tells_how_many_it_found(desktop: Desktop) -> None:
    desktop.open("orders", title="Order desk")
    # The window may be there before the server has made the database.
    desktop.until_shown("50,000 orders")
    everything = on_server(desktop, "SELECT count(*) FROM orders")
    assert everything >= 50_000
    name = on_server(desktop, "SELECT name FROM customers ORDER BY id LIMIT 1")
    desktop.keys("slash")
    desktop.text(name)
    desktop.until_shown(f"| {name} | ")
    desktop.keys("ctrl+a")
    desktop.text("nobody is called this")
    desktop.until_shown("No order matches the search.")


def test_home_opens_an_app_by_return(desktop: Desktop) -> None:
    desktop.open("home", title="")
    desktop.until_shown("Order desk")
    desktop.focus("Grid")
    desktop.keys("ctrl+Up")
    tree = desktop.tree()
    current = next(line for line in tree.splitlines() if line.strip().startswith("| > "))
    title = next(name for name in ("Order desk", "Contacts") if name in current)
    desktop.keys("Return")
    desktop.window(title)


def test_the_palette_runs_a_command_of_the_app(desktop: Desktop) -> None:
    desktop.open("orders", title="Order desk")
    # The window may be there before the server has made the database.
    desktop.until_shown("50,000 orders")
    desktop.keys("ctrl+p")
    desktop.text("dark theme")
    desktop.keys("Return")
    config = desktop.base / "config" / "config.toml"
    wait_for(lambda: config.exists() and 'theme = "dark"' in config.read_text())
    desktop.keys("ctrl+k", "ctrl+t")
    wait_for(lambda: 'theme = "light"' in config.read_text())


def test_size_and_pane_are_there_after_a_restart(desktop: Desktop) -> None:
    process = desktop.open("contacts", title="Contacts")
    desktop.until_shown("Ada Byron")  # the window may be there before the app, which has a size of its own
    desktop.resize("Contacts", 1010, 640)
    desktop.until_shown("Window 0,0 1010×640")
    desktop.keys("ctrl+q")
    assert process.wait() == 0
    desktop.open("contacts", title="Contacts")
    desktop.until_shown(" 1010×640")


def test_the_list_of_keys_and_the_history_of_messages_open(desktop: Desktop) -> None:
    desktop.open("contacts", title="Contacts")
    desktop.until_shown("Ada Byron")
    desktop.keys("F1")
    desktop.until_shown("|   Find a command, an app or a page")
    desktop.keys("Escape", "ctrl+shift+m")
    desktop.until_shown("> The tree of widgets is in")
