"""Properties of the layout language: it never crashes, problems lie in the file, texts come back."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.tables.schema import TYPES, Column, Reference, Schema
from layouts.app_manifest import AppError, parse_app
from layouts.dump import dump, quoted
from layouts.kdl import character, read
from layouts.known import Known
from layouts.load import check_layout
from layouts.scaffold import scaffold

PIECES = st.sampled_from(
    ["window", "grid", "label", " ", "\n", "{", "}", '"', ";", "=", "id=", "#true", "#", '"""', "/-", "//", "/*", "*/", "\\", "(", ")",
     "component", "param", "slot", "c", "text", "{x.y}", "1", "-0x", "table", "t", "\r\n", "\ufeff", "é", "include", "use", "layout 1\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_problems_lie_inside_the_file(text: str) -> None:
    lines = character.LINE_END.split(text)
    problems = check_layout("main.kdl", {"main.kdl": text.encode("utf-8", "replace")}.get)[1]
    for problem in problems:
        assert 1 <= problem.where.line <= len(lines), problem
        assert 1 <= problem.where.column <= len(lines[problem.where.line - 1]) + 1, problem


@given(st.text(max_size=40))
@settings(deadline=None)
def test_a_quoted_text_reads_as_itself(text: str) -> None:
    if "\x00" in text or character.FORBIDDEN.search(quoted(text)):
        return
    document = read(f"n {quoted(text)} k={quoted(text)}")
    assert document.problems == []
    assert document.nodes[0].arguments[0].value == text
    assert document.nodes[0].properties["k"].value == text


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_a_right_layout_dumps_to_itself(text: str) -> None:
    body = f"layout 1\ntable t\nwindow {{ {text}\n}}".encode()
    layout, problems = check_layout("main.kdl", {"main.kdl": body}.get)
    if any(problem.severity == "error" for problem in problems):
        return
    written = dump(layout)
    again, problems = check_layout("main.kdl", {"main.kdl": written.encode()}.get)
    assert [str(problem) for problem in problems] == []
    assert dump(again) == written


NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(["select", "order", "a b", 'a"b', "it's", "{x}", "}", "true", "名前", "grid", "window", "in", "contains", " ", "\n",
                     "a.b", "a:label", "x:label", "ﬁ", "#true", "//", "1st", "current", "\\", "find", "table", "Å", "null", "\x7f"]),
)  # fmt: skip


@st.composite
def databases(draw: st.DrawFn) -> list[Schema]:
    tables = draw(st.lists(NAMES, min_size=0, max_size=4, unique=True))
    schemas = []
    for table in tables:
        names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
        types = st.sampled_from(sorted(TYPES))
        columns = tuple(
            Column(name, draw(types), is_required=draw(st.booleans()), is_generated=draw(st.booleans()))
            for name in names
        )
        key = draw(st.sampled_from([(), ("rowid",), (names[0],), tuple(names[:2])]))
        references = []
        for _ in range(draw(st.integers(0, 2))):
            target = draw(st.sampled_from(tables))
            count = draw(st.integers(1, min(2, len(names))))
            references.append(Reference(draw(NAMES), target, tuple(names[:count]), ("k", "l")[:count]))
        label = draw(st.sampled_from([(), (names[-1],)]))
        schemas.append(Schema(table, columns, key, tuple(references), label, bool(key)))
    # What a reference points to exists in a database.
    extra = (Column("k"), Column("l"))
    return [
        Schema(one.name, (*one.columns, *(each for each in extra if not one.column(each.name))), one.key, one.references, one.label,
               one.is_editable)
        for one in schemas
    ]  # fmt: skip


@given(databases(), NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_a_scaffold_of_any_database_is_right(schemas: list[Schema], name: str, title: str) -> None:
    files = scaffold(name, title, schemas, f"{name}.sqlite")
    assert files == scaffold(name, title, schemas, f"{name}.sqlite")
    app = parse_app(files["app.toml"])
    assert app.sources["main"]["path"] == f"{name}.sqlite"
    problems = check_layout("main.kdl", files.get, known=Known({schema.name: schema for schema in schemas}))[1]
    assert [problem.text() for problem in problems] == []
    assert all(path.isascii() for path in files)


@given(
    st.one_of(
        st.binary(max_size=60), st.text(max_size=60).map(lambda text: ('name="a"\n' + text).encode("utf-8", "replace"))
    )
)
@settings(deadline=None)
def test_app_toml_is_read_or_refused(content: bytes) -> None:
    try:
        parse_app(content)
    except AppError as error:
        assert all(where.line >= 1 for where, _, _ in error.problems)
