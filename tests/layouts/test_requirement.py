"""``requires``: a widget that needs what is not here gives way to its fallback or to a note, and comes with it again."""

from __future__ import annotations

from typing import Any

import pytest

from layouts.compiled import load_compiled
from layouts.kinds.table import BUILT_IN
from layouts.known import Known, Offer
from layouts.load import check_layout
from layouts.node import Node
from layouts.problem import Problem

HERE = {"plugins": {"chart": "1.4"}, "permissions": ("net",)}


def known(shell: str = "0.3", plugins: dict[str, str] | None = None) -> Known:
    here = HERE["plugins"] if plugins is None else plugins
    return Known(offer=Offer(lambda: (shell, here), lambda: HERE["permissions"]))


def checked(inside: str, *, is_lenient: bool = False, **options: Any) -> tuple[list[Node], list[Problem]]:
    text = f"layout 2\ntable places\nwindow {{ {inside} }}".encode()
    layout, problems = check_layout("main.kdl", {"main.kdl": text}.get, known=known(**options), is_lenient=is_lenient)
    return layout.windows[0].children, problems


@pytest.mark.parametrize(
    ("requires", "missing"),
    [
        ("shell 0.3", ""),
        ("shell 0.4", "shell 0.4"),
        ("plugin chart", ""),
        ("plugin chart >=1.2, <2; permission net; interface 1", ""),
        ("plugin chart 2; plugin globe; permission run", "plugin chart 2; plugin globe; permission run"),
        ("shell 0.1; interface 2", "interface 2"),
    ],
)
def test_what_is_not_here_is_said_in_the_place_of_the_widget(requires: str, missing: str) -> None:
    for is_lenient in (False, True):
        (found,), problems = checked(f'label "x" id=one requires="{requires}"', is_lenient=is_lenient)
        if missing:
            assert (found.kind, found.id, found.properties) == ("missing", "one", {"what": "label", "need": missing})
            said = f"this label is not shown here, as it requires {missing}"
            assert [(one.message, one.severity) for one in problems] == [(said, "warning")]
        else:
            assert (found.kind, found.properties, problems) == ("label", {"text": "x"}, [])


def test_a_widget_of_a_plugin_that_is_not_here_is_no_mistake_and_its_ids_are_known() -> None:
    globe = 'globe places id=where requires="plugin globe 1" { pin id=pin; fallback { grid places id=other } }'
    (grid, label), problems = checked(globe + '; label "{where.current.name} {pin.x} {other.current.name}"')
    assert (grid.kind, grid.id, label.kind) == ("grid", "other", "label")
    assert [one.severity for one in problems] == ["warning"]
    _, problems = checked('globe places requires="plugin chart 1"')
    told = [(one.message, one.severity) for one in problems]
    assert told == [("there is no widget kind or component globe", "error")], "what it requires is here"


def test_what_is_wrong_within_such_a_widget_is_told_all_the_same() -> None:
    _, problems = checked('column requires="shell 9" { label "x" tone=lound }')
    assert [one.severity for one in problems] == ["warning", "error"]
    assert "tone cannot be lound" in problems[1].message


def test_components_and_pages_of_tabs_may_require_as_well() -> None:
    text = (
        'layout 2\nwindow { tabs { tab "One" { part requires="plugin globe" }; tab "Two" requires="plugin globe" { '
        'label "2" } } }\ncomponent part { label "x" }'
    )
    layout, problems = check_layout("main.kdl", {"main.kdl": text.encode()}.get, known=known())
    (tabs,) = layout.windows[0].children
    assert [(tab.kind, [one.kind for one in tab.children]) for tab in tabs.children] == [("tab", ["missing"])]
    assert [one.severity for one in problems] == ["warning", "warning"]


@pytest.mark.parametrize(
    ("requires", "message"),
    [
        ("plugin", "requires does not say which plugin"),
        ("plugn chart", "nothing called plugn can be required"),
        ("plugin chart new", "new is no version"),
        ("shell", "this is no version"),
        ("permission network", "there is no permission network"),
        ("permission net 1", "a permission has no version"),
        ("plugin chart;", "a part is empty"),
        ("", "requires must be a text"),
    ],
)
def test_a_requirement_that_cannot_be_read_is_told(requires: str, message: str) -> None:
    _, problems = checked(f'label "x" requires="{requires}"')
    assert [(one.message, one.severity) for one in problems] == [(message, "error")]


def test_a_kept_layout_is_read_anew_once_what_it_requires_is_another() -> None:
    class Records(dict[str, bytes]):
        read_record = dict.get
        write_record = dict.__setitem__

    text = b'layout 2\nwindow { label "x" requires="plugin globe 1.2" }'
    records, read = Records(), {"main.kdl": text}.get

    def kind(plugins: dict[str, str]) -> str:
        layout = load_compiled(records, "main.kdl", read, kinds=BUILT_IN, known=known(plugins=plugins))
        return layout.windows[0].children[0].kind

    found = [kind({}), kind({}), kind({"globe": "1.1"}), kind({"globe": "1.2"}), kind({"globe": "2.0"}), kind({})]
    assert found == ["missing", "missing", "missing", "label", "label", "missing"]
    assert len(records) == 1
