"""Grants of an app and roles of a repository: what is refused, and where it stands."""

from __future__ import annotations

import pytest

from layouts.app_manifest import AppError, parse_app
from layouts.grant import Grant, RolesError, parse_roles

APP = 'name = "shop"\n[sources.stock]\nkind = "sqlite"\npath = "s.sqlite"\n[[grants]]\n'
RIGHT = 'who = "anna"\ntable = "items"\nmay = ["read"]\n'


def test_right_grants_are_read_in_order() -> None:
    text = APP + RIGHT + '[[grants]]\nwho = "role:clerk"\ntable = "*"\nmay = ["add", "edit"]\ncolumns = ["a"]\n'
    text += "rows = \"owner == user.name and total > 3\"\nsource = 'stock'\n"
    assert parse_app(text.encode()).grants == (
        Grant("anna", "items", ("read",)),
        Grant("role:clerk", "*", ("add", "edit"), ("a",), "owner == user.name and total > 3", "stock"),
    )
    assert parse_app(b'name = "shop"').grants == ()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (RIGHT + 'row = "x"\n', "9:1", "has no entry row.*did you mean rows"),
        (RIGHT.replace('"anna"', '"role:"'), "6:7", "nobody called role:"),
        (RIGHT.replace('"anna"', "3"), "6:7", "who must be a text"),
        (RIGHT.replace('["read"]', '["raed"]'), "8:7", "allowed to raed"),
        (RIGHT.replace('["read"]', "[]"), "8:7", "may must name an action"),
        (RIGHT.replace('["read"]', '"read"'), "8:7", "may must be a list"),
        (RIGHT.replace('"items"', '""'), "7:9", "table must name a table"),
        (RIGHT + 'source = "stok"\n', "9:10", "no source stok.*did you mean stock"),
        (RIGHT + 'rows = "owner = 3"\n', "9:8", "rows: a comparison is written with =="),
        (RIGHT + 'rows = "owner == user.nmae"\n', "9:8", "nothing is known as user.nmae.*user.name"),
        ('who = "anna"\ntable = "items"\n', "5:", "needs may"),
        (RIGHT + "columns = [1]\n", "9:11", "columns must be a list of texts"),
    ],
)
def test_wrong_grants_are_told_with_their_place(text: str, place: str, message: str) -> None:
    with pytest.raises(AppError, match=message) as caught:
        parse_app((APP + text).encode())
    assert str(caught.value).startswith(f"app.toml:{place}")


@pytest.mark.parametrize("text", ["grants = 3", "grants = [1]", "[grants]\na = 1"])
def test_grants_are_tables(text: str) -> None:
    with pytest.raises(AppError, match="grants must be"):
        parse_app(f'name = "shop"\n{text}\n'.encode())


@pytest.mark.parametrize("text", ["offline = 3", 'offline = "items"', "offline = [1]"])
def test_offline_is_true_or_names_tables(text: str) -> None:
    with pytest.raises(AppError, match="offline must be") as caught:
        parse_app(f'name = "shop"\n[sources.stock]\nkind = "sqlite"\n{text}\n'.encode())
    assert ":4:11" in str(caught.value)


def test_roles_by_person() -> None:
    text = b'[roles]\nboss = ["carla"]\nclerk = ["anna", "carla"]\n'
    assert parse_roles(text) == {"carla": ("boss", "clerk"), "anna": ("clerk",)} and parse_roles(b"") == {}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (b"[roles]\nboss = 3\n", "2:8", "must be a list"),
        (b"[roles]\nBoss = []\n", "2:1", "cannot be called Boss"),
        (b"[rolls]\n", "1:", "no entry rolls"),
        (b"[roles\n", "1:", "end of a table declaration"),
        (b"[roles]\nboss = [' anna']\n", "2:8", "must be a list"),
        (b"\xff", "1:1", "no UTF-8"),
    ],
)
def test_wrong_roles_are_told_with_their_place(text: bytes, place: str, message: str) -> None:
    with pytest.raises(RolesError, match=message) as caught:
        parse_roles(text)
    assert str(caught.value).startswith(f"roles.toml:{place}")
