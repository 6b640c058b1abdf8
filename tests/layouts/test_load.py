"""The node tree: components, typed values, ids; its text; the cache of checked trees."""

from __future__ import annotations

import subprocess
import sys

import pytest

from layouts.compiled import load_compiled
from layouts.dump import dump
from layouts.kind_page import PAGE_PATH, page
from layouts.kinds.table import BUILT_IN
from layouts.load import check_layout, load_layout
from layouts.node import Formula, Layout, Template
from layouts.problem import LayoutError
from tests.waiting import PATIENCE_S

FILES = {
    "main.kdl": b"""layout 1 title="Orders {x}"
use "parts/fields.kdl"
table orders sort="-placed"
window {
    search id=input
    grid orders id=list filter="name contains input.text" width="orders.count * 2" editable=#false
    form of=list.current {
        labelled customer_id
        labelled due lines=3 visible="list.current.due != null" { label "more" }
    }
    label "{{}} {orders.count} of {input.text}"
}
""",
    "parts/fields.kdl": b"""component labelled {
    param column
    param lines default=1
    row { label "{column.label}:" for=input; field column id=input lines=lines; slot }
}
""",
}


def load(files: dict[str, bytes] = FILES) -> Layout:
    return load_layout("main.kdl", files.get)


def test_values_have_their_types() -> None:
    search, grid, form, label = load().windows[0].children
    assert search.id == "input"
    assert grid.get("filter") == Formula("name contains input.text", ("input.text", "name"))
    assert grid.get("width") == Formula("orders.count * 2", ("orders.count",))
    assert grid.get("editable") is False
    assert form.get("of") == Formula("list.current", ("list.current",))
    parts = ("{} ", Formula("orders.count", ("orders.count",)), " of ", Formula("input.text", ("input.text",)))
    assert label.get("text") == Template(parts)


def test_components_are_resolved_with_ids_of_their_own() -> None:
    first, second = load().windows[0].children[2].children
    assert [child.get("text") or child.get("column") for child in first.children] == ["Customer:", "customer_id"]
    assert [first.children[1].id, second.children[1].id] == ["input_2", "input_3"]
    assert [second.children[0].get("for"), second.children[1].get("lines")] == ["input_3", 3]
    assert second.children[2].get("text") == "more"
    assert second.get("visible") == Formula("list.current.due != null", ("list.current.due",))
    assert str(first.where) == "parts/fields.kdl:4:5"


def test_the_dump_is_a_layout_with_the_same_dump() -> None:
    text = dump(load())
    assert dump(load({"main.kdl": text.encode()})) == text
    assert 'grid orders id=list editable=#false filter="name contains input.text" width="orders.count * 2"' in text


def test_columns_given_to_a_component_inside_a_component() -> None:
    text = b"""layout 1
table t
component inner { param what; param size default=2; label "{what} {size + 1}" visible="size > v.current.a" }
component outer { param name; inner name size=4; slot side; slot }
window { grid t id=v; outer "A {{b}}" { side { label one }; label two } }"""
    labels = load({"main.kdl": text}).windows[0].children[1:]
    assert [label.get("text") for label in labels][1:] == ["one", "two"]
    assert labels[0].get("visible") == Formula("(4) > v.current.a", ("v.current.a",))
    assert labels[0].get("text") == Template(("A {{b}} ", Formula("(4) + 1", ())))


@pytest.mark.parametrize("kind", [kind for kind in BUILT_IN.values() if kind.example], ids=lambda kind: kind.name)
def test_every_example_is_right(kind: object) -> None:
    name, example = kind.name, kind.example  # type: ignore[attr-defined]
    around = {"window": "{}", "status": "window {{ {} }}"}.get(name, "window {{ {} }}").format(example)
    helpers = "".join(
        f" grid orders id={one};"
        for one in ("orders_view", "list", "album_view", "carrier_view")
        if f"id={one}" not in example
    )
    finder = "" if "id=find" in example else " search id=find;"
    text = f'layout 1\ntable orders\ncommand order.ship title=Ship run="a:b"\n{around}\nwindow {{{helpers}{finder} }}'
    states = "".join(f"state {one}; " for one in ("seen", "details") if f"state {one}" not in example)
    text = text.replace("window {", "window { " + states, 1)
    files = {"main.kdl": text.encode()}
    read = lambda path: b"from elsewhere import *" if path.endswith(".py") else files.get(path)  # noqa: E731
    errors = [str(problem) for problem in check_layout("main.kdl", read)[1]]
    # "stock" in the example of message is a column that only its app knows.
    assert [error for error in errors if "stock" not in error] == []


def test_the_reference_page_is_up_to_date() -> None:
    assert PAGE_PATH.read_text(encoding="utf-8") == page(), "run: python -m layouts.kind_page"


class Records(dict[str, bytes]):
    """The cache's records in memory."""

    def read_record(self, name: str) -> bytes | None:
        return self.get(name)

    def write_record(self, name: str, content: bytes) -> None:
        self[name] = content


def test_a_checked_layout_comes_from_the_cache_as_it_was() -> None:
    records = Records()
    first = load_compiled(records, "main.kdl", FILES.get)
    assert load_compiled(records, "main.kdl", FILES.get) == first == load()
    assert len(records) == 1


def test_a_changed_part_is_read_again() -> None:
    records = Records()
    load_compiled(records, "main.kdl", FILES.get)
    changed = {**FILES, "parts/fields.kdl": FILES["parts/fields.kdl"].replace(b'"{column.label}:"', b'"New"')}
    assert "New" in dump(load_compiled(records, "main.kdl", changed.get))
    broken = {**changed, "parts/fields.kdl": b"component labelled { labl }"}
    with pytest.raises(LayoutError):
        load_compiled(records, "main.kdl", broken.get)


@pytest.mark.parametrize("damaged", [b"", b"\xc1", b"\x92\x90", b"\x00" * 40])
def test_a_damaged_record_is_read_again(damaged: bytes) -> None:
    records = Records()
    load_compiled(records, "main.kdl", FILES.get)
    name = next(iter(records))
    records[name] = damaged
    assert load_compiled(records, "main.kdl", FILES.get) == load()
    assert records[name] != damaged


def test_a_hit_imports_no_reader_and_no_checks() -> None:
    program = (
        "import sys; import layouts.compiled as c\n"
        "class R(dict):\n read_record = dict.get\n write_record = dict.__setitem__\n"
        "r = R(); f = {'main.kdl': b'layout 1\\nwindow'}\n"
        "c.load_compiled(r, 'main.kdl', f.get)\n"
        "for name in [n for n in sys.modules if n.startswith(('layouts.kdl', 'layouts.load'))]: del sys.modules[name]\n"
        "c.load_compiled(r, 'main.kdl', f.get)\n"
        "print([n for n in sys.modules if n.startswith(('layouts.kdl', 'layouts.load', 'tree_sitter', 'PySide6'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    assert done.stdout.strip() == "[]"
