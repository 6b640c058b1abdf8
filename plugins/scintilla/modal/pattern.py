"""Vim's regular expressions as Python's: ``\\<``, ``\\(``, ``\\|``, ``\\+``, ``\\v``, ``\\c``, ``\\zs`` and so on."""

from __future__ import annotations

import re
from functools import lru_cache

from plugins.api import say
from plugins.scintilla.modal.row import Refused

#: Behind a backslash → Python's.
_CLASSES = {
    "s": r"[ \t]", "S": r"[^ \t\n]", "d": r"[0-9]", "D": r"[^0-9\n]", "w": r"[0-9A-Za-z_]", "W": r"[^0-9A-Za-z_\n]",
    "a": r"[A-Za-z]", "A": r"[^A-Za-z\n]", "l": r"[a-z]", "L": r"[^a-z\n]", "u": r"[A-Z]", "U": r"[^A-Z\n]",
    "x": r"[0-9A-Fa-f]", "X": r"[^0-9A-Fa-f\n]", "o": r"[0-7]", "h": r"[A-Za-z_]", "H": r"[^A-Za-z_\n]",
    "k": r"\w", "i": r"\w", "K": r"[^\W\d]", "p": r"[^\x00-\x1f]", "t": "\t", "r": "\r", "e": "\x1b", "n": "\n",
    "<": r"\b(?=\w)", ">": r"\b(?<=\w)", "\\": r"\\", "/": "/",
}  # fmt: skip
_VERY_MAGIC = frozenset("()|+=?{}<>@&~*.[^$")
_MAGIC = frozenset("*.[^$~")
_GROUPS = {"(": "(", ")": ")", "|": "|", "+": "+", "=": "?", "?": "?", "*": "*", ".": "[^\\n]"}
_NO_END = "[^\\n]"
_CLASS_NAMES = {
    "[:alpha:]": "A-Za-z", "[:digit:]": "0-9", "[:alnum:]": "0-9A-Za-z", "[:space:]": r" \t", "[:upper:]": "A-Z",
    "[:lower:]": "a-z", "[:punct:]": r"!-/:-@\[-`{-~", "[:xdigit:]": "0-9A-Fa-f",
}  # fmt: skip


@lru_cache(64)
def compiled(text: str, ignores_case: bool = False, is_smart: bool = False) -> re.Pattern[str]:
    """The pattern of a vim expression; a group ``start`` or ``stop`` stands where ``\\zs`` and ``\\ze`` do.

    Raises:
        Refused: it is no expression.
    """
    made = _Translation(text)
    translated = made.whole()
    if made.case is not None:
        ignores_case = made.case
    elif is_smart and ignores_case:
        ignores_case = not any(letter.isupper() for letter in re.sub(r"\\.", "", text))
    try:
        return re.compile(translated, re.MULTILINE | (re.IGNORECASE if ignores_case else 0))
    except (re.error, OverflowError, RecursionError) as error:
        raise Refused(say("“{name}” is no expression", name=text)) from error


def span_of(match: re.Match[str]) -> tuple[int, int]:
    """Start and end of a match, as ``\\zs`` and ``\\ze`` make them."""
    groups = match.re.groupindex
    start = match.start("zs") if "zs" in groups and match.start("zs") >= 0 else match.start()
    stop = match.start("ze") if "ze" in groups and match.start("ze") >= 0 else match.end()
    return start, max(start, stop)


class _Translation:
    """One expression on its way."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._special = _MAGIC
        self.case: bool | None = None
        self._made: list[str] = []

    def whole(self) -> str:
        """All of it in Python's notation."""
        while self._at < len(self._text):
            letter = self._text[self._at]
            self._at += 1
            if letter == "\\" and self._at < len(self._text):
                following = self._text[self._at]
                self._at += 1
                self._escaped(following)
            elif letter in self._special:
                self._sign(letter)
            else:
                self._made.append(re.escape(letter))
        return "".join(self._made)

    def _escaped(self, letter: str) -> None:
        rest = self._text[self._at :]
        if letter in "vmMV":
            self._special = {"v": _VERY_MAGIC, "m": _MAGIC, "M": frozenset("^$"), "V": frozenset()}[letter]
        elif letter in "cC":
            self.case = letter == "c"
        elif letter == "z" and rest[:1] in ("s", "e"):
            self._at += 1
            self._made.append(f"(?P<z{rest[0]}>)")
        elif letter == "%" and rest[:1] in ("(", "^", "$"):
            self._at += 1
            self._made.append({"(": "(?:", "^": r"\A", "$": r"\Z"}[rest[0]])
        elif letter == "_" and rest[:1]:
            self._at += 1
            part = _NO_END if rest[0] == "." else _CLASSES.get(rest[0], re.escape(rest[0]))
            self._made.append(f"(?:{part}|\\n)")
        elif letter in _VERY_MAGIC and letter in self._special:
            self._made.append(re.escape(letter))
        elif letter in _VERY_MAGIC:
            self._sign(letter)
        elif letter.isdigit():
            self._made.append(f"(?:\\{letter})")
        else:
            self._made.append(_CLASSES.get(letter, re.escape(letter)))

    def _sign(self, letter: str) -> None:
        if letter == "^":
            is_first = not self._made or self._made[-1] in ("(", "(?:", "|", "\n")
            self._made.append("^" if is_first or self._special is _VERY_MAGIC else r"\^")
        elif letter == "$":
            rest = self._text[self._at :]
            is_last = not rest or rest.startswith((r"\|", r"\)", r"\n", "|", ")")) or self._special is _VERY_MAGIC
            self._made.append("$" if is_last else r"\$")
        elif letter == "[":
            self._class()
        elif letter == "{":
            self._times()
        elif letter == "*" and (not self._made or self._made[-1] in ("(", "|", "^")):
            self._made.append(r"\*")
        elif letter in "<>":
            self._made.append(_CLASSES[letter])
        elif letter == "~":
            self._made.append("~")
        elif letter == "@":
            self._look()
        else:
            self._made.append(_GROUPS.get(letter, re.escape(letter)))

    def _class(self) -> None:
        found = re.compile(r"\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]").match(self._text, self._at)
        if found is None:
            self._made.append(r"\[")
            return
        self._at = found.end()
        inner = found[0][:-1]
        is_not = inner.startswith("^")
        inner = inner[is_not:]
        for name, letters in _CLASS_NAMES.items():
            inner = inner.replace(name, letters)
        inner = re.sub(r"\\(?![\\\]\-ntre^x])", r"\\\\", inner)
        inner = inner.replace(r"\e", "\x1b")
        inner = "".join("\\" + letter if letter in "[&~|" else letter for letter in _escaped_first(inner))
        self._made.append(f"[{'^' if is_not else ''}{inner}{chr(92) + 'n' if is_not else ''}]")

    def _times(self) -> None:
        found = re.compile(r"(-?)(\d*)(,?)(\d*)\\?\}").match(self._text, self._at)
        if found is None:
            raise Refused(say("“{name}” is no expression", name=self._text))
        self._at = found.end()
        lazy, low, comma, high = found.groups()
        self._made.append(("{" + f"{low or 0}{comma or (',' if not low else '')}{high}" + "}") + ("?" if lazy else ""))

    def _look(self) -> None:
        rest = self._text[self._at :]
        for sign, python in (("<=", "(?<="), ("<!", "(?<!"), ("=", "(?="), ("!", "(?!"), (">", "(?:")):
            if rest.startswith(sign) and self._made:
                self._at += len(sign)
                part = self._made.pop()
                if part == ")":
                    depth, parts = 1, [part]
                    while depth and self._made:
                        parts.insert(0, self._made.pop())
                        depth += (parts[0] == ")") - (parts[0] in ("(", "(?:"))
                    part = "".join(parts)
                self._made.append(f"{python}{part})")
                return
        self._made.append("@")


def _escaped_first(inner: str) -> str:
    """A closing bracket that stands first in a class means itself."""
    return "\\]" + inner[1:] if inner.startswith("]") else inner
