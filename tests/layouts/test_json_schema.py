"""The kind table as JSON Schema: right itself, holds what layouts make, refuses what they cannot."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from layouts.json_schema import kind_schema, layout_json
from layouts.kinds.table import BUILT_IN
from layouts.load import load_layout
from shell.main import main
from tests.layouts.test_load import FILES

SCHEMA = kind_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert set(BUILT_IN) <= set(SCHEMA["$defs"])


def test_a_checked_layout_fits() -> None:
    VALIDATOR.validate(layout_json(load_layout("main.kdl", FILES.get)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("properties", "title"), 3),
        (("properties", "colour"), "red"),
        (("children", 0, "kind"), "gird"),
        (("children", 1, "properties", "density"), "huge"),
        (("children", 1, "properties", "filter"), "no formula"),
        (("children", 2, "children", 0), {"kind": "window", "properties": {}, "children": []}),
    ],
)
def test_what_no_layout_makes_is_refused(path: tuple[Any, ...], value: Any) -> None:
    found = copy.deepcopy(layout_json(load_layout("main.kdl", FILES.get)))
    place: Any = found["windows"][0]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(found)


def test_the_commands_print_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "main.kdl").write_text('layout 1\nwindow {\n    lable "x"\n    label x width=wide\n}\n')
    assert main(["espalier", "check", "--json", str(tmp_path)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(one["line"], one["column"], one["severity"]) for one in told] == [(3, 5, "error"), (4, 19, "error")]
    assert told[0]["hint"] == "did you mean label?" and told[0]["file"] == str(tmp_path / "main.kdl")
    (tmp_path / "main.kdl").write_text('layout 1\nwindow { label "x {1 + 1}" }\n')
    assert main(["espalier", "check", "--json", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["espalier", "tree", "--json", str(tmp_path)]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["windows"][0]["children"][0]["properties"]["text"] == {"template": ["x ", {"formula": "1 + 1"}]}
    assert main(["espalier", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema).validate(tree)
    assert "chart" in schema["$defs"]
