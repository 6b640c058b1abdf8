"""What names are, as editors colour them; what can be folded."""

from __future__ import annotations

import pytest

from kernel.error import Where
from layouts.language_server.folding import folds_of
from layouts.language_server.lines import Lines
from layouts.language_server.symbol import Occurrence
from layouts.language_server.token import TOKEN_TYPES, tokens_of


@pytest.mark.parametrize(
    ("text", "folds"),
    [
        ("window {\n    label\n}\n", [(0, 2, False)]),
        ("a { b { c\n}\n}\n", [(0, 1, False), (0, 2, False)]),
        ("a { b }\n", []),
        ("// one\n  // two\nx\n// three\n", [(0, 1, True)]),
        ("x // one\n// two\n", []),
        ("/* one\ntwo */ x\n", [(0, 1, True)]),
        ('x """\n  {\n  """\n', [(0, 2, False)]),
        ("x {\n/* never\nended", [(1, 2, True)]),
        ("}\n}\nx {\r\n}\r\n", [(2, 3, False)]),
        ("", []),
    ],
)
def test_what_can_be_folded(text: str, folds: list[tuple[int, int, bool]]) -> None:
    assert [tuple(one) for one in folds_of(text)] == folds


def test_names_are_counted_from_each_other_and_the_shortest_counts() -> None:
    text = "ü = 1\n🌿 grid orders.name\n"
    found = [
        Occurrence("table", "orders.name", Where("a", 2, 8), 11),
        Occurrence("table", "orders", Where("a", 2, 8), 6),
        Occurrence("column", "name", Where("a", 2, 15), 4, is_declaration=True),
        Occurrence("kind", "grid", Where("a", 2, 3), 4),
        Occurrence("file", "x", Where("a", 1, 1), 1),
        Occurrence("kind", "other", Where("b", 1, 1), 5),
    ]
    table, column, kind = (TOKEN_TYPES.index(name) for name in ("struct", "enumMember", "keyword"))
    assert tokens_of(found, "a", Lines(text)) == [1, 3, 4, kind, 0, 0, 5, 6, table, 0, 0, 7, 4, column, 1]
    assert tokens_of(found, "a", Lines(text, "utf-8"))[:2] == [1, 5]
    assert tokens_of([], "a", Lines(text)) == []
