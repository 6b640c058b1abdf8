"""Lines of commands: whatever stands in an argument comes back as it was, and no text stops the splitter."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shell.line.words import line_of, quoted, words_of

TEXTS = st.text("ab \t\"'\\=é“", max_size=12)


@given(TEXTS)
def test_a_quoted_value_is_one_word_and_says_the_same(text: str) -> None:
    [word] = words_of(quoted(text))
    assert (word.text, word.is_open) == (text, False)


@given(TEXTS)
def test_words_stand_where_they_say(text: str) -> None:
    end = 0
    for word in words_of(text):
        assert end <= word.begin < word.end <= len(text)
        assert text[end : word.begin].strip() == ""
        end = word.end
    assert text[end:].strip() == ""


@given(st.dictionaries(st.sampled_from(["table", "column", "value"]), TEXTS | st.booleans() | st.integers()))
def test_a_line_says_every_argument(arguments: dict[str, Any]) -> None:
    order = ["table", "column", "value"]
    head, *words = words_of(line_of("row.set", arguments, order))
    found: dict[str, str] = {}
    for place, word in enumerate(words):
        name, equals, value = word.text.partition("=")
        is_named = bool(equals) and name in order
        found[name if is_named else order[place]] = value if is_named else word.text
    written = {True: "yes", False: "no"}
    expected = {name: written[value] if isinstance(value, bool) else str(value) for name, value in arguments.items()}
    assert (head.text, found) == ("row.set", expected)
