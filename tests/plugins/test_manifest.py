"""The manifest of a plugin: all that it can say is read, and what is wrong is told with line, column and near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

import plugins
from kernel.config import ConfigError, load
from layouts.plugin_manifest import ManifestError, read_manifest
from plugins.options import options_of
from plugins.registry import find_plugins, take_plugins

WHOLE = """id = "toy"
api = 1
title = "Toy"
doc = "A toy."
requires = ["base"]
optional = ["chart"]
modules = [{ name = "toylib", install = "pip install toylib" }]
permissions = ["net"]

[[kinds]]
name = "dial"
doc = "A dial."
loader = "dial:Dial"
role = "Dial"
properties = [{ name = "look", type = "choice", doc = "Its look.", default = "quiet", choices = ["quiet", "loud"] }]

[sources.toys]
doc = "Toys."
loader = "table:tables"

[[commands]]
id = "dial.turn"
title = "Turn the dial"
loader = "command:turn"
doc = "Turns it."
view = "dial"
keys = ["Ctrl+Alt+T"]
arguments = [{ name = "far", type = "number", doc = "How far.", default = 1 }]
when = "app.is_online"

[[options]]
name = "speed"
type = "duration"
default = "2 s"
doc = "How fast it turns."

[[agents]]
name = "toys"
loader = "agent:run"
"""


def written(folder: Path, text: str, name: str = "toy") -> Path:
    path = folder / name / "plugin.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_everything_a_manifest_can_say_is_read(tmp_path: Path) -> None:
    manifest = read_manifest(written(tmp_path, WHOLE))
    (command,) = manifest.commands
    assert (command.view, command.keys, command.arguments[0].default) == ("dial", ("Ctrl+Alt+T",), 1)
    assert manifest.modules[0].install == "pip install toylib" and manifest.requires == ("base",)
    assert manifest.sources["toys"].loader == "table:tables" and manifest.agents[0].name == "toys"
    (option,) = options_of(find_plugins([tmp_path])).values()
    assert (option.name, option.default) == ("toy.speed", 2000)


#: What stands there → what instead, where it is told, a piece of the message, a piece of the hint.
WRONG = {
    'role = "Dial"': ('rolle = "Dial"', "14:1", "there is no entry rolle", "did you mean role?"),
    'doc = "Toys."': ('dok = "Toys."', "1", "there is no entry dok", ""),
    'view = "dial"': ("view = 7", "26:8", "Expected `str`, got `int` at commands.0.view", ""),
    'id = "dial.turn"': ('id = "wheel.turn"', "22:6", "cannot be called 'wheel.turn'", "toy. or dial."),
    'name = "speed"': ('name = "Speed"', "32:8", "cannot be called 'Speed'", "small letters"),
    'type = "duration"': ('type = "durration"', "33:8", "unknown type 'durration'", "did you mean duration?"),
    'default = "2 s"': ('default = "soon"', "34:11", "the default of speed", ""),
    'type = "number"': ('type = "numbr"', "28:37", "far has the unknown type 'numbr'", "did you mean number?"),
    'doc = "How far.", default = 1': ('doc = "How far.", values = "far"', "28:74", "'far' names no column",
                                      "branches.name"),
    '"app.is_online"': ('"app.is_online ==="', "29:8", "is no expression", ""),
    '["net"]': ('["network"]', "8:16", "there is no permission network", "net"),
    'default = "quiet"': ('default = "loude"', "1", "dial.look cannot be 'loude'", "did you mean loud?"),
    'loader = "dial:Dial"': ('loader = "dial.py"', "13:10", "'dial.py' loads nothing", "module:Class"),
    'loader = "agent:run"': ('loader = ""', "39:10", "loads nothing", "module:callable"),
    'install = "pip install toylib"': ('install = " "', "7", "say how toylib is installed", ""),
    'requires = ["base"]': ('requires = ["toy"]', "5:13", "cannot need itself", ""),
    "api = 1": ("api = 3", "2:7", "wants API 3, not 1", "update Espalier"),
    'id = "toy"': ('id = "Toy"', "1:6", "cannot be called 'Toy'", "small letters"),
    'title = "Toy"': ("title = ", "3:9", "no TOML", ""),
}


@pytest.mark.parametrize("right", WRONG)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, right: str) -> None:
    wrong, place, message, hint = WRONG[right]
    path = written(tmp_path, WHOLE.replace(right, wrong, 1))
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    assert message in caught.value.message and hint in caught.value.hint
    assert str(caught.value).startswith(f"{path}:{place}")


def test_names_that_are_there_twice_are_told(tmp_path: Path) -> None:
    again = WHOLE + '\n[[options]]\nname = "speed"\ntype = "text"\ndefault = ""\ndoc = "Again."\n'
    with pytest.raises(ManifestError, match="the option speed is there twice") as caught:
        read_manifest(written(tmp_path, again))
    assert caught.value.where.line == 42


def plain(name: str, more: str = "") -> str:
    return f'id = "{name}"\napi = 1\ntitle = "{name}"\ndoc = "One."\n{more}'


def taken(tmp_path: Path, **manifests: str) -> tuple[list[str], dict[str, str]]:
    for name, more in manifests.items():
        written(tmp_path, plain(name, more), name)
    found = take_plugins(find_plugins([tmp_path]), commands=["window.close"])
    return [plugin.id for plugin in found.plugins], {left.plugin.id: str(left.error) for left in found.left_out}


def test_what_a_plugin_requires_comes_before_it(tmp_path: Path) -> None:
    order, left_out = taken(
        tmp_path, a='requires = ["c"]', b="", c='optional = ["d", "nowhere"]', d="", e='requires = ["a"]'
    )
    assert order == ["b", "d", "c", "a", "e"] and not left_out


def test_who_requires_what_is_not_there_is_left_out_with_the_near_miss(tmp_path: Path) -> None:
    order, left_out = taken(tmp_path, scale='requires = ["gauges"]', gauge="", top='requires = ["scale"]')
    assert order == ["gauge"]
    assert "requires the plugin gauges, which is not there (did you mean gauge?)" in left_out["scale"]
    assert "requires the plugin scale, which is not there" in left_out["top"]


def test_a_circle_is_named_whole_and_nobody_else_suffers(tmp_path: Path) -> None:
    order, left_out = taken(
        tmp_path, a='requires = ["b"]', b='requires = ["c"]', c='requires = ["a"]', d="", e='requires = ["a"]'
    )
    assert order == ["d"]
    assert all("a → b → c → a" in left_out[name] for name in "abc") and "requires the plugin a" in left_out["e"]


def test_commands_that_are_there_already_name_both_sides(tmp_path: Path) -> None:
    command = '[[commands]]\nid = "ID"\ntitle = "T"\nloader = "a:b"\ndoc = "D."\n'
    kind = '[[kinds]]\nname = "dial"\ndoc = "D."\nloader = "a:B"\nrole = "Dial"\n'
    order, left_out = taken(tmp_path, window=command.replace("ID", "window.close"), ui=OPTION, dial=command.replace(
        "ID", "dial.turn"), other=kind + command.replace("ID", "dial.turn"))  # fmt: skip
    assert order == ["dial"]
    assert "Espalier has a command window.close already" in left_out["window"]
    assert "the plugin dial has a command dial.turn already" in left_out["other"]
    assert "cannot have options: ui are Espalier's" in left_out["ui"]


OPTION = '[[options]]\nname = "theme"\ntype = "text"\ndefault = ""\ndoc = "D."\n'


def test_options_of_plugins_come_from_file_environment_and_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shell.session import Given, Session

    written(tmp_path / "own", WHOLE.replace('requires = ["base"]\n', ""))
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    folders = f"plugins.folders={tmp_path / 'own'}"
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('[toy]\nspeed = "3 s"\nsped = 1\n')
    config = Session(Given(str(tmp_path), (folders,))).config
    assert config["toy.speed"] == 3000 and config.text("toy.speed") == "3 s"
    assert ["there is no option toy.sped (did you mean toy.speed?)" in str(one) for one in config.problems] == [True]
    assert Session(Given(str(tmp_path), (folders, "toy.speed=5 s"))).config["toy.speed"] == 5000
    heard: list[frozenset[str]] = []
    config.on_change(heard.append)
    config.set("toy.speed", "4 s")
    assert config["toy.speed"] == 4000 and heard == [frozenset({"toy.speed"})]
    monkeypatch.setenv("ESPALIER_TOY_SPEED", "6 s")
    assert Session(Given(str(tmp_path), (folders,))).config["toy.speed"] == 6000
    with pytest.raises(ConfigError, match="toy.speed must be"):
        config.set("toy.speed", "soon")
    assert "toy.speed" not in load(tmp_path, {}).options
