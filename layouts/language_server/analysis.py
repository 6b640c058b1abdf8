"""One layout as an editor asks about it: its declarations, every place that speaks of something, its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.language_server.declaring import declare
from layouts.language_server.documents import File
from layouts.language_server.script_name import script_names
from layouts.language_server.speaking import Speaking
from layouts.language_server.symbol import Names, Occurrence, Symbol
from layouts.language_server.table_name import Tables


class Analysis:
    """What the files of one layout name. Broken files are read as far as they can be.

    Args:
        files: Path → file, the main one first.
        kinds: The kind table.
        schemas: The tables around, as far as they are known.
        scripts: Path → text of the app's scripts, which speak of tables and views too.

    Attributes:
        names: Declarations.
        occurrences: Places.
    """

    def __init__(
        self,
        files: Mapping[str, File],
        kinds: Mapping[str, Kind],
        schemas: Mapping[str, Schema],
        scripts: Mapping[str, str],
    ) -> None:
        self.files = files
        self.kinds = kinds
        self.names: Names = declare(files, kinds)
        self.tables = Tables(self.names, schemas)
        self.occurrences = Speaking(files, kinds, self.names, self.tables).walk()
        for path, text in scripts.items():
            self.occurrences += script_names(path, text, self.names)

    def at(self, file: str, line: int, column: int) -> Occurrence | None:
        """What the text at a place speaks of; line and column from 1, in characters. The shortest of several."""
        found = [
            one
            for one in self.occurrences
            if one.where.file == file and one.where.line == line
            and one.where.column <= column <= one.where.column + one.length
        ]  # fmt: skip
        return min(found, key=lambda one: one.length, default=None)

    def places_of(self, symbol: Symbol) -> Iterator[Occurrence]:
        """The places that speak of a declaration, itself included; each once."""
        seen = set()
        for one in self.occurrences:
            is_it = one.symbol is not None and one.symbol.where == symbol.where and one.symbol.role == symbol.role
            if is_it and one.where not in seen:
                seen.add(one.where)
                yield one
