"""CHECK rules of databases in words: ``total >= 0`` → ``Total must be at least 0``. No database is asked.

What people write in such rules is understood: comparisons, ranges, lists, lengths, empty and not, joined by ``and`` and
``or``, in the spelling of SQLite and of PostgreSQL. Of everything else :func:`rule_words` says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kernel.tables.check import heading
from kernel.tables.schema import Column, title_of
from kernel.words import mark

_TOKEN = re.compile(
    r"\s+|--[^\n]*|/\*.*?\*/|(?P<text>'(?:[^']|'')*')|(?P<name>\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[A-Za-z_][^\]]*\])"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<word>\w+)|(?P<sign><=|>=|<>|!=|==|::|\|\||.)", re.DOTALL)  # fmt: skip
_SIGNS = {"=": "be", "==": "be", "<>": "not be", "!=": "not be", ">=": "be at least", "<=": "be at most",
          ">": "be more than", "<": "be less than"}  # fmt: skip
#: What finished sentences of the commonest rules are found again by in other languages.
SENTENCES = (
    mark("{column} must be at least {value}"), mark("{column} must be at most {value}"),
    mark("{column} must be more than {value}"), mark("{column} must be less than {value}"),
    mark("{column} must not be {value}"), mark("{column} must be between {least} and {most}"),
    mark("{column} must not begin or end with a space"), mark("{column} must be filled in"),
    mark("{column} must have at least {count} characters"), mark("{column} breaks a rule of the table"),
    mark("{column} breaks the rule “{name}”"),
)  # fmt: skip
#: Which sign it is from the other side.
_TURNED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
_LENGTHS = ("LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH")
_TRIMS = ("TRIM", "BTRIM", "LTRIM", "RTRIM")
_MOMENTS = {"CURRENT_DATE": "today", "CURRENT_TIMESTAMP": "now", "CURRENT_TIME": "now"}
_RESERVED = {"AND", "OR", "NOT", "IN", "IS", "BETWEEN", "LIKE", "GLOB", "CASE", "SELECT", "EXISTS", "ANY", "ARRAY"}
#: What a constraint's name has around what it says.
_AROUND = {"ck", "chk", "check", "constraint"}


class _UnknownRuleError(Exception):
    """The rule is written in a way that is not understood."""


class _Operand(NamedTuple):
    """A side of a comparison: its words, and the column that it is about in one of the ways ``value``, ``length``,
    ``trimmed``, ``lower`` and ``upper``."""

    words: str
    column: str = ""
    way: str = "value"


class _Rule(NamedTuple):
    """What is demanded of a subject (``Total``, ``must be at least 0``)."""

    subject: str
    must: str
    is_joined: bool = False


def rule_words(text: str, columns: Sequence[Column]) -> str:
    """The rule as a sentence without its full stop; empty when it is not understood.

    Args:
        text: What stands in the brackets of the CHECK.
        columns: The columns that it may name.
    """
    try:
        reader = _Reader(text, columns)
        rule = reader.either()
        reader.end()
    except (_UnknownRuleError, RecursionError):
        return ""
    return f"{rule.subject} {rule.must}".strip()


def broken_words(
    text: str, name: str, table: str, columns: Sequence[Column], named: Sequence[Column]
) -> tuple[str, str]:
    """Message and hint for a row that breaks a rule.

    Args:
        text: What stands in the brackets of the CHECK.
        name: The constraint's, empty without one.
        table: The table's name.
        columns: All columns of the table.
        named: Those that the rule names.
    """
    if words := rule_words(text, columns):
        return words, ""
    subject = " and ".join(map(heading, named)) or "The row"
    called = name_words(name, table, columns)
    verb = "break" if len(named) > 1 else "breaks"
    rule = f"the rule “{called}”" if called else "a rule of the table"
    return f"{subject} {verb} {rule}", f"The rule is: {' '.join(text.split())}"


def name_words(name: str, table: str, columns: Sequence[Column]) -> str:
    """What a constraint's name says, empty where it was made from the table and its columns alone."""
    words = [word for word in re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()) if word]
    known = {word for one in (table, *(column.name for column in columns)) for word in re.split(r"[\W_]+", one.lower())}
    words = [word for word in words if word not in _AROUND and not re.fullmatch(r"(check)?\d+", word)]
    while words and words[0] in re.split(r"[\W_]+", table.lower()):
        words.pop(0)
    return "" if all(word in known for word in words) else title_of("_".join(words))


class _Reader:
    """Reads one rule from its tokens."""

    def __init__(self, text: str, columns: Sequence[Column]) -> None:
        self._columns = {column.name.lower(): column for column in columns}
        found = [match for match in _TOKEN.finditer(text) if match.lastgroup]
        self._tokens = [(match.lastgroup or "", match.group()) for match in found]
        self._at = 0

    # -- tokens ---------------------------------------------------------------------------------------------------

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, *words: str) -> bool:
        """Go past these words or signs, when they come next."""
        here = self._tokens[self._at : self._at + len(words)]
        is_here = len(here) == len(words) and all(
            kind in ("word", "sign") and token.upper() == word for (kind, token), word in zip(here, words, strict=True)
        )
        self._at += len(words) if is_here else 0
        return is_here

    def _need(self, *words: str) -> None:
        if not self._take(*words):
            raise _UnknownRuleError

    def end(self) -> None:
        """There is nothing more."""
        if self._at < len(self._tokens):
            raise _UnknownRuleError

    # -- rules ----------------------------------------------------------------------------------------------------

    def either(self) -> _Rule:
        """Rules joined by ``or``."""
        return self._joined("OR", self._every, "or")

    def _every(self) -> _Rule:
        return self._joined("AND", self._one, "and")

    def _joined(self, word: str, read: Callable[[], _Rule], said: str) -> _Rule:
        rules = [read()]
        while self._take(word):
            rules.append(read())
        if len(rules) == 1:
            return rules[0]
        if said == "and" and any(rule.is_joined for rule in rules):
            raise _UnknownRuleError  # words have no brackets
        comma = "," if any(rule.is_joined for rule in rules) else ""
        subject, must = rules[0].subject, rules[0].must
        for rule in rules[1:]:
            before = "" if rule.subject == subject else f"{rule.subject} "
            must += f"{comma or (',' if before else '')} {said} {before}{rule.must}"
        return _Rule(subject, must, is_joined=True)

    def _one(self) -> _Rule:
        if self._take("NOT"):
            column = self._column_alone()
            return _Rule(column, "must be no")
        before = self._at
        if self._take("("):
            try:
                rule = self.either()
                self._need(")")
            except _UnknownRuleError:
                self._at = before
            else:
                if self._next()[1].upper() in ("", ")", "AND", "OR"):
                    return rule
                self._at = before
        return self._comparison()

    def _column_alone(self) -> str:
        is_inside = self._take("(")
        operand = self._operand()
        if is_inside:
            self._need(")")
        if not operand.column or operand.way != "value":
            raise _UnknownRuleError
        return operand.words

    def _comparison(self) -> _Rule:
        left = self._operand()
        sign = self._next()[1]
        if sign in _SIGNS:
            self._at += 1
            if self._take("ANY"):
                return self._list(left, sign)
            return self._compared(left, sign, self._operand())
        if self._take("IS"):
            is_not = self._take("NOT")
            self._need("NULL")
            return _Rule(left.words, "must be filled in" if is_not else "must be empty")
        is_not = self._take("NOT")
        if self._take("BETWEEN"):
            return self._between(left, is_not)
        if self._take("IN"):
            return self._list(left, "<>" if is_not else "=")
        if self._take("LIKE") or self._take("GLOB"):
            return self._like(left, is_not)
        if is_not or not left.column or left.way != "value" or self._next()[1].upper() not in ("", ")", "AND", "OR"):
            raise _UnknownRuleError
        return _Rule(left.words, "must be yes")

    def _compared(self, left: _Operand, sign: str, right: _Operand) -> _Rule:
        if not left.column and right.column:
            left, right, sign = right, left, _TURNED.get(sign, sign)
        if not left.column:
            raise _UnknownRuleError
        subject = self._heading(left.column)
        if left.way in ("lower", "upper"):
            if right.column != left.column or right.way != "value" or sign not in ("=", "=="):
                raise _UnknownRuleError
            return _Rule(subject, f"must be in {'small' if left.way == 'lower' else 'capital'} letters")
        if left.way == "length":
            return _Rule(subject, _length_words(sign, right.words))
        if left.way == "trimmed" and right.column == left.column:
            return _Rule(subject, "must not begin or end with a space")
        if right.words == "“”":
            if sign not in ("<>", "!=", ">"):
                raise _UnknownRuleError
            return _Rule(subject, "must not be empty")
        if left.way != "value" or right.way != "value":
            raise _UnknownRuleError
        return _Rule(left.words, f"must {_SIGNS[sign]} {right.words}")

    def _between(self, left: _Operand, is_not: bool) -> _Rule:
        first = self._operand()
        self._need("AND")
        last = self._operand()
        if not left.column or left.way not in ("value", "length"):
            raise _UnknownRuleError
        word, unit = ("have", " characters") if left.way == "length" else ("be", "")
        no = "not " if is_not else ""
        return _Rule(self._heading(left.column), f"must {no}{word} between {first.words} and {last.words}{unit}")

    def _list(self, left: _Operand, sign: str) -> _Rule:
        self._need("(")
        depth = 1
        while self._take("("):
            depth += 1
        is_array = self._take("ARRAY")
        if is_array:
            self._need("[")
        values = [self._operand().words]
        while self._take(","):
            values.append(self._operand().words)
        if is_array:
            self._need("]")
        for _ in range(depth):
            while self._cast():
                pass
            self._need(")")
        if not left.column or left.way != "value" or sign not in ("=", "<>"):
            raise _UnknownRuleError
        values = [value.removeprefix("“").removesuffix("”") or "empty" for value in values]
        no, some = ("not ", "") if sign == "<>" else ("", "one of " if len(values) > 1 else "")
        return _Rule(left.words, f"must {no}be {some}{', '.join(values)}")

    def _like(self, left: _Operand, is_not: bool) -> _Rule:
        pattern, verb = self._operand().words, "must not" if is_not else "must"
        inner = pattern.removeprefix("“").removesuffix("”")
        core, star = inner.strip("%*"), inner[:1] + inner[-1:]
        if not left.column or left.way != "value" or not core:
            raise _UnknownRuleError
        if re.search(r"[%_*?\[]", core):
            return _Rule(left.words, f"{verb} look like “{inner}”")
        does = {True: {True: "contain", False: "end with"}, False: {True: "begin with", False: "be"}}
        return _Rule(left.words, f"{verb} {does[star[:1] in '%*'][star[-1:] in '%*']} “{core}”")

    # -- operands -------------------------------------------------------------------------------------------------

    def _operand(self) -> _Operand:
        """A value, a column, or arithmetic over them."""
        operand = self._term()
        while self._next()[0] == "sign" and self._next()[1] in ("+", "-", "*", "/"):
            sign = self._next()[1]
            self._at += 1
            other = self._term()
            if "value" not in (operand.way,) or other.way != "value":
                raise _UnknownRuleError
            shown = {"*": "×", "-": "−", "/": "÷"}.get(sign, sign)
            operand = _Operand(f"{operand.words} {shown} {other.words}", operand.column or other.column)
        return operand

    def _term(self) -> _Operand:
        kind, token = self._next()
        self._at += 1
        operand: _Operand | None = None
        if kind == "text":
            operand = _Operand(f"“{token[1:-1].replace(chr(39) * 2, chr(39))}”")
        elif kind == "number":
            operand = _Operand(token)
        elif kind == "sign" and token == "-":
            operand = _Operand(f"−{self._term().words}")
        elif kind == "sign" and token == "(":
            operand = self._operand()
            self._need(")")
        elif kind in ("word", "name"):
            operand = self._name(kind, token)
        if operand is None:
            raise _UnknownRuleError
        while self._cast():
            pass
        return operand

    def _name(self, kind: str, token: str) -> _Operand | None:
        upper = token.upper()
        plain = token[1:-1] if kind == "name" else token
        if kind == "word" and self._next()[1] == "(":
            return self._call(upper)
        if plain.lower() in self._columns:
            return _Operand(self._heading(plain), plain.lower())
        if kind == "word" and upper in ("TRUE", "FALSE"):
            return _Operand("yes" if upper == "TRUE" else "no")
        if kind == "word" and upper in _MOMENTS:
            return _Operand(_MOMENTS[upper])
        return None

    def _call(self, name: str) -> _Operand | None:
        self._need("(")
        if name == "NOW":
            self._need(")")
            return _Operand("now")
        inner = self._operand()
        self._need(")")
        if name in _LENGTHS and inner.way in ("value", "trimmed") and inner.column:
            return inner._replace(way="length")
        if name in _TRIMS and inner.way == "value" and inner.column:
            return inner._replace(way="trimmed")
        if name in ("LOWER", "UPPER") and inner.way == "value" and inner.column:
            return inner._replace(way=name.lower())
        return None

    def _cast(self) -> bool:
        """Go past ``::numeric(10,2)``, ``COLLATE nocase`` and the like."""
        if self._take("COLLATE"):
            self._at += 1
            return True
        if not self._take("::"):
            return False
        self._at += 1
        while self._next()[0] == "word" and self._next()[1].upper() not in _RESERVED:
            self._at += 1
        if self._take("("):
            while self._next()[1] not in (")", ""):
                self._at += 1
            self._need(")")
        if self._take("["):
            self._need("]")
        return True

    def _heading(self, name: str) -> str:
        return heading(self._columns[name.lower()])


def _length_words(sign: str, number: str) -> str:
    """``length(name) >= 2`` → ``must have at least 2 characters``."""
    if (sign, number) in ((">", "0"), (">=", "1"), ("<>", "0"), ("!=", "0")):
        return "must not be empty"
    characters = "character" if number == "1" else "characters"
    said = {"=": "", "==": "", ">=": "at least ", "<=": "at most ", ">": "more than ", "<": "less than "}
    if sign not in said:
        raise _UnknownRuleError
    return f"must have {said[sign]}{number} {characters}"
