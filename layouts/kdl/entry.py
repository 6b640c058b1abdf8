"""What stands behind a node's name on its line: arguments and properties."""

from __future__ import annotations

from layouts.kdl import character
from layouts.kdl.scalar import RESERVED
from layouts.kdl.syntax import SyntaxNode, Value
from layouts.kdl.value import ValueScanner


class EntryScanner(ValueScanner):
    """Adds a node's entries to the walk."""

    def _plain_entries(self, node: SyntaxNode) -> None:
        """The entries that need no second look (see ``character.ENTRY``); the rest is left to :meth:`_entry`."""
        while match := character.ENTRY.match(self.text, self.position):
            name, source, text, number, keyword, word = match.groups()
            if word in RESERVED or (name is None and self.text.startswith("=", self._behind_spaces(match.end()))):
                return
            if name is not None and (name in RESERVED or name in node.properties):
                return
            if word is not None:
                place, value, style, source = match.start(6), word, "word", word
            elif source is not None:
                if not text and self.text.startswith('"""', match.start(2)):
                    return
                place, value, style = match.start(2), text, "text"
            elif number is not None:
                place, value, style, source = match.start(4), int(number), "number", number
            else:
                place, value, style, source = match.start(5), keyword == "#true", "keyword", keyword
            found = Value(value, self._where(place), style, source)
            if name is None:
                node.arguments.append(found)
            else:
                node.properties[name] = found
                node.places[name] = self._where(match.start(1))
            self.position = match.end()

    def _entry(self, node: SyntaxNode, is_dropped: bool) -> None:
        """One argument or property."""
        offset = self.position
        value = self._value()
        behind = self.position
        if value.style in ("word", "text", "raw") and not value.annotation and self._is_equals():
            self.position += 1
            self._node_space()
            if self.position >= len(self.text) or self.text[self.position] in ";{}" or self._is_line_end():
                raise self._stop(behind, f"{value.value} has no value")
            name, value = value.value, self._value()
            if is_dropped:
                return
            if name in node.properties:
                node.repeated.append((name, self._where(offset)))
            node.properties[name] = value
            node.places[name] = self._where(offset)
        else:
            self.position = behind
            if not is_dropped:
                node.arguments.append(value)

    def _is_equals(self) -> bool:
        if not self.text.startswith("=", self.position):
            self._node_space()
        return self.text.startswith("=", self.position)
