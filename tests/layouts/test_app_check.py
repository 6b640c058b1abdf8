"""What keeps an app from being released: everything at once, with places."""

from __future__ import annotations

import pytest

from layouts.app_check import check_app, shipped_surface
from layouts.app_check.check import MOST, errors_of
from layouts.app_manifest import parse_app
from layouts.app_needs import fits, is_channel, least_version

SURFACE = shipped_surface()
GOOD = {
    "app.toml": 'name = "shop"\n[sources.main]\nkind = "sqlite"\npath = "x.sqlite"\nschema = "schema.sql"\n',
    "main.kdl": 'layout 1\ntable items source="items"\nwindow { grid items }\n',
    "schema.sql": "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT);\n",
    "scripts/desk.py": "def ship(app):\n    return 1\n",
}


def problems(changed: dict[str, str | bytes] | None = None, name: str = "shop") -> list[str]:
    files = GOOD | (changed or {})
    data = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    return [str(one) for one in errors_of(check_app(list(data), data.get, SURFACE, name))]


def needing(text: str) -> dict[str, str]:
    return {"app.toml": f'name = "shop"\n{text}', "main.kdl": "layout 1\nwindow { label hello }\n"}


def describing(text: str) -> dict[str, str]:
    return needing(f"[sources.main]\n{text}\n")


def test_a_right_app_has_no_problems():
    assert problems() == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"main.kdl": "layout 1\nwindow { lable x }\n"}, "main.kdl:2:10: "),
        ({"main.kdl": 'layout 1\ntable items source="itms"\nwindow { grid items }\n'}, "itms"),
        ({"main.kdl": 'layout 1\nwindow { button "x" run="app.hom" }\n'}, "app.hom"),
        ({"scripts/desk.py": "def ship(app:\n"}, "scripts/desk.py:1:9: no Python"),
        ({"scripts/desk.py": b"x = 1\0"}, "scripts/desk.py:1:1: no Python"),
        ({"scripts/desk.py": "(" * 5000}, "scripts/desk.py:1:"),
        ({"scripts/json.py": "x = 1\n"}, "scripts/json.py: the name json is Python's own"),
        ({"shell/core.py": "x = 1\n"}, "shell/core.py: the name shell is the shell's"),
        ({"PySide6/__init__.py": ""}, "the name PySide6 is the shell's"),
        ({"schema.sql": "CREATE TABEL items (id);\n"}, "app.toml:"),
        ({"schema.sql": "ATTACH '/tmp/other' AS o;\n"}, "may not"),
        ({"aux.txt": ""}, "Windows"),
        (describing('kind = "sqlit"'), "app.toml:3:8: there is no kind of source sqlit (did you mean sqlite?)"),
        (describing('kind = "sqlite"\npaht = "x.db"'), "app.toml:4:1: a source of kind sqlite has no entry paht"),
        (describing('kind = "sqlite"'), "app.toml:2:10: the source main needs a path"),
        (describing('kind = "sqlite"\npath = 3'), "app.toml:4:8: path must be the path of a file"),
        (describing('kind = "csv"\nschema = "schema.sql"'), "a source of kind csv has no entry schema"),
        (needing('entry = ["layout", "../../main.kdl", "window"]'), "lies outside of the app"),
        (needing('entry = ["layout", "/etc/passwd", "window"]'), "lies outside of the app"),
        (needing('entry = ["layout", "gone.kdl", "window"]'), "the app's layout gone.kdl is missing"),
        (needing('entry = ["os.system", "window"]'), "there is no agent os.system"),
        (needing('permissions = ["network"]'), "there is no permission network"),
        (needing('channels = ["Beta"]'), "a channel cannot be called Beta"),
        (needing('channels = "beta"'), "channels must be a list of texts"),
        (needing('[requires]\nshell = ">=99"'), "requires a shell >=99"),
        (needing('[requires]\nshell = "new"'), "requires.shell must be a version"),
        (needing('[requires]\nplugins = { charts = "1" }'), "there is no plugin charts"),
        (needing('[requires]\nplugins = { chart = ">=7" }'), "the plugin chart is 1 here"),
        (needing('[requires]\nshel = "1"'), "nothing called shel can be required"),
        ({"app.toml": GOOD["app.toml"].replace("shop", "other")}, "the app is called 'other' but its folder 'shop'"),
    ],
)
def test_what_is_refused(changed: dict[str, str | bytes], told: str):
    found = problems(changed)
    assert any(told in one for one in found), found


def test_everything_is_told_at_once():
    found = problems({"main.kdl": "layout 1\nwindow { lable x }\n", "scripts/json.py": "(", "scripts/desk.py": ")"})
    assert len(found) == 4, found


def test_a_wrong_app_toml_hides_nothing_else():
    wrong = {"app.toml": 'name = "shop"\nversin = "1"\n', "main.kdl": "layout 1\nwindow { lable x }\n", "scripts/desk.py": ")"}
    found = problems(wrong)
    assert len(found) == 3 and "versin" in found[0] and "lable" in found[1] and "desk.py" in found[2], found


def test_a_flood_of_problems_is_cut():
    many = {f"scripts/a{number}.py": "(" for number in range(MOST + 5)}
    found = problems(many)
    assert len(found) == MOST + 1 and "5 more" in found[-1]


def test_versions_and_channels():
    assert fits("1.4", ">=1.2, <2") and fits("0.1.0", "0.1") and not fits("2.0", ">=1.2, <2")
    assert [least_version(text) for text in ("0.1", ">=0.2, <1", "<3", "")] == ["0.1", "0.2", "", ""]
    names = ("stable", "beta", "~anna", "~anna@example.org", "Beta", "", "~", "~../x", "a/b")
    assert [is_channel(name) for name in names] == [True] * 4 + [False] * 5
    app = parse_app(b'name = "a"\nchannels = ["night"]\npermissions = ["net"]\n')
    assert (app.channels, app.permissions, app.version) == (("night",), ("net",), "")
    assert parse_app(b'name = "a"').channels == ("beta",)


def test_plugins_are_known_without_their_code():
    import subprocess
    import sys

    code = ("import sys; from layouts.app_check import shipped_surface as s; assert 'chart' in s().kinds; "
            "print([name for name in sys.modules if name.partition('.')[0] in ('plugins', 'shell', 'PySide6')])")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


NUMBERS = """id = "numbers"
api = 1
title = "Numbers"
doc = "Numbers as rows."

[sources.numbers]
doc = "So many numbers"
loader = "source:open"
entries = ["most"]
"""


def test_sources_are_also_those_of_plugins():
    assert problems(describing('kind = "players"')) == []
    own = {"plugins/numbers/plugin.toml": NUMBERS}
    assert problems(own | describing('kind = "numbers"\nmost = 3')) == []
    (told,) = problems(own | describing('kind = "numbers"\nmosst = 3'))
    assert told == "app.toml:4:1: a source of kind numbers has no entry mosst (did you mean most?)"
