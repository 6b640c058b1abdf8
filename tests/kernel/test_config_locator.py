"""The locator finds every key of any TOML, and survives any text."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.config import load
from kernel.config.locator import locate

#: text, path → line and column of the key, and of the value.
PLACES = [
    ("a = 1", ("a",), (1, 1), (1, 5)),
    ("# c\n\n  a  =  'x' # d", ("a",), (3, 3), (3, 9)),
    ("[t]\na = 1\nb = 2", ("t", "b"), (3, 1), (3, 5)),
    ("[ t . u ]\na = 1", ("t", "u", "a"), (2, 1), (2, 5)),
    ("[ t . u ]\na = 1", ("t", "u"), (1, 7), (1, 7)),
    ("a.b.c = 1", ("a", "b", "c"), (1, 5), (1, 9)),
    ('"a.b" = 1', ("a.b",), (1, 1), (1, 9)),
    ('"\\u0061" = 1', ("a",), (1, 1), (1, 12)),
    ("x = { a = 1, b = { c = 2 } }", ("x", "b", "c"), (1, 20), (1, 24)),
    ("x = [\n 1, # one\n [2, 3],\n]", ("x", 1, 0), (3, 3), (3, 3)),
    ("x = [{ a = 1 }, { a = 2 }]", ("x", 1, "a"), (1, 19), (1, 23)),
    ("[[p]]\na = 1\n[[p]]\na = 2", ("p", 1, "a"), (4, 1), (4, 5)),
    ("[[p]]\n[p.q]\na = 1\n[[p]]\n[[p.r]]\nb = 2", ("p", 1, "r", 0, "b"), (6, 1), (6, 5)),
    ('a = """\n[x]\nb = 1 \\""" " ""\n"""\nc = 2', ("c",), (5, 1), (5, 5)),
    ("a = '''\nb = 1\n''''\nc = 2", ("c",), (4, 1), (4, 5)),
    ("a = 1979-05-27 07:32:00\nb = 1", ("b",), (2, 1), (2, 5)),
    ("a = = 1\nb = 2", ("b",), (2, 1), (2, 5)),
    ("?!\nb = 2", ("b",), (2, 1), (2, 5)),
    ("a = 1\r\nb = 2\r\n", ("b",), (2, 1), (2, 5)),
]


@pytest.mark.parametrize(("text", "path", "key", "value"), PLACES)
def test_places(text: str, path: tuple[Any, ...], key: tuple[int, int], value: tuple[int, int]) -> None:
    places = locate(text)
    assert places.where("f", path)[1:] == key
    assert places.where("f", path, is_value=True)[1:] == value


def test_a_path_that_is_not_there_has_the_place_of_its_table() -> None:
    assert str(locate("\n[t]\na = 1").where("f", ("t", "zz", "y"))) == "f:2:2"
    assert str(locate("").where("f", ("t",))) == "f"


@given(st.text(alphabet=st.sampled_from("ab=.[]{},\"'#\n\\ 1"), max_size=60) | st.text(max_size=40))
def test_it_survives_any_text(text: str) -> None:
    for span in locate(text).spans.values():
        assert 0 <= span.key <= len(text)
        assert span.start <= span.end <= len(text)


_KEYS = st.text(min_size=1, max_size=6).filter(lambda key: key.isprintable())
_LEAVES = st.integers(-1000, 1000) | st.booleans() | st.text(max_size=8).filter(str.isprintable)
_VALUES = st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3))


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(path, value), *(found for key, inner in items for found in _paths(inner, (*path, key)))]


@given(st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, max_size=3), max_size=3))
def test_every_value_of_any_document_is_found(document: dict[str, Any]) -> None:
    text = ""
    for name, rows in document.items():
        text += f"# table\n[{_string(name)}]\n"
        text += "".join(f"{_string(key)} = {_toml(value)} # x\n" for key, value in rows.items())
    assert tomllib.loads(text) == document
    places = locate(text)
    for path, value in _paths(document):
        if len(path) > 1:
            span = places.spans[path]
            assert tomllib.loads(f"v = {text[span.start : span.end]}")["v"] == value


@given(st.text(alphabet=st.sampled_from("ui.theme=dark[]{}\"'\n 1servrso:-"), max_size=60) | st.text(max_size=40))
def test_no_file_stops_the_loader(text: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config" / "config.toml"
        path.parent.mkdir()
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        config = load(folder, {})
    assert config["ui.theme"] in ("system", "light", "dark")
    assert all(str(path) in str(problem) for problem in config.problems)


@given(st.lists(st.text(max_size=20) | st.builds("ui.{}={}".format, st.text(max_size=5), st.text(max_size=5))))
def test_no_argument_stops_the_loader(arguments: list[str]) -> None:
    config = load("/nowhere", {}, arguments)
    assert len(config.problems) <= len(arguments)
