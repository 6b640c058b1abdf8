"""A layout in every state that typing can leave it in: every question is answered, none ends in an error."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kernel.tables.schema import Column, Reference, Schema
from layouts.kinds.table import BUILT_IN
from layouts.language_server.app import App, Snapshot
from layouts.language_server.completion import Completion
from layouts.language_server.definition import definition_of, places_of
from layouts.language_server.hover import hover_text
from layouts.language_server.lines import Lines
from layouts.language_server.outline import all_nodes, outline
from layouts.language_server.surroundings import CommandDoc, Surroundings

CUSTOMERS = Schema("customers", (Column("id", "integer"), Column("name"), Column("city")), ("id",))
ORDERS = Schema(
    "orders",
    (Column("id", "integer"), Column("customer_id", "integer"), Column("status", choices=("open", "sent"))),
    ("id",),
    (Reference("customer", "customers", ("customer_id",), ("id",)),),
)
SCHEMAS = {"orders": ORDERS, "customers": CUSTOMERS}
MAIN = """layout 1 title="Shop"
use "parts.kdl"
table orders filter="status == 'open'" sort="-id, customer.name"
command order.ship title="Ship {list.current.id}" run="desk:ship" { confirm "Sure?" }
style label class="loud big" id=list color=accent { when dark hover weight=strong }
window {
    state shown #true
    grid orders id=list filter="customer.name contains find.text" { show customer.city; style when="id > 3" }
    search id=find
    if shown { form of=list.current.customer { field name } }; else { label "{orders.count} 🌿" }
    repeat orders as=one { titled "{one.customer.city}" lines=2 { label one } }
    button "Go" class=loud run="shown = not shown"
}
"""
PARTS = "component titled { param text; param lines default=1; column { label text; slot; slot end; label inner } }\n"
AROUND = Surroundings("1", BUILT_IN, {"row.add": CommandDoc("New row")}, lambda *_: SCHEMAS, lambda *_: [])
PIECES = st.sampled_from(
    [*'{}"=;/#\\\n (),.-:🌿', '"""', "/-", "/*", "*/", '#"', "grid ", "id=", "{list.", "component "]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The layout with some pieces taken away, doubled or put in."""
    text = MAIN
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        stop = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.one_of(PIECES, st.just(""), st.just(text[start:stop] * 2))) + text[stop:]
    return text


@given(mutated(), mutated(), st.data())
def test_every_question_is_answered(text: str, other: str, data: st.DataObject) -> None:
    app = App(Path("/nowhere/app"), AROUND)
    app.schemas = SCHEMAS
    texts = {"main.kdl": text, "parts.kdl": data.draw(st.sampled_from([PARTS, other]))}
    now = Snapshot(app.folder, {app.folder / name: one for name, one in texts.items()})
    app.check(now)
    analysis = app.analysis_of("main.kdl", now)
    for one in analysis.occurrences:
        lines = Lines(texts[one.where.file])
        start = lines.offset_of(one.where)
        if lines.text[start : start + one.length] != one.name:  # only where texts have escapes, lines or signs around
            assert set('\\"\n#') & set(lines.text)
        hover_text(one, analysis, AROUND, now)
        definition_of(one, now)
        places_of(one, [analysis])
    offset = data.draw(st.integers(0, len(text)))
    for item in Completion("main.kdl", text, offset, analysis, app.last_whole(analysis), AROUND, now).items():
        assert 0 <= item.start <= offset
    nodes = analysis.files["main.kdl"].document.nodes
    lines = Lines(text)
    outline(nodes, text, {node.where: lines.offset_of(node.where) for node in all_nodes(nodes)})


def test_the_layout_itself_is_right() -> None:
    app = App(Path("/nowhere/app"), AROUND)
    app.schemas = SCHEMAS
    now = Snapshot(app.folder, {app.folder / "main.kdl": MAIN, app.folder / "parts.kdl": PARTS})
    assert [str(one) for one in app.check(now) if one.severity == "error"] == []
    for one in app.analysis_of("main.kdl", now).occurrences:
        text = {"main.kdl": MAIN, "parts.kdl": PARTS}[one.where.file]
        start = Lines(text).offset_of(one.where)
        assert text[start : start + one.length] == one.name
