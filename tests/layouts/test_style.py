"""Style rules: read and told what is wrong, matched by precedence, held against the theme's tokens and contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layouts.dump import dump
from layouts.json_schema import kind_schema, layout_json
from layouts.load import check_layout
from layouts.node import Layout, Node, StyleRule
from layouts.problem import Problem
from layouts.style import token
from layouts.style.contrast import ratio, wanted_ratio
from layouts.style.matching import look_of, matches, without_own
from layouts.style.reach import DRAWN


def checked(text: str, **files: str) -> tuple[Layout, list[Problem]]:
    contents = {"main.kdl": "layout 1\n" + text, **{f"{name}.kdl": content for name, content in files.items()}}
    return check_layout("main.kdl", {name: content.encode() for name, content in contents.items()}.get)


def told(text: str) -> list[str]:
    return [str(problem) for problem in checked(text)[1]]


def test_a_rule_is_read_with_its_variants_in_their_order() -> None:
    layout, problems = checked(
        'style label button class="amount late" color=accent {\n    when dark hover color=link\n}\n'
        'window { label "1" class="late amount" }'
    )
    assert [str(one) for one in problems] == []
    assert [(rule.kinds, rule.classes, rule.states, rule.scheme, rule.values) for rule in layout.styles] == [
        (("label", "button"), ("amount", "late"), (), "", {"color": "accent"}),
        (("label", "button"), ("amount", "late"), ("hover",), "dark", {"color": "link"}),
    ]


def test_rules_of_a_used_file_come_where_it_is_used() -> None:
    layout, problems = checked('use "looks.kdl"\nstyle label color=muted\nwindow { label "1" }',
                               looks="style label color=link")  # fmt: skip
    assert problems == []
    assert [rule.values["color"] for rule in layout.styles] == ["link", "muted"]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("style label color=accnt", "main.kdl:2:19: color cannot be accnt (did you mean accent?)"),
        ('style label color="#ff0000"', "main.kdl:2:19: color cannot be #ff0000 (known: window, surface,"),
        ("style label colour=accent", "main.kdl:2:13: style has no property colour (did you mean color?)"),
        ("style lable color=accent", "main.kdl:2:7: there is no widget kind lable (did you mean label?)"),
        ("style item color=accent", "main.kdl:2:7: item is no widget"),
        ("style id=onne color=accent", "main.kdl:2:10: there is no widget with the id onne (did you mean one?)"),
        ("style color=accent", "main.kdl:2:1: this rule does not say what it is for (write style KIND"),
        ("style label", "main.kdl:2:1: this rule says nothing (properties: color, ground,"),
        ("style label { when huver color=link }", "there is no state or scheme huver (did you mean hover?)"),
        ("style label { when light dark color=link }", "light and dark never hold together"),
        ("style label { when hover }", "this when says nothing"),
        ("style label { label color=link }", "label cannot stand in style (only when can)"),
        ("style label class=lat color=accent", "warning: this rule matches no widget (did you mean late?)"),
        ("style grid color=accent", "warning: this rule matches no widget"),
        ("style separator color=accent", "warning: separator draws itself and takes no style rule"),
        ("style label align=end", "warning: label takes no align from style rules (it takes border, border_width,"),
        ("style label { when heading color=link }", "warning: label takes no color from style rules while heading"),
        ("style label class=latee color=link", "warning: no rule is for the class late (did you mean latee?)"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_with_the_nearest_name(rule: str, message: str) -> None:
    problems = told(f'{rule}\nwindow {{ label "1" id=one class=late; separator }}')
    assert [one for one in problems if message in one], problems


def test_all_that_is_wrong_is_told_at_once_and_the_row_styles_of_a_grid_stay() -> None:
    problems = told('style lable color=x\nstyle buton ground=y\nwindow { grid orders { style when="id > 1" } }')
    assert len([one for one in problems if "no widget kind" in one]) == 2
    assert len([one for one in problems if "cannot be" in one]) == 2
    assert not [one for one in problems if "style" in one]


def test_classes_that_an_expression_may_give_are_matched() -> None:
    text = """window { state hot #true; label "1" class="{'late' if hot.value else 'calm'}" }"""
    assert told(f"style class=late color=error\nstyle class=calm color=muted\n{text}") == []
    assert "matches no widget" in told(f"style class=other color=error\n{text}")[0]


def rule(
    kinds: str = "", id: str = "", classes: str = "", states: str = "", scheme: str = "", **values: str
) -> StyleRule:
    return StyleRule(tuple(kinds.split()), id, tuple(classes.split()), tuple(states.split()), scheme, "", values)


def test_a_rule_matches_one_of_its_kinds_its_id_and_all_its_classes() -> None:
    one = rule("label link", "total", "big late", color="error")
    assert matches(one, "link", "total", frozenset({"big", "late", "more"}))
    assert not matches(one, "button", "total", frozenset({"big", "late"}))
    assert not matches(one, "link", "other", frozenset({"big", "late"}))
    assert not matches(one, "link", "total", frozenset({"big"}))


@pytest.mark.parametrize(
    ("rules", "color"),
    [
        ([rule("label", color="link"), rule("label", color="muted")], "muted"),
        ([rule(classes="a", color="link"), rule("label", color="muted")], "link"),
        ([rule(id="x", color="link"), rule("label", classes="a b", color="muted")], "link"),
        ([rule(classes="a b", color="link"), rule("label", classes="a", color="muted")], "link"),
        ([rule("label", color="link"), rule("label", scheme="dark", color="muted")], "link"),
        ([rule("label", color="link"), rule("label", scheme="light", color="muted")], "muted"),
    ],
)
def test_the_closest_rule_goes_before_the_others_and_then_the_later(rules: list[StyleRule], color: str) -> None:
    assert look_of(rules, "light").values == {"color": color}


def test_a_state_holds_over_what_is_named_less_closely_and_not_over_an_id() -> None:
    hover = rule("label", states="hover", color="link", ground="fill")
    assert look_of([hover, rule("label", color="text")], "light").states == (
        (("hover",), {"color": "link", "ground": "fill"}),
    )
    assert look_of([hover, rule(id="x", color="text")], "light").states == ((("hover",), {"ground": "fill"}),)


def test_what_a_widget_says_itself_goes_before_rules() -> None:
    look = look_of([rule("label", color="link", type="title"), rule("label", states="hover", color="text")], "light")
    node = Node("label", properties={"tone": "muted"})
    assert without_own(look, node) == ({"type": "title"}, ())


def test_a_dump_reads_as_the_same_rules_and_fits_the_schema() -> None:
    import jsonschema

    layout, _ = checked("style label id=one class=\"a b\" color=link { when focus dark compact ground=fill }\n"
                        'window { label "1" id=one class="a b" }')  # fmt: skip
    again, problems = check_layout("main.kdl", {"main.kdl": dump(layout).encode()}.get)
    assert [(one.classes, one.states, one.scheme, one.density, one.values) for one in again.styles] == [
        (one.classes, one.states, one.scheme, one.density, one.values) for one in layout.styles
    ]
    assert dump(again) == dump(layout)
    jsonschema.validate(layout_json(layout), kind_schema())


def test_the_tokens_of_rules_are_those_of_the_themes() -> None:
    tokens = token.read_tokens()
    for scheme in token.SCHEMES:
        assert set(tokens["colors"][scheme]) == set(token.COLORS)
    assert set(tokens["space"]) == set(token.SPACES)
    assert {"none", *tokens["radius"]} == set(token.RADII)
    assert set(tokens["border"]) == set(token.BORDERS)
    assert set(tokens["type"]) - {"smallest_body"} == set(token.STEPS)
    assert set(tokens["weight"]) == set(token.WEIGHTS)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert wanted_ratio("body") == 4.5
    assert wanted_ratio("title") == 3.0
    assert wanted_ratio("title", "normal") == 4.5


@pytest.mark.parametrize(
    ("rules", "window", "message"),
    [
        ("style label color=disabled", 'label "1"', "disabled on window is hard to read in the light scheme"),
        ("style row ground=accent", 'row { label "1" }', "text on accent is hard to read in the dark scheme"),
        ("style row ground=accent color=on-accent", 'row { label "1" }', ""),
        ("style row ground=accent color=on-accent", 'row { label "1" tone=muted }', "muted on accent"),
        ("style button ground=fill { when hover color=fill-hover }", 'button "1" run="app.reload"', "scheme (hover)"),
        ("style button { when disabled color=fill }", 'button "1" run="app.reload"', ""),
        ("style row { when dark ground=text }", 'row { label "1" }', "text on text is hard to read in the dark scheme"),
        ("style grid ground=accent", "grid orders", "text on accent is hard to read in the dark scheme"),
        ("style grid { when selected ground=accent }", "grid orders", "scheme (selected)"),
        ("style grid { when selected ground=accent color=on-accent }", "grid orders", ""),
        ("style tree { when heading color=fill }", "tree orders", "fill on sunken is hard to read"),
        ("style class=x color=fill", "grid orders { show id class=x }", "fill on surface is hard to read"),
        ("style class=x ground=text", "grid orders { show id class=x }", "text on text"),
        ("style grid ground=warning", 'grid orders { style when="id > 1" emphasis=warning }', "warning on warning"),
        ("style list ground=text color=window", "list orders", ""),
        ("style list ground=accent", "list orders", "muted on accent"),
        (
            "style class=x color=fill-hover",
            "state s #true; label \"1\" class=\"{'x' if s.value else ''}\"",
            "fill-hover",
        ),
    ],
)
def test_a_text_that_is_hard_to_read_is_told_at_the_rule_that_makes_it_so(
    rules: str, window: str, message: str
) -> None:
    problems = [one for one in told(f"{rules}\nwindow {{ {window} }}") if "hard to read" in one]
    assert any(message in one for one in problems) if message else problems == []
    assert all(one.startswith("main.kdl:2:") for one in problems)


@pytest.mark.parametrize(
    ("rule", "window", "message"),
    [
        ("style grid padding=wide", "grid orders", "grid takes no padding from style rules (it takes border, "),
        ("style grid { when invalid color=error }", "grid orders", "grid takes no color from style rules while invalid"),
        ("style cards radius=none", "cards orders", ""),
        ("style list radius=none", "list orders", "list takes no radius"),
        ("style show type=title", "grid orders { show id }", "show takes no type from style rules (it takes align,"),
        ("style class=x align=end", "grid orders { show id class=x }", ""),
        ("style class=x align=end", "cards orders { show id class=x }", "cards show takes no align"),
        ("style class=x align=end color=link", 'label "1" class=x; grid orders { show id class=x }', ""),
        ("style label show class=x align=end", 'label "1" class=x; grid orders { show id class=x }', "label takes no"),
    ],
)
def test_what_a_rule_cannot_change_is_told_with_the_name_of_the_kind(rule: str, window: str, message: str) -> None:
    problems = [one for one in told(f"{rule}\nwindow {{ {window} }}") if "style" in one]
    assert [one for one in problems if message in one] if message else problems == [], problems


def test_the_guide_says_of_each_kind_what_rules_change() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text(encoding="utf-8")
    for kind, reach in DRAWN.items():
        line = next((line for line in guide.splitlines() if line.startswith(f"| {kind} |")), "")
        assert line, kind
        _, _, always, states, _ = line.split("|")
        assert set(re.findall(r"[a-z_]+", always)) == set(reach.always), kind
        for state, names in (reach.states or {}).items():
            words = re.search(rf"(?:^|; ){' '.join(state)}: ([a-z_, ]+)", states.strip())
            assert words and set(re.findall("[a-z_]+", words[1])) == set(names), (kind, state)
