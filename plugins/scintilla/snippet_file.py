"""A person's snippets: rows of a TOML file, read again when it is another, the last good ones kept. No Qt here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from plugins.api import EspalierError, Where, option, own_file, say
from plugins.scintilla.language import BY_NAME

OPTION = "scintilla.snippets-file"
FILE = "snippets.toml"
BEGINNING = """# Your snippets: a prefix, then Tab, or the list of completions. They count when this file is saved.
#
# [[snippets]]
# prefix = "def"                  # what is typed; any signs but spaces
# languages = ["python"]          # where; none = in every text
# doc = "a function"              # what the list says of it
# body = '''
# def ${1:name}(${2}):
# \t\"\"\"${3:What it does.}\"\"\"
# \t$0'''
#
# $1, ${2:text}, ${3|one,two|} are places that Tab goes to, $0 is the last one; the same number is filled in alike.
# TM_FILENAME, TM_FILENAME_BASE, CURRENT_YEAR, CURRENT_MONTH, CURRENT_DATE, CURRENT_HOUR and CURRENT_MINUTE are known.
# A tab at the beginning of a line is one step of the text's indentation.
"""
_FIELDS: dict[str, type] = {"prefix": str, "body": str, "languages": list, "doc": str}
_DATES = {"CURRENT_YEAR": "%Y", "CURRENT_MONTH": "%m", "CURRENT_DATE": "%d", "CURRENT_HOUR": "%H",
          "CURRENT_MINUTE": "%M"}  # fmt: skip
_NAME = re.compile(r"\\.|\$([A-Z_]+)\b|\$\{([A-Z_]+)\}", re.DOTALL)


class SnippetRow(NamedTuple):
    """One snippet.

    Attributes:
        prefix: What is typed for it.
        body: What is put in, by the grammar of :mod:`snippet`.
        languages: Names of languages; none = all.
        doc: What it is.
    """

    prefix: str
    body: str
    languages: tuple[str, ...] = ()
    doc: str = ""


def read_snippets(text: str, file: str) -> list[SnippetRow]:
    """The rows of a file.

    Raises:
        EspalierError: it is not as it should be; names the file, the row and what is wrong.
    """
    import tomllib

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EspalierError(say("this is no TOML: {reason}", reason=error), where=Where(file)) from error
    rows = found.pop("snippets", [])
    if found or not isinstance(rows, list):
        raise EspalierError(say("this file has rows [[snippets]] and nothing else"), where=Where(file))
    return [_row(number, row, file) for number, row in enumerate(rows, 1)]


def _row(number: int, row: Any, file: str) -> SnippetRow:
    hint = say("a row has a prefix and a body, and may have languages and doc")
    if not isinstance(row, dict) or not row.get("prefix") or not row.get("body"):
        raise EspalierError(say("snippet {number} has no prefix and body", number=number), where=Where(file), hint=hint)
    for key, value in row.items():
        if not isinstance(value, _FIELDS.get(key, ())):
            message = say("{key} of snippet {number} is not as it should be", key=key, number=number)
            raise EspalierError(message, where=Where(file), hint=hint)
    if re.search(r"\s", row["prefix"]):
        raise EspalierError(say("the prefix of snippet {number} has a space", number=number), where=Where(file))
    languages = tuple(str(one) for one in row.get("languages", ()))
    wrong = next((one for one in languages if one not in BY_NAME), None)
    if wrong is not None:
        message = say("snippet {number} is for {language}, which is no language", number=number, language=wrong)
        raise EspalierError(message, where=Where(file), hint=say("one of {names}", names=", ".join(sorted(BY_NAME))))
    return SnippetRow(row["prefix"], row["body"].strip("\r\n"), languages, row.get("doc", ""))


def filled(body: str, values: Mapping[str, str]) -> str:
    """A body with the names that are known in it; the rest stays."""

    def take(match: re.Match[str]) -> str:
        value = values.get(match[1] or match[2] or "")
        return match[0] if value is None else re.sub(r"([\\$}])", r"\\\1", value)

    return _NAME.sub(take, body)


def values_of(path: str, now: datetime) -> dict[str, str]:
    """What the names stand for, in a text of that file."""
    name = Path(path).name
    dates = {key: now.strftime(form) for key, form in _DATES.items()}
    return {"TM_FILENAME": name, "TM_FILENAME_BASE": Path(name).stem, **dates}


class SnippetFile:
    """The rows of the person's file, as it is now."""

    def __init__(self) -> None:
        self._mark: tuple[Path, int, int] | None = None
        self._rows: list[SnippetRow] = []

    @property
    def path(self) -> Path:
        """Where it is, or would be."""
        named = str(option(OPTION) or "")
        return Path(named).expanduser() if named else own_file(FILE)

    def rows(self, language: str, tell: Callable[[EspalierError], Any]) -> list[SnippetRow]:
        """Those for texts of a language.

        Args:
            tell: Told why the file cannot be read, once for each state of it; the rows before it stay.
        """
        path = self.path
        try:
            found = path.stat()
            mark = (path, found.st_mtime_ns, found.st_size)
        except OSError:
            mark = (path, 0, 0)
        if mark != self._mark:
            self._mark = mark
            try:
                self._rows = read_snippets(path.read_text("utf-8"), str(path)) if mark[1] else []
            except EspalierError as error:
                tell(error)
            except (OSError, UnicodeDecodeError) as error:
                tell(EspalierError(say("{path} cannot be read: {reason}", path=path, reason=error)))
        return [row for row in self._rows if not row.languages or language in row.languages]


#: One for all editors of the process.
snippets = SnippetFile()
