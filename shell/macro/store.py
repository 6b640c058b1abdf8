"""The macros of a person: name → lines, in ``macros.toml`` of the configuration directory. No Qt here.

The file is read anew at each use, as other windows and editors write it too, and replaced as a whole. One that cannot
be read is never written over.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from kernel.error import EspalierError, Where
from kernel.words import say

_HEAD = "# Macros: lines of commands, run one after the other by “macro.play NAME”.\n"
#: Letters of a name, lines of one macro.
LONGEST_NAME, MOST_LINES = 60, 10_000


class MacroError(EspalierError):
    """There is no such macro, or the file with the macros is wrong."""


class Macros:
    """The macros of one file.

    Args:
        path: Of ``macros.toml``; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> dict[str, list[str]]:
        """Name → lines.

        Raises:
            MacroError: the file is wrong; says where.
        """
        try:
            tables = tomllib.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise MacroError(say("the macros cannot be read: {reason}", reason=error), where=Where(str(self.path)),
                             hint=say("mend the file, or remove it")) from error  # fmt: skip
        return {name: self._lines(name, table) for name, table in tables.items()}

    def _lines(self, name: str, table: object) -> list[str]:
        lines = table.get("lines") if isinstance(table, dict) else None
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise MacroError(say("the macro “{name}” has no lines = [\"…\"]", name=name), where=Where(str(self.path)))
        return lines

    def get(self, name: str) -> list[str]:
        """The lines of one.

        Raises:
            MacroError: there is none of that name, or the file is wrong.
        """
        found = self.all()
        if name not in found:
            from kernel.nearest import did_you_mean

            raise MacroError(say("there is no macro “{name}”", name=name), hint=did_you_mean(name, found))
        return found[name]

    def put(self, name: str, lines: list[str]) -> None:
        """Keep one; no lines at all remove it.

        Raises:
            MacroError: the name or the file is wrong, or there are too many lines; nothing has changed.
            OSError: the file cannot be written.
        """
        check_name(name)
        if len(lines) > MOST_LINES:
            raise MacroError(say("a macro has {count} lines at most", count=MOST_LINES))
        found = self.all()
        found.pop(name, None)
        self.write({**found, name: lines} if lines else found)

    def write(self, macros: dict[str, list[str]]) -> None:
        """Replace all of them; raises OSError where the file cannot be written."""
        parts = [_HEAD, *(f"[{json.dumps(name)}]\nlines = {_list(lines)}\n" for name, lines in sorted(macros.items()))]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(f"{self.path.name}.new")
        new.write_text("\n".join(parts), encoding="utf-8")
        new.replace(self.path)


def check_name(name: str) -> None:
    """Refuse what cannot be a macro's name; raises :class:`MacroError`."""
    if not name or len(name) > LONGEST_NAME or any(sign.isspace() or not sign.isprintable() for sign in name):
        raise MacroError(say("a macro's name is one word"))


def _list(lines: list[str]) -> str:
    """A list of texts; JSON's way to write them is one of TOML's."""
    return "[\n" + "".join(f"    {json.dumps(line, ensure_ascii=False)},\n" for line in lines) + "]"
