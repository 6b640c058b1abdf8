"""Syntax trees: text objects and growing selections, a row a language; what is edited is parsed anew."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.scintilla.language import BY_NAME
from plugins.scintilla.syntax_kind import GRAMMARS
from plugins.scintilla.syntax_tree import LARGEST, SyntaxTree

PYTHON = "class A:\n    @x\n    def f(self, a=1):\n        return g(1, [2, █3])  # c\n\n\ny = {'k': 4}\n"
SCRIPT = "class A { m(a, b) { return [1, {x: █2}] } }\n// c\n"
#: Language, text with the place, part, what it is.
PARTS: tuple[tuple[str, str, str, str], ...] = (
    ("python", PYTHON, "function.around", "@x\n    def f(self, a=1):\n        return g(1, [2, 3])  # c"),
    ("python", PYTHON, "function.inside", "return g(1, [2, 3])  # c"),
    ("python", PYTHON, "class.around", PYTHON.replace("█", "").partition("\n\n")[0]),
    ("python", PYTHON, "argument.inside", "3"), ("python", PYTHON, "argument.around", ", 3"),
    ("python", PYTHON.replace("█", "").replace("# c", "# █c"), "comment.around", "# c"),
    ("python", "f(█a, b)", "argument.around", "a, "), ("python", "f(a, █b)", "argument.around", ", b"),
    ("python", "{'a': █1}", "entry.around", "'a': 1"),
    ("javascript", SCRIPT, "function.inside", "return [1, {x: 2}]"),
    ("javascript", SCRIPT, "function.around", "m(a, b) { return [1, {x: 2}] }"),
    ("javascript", SCRIPT, "class.inside", "m(a, b) { return [1, {x: 2}] }"),
    ("javascript", SCRIPT, "entry.around", "x: 2"),
    ("json", '{"a": [1, █2]}', "argument.around", ", 2"), ("json", '{"a": [1, █2]}', "block.inside", "1, 2"),
    ("toml", "[a]\nb = █1\n", "class.around", "[a]\nb = 1"), ("html", "<p>a<b>█c</b></p>", "class.inside", "c"),
    ("html", "<p>a<b>█c</b></p>", "class.around", "<b>c</b>"),
    ("css", "p { color: █red }", "entry.around", "color: red"),
    ("css", "p { color: █red }", "class.inside", "color: red"),
    ("layout", "window {\n    grid █x id=y\n}\n", "class.around", "grid x id=y"),
    ("layout", "window {\n    grid x █id=y\n}\n", "entry.around", "id=y"),
)  # fmt: skip


@pytest.mark.parametrize(("language", "marked", "name", "part"), PARTS)
def test_parts_of_the_syntax(language: str, marked: str, name: str, part: str) -> None:
    before, _, after = marked.partition("█")
    text = (before + after).encode()
    found = SyntaxTree(lambda: text).spans(language, name, len(before.encode()))
    assert found and text[slice(*found[0])].decode() == part


def test_every_grammar_is_a_languages_and_is_there() -> None:
    for name, grammar in GRAMMARS.items():
        assert name in BY_NAME and SyntaxTree(lambda: b"").around(name, 0, 0) is None, grammar


def test_a_selection_grows_by_the_syntax() -> None:
    text = b"x = f(a, [b, c])\n"
    tree, parts, span = SyntaxTree(lambda: text), [], (10, 11)
    while (wider := tree.around("python", *span)) is not None:
        parts.append(text[slice(*wider)].decode())
        span = wider
    assert parts == ["[b, c]", "(a, [b, c])", "f(a, [b, c])", "x = f(a, [b, c])"]


def test_what_is_edited_is_parsed_anew() -> None:
    texts = [b"def f():\n    return 1\n"]
    tree = SyntaxTree(lambda: texts[0])
    assert tree.spans("python", "function.around", 15)
    for text in (b"def fun():\n    return 1\n", b"# c\ndef fun():\n    return 12\n", b"x = 1\n", b"", b"def g(): pass"):
        texts[0] = text
        fresh = SyntaxTree(lambda text=text: text)
        for place in range(0, len(text), 3):
            for name in ("function.around", "comment.around"):
                assert tree.spans("python", name, place) == fresh.spans("python", name, place)


def test_a_text_that_is_too_large_or_of_no_language_has_none() -> None:
    large: Any = b"x = 1\n" * (LARGEST // 6 + 1)
    assert SyntaxTree(lambda: large).spans("python", "function.around", 3) == []
    assert SyntaxTree(lambda: b"x").spans("text", "function.around", 0) == []
