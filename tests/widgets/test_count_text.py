"""Numbers in texts with a count: amounts in groups of digits, identifiers as they are, in plurals as well."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from kernel.expression import parse, parse_template
from layouts.texts.catalogue import in_forms
from layouts.texts.plural import Rule
from widgets.binding import _filled


def told(text: str) -> str:
    from layouts.node import Formula, Template

    parts = tuple(one if isinstance(one, str) else Formula(one.text, one.names) for one in parse_template(text))
    made: Any = in_forms(Template(parts), (text, text), Rule("nplurals=2; plural=(n != 1);"))
    values = {"orders.count": 12345, "list.current.id": 49998}
    parsed = [one if isinstance(one, str) else parse(one.text) for one in made.parts]
    return _filled(parsed, SimpleNamespace(tables={"orders": None}), values.__getitem__)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Order {list.current.id} of {orders.count}", "Order 49998 of 12,345"),
        ("{orders.count} orders", "12,345 orders"),
    ],
)
def test_an_identifier_in_a_plural_has_no_groups_of_digits(qapp: Any, text: str, said: str) -> None:
    assert told(text) == said
