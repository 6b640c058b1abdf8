"""Layers, checks and the last good value."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.config import Config, ConfigError, load
from kernel.config.error import ValueRefusedError
from kernel.config.option import Option, built_in_options, read_options
from kernel.config.reference import PAGE_PATH, page
from kernel.config.value import TYPES, read_value, write_value

OPTIONS = read_options(
    """
    [ui.theme]
    type = "choice"
    default = "system"
    choices = ["system", "light", "dark"]
    doc = "Colours."
    [ui.scale]
    type = "number"
    default = 1.0
    minimum = 0.5
    maximum = 4.0
    doc = "Size."
    [server.port]
    type = "integer"
    default = 5060
    minimum = 0
    maximum = 65535
    doc = "Port."
    [server.is_on]
    type = "boolean"
    default = true
    doc = "On."
    [network.timeout]
    type = "duration"
    default = "10 s"
    minimum = 100
    doc = "Wait."
    [cache.limit]
    type = "size"
    default = "2 GB"
    doc = "Room."
    [log.file]
    type = "path"
    default = ""
    doc = "File."
    """
)


def make(
    basedir: Path, text: str = "", environ: dict[str, str] | None = None, arguments: tuple[str, ...] = ()
) -> Config:
    write(basedir, text)
    return load(basedir, environ or {}, arguments, OPTIONS)


def write(basedir: Path, text: str) -> None:
    (basedir / "config").mkdir(exist_ok=True)
    (basedir / "config" / "config.toml").write_text(text)


def told(config: Config, basedir: Path) -> list[str]:
    return [str(problem).replace(f"{basedir}/config/", "") for problem in config.problems]


def test_defaults_hold_without_any_file(tmp_path: Path) -> None:
    config = load(tmp_path, {}, (), OPTIONS)
    assert config.problems == []
    assert config["ui.theme"] == "system"
    assert config["network.timeout"] == 10_000
    assert config["cache.limit"] == 2_000_000_000
    assert config.origin("ui.theme") == "default"


def test_the_later_layer_wins(tmp_path: Path) -> None:
    text = '[ui]\ntheme = "light"\nscale = 2\n[server]\nport = 1\n'
    environ = {"ESPALIER_UI_THEME": "dark", "ESPALIER_UI_SCALE": "1.5", "PATH": "/bin"}
    config = make(tmp_path, text, environ, ("ui.theme=system",))
    assert config.problems == []
    assert (config["ui.theme"], config["ui.scale"], config["server.port"]) == ("system", 1.5, 1)
    assert config.origin("ui.theme") == "command line"
    assert config.origin("ui.scale") == "environment ESPALIER_UI_SCALE"
    assert config.origin("server.port") == f"{tmp_path}/config/config.toml:5:1"


#: text of the file → what is told; options keep their defaults.
WRONG = {
    "unknown": ('[ui]\nthem = "dark"\n', ["config.toml:2:1: there is no option ui.them (did you mean ui.theme?)"]),
    "unknown group": ("\n[uy]\nx = 1\n", ["config.toml:3:1: there is no option uy.x"]),
    "a value at the top": ("  port = 5\n", ["config.toml:1:3: there is no option port"]),
    "choice": (
        '[ui]\ntheme = "drak"\n',
        ["config.toml:2:9: ui.theme must be one of system, light, dark (did you mean dark?)"],
    ),
    "type": ('[server]\nport = "x"\n', ["config.toml:2:8: server.port must be a whole number"]),
    "no truth": ("[server]\nport = true\n", ["config.toml:2:8: server.port must be a whole number"]),
    "bounds": (
        "[server]\nport = 70000\n[ui]\nscale = 0.1",
        ["config.toml:2:8: server.port must be at most 65535", "config.toml:4:9: ui.scale must be at least 0.5"],
    ),
    "duration": (
        '[network]\ntimeout = "soon"\n',
        ['config.toml:2:11: network.timeout must be a number of milliseconds or a text like "10 s"'],
    ),
    "a table for a value": ("[ui.theme]\nx = 1\n", ["config.toml:1:5: ui.theme must be one of system, light, dark"]),
    "inline": ('ui = { theme = 5, scale = "a" }\n', [
        "config.toml:1:16: ui.theme must be one of system, light, dark",
        "config.toml:1:27: ui.scale must be a number",
    ]),
    "quoted key": ('["ui"]\n"theme" = 5\n', ["config.toml:2:11: ui.theme must be one of system, light, dark"]),
    "syntax": ("[ui]\ntheme = \n", ["config.toml:2:9: no TOML: invalid value"]),
    "not closed": ('[ui]\ntheme = "a', ["config.toml:2:11: no TOML: unterminated string"]),
    "a value for a group": ("ui = 3\n", ["config.toml:1:1: [ui] must be a table of options"]),
    "server": (
        '[servers]\nhome = "beast"\nbad = "a b"\n"x y" = "h"\nn = 5\n',
        [
            "config.toml:3:7: servers.bad: 'a b' is no address (host:port, [v6]:port or unix:/path)",
            "config.toml:4:9: the server name 'x y' may hold only letters, digits, - and _",
            'config.toml:5:5: servers.n must be an address (write "host:5060")',
        ],
    ),
    "servers": ("servers = 5\n", ["config.toml:1:1: [servers] must be a table of name = address"]),
    "boot": (
        "[boot]\nx = 5\n",
        ['config.toml:2:5: boot.x is not a list of agents and their arguments (write for instance ["home"])'],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_entry_is_told_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = WRONG[case]
    config = make(tmp_path, text)
    assert told(config, tmp_path) == expected
    assert (config["ui.theme"], config["ui.scale"], config["server.port"]) == ("system", 1.0, 5060)


def test_wrong_variables_and_arguments_are_told(tmp_path: Path) -> None:
    environ = {"ESPALIER_UI_THEM": "dark", "ESPALIER_SERVER_PORT": "x", "ESPALIER_BASEDIR": str(tmp_path)}
    config = make(tmp_path, "", environ, ("ui.theme", "ui.scal=1", "server.is_on=maybe"))
    assert told(config, tmp_path) == [
        "environment ESPALIER_SERVER_PORT: server.port must be a whole number",
        "environment ESPALIER_UI_THEM: no option has this variable (did you mean ESPALIER_UI_THEME?)",
        "command line: --set ui.theme lacks a value (write --set NAME=VALUE)",
        "command line: there is no option ui.scal (did you mean ui.scale?)",
        "command line: server.is_on must be true or false",
    ]


def test_a_wrong_variable_lets_the_file_speak(tmp_path: Path) -> None:
    config = make(tmp_path, '[ui]\ntheme = "dark"\n', {"ESPALIER_UI_THEME": "pink"})
    assert config["ui.theme"] == "dark"


def test_reload_tells_what_changed(tmp_path: Path) -> None:
    config = make(tmp_path, '[ui]\ntheme = "dark"\n')
    write(tmp_path, '[ui]\ntheme = "light"\n[servers]\nhome = "beast"\n')
    assert config.reload() == {"ui.theme", "servers"}
    assert config.servers == {"home": "beast:5060"}
    assert config.reload() == frozenset()
    write(tmp_path, "")
    assert config.reload() == {"ui.theme", "servers"}
    assert config["ui.theme"] == "system"


def test_a_refused_value_keeps_the_last_good_one(tmp_path: Path) -> None:
    config = make(tmp_path, '[ui]\ntheme = "dark"\nscale = 2.0\n')
    write(tmp_path, '[ui]\ntheme = "pink"\nscale = 3.0\n')
    assert config.reload() == {"ui.scale"}
    assert config["ui.theme"] == "dark"
    assert len(config.problems) == 1
    assert config.reload() == frozenset(), "and keeps it at the next reload too"


def test_refused_entries_of_tables_and_groups_keep_the_last_good_ones(tmp_path: Path) -> None:
    right = "\n".join([
        "[ui]", 'theme = "dark"', "scale = 2", "[servers]", 'home = "beast:5060"', 'lab = "x:1"',
        'old = "y:1"', "[boot]", 'x = ["home"]',
    ])
    config = make(tmp_path, right)
    write(tmp_path, 'ui = 3\n[servers]\nhome = 5\nlab = "x:2"\n[boot]\nx = []\n')
    assert config.reload() == {"servers"}
    assert config.servers == {"home": "beast:5060", "lab": "x:2"}
    assert (config["ui.theme"], config["ui.scale"], config.boot) == ("dark", 2, {"x": ("home",)})
    assert len(config.problems) == 3
    write(tmp_path, "servers = 5\nboot = []\n")
    config.reload()
    assert config.servers == {"home": "beast:5060", "lab": "x:2"} and config.boot == {"x": ("home",)}
    assert config["ui.theme"] == "system"
    write(tmp_path, "")
    assert config.reload() == {"servers", "boot"} and config.servers == config.boot == {}


def test_a_syntax_error_keeps_all_last_good_values(tmp_path: Path) -> None:
    config = make(tmp_path, '[ui]\ntheme = "dark"\n[servers]\nhome = "beast"\n')
    write(tmp_path, '[ui]\ntheme = "light\n')
    assert config.reload() == frozenset()
    assert config["ui.theme"] == "dark"
    assert config.servers == {"home": "beast:5060"}
    assert [problem.where.line for problem in config.problems] == [2]
    write(tmp_path, '[ui]\ntheme = "light"\n')
    assert config.reload() == {"ui.theme", "servers"}
    assert config.problems == []


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    write(tmp_path, "")
    (tmp_path / "config" / "config.toml").write_bytes(b"\xff\xfe")
    config = load(tmp_path, {}, (), OPTIONS)
    assert "not UTF-8" in str(config.problems[0])


def test_an_unknown_option_cannot_be_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no option ui.them .did you mean ui.theme"):
        make(tmp_path)["ui.them"]


#: text before → text after setting ui.theme to dark.
EDITS = {
    "empty": ("", '[ui]\ntheme = "dark"\n'),
    "new group": ("[server]\nport = 1 # mine\n", '[server]\nport = 1 # mine\n\n[ui]\ntheme = "dark"\n'),
    "no line end": ("[server]\nport = 1", '[server]\nport = 1\n\n[ui]\ntheme = "dark"\n'),
    "in the group": ("[ui] # looks\nscale = 2\n", '[ui] # looks\ntheme = "dark"\nscale = 2\n'),
    "over a value": ("[ui]\ntheme = 'light' # day\nscale = 2\n", '[ui]\ntheme = "dark" # day\nscale = 2\n'),
    "dotted": ('ui.theme = "light"\n', 'ui.theme = "dark"\n'),
    "inline": ('ui = { theme = "light", scale = 2 }\n', 'ui = { theme = "dark", scale = 2 }\n'),
    "over a wrong value": ("[ui]\ntheme = 5\n", '[ui]\ntheme = "dark"\n'),
}


@pytest.mark.parametrize("case", EDITS)
def test_setting_keeps_the_rest_of_the_file(case: str, tmp_path: Path) -> None:
    before, after = EDITS[case]
    config = make(tmp_path, before)
    config.set("ui.theme", "dark")
    assert config.paths.config_file.read_text() == after
    assert config["ui.theme"] == "dark"


@pytest.mark.parametrize(
    ("text", "name", "value", "message"),
    [
        ("", "ui.theme", "drak", "must be one of .*did you mean dark"),
        ("", "ui.thm", "dark", "no option ui.thm"),
        ("[ui", "ui.theme", "dark", "config.toml:1:4: the configuration is no TOML"),
        ("ui = { scale = 2 }\n", "ui.theme", "dark", "cannot be set here"),
    ],
)
def test_a_refused_setting_leaves_the_file(text: str, name: str, value: str, message: str, tmp_path: Path) -> None:
    config = make(tmp_path, text)
    with pytest.raises(ConfigError, match=message):
        config.set(name, value)
    assert config.paths.config_file.read_text() == text


#: type → text → value, None = refused.
TEXTS: dict[str, dict[str, object]] = {
    "text": {"": "", " a ": " a "},
    "path": {"~/x": "~/x"},
    "boolean": {"true": True, "Yes": True, "off": False, "0": False, "": None, "si": None},
    "integer": {"5": 5, "-3": -3, " 7 ": 7, "5.0": None, "": None, "٣": None, "9" * 30: None},
    "number": {"1.5": 1.5, "2": 2.0, "nan": None, "x": None},
    "duration": {"5": 5, "10 s": 10_000, "1.5min": 90_000, "2 H": 7_200_000, "-1": None, "3 d": None, "s": None},
    "size": {"5": 5, "64 MB": 64_000_000, "1kib": 1024, "1 TB": None, "": None},
}


@pytest.mark.parametrize("kind", TYPES)
def test_texts_become_values_of_the_type(kind: str) -> None:
    option = Option("a.b", kind, None, "", choices=("x", "y"), minimum=0 if kind in ("duration", "size") else None)
    for text, expected in TEXTS.get(kind, {"x": "x", "z": None}).items():
        if expected is None:
            with pytest.raises(ValueRefusedError):
                read_value(option, text)
        else:
            assert read_value(option, text) == expected
            assert read_value(option, write_value(option, expected)) == expected


def test_every_shipped_option_is_whole_and_has_its_own_variable() -> None:
    options = built_in_options()
    assert len({option.variable for option in options.values()}) == len(options)
    for option in options.values():
        assert option.doc.endswith("."), option.name
        assert read_value(option, write_value(option, option.default)) == option.default


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE_PATH.read_text(encoding="utf-8") == page(built_in_options()), "run python -m kernel.config.reference"
