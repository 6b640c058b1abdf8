"""The KDL reader: values, positions, recovery. Own small corpus, chosen along KDL 2's rules."""

from __future__ import annotations

import math
from typing import Any

import pytest

from layouts.kdl import SyntaxNode, read
from layouts.kdl.syntax import place_in

TEXTS = {
    'n "a\\tb\\u{e9}\\\\"': "a\tbé\\",
    'n "one \\\n   two"': "one two",
    'n #"C:\\new "quoted""#'.replace('""#', '" x"#'): 'C:\\new "quoted" x',
    'n ##"a "# b"##': 'a "# b',
    'n """\n    one\n      two\n    """': "one\n  two",
    'n """\r\n  a\r\n\r\n  b\r\n  """': "a\n\nb",
    'n #"""\n  \\n{}\n  """#': "\\n{}",
    'n """\n  say ""hi""\n  """': 'say ""hi""',
    "n -": "-",
    "n .5a": None,
    "n -.a": "-.a",
    "n Ünïcödé-名": "Ünïcödé-名",
    "n ''": "''",
}
VALUES: dict[str, Any] = {
    "n 1_000": 1000,
    "n -0x1F": -31,
    "n 0b1_01": 5,
    "n 0o17": 15,
    "n 1.5e-3": 0.0015,
    "n +7": 7,
    "n #true": True,
    "n #false": False,
    "n #null": None,
    "n #-inf": -math.inf,
}


@pytest.mark.parametrize(
    ("text", "value"), [*((key, one) for key, one in TEXTS.items() if one is not None), *VALUES.items()]
)
def test_values(text: str, value: Any) -> None:
    document = read(text)
    assert document.problems == []
    assert document.nodes[0].arguments[0].value == value
    assert type(document.nodes[0].arguments[0].value) is type(value)


def test_positions_count_characters_from_one() -> None:
    text = '// é\nä \\\n  b "ü" k=(t)1 { c; /-d { e }\n\tf } // end\r\ng'
    nodes = read(text, "x.kdl").nodes
    first = nodes[0]
    assert str(first.where) == "x.kdl:2:1"
    assert [value.where[1:] for value in first.arguments] == [(3, 3), (3, 5)]
    assert first.places["k"][1:] == (3, 9)
    assert first.properties["k"].where[1:] == (3, 14)
    assert first.properties["k"].annotation == "t"
    assert [(child.name, child.where[1:]) for child in first.children] == [("c", (3, 18)), ("f", (4, 2))]
    assert nodes[1].where[1:] == (5, 1)


def test_slashdash_takes_nodes_arguments_properties_and_children_away() -> None:
    node = read("n 1 /-2 a=1 /-b=2 /- { x } { y; /-z }\n/-gone { a }").nodes
    assert len(node) == 1
    assert [value.value for value in node[0].arguments] == [1]
    assert list(node[0].properties) == ["a"]
    assert [child.name for child in node[0].children] == ["y"]


def test_the_last_property_counts_and_the_others_are_known() -> None:
    node = read("n a=1 a=2").nodes[0]
    assert node.properties["a"].value == 2
    assert [(name, where.column) for name, where in node.repeated] == [("a", 7)]


PROBLEMS = {
    "a visible=true": ["1:11 true is no plain word"],
    'label "abc\nb 10px': ["1:7 this text has no closing quote", "2:3 10px is neither a number nor a plain word"],
    'row { label "Name; x }\ny': ["1:13 this text has no closing quote"],
    "a {\n  b {\n    c\n\n}\nd": ["2:5 this { is never closed"],
    "a { b": ["1:3 this { is never closed"],
    "a }\nb": ["1:3 there is no { that this } closes"],
    'a r"x"': ["1:4 a space is missing here"],
    "a b=": ["1:4 b has no value"],
    "a #yes": ["1:3 #yes is no keyword"],
    'a "\\q"': ["1:4 \\q is no escape"],
    "a /* b": ["1:3 this comment is never closed"],
    "(t a": ["1:1 this bracket is never closed"],
    "a = 3": ["1:3 = may not stand here"],
    "a .5": ["1:3 .5 is neither a number nor a plain word"],
    'a """x"""': ['1:6 a line must end behind """'],
    'a """\n  x\n y\n  """': ['1:3 a line of this text is indented less than its closing """'],
    "a\x00": ["1:2 the character U+0000 may not stand in a text"],
    "/- kdl-version 1\na": ["1:16 this file says that it is KDL 1"],
    "a {} {}": ["1:6 a has braces already"],
    "a {} b": ["1:6 nothing may stand behind a node's } on its line"],
    "a\n; b": ["2:1 there is no node before this ;"],
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_problems(text: str) -> None:
    found = [f"{one.where.line}:{one.where.column} {one.message}" for one in read(text).problems]
    assert found == PROBLEMS[text]


def test_reading_goes_on_behind_a_problem() -> None:
    nodes = read('a b= { c "x\n d }\n}\ne 1').nodes
    assert [node.name for node in nodes][0] == "a"
    assert nodes[-1].name == "e"


def test_very_deep_nodes_are_refused_without_a_crash() -> None:
    assert "deep" in read("a {" * 5000).problems[0].message


def test_places_inside_texts() -> None:
    node = read('n "a\\tbc" word #"raw"# """\n    one\n    two\n    """').nodes[0]
    places = [place_in(node.arguments[0], 2), place_in(node.arguments[1], 1), place_in(node.arguments[2], 1)]
    assert [place.column for place in places] == [7, 12, 19]
    assert place_in(node.arguments[3], 5)[1:] == (3, 6)


def names(nodes: list[SyntaxNode]) -> list[str]:
    return [node.name for node in nodes]


def test_names_may_be_quoted() -> None:
    assert names(read('"a b" 1; (x)c; #"d"#').nodes) == ["a b", "c", "d"]
