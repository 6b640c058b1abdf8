"""The plural rule of a catalogue's header (a C expression over n) as an expression of ours."""

from __future__ import annotations

import re

_RULE = re.compile(r"nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+);?")
_TOKEN = re.compile(r"\s*(\d+|n|&&|\|\||[=!<>]=|[<>!?:()%])")
#: Operators by how loosely they bind, the loosest first → how we write them.
_LEVELS = (
    {"||": "or"}, {"&&": "and"}, {"==": "==", "!=": "!="}, {"<": "<", ">": ">", "<=": "<=", ">=": ">="}, {"%": "%"},
)  # fmt: skip


class PluralError(Exception):
    """A plural rule that cannot be read; says why."""


class Rule:
    """How many forms there are, and which one a count takes.

    Attributes:
        forms: How many.
        text: The rule as it stands in the header.
    """

    def __init__(self, header: str) -> None:
        found = _RULE.fullmatch(header.strip())
        if found is None or not 0 < int(found[1]) < 10:
            raise PluralError(f"no rule of plurals: {header.strip() or 'empty'}")
        self.forms, self.text = int(found[1]), found[2].strip()
        self._tree = _Reader(self.text).read()

    def condition(self, form: int, count: str) -> str:
        """An expression that is true for the counts that take a form; ``count`` is an expression."""
        cases = [(conditions, index) for conditions, index in _cases(self._tree, []) if index == form or index < 0]
        parts = []
        for conditions, index in cases:
            whole = [*conditions] if index >= 0 else [*conditions, _numeric(self._last(conditions), form)]
            parts.append(" and ".join(whole) or "1 == 1")
        joined = " or ".join(f"({part})" for part in parts) or "1 == 0"
        return re.sub(r"\bn\b", lambda _: f"({count})", joined)

    def _last(self, conditions: list[str]) -> str:
        tree = self._tree
        while isinstance(tree, tuple):
            tree = tree[1] if tree[0] in conditions else tree[2]
        return tree


def _numeric(text: str, form: int) -> str:
    """A comparison that stands for its number: (n != 1) is form 1 where it holds."""
    return {0: f"not ({text})", 1: f"({text})"}.get(form, "1 == 0")


def _cases(tree: object, before: list[str]) -> list[tuple[list[str], int]]:
    """The ways through a rule: conditions, and the form at their end; -1 where a comparison is the form."""
    if isinstance(tree, tuple):
        condition, yes, no = tree
        return _cases(yes, [*before, condition]) + _cases(no, [*before, f"not {condition}"])
    return [(before, int(tree) if str(tree).isdigit() else -1)]


class _Reader:
    """A C expression: ternaries become tuples (condition, yes, no), the rest text of ours."""

    def __init__(self, text: str) -> None:
        self._tokens = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None:
                raise PluralError(f"a rule of plurals with {text[at:].strip()[0]!r} in it")
            self._tokens.append(match[1])
            at = match.end()
        self._at = 0

    def read(self) -> object:
        tree = self._choice()
        if self._at != len(self._tokens):
            raise PluralError(f"a rule of plurals with {self._tokens[self._at]!r} too much")
        return tree

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self._peek()
        if not token or (wanted and token != wanted):
            raise PluralError(f"a rule of plurals without {wanted or 'its end'}")
        self._at += 1
        return token

    def _choice(self) -> object:
        condition = self._operation(0)
        if self._peek() != "?":
            return condition
        self._take("?")
        yes = self._choice()
        self._take(":")
        if isinstance(condition, tuple):
            raise PluralError("a rule of plurals with a choice in a condition")
        return (condition, yes, self._choice())

    def _operation(self, level: int) -> object:
        if level == len(_LEVELS):
            return self._single()
        left = self._operation(level + 1)
        while self._peek() in _LEVELS[level]:
            sign = _LEVELS[level][self._take()]
            left = f"({_plain(left)} {sign} {_plain(self._operation(level + 1))})"
        return left

    def _single(self) -> object:
        token = self._take()
        if token == "(":
            inner = self._choice()
            self._take(")")
            return inner
        if token == "!":
            return f"(not {_plain(self._single())})"
        if token != "n" and not token.isdigit():
            raise PluralError(f"a rule of plurals with {token!r} in a place of its own")
        return token


def _plain(tree: object) -> str:
    if isinstance(tree, tuple):
        raise PluralError("a rule of plurals with a choice inside a comparison")
    return str(tree)
