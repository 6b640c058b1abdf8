"""Checks of layouts: each row is a body, and the problems that it must have, in order."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.tables.schema import Column, Reference, Schema
from layouts.known import Known
from layouts.load import check_layout, load_layout
from layouts.problem import LayoutError, Problem

ORDERS = Schema(
    "orders",
    (
        Column("id", "integer"),
        Column("customer_id", "integer"),
        Column("total", "decimal"),
        Column("Unit Price", "real"),
    ),
    ("id",),
    (Reference("customer", "customers", ("customer_id",), ("id",)),),
)
CUSTOMERS = Schema("customers", (Column("id", "integer"), Column("name")), ("id",), label=("name",))
KNOWN = Known({"orders": ORDERS, "customers": CUSTOMERS}, frozenset({"app.quit", "dialog.open"}), frozenset({"add", "order"}))


def check_text(text: str, known: Known | None = None) -> list[Problem]:
    """All problems of one text that uses no other layout."""
    files = {
        "main.kdl": text.encode(),
        "m.py": b"def f(app):\n    pass\n",
        "scripts/desk.py": b"ship = print\n",
        "scripts/brought.py": b"import datetime\nfrom .desk import (\n    ship,\n)\n",
        "scripts/starred.py": b"from .desk import *\n",
    }
    return check_layout("main.kdl", files.get, known=known)[1]


ROWS: dict[str, list[str]] = {
    'window { grid orders id=v filter="id == v.current.id" }': [
        "1:10 the rows of v depend on its own current row (take one of the filters away)",
    ],
    'window { grid orders id=v filter="id == w.current.id"; list orders id=w filter="id == v.current.id" }': [
        "1:10 the rows of these views depend on each other's current row: v → w → v (take one of the filters away)",
    ],
    'command a.b title=A key="Ctrl+Shift+G" run="app.quit"; command a.c title=C key="Shift+Ctrl+g" run="app.quit"; window': [
        "1:56 Shift+Ctrl+g is the key of the command a.b and of the command a.c (the other is at main.kdl:2:1)",
    ],
    'command a.b title=A key="g" run="app.quit"; window { search key="g o" id=s }': [
        "1:54 g o of search s cannot be reached: g is the key of the command a.b (the other is at main.kdl:2:1)",
    ],
    'window { search key="g o" id=s; search key=g id=t }': [
        "1:33 g of search t hides a longer key of search s (the other is at main.kdl:2:10)",
    ],
    'window { image "a.png"; input s; state s; progress; button icon=add run="app.quit"; button run="app.quit" name=Go }': [
        "1:10 warning image has no name for a screen reader (write description=…)",
        "1:25 warning input has no name for a screen reader (write label=…)",
        "1:43 warning progress has no name for a screen reader (write text=…)",
        "1:53 warning button has no name for a screen reader (write text=…)",
    ],
    'window { menubar { menu "&File" { item "&Open" run="app.quit"; item "C&opy && go" run="app.quit" }; menu "&Edit" }; row { menu "&form" } }': [
        "1:64 warning the letter o of “C&opy && go” is that of “&Open” too (the other is at main.kdl:2:35)",
        "1:123 warning the letter f of “&form” is that of “&File” too (the other is at main.kdl:2:20)",
    ],
    'window { docks { dock "A" side=end; dock "B" tabbed=#true } }': [
        "1:37 warning there is no dock before this one at side=start "
        "(put it behind a dock with the same side, or take tabbed away)",
    ],
    'window { dock "A"; docks { dock "B" size=wide } }': [
        "1:10 dock cannot stand in window (it stands in docks)",
        "1:42 nothing is called wide",
    ],
    'command a.b title=A run=""; window': ["1:25 run is empty (a command, or module:function of a script)"],
    'window { grid orders id=v { on opened "app.quit" } }': [
        "1:32 grid has no event opened (events: current-changed)",
    ],
    'window { label "x" { on changed "app.quit" } }': [
        "1:22 nothing happens to label that on could tell (it has no events)",
    ],
    'window { grid orders id=v { on current-changed "app.qit" }; button "x" run="m:g"; button "y" run="n:f" }': [
        "1:48 there is no command app.qit (did you mean app.quit?)",
        "1:76 warning the script m has no function g",
        "1:98 warning the app has no script n (it is looked for as scripts/n.py and n.py)",
    ],
    'window { state s; button "x" run="s = not t"; button "y" run="s = 1 +"; timer "5 x" run="app.quit" }': [
        "1:43 nothing is called t",
        "1:67 this is no expression",
        '1:79 every must be a time, not "5 x" (write "500 ms", "5 s" or "2 min")',
    ],
    'window { button "x" run="dialog.open abot"; dialog about { label "a" } }': [
        "1:25 there is no dialog abot (did you mean about?)",
    ],
    'window { grid orders id=v; state s; watch "v.current.total" run="v.current.totl = 3" }': [
        "1:66 the table orders has no column or reference totl (did you mean total?)",
    ],
    "window { grdi orders }": ["1:10 there is no widget kind or component grdi (did you mean grid?)"],
    "window { label txt=a }": ["1:16 label has no property txt (did you mean text?)"],
    "window { label x tone=mutd }": ["1:23 tone cannot be mutd (did you mean muted?)"],
    "window { label x wrap=3 }": ["1:23 wrap must be #true or #false, not 3"],
    "window { label x wrap=true }": ['1:23 true is no plain word (write #true, or "true" for the text)'],
    "window { label x width=2.5 }": ["1:24 width must be a whole number, not 2.5"],
    "window { form }": ["1:10 form needs of (write of=…)"],
    'window { tabs { if "1 == 1" { label a } } }': ["1:31 label cannot stand in tabs (it holds tab, if, match, repeat)"],
    'window { tabs { match "1" { case 1 { tab a { if "1 == 1" { label a } } }; else { tab b } } } }': [],
    'window { tabs { repeat orders { if "row.id == 1" { tab a { tab b } } } } }': [
        "1:60 tab cannot stand in tab (it stands in tabs)",
    ],
    'window { tabs { tab a }; if "1 == 1" { tab b } }': ["1:40 tab cannot stand in if (it stands in tabs)"],
    "window { tab a }": ["1:10 tab cannot stand in window (it stands in tabs)"],
    "window { label a { label b } }": ["1:20 label cannot stand in label (label holds nothing)"],
    "label a": ["1:1 label cannot stand outside of a window (put it in window { … })"],
    "window { label a b }": ['1:18 label takes one argument (a text of several words stands in quotes: label "…")'],
    "window { label 'a b' }": ['1:19 label takes one argument (texts stand in double quotes: "…")'],
    "window { label a id=x; label b id=x }": ["1:35 there is an id x already (at main.kdl:2:21)"],
    "window { label a for=x }": ["1:22 there is no widget with the id x"],
    "window { grid odrers }": ["1:15 there is no table odrers (did you mean orders?)"],
    "window { button Go command=app.quti }": ["1:28 there is no command app.quti (did you mean app.quit?)"],
    "window { label a icon=ordr }": ["1:23 there is no icon ordr (did you mean order?)"],
    "window { grid orders { show totl } }": ["1:29 the table orders has no column totl (did you mean total?)"],
    "window { grid orders { show customer.nme } }": [
        "1:29 the table orders has no column customer.nme (did you mean customer?)"
    ],
    'window { grid orders sort="-totl" }': ["1:29 the table orders has no column totl (did you mean total?)"],
    'window { button x command=orders.ad; button y command=orders.print; grid orders }': [
        "1:27 there is no command orders.ad (did you mean orders.add?)",
        "1:55 there is no command orders.print (a table has add, delete, commit)",
    ],
    'window { label "{orders.cuont}"; grid orders }': ["1:18 a table has no cuont (did you mean count?)"],
    'window { button x run="brought:shp"; button y run="brought:ship"; button z run="starred:any" }': [
        "1:23 warning the script brought has no function shp (did you mean ship?)",
    ],
    "window { label a wrap=yes }": ["1:23 nothing is called yes (write #true)"],
    "table p source=people\nwindow { grid p }": ["1:16 the app has no table people (it has customers, orders)"],
    "window { grid orders icon=order }": [
        "1:22 grid has no property icon (it has table, filter, sort, editable, empty, filters, numbers, frozen, density, "
        "activate, group)"
    ],
    'window { grid orders filter="total > 1 and" }': ["1:30 this is no expression"],
    'window { grid orders filter="totl > 1" }': [
        "1:30 totl is neither a column of orders nor a widget or table (did you mean total?)"
    ],
    'window { label "{a.text" }': ["1:17 an opening brace without a closing one (write {{ for a brace)"],
    'window { label "x {fnd.text}" ; search id=find }': ["1:20 nothing is called fnd (did you mean find?)"],
    'window { grid orders id=v; label "{v.current.totl} {v.current.customer.nme}"; if "v.current.state" { label x } }': [
        "1:36 the table orders has no column or reference totl (did you mean total?)",
        "1:53 the table orders has no column or reference customer.nme (did you mean customer?)",
        "1:83 the table orders has no column or reference state",
    ],
    'window { pivot orders id=v rows=customer_id values="count()"; label "{v.current.row_1}" }': [],
    'window { label x visible="find.txet ==" }': ["1:27 this is no expression"],
    "window { form of=list.current { field nme }; grid orders id=list }": ["1:39 the table orders has no column nme"],
    "window { form of=list.current.customer { field nme }; grid orders id=list }": [
        "1:48 the table customers has no column nme (did you mean name?)"
    ],
    "window { form of=list.current.custmer { field x }; grid orders id=list }": [
        "1:18 the table orders has no column or reference custmer (did you mean customer?)"
    ],
    'window { form of="1 + 1" }': ["1:18 of must name one value, not an expression (as in orders_view.current)"],
    "window { row gap=tight gap=wide }": ["1:24 gap is given twice"],
    'window { split sizes="a" }': ['1:22 sizes must be numbers with commas between (write "2,3")'],
    'table x source="odrers"\nwindow { grid x }': ["1:16 the app has no table odrers (did you mean orders?)"],
    "table orders\nwindow": ["1:7 there is a table orders already (at main.kdl:1:11)"],
    "table": ["1:1 a table needs a name (write: table NAME)"],
    "command a.b title=T": ["1:1 command needs run (write run=…)"],
    'command a.b title=T run="m:f" { label x }': ["1:33 label cannot stand in command (only confirm can)"],
    "window { slot }": ["1:10 slot cannot stand here (it stands in component)"],
    "window { table x }": ["1:10 table cannot stand here (it stands outside of windows)"],
    "component c { label x; c }": [
        "1:1 warning the component c is used nowhere",
        "1:24 the components hold each other in a circle: c → c",
    ],
    "component a { b }\ncomponent b { a }\nwindow { a }": [
        "2:15 the components hold each other in a circle: a → b → a"
    ],
    "component c { param t; label t }\nwindow { c }": ["2:10 c needs t (write t=…)"],
    "component c { param t; label t }\nwindow { c x y }": [
        '2:14 c takes one argument (a text of several words stands in quotes: c "…")'
    ],
    "component c { param t; label t }\nwindow { c tt=1 t=2 }": [
        "2:12 the component c has no param tt (did you mean t?)"
    ],
    "component c { param n; progress n text=x }\nwindow { c #true }": ["2:12 value must be a number, not #true"],
    "component c { label x }\nwindow { c { label y } }": [
        "2:14 the component c has no slot for label (a slot in it takes children)"
    ],
    "component c { label x; label y }\nwindow { c visible=#false }": [
        "2:12 visible needs a component with one outermost widget (c has 2)"
    ],
    "component label { }\nwindow": [
        "1:1 warning the component label is used nowhere",
        "1:11 label is a word of the language (call the component otherwise)",
    ],
    'window { label x\n label "y\n grdi }': [
        '2:8 this text has no closing quote (a text of several lines stands in """ … """)',
        "3:2 there is no widget kind or component grdi (did you mean grid?)",
    ],
}


def told(problems: list[Any], shift: int = 0) -> list[str]:
    lines = []
    for one in problems:
        level = "" if one.severity == "error" else f"{one.severity} "
        hint = f" ({one.hint})" if one.hint else ""
        lines.append(f"{one.where.line - shift}:{one.where.column} {level}{one.message}{hint}")
    return lines


@pytest.mark.parametrize("body", ROWS)
def test_problem(body: str) -> None:
    # The header and a declaration stand on one line before the body; places are told as from the body.
    problems = check_text(f"layout 1; table orders\n{body}", known=KNOWN)
    assert told(problems, 1) == ROWS[body]


def test_a_right_layout_has_no_problems() -> None:
    text = """layout 1 title="Orders"
    table orders sort="-total"
    command order.ship title="Ship {list.current.id}" key="Ctrl+Return" when="app.is_online and list.current.total > 0" run="desk:ship" {
        confirm "Ship {list.current.customer.name}?"
    }
    component labelled { param column; param lines default=1; row { label "{column.label}" for=input; field column id=input lines=lines; slot } }
    window {
        search id=find
        grid orders id=list filter="customer.name contains find.text and col('Unit Price') > 1" { show customer:label; show "Unit Price" }
        form of=list.current { labelled total { label "{orders.count}" }; labelled customer_id lines=2 }
        button "Ship" command=order.ship icon=add
        button "New" command=orders.add
        status { label "{orders.sum(total)} in {{all}}" }
    }"""
    assert [str(problem) for problem in check_text(text, known=KNOWN)] == []


def test_every_problem_shows_its_line_and_a_mark() -> None:
    problem = check_text("layout 1\nwindow {\n\tlabel x tone=mutd\n}")[0]
    assert problem.text() == (
        "main.kdl:3:15: tone cannot be mutd (did you mean muted?)\n    3 | \tlabel x tone=mutd\n      | \t             ^"
    )


FILES: list[tuple[dict[str, bytes], list[str]]] = [
    ({"main.kdl": b"window"}, ["main.kdl:1:1: the first line must name the version of the language (write: layout 2)"]),
    ({"main.kdl": b"layout 7"}, ["main.kdl:1:8: this is a layout of version 7; this Espalier knows versions up to 2 (a newer Espalier is needed)"]),
    ({"main.kdl": b"layout"}, ["main.kdl:1:1: layout needs version (write layout VERSION)"]),
    ({}, ["main.kdl:1:1: there is no file main.kdl"]),
    ({"main.kdl": b"layout 1\nuse \"a.kdl\""}, ["main.kdl:2:5: there is no file a.kdl"]),
    ({"main.kdl": b"layout 1\nuse \"../a.kdl\""}, ["main.kdl:2:5: a file outside the app cannot be taken (write a path from this file's folder)"]),
    ({"main.kdl": b"layout 1\n// \xff"}, ["main.kdl:2:4: this file is no UTF-8 text"]),
    (
        {"main.kdl": b"layout 1\nuse \"p/a.kdl\"", "p/a.kdl": b"use \"b.kdl\"", "p/b.kdl": b"use \"a.kdl\""},
        ["p/b.kdl:1:5: the files take each other in a circle: p/a.kdl → p/b.kdl → p/a.kdl"],
    ),
    (
        {"main.kdl": b"layout 1\nwindow { include \"a.kdl\"; include \"a.kdl\" }", "a.kdl": b"label x tone=bad"},
        ["main.kdl:2:35: a.kdl is taken already (a component can be used often)",
         "a.kdl:1:14: tone cannot be bad (choices: normal, muted, success, warning, error)"],
    ),
    (
        {"main.kdl": b"layout 1\nuse \"a.kdl\"", "a.kdl": b"window"},
        ["a.kdl:1:1: a file that is used cannot hold window (take it with include)"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), FILES)
def test_files(files: dict[str, bytes], expected: list[str]) -> None:
    assert [str(problem) for problem in check_layout("main.kdl", files.get)[1]] == expected


def _bomb(levels: int, body: str = 'label "x"') -> str:
    """Components of which each holds the next one ten times."""
    inner = [f"component c{level} {{ column {{ {f'c{level + 1}; ' * 10}}} }}" for level in range(levels)]
    return "\n".join([*inner, f"component c{levels} {{ {body} }}"])


@pytest.mark.parametrize("body", ['label "x"', "label x id=same", "slot"])
def test_components_that_multiply_are_stopped_where_they_are_used(body: str) -> None:
    bomb = _bomb(9, body)
    problems = check_text(f"layout 1\nwindow {{ label a\n c0 }}\n{bomb}")
    grown = "the layout grows to more than 100,000 widgets here (components in components multiply)"
    assert told(problems) == [f"3:2 {grown}"]
    problems = check_text(f"layout 1\n{bomb}\nwindow")
    assert [problem.message[:16] for problem in problems if problem.severity == "error"] == ["the layout grows"]


def test_an_id_in_a_component_that_is_used_often_is_numbered() -> None:
    text = f"layout 1\n{_bomb(3, 'label x id=same')}\nwindow {{ c0 }}"
    layout, problems = check_layout("main.kdl", {"main.kdl": text.encode()}.get)
    assert problems == []
    rows = layout.windows[0].children[0].children[0].children[0].children
    assert [node.id for node in rows][:3] == ["same", "same_2", "same_3"]


def test_loading_raises_everything_at_once() -> None:
    with pytest.raises(LayoutError) as caught:
        load_layout("main.kdl", {"main.kdl": b"layout 1\nwindow { labl; grdi }"}.get)
    assert [problem.where.column for problem in caught.value.problems] == [10, 16]
    assert "did you mean label?" in str(caught.value)


def test_a_window_is_opened_by_its_id() -> None:
    known = KNOWN._replace(commands=frozenset({"window.open"}))
    text = 'layout 1\nwindow { button "Board" run="window.open board" }\nwindow id=board'
    assert check_text(text, known=known) == []
    [problem] = check_text(text.replace("open board", "open bord"), known=known)
    assert "there is no window bord" in str(problem) and "did you mean board?" in str(problem)


def test_the_windows_of_a_layout_have_commands_that_open_them() -> None:
    two = 'window { button "Board" command=window.open-2 }\nwindow { label "b" }'
    assert check_text(f"layout 1\n{two}", known=KNOWN) == []
    [problem] = check_text(f"layout 1\n{two.replace('open-2', 'open-3')}", known=KNOWN)
    assert "there is no command window.open-3" in str(problem)
