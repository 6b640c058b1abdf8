"""The hits as a Qt list model: a line for each file, below it one for each place."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from kernel.words import say, say_count
from shell.search.gathering import FileHits
from shell.search.hit import Hit

#: The role under which a line's :class:`Line` is had.
LINE = Qt.ItemDataRole.UserRole + 1


class FoundFile:
    """One file with hits.

    Attributes:
        path: As the app names it.
        digest: SHA-256 of the text that was looked through; empty until all of it was.
        hits: Those that are left.
        is_folded: Whether its places are out of sight.
    """

    def __init__(self, path: str) -> None:
        self.path, self.digest, self.is_folded = path, b"", False
        self.hits: list[Hit] = []


class Line(NamedTuple):
    """A line of the list; ``hit`` is None for that of the file itself."""

    file: FoundFile
    hit: Hit | None = None


class Hits(QAbstractListModel):
    """What was found, in the order in which it came.

    Attributes:
        lines: What is shown.
        out: Paths, and paths with places, that the person has taken out.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.files: dict[str, FoundFile] = {}
        self.out: set[str | tuple[str, int]] = set()

    # -- what is there ------------------------------------------------------------------------------------------------

    def counts(self) -> tuple[int, int]:
        """How many places, in how many files."""
        return sum(len(file.hits) for file in self.files.values()), len(self.files)

    def rowCount(self, _parent: QModelIndex | None = None) -> int:  # Qt's name
        """How many lines."""
        return len(self.lines)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, the sentence for screen readers, the path as a tip, and the :class:`Line`."""
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.file.path if line.hit is None else f"{line.hit.before}{line.hit.found}{line.hit.after}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(line)
        if role == Qt.ItemDataRole.ToolTipRole and line.hit is None:
            return line.file.path
        return None

    def _sentence(self, line: Line) -> str:
        if line.hit is None:
            count = say_count("{count:,} place", "{count:,} places", len(line.file.hits))
            state = say("closed") if line.file.is_folded else say("open")
            return f"{line.file.path}, {count}, {state}"
        hit, text = line.hit, f"{line.hit.before}{line.hit.found}{line.hit.after}"
        said = say("line {line}: {text}", line=hit.line, text=text)
        if hit.new is None:
            return said
        becomes = say("“{found}” becomes “{new}”", found=hit.found, new=hit.shown_new)
        return f"{said}; {becomes}"

    # -- what comes and goes ------------------------------------------------------------------------------------------

    def clear(self, *, keeps_out: bool = False) -> None:
        """Nothing is found yet.

        Args:
            keeps_out: Whether what was taken out stays out.
        """
        self.beginResetModel()
        self.lines, self.files = [], {}
        if not keeps_out:
            self.out = set()
        self.endResetModel()

    def add(self, found: list[FileHits]) -> None:
        """Show more, below what is there."""
        fresh: list[Line] = []
        for one in found:
            if one.path in self.out:
                continue
            hits = [hit for hit in one.hits if (one.path, hit.start) not in self.out]
            file = self.files.get(one.path)
            if file is None and hits:
                file = self.files[one.path] = FoundFile(one.path)
                fresh.append(Line(file))
            if file is not None:
                file.digest = one.digest or file.digest
                file.hits += hits
                fresh += [Line(file, hit) for hit in hits] if not file.is_folded else []
        if fresh:
            count = len(self.lines)
            self.beginInsertRows(QModelIndex(), count, count + len(fresh) - 1)
            self.lines += fresh
            self.endInsertRows()

    def show(self, found: list[FileHits]) -> None:
        """The same places with what would stand there by now; folded files and places that were taken out stay so."""
        folded = {file.path for file in self.files.values() if file.is_folded}
        self.beginResetModel()
        self.lines, self.files = [], {}
        for one in found:
            hits = [hit for hit in one.hits if one.path not in self.out and (one.path, hit.start) not in self.out]
            if not hits and one.path not in self.files:
                continue
            file = self.files.get(one.path)
            if file is None:
                file = self.files[one.path] = FoundFile(one.path)
                file.is_folded = one.path in folded
                self.lines.append(Line(file))
            file.digest = one.digest or file.digest
            file.hits += hits
            self.lines += [Line(file, hit) for hit in hits] if not file.is_folded else []
        self.endResetModel()

    def take_out(self, row: int) -> None:
        """Leave a place out, or a whole file."""
        line = self.lines[row]
        if line.hit is None or line.file.hits == [line.hit]:
            first = row if line.hit is None else row - 1
            self.out.add(line.file.path)
            del self.files[line.file.path]
            count = 1 + (0 if line.file.is_folded else len(line.file.hits))
        else:
            first, count = row, 1
            self.out.add((line.file.path, line.hit.start))
            line.file.hits.remove(line.hit)
        self.beginRemoveRows(QModelIndex(), first, first + count - 1)
        del self.lines[first : first + count]
        self.endRemoveRows()
        self._tell_counts()

    def fold(self, row: int, is_folded: bool) -> None:
        """Put the places of a file out of sight, or back."""
        file = self.lines[row].file
        if self.lines[row].hit is not None or file.is_folded == is_folded:
            return
        file.is_folded = is_folded
        if is_folded:
            self.beginRemoveRows(QModelIndex(), row + 1, row + len(file.hits))
            del self.lines[row + 1 : row + 1 + len(file.hits)]
            self.endRemoveRows()
        else:
            self.beginInsertRows(QModelIndex(), row + 1, row + len(file.hits))
            self.lines[row + 1 : row + 1] = [Line(file, hit) for hit in file.hits]
            self.endInsertRows()

    def replace_new(self, new: bytes | None) -> None:
        """The same text stands in every place then."""
        for file in self.files.values():
            file.hits = [hit._replace(new=new) for hit in file.hits]
        self.lines = [Line(file, hit) for file in self.files.values()
                      for hit in (None, *(() if file.is_folded else file.hits))]  # fmt: skip
        self._tell_counts()

    def _tell_counts(self) -> None:
        """Counts and previews are painted by the lines."""
        if self.lines:
            self.dataChanged.emit(self.index(0), self.index(len(self.lines) - 1))
