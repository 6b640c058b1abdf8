"""Style sheets → what they say of each element, by importance, specificity and order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import tinycss2

from layouts.importer.draft import Draft
from layouts.importer.page.element import Element

#: Width of the window that media queries are asked about, in pixels.
WIDTH = 1180
#: Selectors times elements; what comes behind is told.
MOST_WORK = 10_000_000
#: Characters of a style sheet that is read.
MOST_TEXT = 1_000_000
#: Lines that are named where something is not carried.
_LINES = 12
#: Characters of a selector that is matched.
_LONGEST_SELECTOR = 300
#: Properties that a layout has something for.
_CARRIED_WORDS = """
display flex-direction flex-flow flex-grow flex grid-template-columns color background background-color
font-weight font-size border border-radius padding gap column-gap columns column-count
"""
CARRIED = frozenset(_CARRIED_WORDS.split())
#: States that rules of a layout know.
STATES = {":hover": "hover", ":focus": "focus", ":focus-visible": "focus", ":disabled": "disabled"}
_STATE = re.compile(r":(?:hover|focus-visible|focus|disabled)\b(?!-)")
_MEDIA = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)(px|em|rem)\s*\)")

#: Answers the text of a style sheet that a page names; None where there is none.
ReadSheet = Callable[[str], str | None]


class Sheet(NamedTuple):
    """A style sheet: its text, the line of the page where it begins, and its file when it is one by itself."""

    text: str
    line: int = 1
    file: str = ""


class _Rule(NamedTuple):
    selector: str
    line: int
    declarations: list[tuple[str, str, bool]]
    condition: str


class Cascade:
    """The style sheets of one page.

    Args:
        draft: Told what is not carried.
        root: The parser's root, which finds elements by selectors.
        elements: By the parser's numbers.
    """

    def __init__(self, draft: Draft, root: Any, elements: dict[int, Element]) -> None:
        self._draft = draft
        self._root = root
        self._elements = elements
        self._found: dict[int, dict[str, tuple[tuple[Any, ...], str]]] = {}
        self._order = 0
        self._work = 0
        self._is_full = False
        self._file = ""
        #: File and name of what is not carried → the lines where it stands.
        self._left: dict[tuple[str, str], list[int]] = {}

    def add(self, sheet: Sheet) -> None:
        """Take the rules of a style sheet."""
        self._file = sheet.file
        if len(sheet.text) > MOST_TEXT:
            self._draft.lose(sheet.line, f"a style sheet of more than {MOST_TEXT:,} characters is not read", sheet.file)
            return
        try:
            nodes = tinycss2.parse_stylesheet(sheet.text, skip_comments=True, skip_whitespace=True)
            for rule in self._rules(nodes, sheet, ""):
                for selector in _parted(rule.selector):
                    self._match(selector.strip(), rule)
        except (RecursionError, ValueError):
            message = "a style sheet has braces or numbers that nobody writes, so the rest of it is not read"
            self._draft.lose(sheet.line, message, sheet.file)

    def finish(self) -> None:
        """Give each element what holds for it; a ``style`` attribute goes before rules."""
        for number, element in self._elements.items():
            text = element.get("style")
            told = tinycss2.parse_declaration_list(text, skip_comments=True, skip_whitespace=True) if text else []
            for name, value, is_important in self._declarations(told, element.line - 1, ""):
                self._put(number, name, value, (is_important, 1, (), self._order), "")
        for number, values in self._found.items():
            element = self._elements[number]
            element.style = {name: value for name, (_, value) in values.items()}
        for (file, name), lines in self._left.items():
            shown = sorted(set(lines))
            more = f" (also in lines {', '.join(map(str, shown[1:_LINES]))}" if len(shown) > 1 else ""
            more += (f" and {len(shown) - _LINES} more)" if len(shown) > _LINES else ")") if more else ""
            self._draft.lose(shown[0], f"the CSS property {name} is not carried{more}", file)

    def _rules(self, nodes: list[Any], sheet: Sheet, condition: str) -> Iterator[_Rule]:
        for node in nodes:
            line = sheet.line + node.source_line - 1
            if node.type == "qualified-rule":
                content = tinycss2.parse_declaration_list(node.content, skip_comments=True, skip_whitespace=True)
                declarations = self._declarations(content, sheet.line - 1, sheet.file)
                yield _Rule(tinycss2.serialize(node.prelude), line, declarations, condition)
            elif node.type == "at-rule" and node.lower_at_keyword == "media" and node.content is not None:
                inner = self._condition(tinycss2.serialize(node.prelude).strip().lower(), line)
                if inner is not None:
                    parsed = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
                    yield from self._rules(parsed, sheet, inner or condition)
            elif node.type == "at-rule" and node.lower_at_keyword not in ("charset",):
                self._draft.lose(line, f"@{node.at_keyword} of a style sheet is not carried", self._file)
            elif node.type == "error":
                self._draft.lose(line, f"a style sheet is wrong here: {node.message}", self._file)

    def _condition(self, query: str, line: int) -> str | None:
        """``dark`` or empty where the query holds in a window of the usual width; None where it does not."""
        if "print" in query or "speech" in query:
            return None
        for bound, size, unit in _MEDIA.findall(query):
            width = float(size[:9]) * (1 if unit == "px" else 16)
            if (bound == "min") == (width > WIDTH) and width != WIDTH:
                self._draft.lose(line, f"what holds at other widths alone is not carried: @media {query}", self._file)
                return None
        rest = _MEDIA.sub("", query)
        if "prefers-color-scheme" in rest:
            return "dark" if "dark" in rest else ""
        if re.sub(r"\b(?:all|screen|only|and)\b|[\s,]", "", rest):
            self._draft.lose(line, f"what holds in some circumstances alone is not carried: @media {query}", self._file)
            return None
        return ""

    def _declarations(self, nodes: list[Any], above: int, file: str) -> list[tuple[str, str, bool]]:
        """The declarations that are carried: name, value, importance; ``above`` are the lines before them."""
        found = []
        for node in nodes:
            if node.type != "declaration":
                continue
            if node.lower_name in CARRIED:
                found.append((node.lower_name, tinycss2.serialize(node.value).strip().lower(), node.important))
            else:
                self._left.setdefault((file, node.lower_name), []).append(above + node.source_line)
        return found

    def _match(self, selector: str, rule: _Rule) -> None:
        state = _STATE.search(selector)
        condition = " ".join(filter(None, (rule.condition, STATES[state[0]] if state else "")))
        plain = _STATE.sub("", selector) if state else selector
        count = len(self._elements)
        # A selector that looks at what stands beside or within takes time by the square.
        self._work += count * (1 + count // 100 if re.search(r"~|:nth|:has|:last|:only|-of-type", plain) else 1) + 500
        if self._work > MOST_WORK:
            if not self._is_full:
                self._draft.lose(
                    rule.line, "the style sheets are too large for this page; what follows is not read", self._file
                )
            self._is_full = True
            return
        if not rule.declarations or not plain:
            return
        from selectolax.lexbor import SelectolaxError

        is_odd = len(plain) > _LONGEST_SELECTOR or plain.count("(") > 3
        try:
            nodes = [] if is_odd else self._root.css(plain)
        except SelectolaxError:
            nodes, is_odd = [], True
        if is_odd:
            self._draft.lose(rule.line, f"the selector {selector[:60]} is not carried", self._file)
        self._order += 1
        weight = specificity(plain)
        for node in nodes:
            for name, value, is_important in rule.declarations:
                self._put(node.mem_id, name, value, (is_important, 0, weight, self._order), condition)

    def _put(self, number: int, name: str, value: str, rank: tuple[Any, ...], condition: str) -> None:
        values = self._found.setdefault(number, {})
        for part, of_part in _longhands(name, value):
            key = f"{part} when {condition}" if condition else part
            if key not in values or values[key][0] <= rank:
                values[key] = (rank, of_part)


def _longhands(name: str, value: str) -> list[tuple[str, str]]:
    """What a shorthand says of the properties that are asked for."""
    if name == "flex-flow":
        return [("flex-direction", value)]
    if name == "background":
        return [("background-color", value)]
    if name in ("columns", "column-count"):
        return [("column-count", value)]
    return [(name, value)]


def specificity(selector: str) -> tuple[int, int, int]:
    """Ids, classes and tags of a selector, as the cascade counts them."""
    selector = re.sub(r"\[[^\]]*\]", ".x", selector)
    selector = re.sub(r":where\([^)]*\)", "", selector)
    selector = re.sub(r":(?:not|is|has)\(", " ", selector)
    ids = len(re.findall(r"#[\w-]+", selector))
    classes = len(re.findall(r"\.[\w-]+|(?<!:):(?!:)[\w-]+", selector))
    rest = re.sub(r"[#.:]+[\w-]+(?:\([^)]*\))?", " ", selector)
    return ids, classes, len(re.findall(r"(?<![\w-])[a-zA-Z][\w-]*", rest))


def _parted(selector: str) -> list[str]:
    """The selectors of a list; commas in brackets part nothing."""
    parts, depth, start = [], 0, 0
    for index, letter in enumerate(selector):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth <= 0:
            parts.append(selector[start:index])
            start = index + 1
    return [*parts, selector[start:]]
