"""A .ui file → its elements with their lines; no entity is resolved and nothing is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from kernel.error import Where
from layouts.importer.draft import MOST_BYTES, ImportFileError

#: How deep elements may stand in each other.
MOST_DEEP = 200


class Element(msgspec.Struct, eq=False):
    """One element of the file."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = []
    text: str = ""

    @property
    def name(self) -> str:
        """What the file calls it."""
        return self.attributes.get("name", "")

    @property
    def kind(self) -> str:
        """The class of a widget, layout or item."""
        return self.attributes.get("class", "")

    def all(self, *tags: str) -> list[Element]:
        """Its children of these tags, in order."""
        return [child for child in self.children if child.tag in tags]

    def first(self, tag: str) -> Element | None:
        """Its first child of this tag."""
        return next((child for child in self.children if child.tag == tag), None)

    def walk(self) -> Iterator[Element]:
        """Itself and everything within, in the file's order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_elements(content: bytes, file: str) -> Element:
    """The outermost element of a .ui file.

    Raises:
        ImportFileError: it is too large, no XML, no .ui file, or plays with entities.
    """
    if len(content) > MOST_BYTES:
        raise ImportFileError(f"{file} is larger than {MOST_BYTES // 1_000_000} MB", hint="no form is that large")
    reader = _Reader(file)
    try:
        reader.parser.Parse(content, True)
    except expat.ExpatError as error:
        where = Where(file, error.lineno, error.offset + 1)
        raise ImportFileError(f"this is no XML: {expat.ErrorString(error.code)}", where=where) from None
    except (ValueError, LookupError) as error:
        raise ImportFileError(f"the text cannot be read: {error}", where=Where(file, 1, 1)) from None
    root = reader.top.children[0]
    if root.tag != "ui" or root.first("widget") is None:
        what = "this is no .ui file" if root.tag not in ("ui", "UI") else "this .ui file holds no widget"
        raise ImportFileError(what, where=Where(file, root.line, 1), hint="Qt Designer's files begin with <ui>")
    if not root.attributes.get("version", "").startswith("4"):
        message = "this is the format of an old Qt Designer"
        raise ImportFileError(message, where=Where(file, root.line, 1), hint="save it with Qt Designer 4 or newer")
    return root


class _Reader:
    """Puts the parser's events together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.top = Element("", {}, 0)
        self._open = [self.top]
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.EntityDeclHandler = self._refuse_entity

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) > MOST_DEEP:
            where = Where(self.file, self.parser.CurrentLineNumber, 1)
            raise ImportFileError(f"elements stand more than {MOST_DEEP} deep in each other", where=where)
        element = Element(tag, attributes, self.parser.CurrentLineNumber)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, tag: str) -> None:
        self._open.pop()

    def _data(self, text: str) -> None:
        self._open[-1].text += text

    def _refuse_entity(self, *_: object) -> None:
        where = Where(self.file, self.parser.CurrentLineNumber, 1)
        raise ImportFileError("the file declares entities, which no .ui file needs", where=where)
