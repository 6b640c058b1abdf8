"""app.toml: defaults, places of problems, names and paths."""

from __future__ import annotations

import pytest

from layouts.app_manifest import AppError, parse_app, read_app


def test_defaults() -> None:
    app = parse_app(b'name = "shop"\n[sources.desk]\nkind = "sqlite"\npath = "/data/desk.sqlite"')
    assert (app.title, app.layout, app.entry) == ("shop", "main.kdl", ("layout", "main.kdl", "window"))
    assert app.sources == {"desk": {"kind": "sqlite", "path": "/data/desk.sqlite"}}


ROWS = {
    'nam = "x"\nname = "a"': ["app.toml:1:1: app.toml has no entry nam (did you mean name?)"],
    "title = 'x'": ['app.toml:1:1: the app needs a name (write: name = "shop")'],
    'name = "My Shop"': [
        "app.toml:1:8: an app cannot be called My Shop (small letters, digits, - and _, beginning with a letter or digit)"
    ],
    'name = "a"\nlayout = "../x.kdl"': [
        "app.toml:2:10: layout must be a file of the app (a path without .. and / in front)"
    ],
    'name = "a"\nentry = ["x", 1]': ["app.toml:2:9: entry must be a list of texts"],
    'name = "a"\n[sources.x]\nkind = "sqlite"\nseed = "/etc/passwd"': ["app.toml:4:8: seed must be a file of the app"],
    'name = "a"\ntitle = 3\nicon = 4': ["app.toml:2:9: title must be a text", "app.toml:3:8: icon must be a text"],
}


@pytest.mark.parametrize("text", ROWS)
def test_problems(text: str) -> None:
    with pytest.raises(AppError) as caught:
        parse_app(text.encode())
    assert str(caught.value).split("\n") == ROWS[text]


def test_toml_errors_have_a_place() -> None:
    with pytest.raises(AppError) as caught:
        parse_app(b'name = "a"\ntitle = ')
    assert str(caught.value).startswith("app.toml:2:9: ")


def test_a_missing_file_says_so() -> None:
    with pytest.raises(AppError, match="the file is missing"):
        read_app({}.get)
