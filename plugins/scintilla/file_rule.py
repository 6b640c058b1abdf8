"""How files of a folder are to be written: what its .editorconfig says, else what the text itself shows.

The rules and their names are EditorConfig's own (https://spec.editorconfig.org, version 0.17).
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from plugins.api import EspalierError, say
from plugins.scintilla.code import Code
from plugins.scintilla.host import SCI
from plugins.scintilla.surface import LARGE_FROM

#: Lines, and bytes of them, by which the indentation of a text is told.
TOLD_LINES, TOLD_BYTES = 5_000, 200_000
#: Steps of indentation that are told from others.
_STEPS = (2, 3, 4, 8)
_LINE_ENDS = {"lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}
#: Charset → encoding of the editor, and whether the file begins with a mark.
_CHARSETS = {
    "utf-8": ("utf-8", False), "utf-8-bom": ("utf-8", True), "latin1": ("latin-1", False),
    "utf-16be": ("utf-16-be", True), "utf-16le": ("utf-16-le", True),
}  # fmt: skip
_TRAILING = re.compile(rb"[ \t]+(?=\r?$)", re.MULTILINE)
_INDENTED = re.compile(rb"^([ \t]*)[^\s]", re.MULTILINE)


class RuleError(EspalierError):
    """An .editorconfig that cannot be used."""


class Rules(NamedTuple):
    """What is said of one file; None where nothing is.

    Attributes:
        uses_tabs: Whether it is indented with tabs.
        indent: Columns of a step.
        tab_width: Columns of a tab.
        line_end: What lines of a new file end with.
        encoding, has_mark: How a new file is written.
        trims: Whether spaces and tabs at the ends of lines go when it is written.
        ends: Whether it is written with a line end at its end.
        edge: The column at which a line stands.
    """

    uses_tabs: bool | None = None
    indent: int | None = None
    tab_width: int | None = None
    line_end: bytes | None = None
    encoding: str | None = None
    has_mark: bool = False
    trims: bool = False
    ends: bool = False
    edge: int | None = None


def read_rules(path: Path) -> Rules:
    """What the .editorconfig files of a file's folder and those above it say of it.

    Raises:
        RuleError: one of them cannot be read; the message says which line.
    """
    from editorconfig import EditorConfigError, get_properties

    try:
        found = {key: value.lower() for key, value in get_properties(str(path.resolve())).items()}
    except (EditorConfigError, OSError, UnicodeDecodeError) as error:
        raise RuleError(say(".editorconfig cannot be used: {reason}", reason=error)) from error
    width = _number(found.get("tab_width"))
    step = found.get("indent_size")
    style = found.get("indent_style")
    if style == "tab" or step == "tab":
        step = None  # a step is a tab then
    encoding, has_mark = _CHARSETS.get(found.get("charset", ""), (None, False))
    return Rules(
        {"tab": True, "space": False}.get(style or ""),
        _number(step) or width,
        width or _number(step or found.get("indent_size")),
        _LINE_ENDS.get(found.get("end_of_line", "")),
        encoding,
        has_mark,
        found.get("trim_trailing_whitespace") == "true",
        found.get("insert_final_newline") == "true",
        _number(found.get("max_line_length")),
    )


def told_indent(text: bytes) -> Rules:
    """What a text is indented with, by most of its lines; nothing where none is."""
    tabs = spaces = before = 0
    steps: Counter[int] = Counter()
    for number, found in enumerate(_INDENTED.finditer(text[:TOLD_BYTES])):
        if number == TOLD_LINES:
            break
        indent = found[1]
        if indent.startswith(b"\t"):
            tabs += 1
        elif len(indent) > 1 or before:
            spaces += bool(indent)
            steps[len(indent) - before] += 1
            before = len(indent)
    if tabs > spaces:
        return Rules(uses_tabs=True)
    if not spaces:
        return Rules()
    step = max(_STEPS, key=lambda step: steps[step])
    return Rules(uses_tabs=False, indent=step if steps[step] else None)


def take_rules(code: Code, rules: Rules) -> None:
    """Indent and show the text so."""
    width = rules.tab_width or rules.indent
    if width:
        code.set_tab_width(width)
    if rules.indent:
        code.send(SCI.SCI_SETINDENT, rules.indent)
    if rules.uses_tabs is not None:
        code.set_tabs(rules.uses_tabs)
    if rules.edge:
        code.set_edge(rules.edge)


def tidy(code: Code, rules: Rules) -> None:
    """Do to the text what is to be done before it is written, as one step to undo; nothing to very large ones."""
    if not (rules.trims or rules.ends) or code.length >= LARGE_FROM:
        return
    text = code.data()
    spans = [one.span() for one in _TRAILING.finditer(text)] if rules.trims else []
    ends = rules.ends and text and not text.endswith((b"\n", b"\r"))
    if not spans and not ends:
        return
    with code.one_step():
        if ends:
            code.replace(len(text), len(text), code.line_end)
        for start, stop in reversed(spans):
            code.replace(start, stop, b"")


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdigit() and 0 < int(value) < 1000 else None
