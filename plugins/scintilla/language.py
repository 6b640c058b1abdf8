"""The languages: how a file is known, which lexer colours it, how its comments are written. No Qt here."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import NamedTuple


class Language(NamedTuple):
    """One language.

    Attributes:
        name: What a layout and the list of languages call it.
        title: What people call it.
        lexer: QScintilla's class; empty = plain text.
        endings: Ends of file names, or whole names.
        line: What begins a comment to the end of the line; empty = there is none.
        block: What begins and ends a comment of any length.
        opens: End of a line after which the next one stands deeper.
        words: Further letters of its words.
        programs: Names in a first line ``#!``.
    """

    name: str
    title: str
    lexer: str = ""
    endings: tuple[str, ...] = ()
    line: str = ""
    block: tuple[str, str] = ("", "")
    opens: str = ""
    words: str = ""
    programs: tuple[str, ...] = ()


_C = ("/*", "*/")
_X = ("<!--", "-->")
LANGUAGES: tuple[Language, ...] = (
    Language("text", "Plain text", "", (".txt", ".log", ".text")),
    Language("python", "Python", "QsciLexerPython", (".py", ".pyw", ".pyi"), "#", opens=":([{", programs=("python",)),
    Language("javascript", "JavaScript", "QsciLexerJavaScript", (".js", ".mjs", ".cjs", ".jsx"), "//", _C, "{[(", "$",
             ("node", "deno")),
    Language("typescript", "TypeScript", "QsciLexerJavaScript", (".ts", ".tsx"), "//", _C, "{[(", "$"),
    Language("json", "JSON", "QsciLexerJSON", (".json", ".geojson", ".webmanifest"), opens="{["),
    Language("html", "HTML", "QsciLexerHTML", (".html", ".htm", ".xhtml"), "", _X, ">", "-"),
    Language("xml", "XML", "QsciLexerXML", (".xml", ".svg", ".ui", ".qrc", ".xsd", ".xsl"), "", _X, ">", "-:"),
    Language("css", "CSS", "QsciLexerCSS", (".css", ".scss", ".less"), "", _C, "{", "-"),
    Language("sql", "SQL", "QsciLexerSQL", (".sql",), "--", _C, "("),
    Language("markdown", "Markdown", "QsciLexerMarkdown", (".md", ".markdown"), "", _X),
    Language("yaml", "YAML", "QsciLexerYAML", (".yaml", ".yml"), "#", opens=":"),
    Language("toml", "TOML", "QsciLexerProperties", (".toml",), "#"),
    Language("ini", "INI", "QsciLexerProperties", (".ini", ".cfg", ".conf", ".properties", ".desktop", ".service"),
             "#"),
    Language("layout", "Layout", "QsciLexerCPP", (".kdl",), "//", _C, "{", "-"),
    Language("c", "C", "QsciLexerCPP", (".c", ".h"), "//", _C, "{(["),
    Language("cpp", "C++", "QsciLexerCPP", (".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx"), "//", _C, "{(["),
    Language("csharp", "C#", "QsciLexerCSharp", (".cs",), "//", _C, "{(["),
    Language("java", "Java", "QsciLexerJava", (".java", ".kt", ".scala"), "//", _C, "{(["),
    Language("go", "Go", "QsciLexerCPP", (".go",), "//", _C, "{(["),
    Language("rust", "Rust", "QsciLexerCPP", (".rs",), "//", _C, "{(["),
    Language("bash", "Shell", "QsciLexerBash", (".sh", ".bash", ".zsh", ".bashrc", ".profile"), "#", opens="{(",
             programs=("sh", "bash", "zsh", "dash")),
    Language("batch", "Batch", "QsciLexerBatch", (".bat", ".cmd"), "rem "),
    Language("makefile", "Makefile", "QsciLexerMakefile", ("Makefile", "makefile", ".mk"), "#", opens=":"),
    Language("cmake", "CMake", "QsciLexerCMake", ("CMakeLists.txt", ".cmake"), "#", opens="("),
    Language("diff", "Diff", "QsciLexerDiff", (".diff", ".patch")),
    Language("lua", "Lua", "QsciLexerLua", (".lua",), "--", ("--[[", "]]"), programs=("lua",)),
    Language("perl", "Perl", "QsciLexerPerl", (".pl", ".pm"), "#", opens="{(", words="$@%", programs=("perl",)),
    Language("ruby", "Ruby", "QsciLexerRuby", (".rb", "Gemfile", "Rakefile"), "#", words="@$", programs=("ruby",)),
    Language("tcl", "Tcl", "QsciLexerTCL", (".tcl",), "#", opens="{"),
    Language("pascal", "Pascal", "QsciLexerPascal", (".pas", ".pp"), "//", ("{", "}")),
    Language("fortran", "Fortran", "QsciLexerFortran", (".f90", ".f95", ".f03"), "!"),
    Language("matlab", "Matlab", "QsciLexerMatlab", (".m",), "%"),
    Language("tex", "TeX", "QsciLexerTeX", (".tex", ".sty", ".cls", ".bib"), "%", opens="{", words="\\"),
    Language("verilog", "Verilog", "QsciLexerVerilog", (".v", ".sv"), "//", _C),
    Language("vhdl", "VHDL", "QsciLexerVHDL", (".vhd", ".vhdl"), "--"),
    Language("d", "D", "QsciLexerD", (".d",), "//", _C, "{(["),
    Language("po", "Gettext", "QsciLexerPO", (".po", ".pot"), "#"),
    Language("postscript", "PostScript", "QsciLexerPostScript", (".ps", ".eps"), "%"),
)  # fmt: skip
BY_NAME: dict[str, Language] = {language.name: language for language in LANGUAGES}
PLAIN = LANGUAGES[0]
_FIRST_LINE = re.compile(rb"#!\s*\S*?/?(?:env\s+(?:-\S+\s+)*)?([A-Za-z]+)[\d.]*(?:\s|$)")


def language_of(path: str, first: bytes = b"") -> Language:
    """The language by a file's name, else by its first line; plain text where neither tells.

    Args:
        path: Name or path of the file.
        first: The beginning of its text.
    """
    name = PurePath(path.replace("\\", "/")).name
    lower = name.lower()
    fits = [
        (len(ending), language)
        for language in LANGUAGES
        for ending in language.endings
        if name == ending or (ending.startswith(".") and lower.endswith(ending))
    ]
    if fits:
        return max(fits, key=lambda fit: fit[0])[1]
    match = _FIRST_LINE.match(first[:200])
    program = match[1].decode() if match else ""
    if program:
        program = program.rsplit("/", 1)[-1]
        return next((one for one in LANGUAGES if program in one.programs), PLAIN)
    return _by_beginning(first[:200].lstrip().lower())


def _by_beginning(text: bytes) -> Language:
    """Texts that say themselves what they are."""
    for start, name in ((b"<?xml", "xml"), (b"<!doctype html", "html"), (b"<html", "html"), (b"diff --git", "diff")):
        if text.startswith(start):
            return BY_NAME[name]
    return PLAIN
