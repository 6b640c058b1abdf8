"""Pages of the app with live tables in them, driven by a real browser client over CDP."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from kernel.tables.change import Update
from tests.conftest import spin_until
from tests.plugins.chromium.conftest import show
from tests.plugins.chromium.test_web_depth import OPENER, SIGN
from tests.plugins.chromium.web_desk import Client, Server, js, until_js


@pytest.fixture
def page(own: Any, client: Client) -> Any:
    """The app's page, its table shown."""
    page = client.page("app://desk/pages/start.html")
    client.run(lambda: page.get_by_role("gridcell", name="Person 001").wait_for())
    return page


def stored(window: Any, column: str, number: int) -> Any:
    """What the database holds."""
    path = window.app.folder / "desk.sqlite"
    with sqlite3.connect(path) as connection:
        [(value,)] = connection.execute(f"select {column} from people where id = ?", (number,))
    connection.close()
    return value


def cell(page: Any, row: int, column: int) -> Any:
    """A cell of the element, by the numbers that screen readers say."""
    return page.locator(f"[role=row][aria-rowindex='{row}'] > [aria-colindex='{column}']")


def write(window: Any, number: int, values: dict[str, Any]) -> None:
    """Somebody else writes a row."""
    answers: list[Any] = []
    window.context.tables["people"].commit([Update((number,), "", values)], answers.append)
    spin_until(lambda: answers)
    assert not isinstance(answers[0], Exception)


def test_a_page_of_the_app_comes_from_its_files(page: Any, own: Any, client: Client) -> None:
    assert client.run(page.title) == "Start"
    assert client.run(lambda: page.evaluate("isSecureContext && location.origin")) == "app://desk"
    js(own, "fetch('looks.css').then((answer) => answer.text()).then((text) => window.read = text)")
    assert until_js(own, "window.read") == "body { margin: 0 }"


def test_the_element_is_a_grid_for_everybody(page: Any, client: Client) -> None:
    grid = page.get_by_role("grid", name="People")
    assert client.run(lambda: grid.get_attribute("aria-rowcount")) == "301"
    heads = client.run(lambda: grid.get_by_role("columnheader").all_inner_texts())
    assert heads == ["Name", "Born", "Amount", "Member", "Status"]
    assert client.run(lambda: cell(page, 2, 3).inner_text()) == "12.50"
    client.run(lambda: grid.focus())
    client.run(lambda: page.keyboard.press("Control+End"))
    client.run(lambda: page.get_by_role("gridcell", name="Person 300").wait_for())
    row = client.run(lambda: page.locator("[role=row][aria-selected=true]").get_attribute("aria-rowindex"))
    assert row == "301"
    assert client.run(lambda: page.get_by_role("row").count()) < 80


def test_a_change_from_elsewhere_is_shown(page: Any, window: Any, client: Client) -> None:
    write(window, 2, {"name": "Somebody"})
    client.run(lambda: page.get_by_role("gridcell", name="Somebody").wait_for())


def test_a_cell_is_edited_by_keys(page: Any, window: Any, client: Client) -> None:
    client.run(lambda: cell(page, 4, 1).click())
    client.run(lambda: page.keyboard.press("F2"))
    client.run(lambda: page.keyboard.type("Ada"))
    client.run(lambda: page.keyboard.press("Enter"))
    spin_until(lambda: stored(window, "name", 3) == "Ada")
    client.run(lambda: page.get_by_role("gridcell", name="Ada").wait_for())
    client.run(lambda: cell(page, 4, 4).click())
    client.run(lambda: page.keyboard.press("Space"))
    spin_until(lambda: stored(window, "is_member", 3) == 0)


def test_a_wrong_value_is_told_and_not_written(page: Any, window: Any, client: Client) -> None:
    client.run(lambda: cell(page, 5, 3).click())
    client.run(lambda: page.keyboard.type("much"))
    client.run(lambda: page.keyboard.press("Enter"))
    alert = page.get_by_role("alert").filter(has_text="must be a number")
    client.run(lambda: alert.wait_for())
    assert stored(window, "amount", 4) == 50


def test_two_edits_of_one_cell_are_decided_by_the_person(page: Any, window: Any, client: Client) -> None:
    client.run(lambda: cell(page, 6, 1).click())
    client.run(lambda: page.keyboard.press("F2"))
    client.run(lambda: page.keyboard.type("Mine"))
    js(window.context.widgets["own"], "document.querySelector('espalier-view').hear = () => {}; 1")
    write(window, 5, {"name": "Theirs"})
    client.run(lambda: page.keyboard.press("Enter"))
    client.run(lambda: page.get_by_role("alert").filter(has_text="“Theirs”").wait_for())
    assert stored(window, "name", 5) == "Theirs"
    client.run(lambda: page.get_by_role("button", name="Write mine").click())
    spin_until(lambda: stored(window, "name", 5) == "Mine")


def test_edits_of_different_cells_are_put_together(page: Any, window: Any, client: Client) -> None:
    client.run(lambda: cell(page, 7, 1).click())
    client.run(lambda: page.keyboard.press("F2"))
    client.run(lambda: page.keyboard.type("Grace"))
    js(window.context.widgets["own"], "document.querySelector('espalier-view').hear = () => {}; 1")
    write(window, 6, {"status": "closed"})
    client.run(lambda: page.keyboard.press("Enter"))
    spin_until(lambda: stored(window, "name", 6) == "Grace")
    assert stored(window, "status", 6) == "closed"


def test_the_form_shows_and_writes_the_current_row(page: Any, window: Any, client: Client) -> None:
    client.run(lambda: cell(page, 8, 1).click())
    name = page.get_by_label("Name", exact=True)
    spin_until(lambda: client.run(lambda: name.input_value()) == "Person 007")
    client.run(lambda: name.fill("Bond"))
    client.run(lambda: name.blur())
    spin_until(lambda: stored(window, "name", 7) == "Bond")


def test_what_a_page_edits_is_the_windows_to_undo(page: Any, window: Any, client: Client) -> None:
    client.run(lambda: cell(page, 9, 1).click())
    client.run(lambda: page.keyboard.type("X"))
    client.run(lambda: page.keyboard.press("Enter"))
    spin_until(lambda: stored(window, "name", 8) == "X")
    window.registry.run("edit.undo")
    spin_until(lambda: stored(window, "name", 8) == "Person 008")


def test_a_layout_that_is_not_there_is_told_in_its_place(page: Any, own: Any, client: Client) -> None:
    js(own, "document.querySelector('espalier-view').setAttribute('layout', 'nowhere')")
    client.run(lambda: page.get_by_role("alert").filter(has_text="nowhere.kdl").wait_for())


def test_a_sign_in_window_is_driven_from_outside(outer: Any, client: Client, server: Server) -> None:
    server.put("/sign-cdp", SIGN)
    show(outer, server.put("/shop-cdp", OPENER.replace("SIGN", f"{server.there}/sign-cdp")))
    shop = client.page("/shop-cdp")
    client.run(lambda: shop.get_by_role("button", name="Sign in").click())
    spin_until(lambda: outer.browser.popup is not None)
    sign = client.page("/sign-cdp")
    assert client.run(sign.title) == "Sign in" and outer.browser.popup.isVisible()
    client.run(lambda: sign.get_by_role("button", name="Give").click())
    spin_until(lambda: outer.title == f"Token abc of {server.there}")
    spin_until(lambda: outer.browser.popup is None)


def test_developer_tools_beside_a_client(outer: Any, client: Client, server: Server) -> None:
    show(outer, server.here + "/plain")
    outer.show_tools()
    tools = outer.browser._tools
    spin_until(lambda: tools.isVisible() and tools.page().url().scheme() == "devtools")
    plain = client.page("/plain")
    assert client.run(lambda: plain.evaluate("document.title")) == "Plain"
    tools.close()
