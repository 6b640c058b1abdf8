"""Properties of the canonical form: it is its own form, and reads as the same nodes, whatever the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from layouts.format import format_text
from layouts.problem import LayoutError

PIECES = st.sampled_from(
    ["a", "b", " ", "  ", "\n", "\r\n", "{", "}", " { ", " }\n", ";", "=", "x=", '"t"', '"\\n"', '#"r"#',
     '"""\n  m\n  """',
     "1", "-0x1F", "#true", "(t)", "( t )", "/-", "// c\n", "/* c */", "/* c\n d */", " \\\n", " \\ // j\n",
     "\u2028", "\t", "é"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=400, deadline=None)
def test_formatting_twice_is_formatting_once(text: str) -> None:
    try:
        once = format_text(text)
    except LayoutError:
        return
    assert format_text(once) == once
    for comment in ("// c", "/* c"):
        assert (comment[-1] in once) or comment not in text
