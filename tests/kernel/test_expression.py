"""The expression language: what it means, what it refuses and where."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from kernel.error import Where
from kernel.expression import FUNCTIONS, ExpressionError, parse, parse_template
from kernel.expression.operation import text_of

VALUES = {
    "a": 5,
    "b": None,
    "d": Decimal("1.10"),
    "name": "Straße 7",
    "customer.name": "Ännchen",
    "find.text": "än",
    "day": datetime.date(2024, 2, 29),
    "at": datetime.datetime(2024, 2, 29, 8, 30),
    "Unit Price": 3,
    "empty": "",
    "orders.sum(total * 2)": 42,
    "is_on": True,
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a + 1", 6),
        ("a / 0", None),
        ("a // 2 * 2 + a % 2", 5),
        ("-7 // 2", -4),
        ("b + 1", None),
        ("-a", -5),
        ("d * 3", Decimal("3.30")),
        ("d * 0.1", Decimal("0.110")),
        ("d + name", None),
        ("'x' + 'y'", "xy"),
        ("b == null", True),
        ("b != null", False),
        ("b < 1", False),
        ("not b < 1", True),
        ("a == 5.0", True),
        ("1 < a <= 5", True),
        ("a in (1, 5)", True),
        ("a not in [1, 5]", False),
        ("b in (1, null)", True),
        ("customer.name contains find.text", True),
        ("name contains 'STRASSE'", True),
        ("b contains ''", True),
        ("b contains 'x'", False),
        ("name contains b", True),
        ("name startswith 'str' and name endswith '7'", True),
        ("name matches '7 str'", True),
        ("a contains '5' == true", False),
        ("(a) contains (5)", True),
        ("day == '2024-02-29'", True),
        ("at > day", True),
        ("day + 1", datetime.date(2024, 3, 1)),
        ("day - day", 0),
        ("month(at)", "2024-02"),
        ("year(day)", 2024),
        ("day(at) == day", True),
        ("if_(a > 3, 'big', 'small')", "big"),
        ("'x' if a > 9 else null", None),
        ("empty or name", "Straße 7"),
        ("coalesce(b, empty)", ""),
        ("round(2.5)", 3.0),
        ("round(d, 1)", Decimal("1.1")),
        ("left(name, 3) + right(name, 1)", "Str7"),
        ("number('1.50')", Decimal("1.50")),
        ("text(b) == ''", True),
        ("min(3, b, 2)", 2),
        ("max('a', 'B')", "a"),
        ('col("Unit Price") * 2', 6),
        ("orders.sum( total  * 2 )", 42),
        ("upper(b)", None),
        ("is_on and true", True),
        ("  a\n + 1", 6),
        ("9999999999999999999999 * 9999999999999999999999", 9999999999999999999999**2),
        ("1 == '1'", False),
    ],
)
def test_value(text, wanted):
    value = parse(text).evaluate(VALUES.__getitem__ if "unknown" not in text else VALUES.get)
    assert value == wanted and type(value) is type(wanted)


@pytest.mark.parametrize(
    ("text", "offset", "message"),
    [
        ("", 0, "empty"),
        ("a = 1", 2, "=="),
        ("ä + uper(a)", 4, "did you mean upper"),
        ("a is b", 0, "=="),
        ("a[0]", 0, "index"),
        ("a.b.c()", 0, "no function c"),
        ("(a", 0, "never closed"),
        ("lambda: 1", 0, "not possible"),
        ("  f'{a}'", 2, "f-text"),
        ("a ** 2", 0, r"calculate"),
        ("lower(a, b)", 0, "wrong number"),
        ("~a", 0, "~"),
        ("(1).x", 0, "dot"),
        ("lower(x=a)", 0, "without names"),
        ("x" * 10_001, 10_000, "longer"),
        ("b'x'", 0, "literal"),
        ("a contains", 10, "no expression"),
        ("__import__('os')", 0, "no function"),
        ("[x for x in a]", 0, "loop"),
        ("customer.name contain find.text", 14, "contain is not known here.*did you mean contains"),
        ("a like 'x'", 2, "write contains"),
        ("a && b", 2, "write and"),
        ("a || b", 2, "write or"),
        ("a and !b", 6, "write not"),
        ("a <> b", 2, "write !="),
        ("a AND b", 2, "did you mean and"),
        ("a & b", 0, "write and"),
        ("'x && y' + z = a", 13, "=="),
    ],
)
def test_refused_with_a_place(text, offset, message):
    with pytest.raises(ExpressionError, match=message) as caught:
        parse(text, Where("main.kdl", 3, 7))
    assert caught.value.offset == offset and str(caught.value).startswith("main.kdl:3:7: ")


@pytest.mark.parametrize("text", ["1e400000000", "-1e400000000", "1e-400000000", "0e400000000", "1" * 5000])
def test_numbers_of_insane_size_are_none(text):
    assert parse(f"length(text(number('{text}')))").evaluate(VALUES.get) == 0
    assert len(text_of(Decimal(text))) <= 5000


@pytest.mark.parametrize("text", ["(" * 300 + "a" + ")" * 300, "not " * 150 + "a", "+".join("a" * 2000)])
def test_depth_is_limited(text):
    with pytest.raises(ExpressionError, match="nested"):
        parse(text)


def test_names_are_sorted_and_whole():
    text = "customer.name contains find.text and orders.sum(total) > col('Unit Price') or contains == 1 and lines.count"
    assert parse(text).names == (
        "Unit Price",
        "contains",
        "customer.name",
        "find.text",
        "lines.count",
        "orders.sum(total)",
    )


def test_template():
    parts = parse_template("{orders.count} of {{{a + 1}}} {'}'}")
    assert [part if isinstance(part, str) else part.text for part in parts] == [
        "orders.count",
        " of {",
        "a + 1",
        "} ",
        "'}'",
    ]
    with pytest.raises(ExpressionError) as caught:
        parse_template("ab {c + }")
    assert 4 <= caught.value.offset <= 8
    for text, offset in (("a }", 2), ("a {b", 2)):
        with pytest.raises(ExpressionError) as caught:
            parse_template(text)
        assert caught.value.offset == offset


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_doc_and_takes_anything(name):
    function = FUNCTIONS[name]
    assert function.doc.startswith(f"{name}(")
    for value in (None, "x", 10**30, Decimal("1e500"), 1.5, True, b"\xff", datetime.date(1, 1, 1), [1], "2024-01-01"):
        function.python(*[value] * max(function.least, 1 if function.most else 0))


def test_clock_functions_know_that_they_are_unsteady():
    assert {name for name, function in FUNCTIONS.items() if not function.is_steady} == {"today", "now"}
    assert parse("today() <= now()").evaluate(VALUES.get) is True
