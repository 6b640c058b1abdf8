"""What stands one after the other on a page: texts and what is among them, blocks, containers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from layouts.importer.page.element import Element
from layouts.importer.page.field import button, field
from layouts.importer.page.line import (
    SHORT_TEXT,
    columns_of,
    gap_of,
    is_bare,
    label_piece,
    named,
    with_properties,
    words_of,
)
from layouts.importer.page.page import FIELDS, Page
from layouts.importer.page.table import data_table, is_data, rows_of
from layouts.importer.piece import Piece, Plain

#: Elements that stand within a line of text.
_INLINE_WORDS = """
a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small
span strike strong sub sup time tt u var wbr input select textarea button progress meter output picture nobr
"""
_INLINE = frozenset(_INLINE_WORDS.split())
#: Elements without anything that a layout could show, told by their tags.
_UNKNOWN_WORDS = """
script noscript iframe video audio canvas svg math object embed applet map frameset frame marquee noframes
"""
_UNKNOWN = frozenset(_UNKNOWN_WORDS.split())
#: Elements that say nothing.
_SILENT_WORDS = """
head style template link meta title base area source track param datalist col colgroup
"""
_SILENT = frozenset(_SILENT_WORDS.split())
#: How deep containers stand in each other; what is deeper stands in the last.
_MOST_DEEP = 60


class Flow:
    """Makes pieces of a page's elements."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialogs: list[Piece] = []
        self._depth = 0

    def inside(self, element: Element) -> list[Piece]:
        """What an element holds, in order: lines of text and blocks."""
        found: list[Piece] = []
        line: list[str | Piece] = []
        self._depth += 1
        for child in element.children:
            if isinstance(child, str):
                line.append(child)
            elif child.tag in _SILENT or id(child) in self.page.done or self._is_hidden(child):
                continue
            elif child.tag == "br":
                found += _beside(self._line(line))
                line = []
            elif child.tag in _INLINE and not self._is_block(child):
                line += self._inline(child)
            else:
                found += _beside(self._line(line))
                line = []
                found += self.block(child)
        self._depth -= 1
        return found + _beside(self._line(line))

    def block(self, element: Element) -> list[Piece]:
        """What an element that stands by itself becomes."""
        if element.tag in _SILENT:
            return []
        if element.tag in _UNKNOWN or ("-" in element.tag and not element.children):
            name = element.get("src") or element.get("data")
            self.page.lose(element, f"<{element.tag}> is not carried{f': {name[:80]}' if name else ''}")
            return []
        if id(element) in self.page.silent:
            return self._line(self._inline(element))
        made = _BLOCKS.get(element.tag, Flow._container)(self, element)
        return self.page.styles.dressed(element, made)

    def _is_hidden(self, element: Element) -> bool:
        is_hidden = "hidden" in element.attributes or element.style.get("display") == "none"
        if is_hidden and element.tag not in _SILENT and (element.text() or element.all(*FIELDS)):
            self.page.lose(element, f"<{element.tag}> is hidden, so it is not carried: {element.text()[:40]}")
        return is_hidden

    def _is_block(self, element: Element) -> bool:
        """Whether something that may stand in a line holds blocks, or is shown as one."""
        display = element.style.get("display", "")
        if element.tag in FIELDS or element.tag in ("img", "br"):
            return False
        if display in ("block", "flex", "grid"):
            return True
        return any(one.tag not in _INLINE and one.tag not in _SILENT | _UNKNOWN for one in element.walk())

    def _inline(self, element: Element) -> list[str | Piece]:
        """The texts and widgets of an element in a line."""
        if id(element) in self.page.done or self._is_hidden(element):
            return []
        if element.tag == "button":
            return [*self.page.styles.dressed(element, [button(self.page, element)])]
        if element.tag in FIELDS:
            return [*self.page.styles.dressed(element, field(self.page, element))]
        if element.tag == "img":
            return [*self._image(element)]
        if element.tag == "a" and element.get("href") and not element.all(*FIELDS):
            return self._link(element)
        is_named = id(element) in self.page.silent
        found: list[str | Piece] = []
        for child in element.children:
            if isinstance(child, str):
                found += [] if is_named else [child]
            elif child.tag == "br":
                found.append(" ")
            elif child.tag in _UNKNOWN:
                self.block(child)  # which says so
            elif not is_named or child.tag in FIELDS or child.all(*FIELDS):
                found += self._inline(child) if child.tag not in _SILENT else []
        return found

    def _link(self, element: Element) -> list[str | Piece]:
        url, text = element.get("href").strip(), element.text()
        pictures = [piece for one in element.all("img") for piece in self._image(one)]
        if not text:
            return [*pictures]
        if not re.match(r"(?:https?://|mailto:)", url, re.IGNORECASE):
            if self.page.base and not re.match(r"[\w+.-]+:", url):
                url = self.page.base.rstrip("/") + "/" + url.lstrip("./")
            else:
                self.page.lose(element, f"the link to {url[:80]} leads nowhere here")
                return [*pictures, " ", text, " "]
        return [*pictures, Piece("link", (text,), {"url": url})]

    def _image(self, element: Element) -> list[Piece]:
        text = element.get("alt").strip()
        path = self._picture(element)
        if not path:
            self.page.lose(element, f"the picture {element.get('src')[:80]} is not carried")
            return [Piece("label", (text,), {"tone": Plain("muted")})] if text else []
        sizes = {name: int(element.get(name)) for name in ("width", "height") if element.get(name).isdecimal()}
        sizes = {name: size for name, size in sizes.items() if 0 < size < 4000}
        return [Piece("image", (path,), {"description": text or "Picture", **sizes})]

    def _picture(self, element: Element) -> str:
        """The picture's path in the app; empty when it is not beside the page."""
        source = element.get("src").partition("?")[0]
        name = re.sub(r"[^\w.-]", "_", source.rpartition("/")[2])
        if not name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp")):
            return ""
        content = self.page.read_file(source)
        if content is None:
            return ""
        self.page.draft.pictures.setdefault(f"pictures/{name}", content)
        return f"pictures/{name}" if self.page.draft.pictures[f"pictures/{name}"] == content else ""

    def _line(self, line: list[str | Piece]) -> list[Piece]:
        """A line of texts and widgets: one text, or what stands side by side."""
        parts: list[str | Piece] = []
        for part in line:
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            else:
                parts.append(part)
        parts = [" ".join(part.split()) if isinstance(part, str) else part for part in parts]
        parts = [part for part in parts if part not in ("", "|", "·", "•", "-")]
        parts = named(parts)
        texts = [part for part in parts if isinstance(part, str)]
        if sum(map(len, texts)) > SHORT_TEXT * 2 and len(texts) < len(parts):
            # A sentence with links in it is told whole, and what can be used stands below.
            whole = " ".join(part if isinstance(part, str) else words_of(part) for part in parts)
            widgets = [part for part in parts if isinstance(part, Piece)]
            whole = re.sub(r" +([.,;:!?)])", r"\1", " ".join(whole.split()))
            return [label_piece(whole), *([Piece("row", (), {}, widgets)] if len(widgets) > 1 else widgets)]
        pieces = [label_piece(part) if isinstance(part, str) else part for part in parts]
        return pieces if len(pieces) < 2 else [Piece("row", (), {}, pieces)]

    def _container(self, element: Element) -> list[Piece]:
        kind, options = self._arrangement(element)
        inner = self._items(element) if kind else self.inside(element)
        if self._depth > _MOST_DEEP or len(inner) < 2:
            return inner
        return [Piece(kind or "column", (), options, inner)]

    def _arrangement(self, element: Element) -> tuple[str, dict[str, Any]]:
        """The container that a flex or grid element is; an empty kind for any other."""
        display = element.style.get("display", "")
        if self._depth <= _MOST_DEEP and len(element.elements()) > 1:
            if display in ("flex", "inline-flex"):
                is_column = element.style.get("flex-direction", "row").startswith("column")
                return "column" if is_column else "row", gap_of(element)
            if display in ("grid", "inline-grid") and (columns := columns_of(element)) > 1:
                return "cells", {"columns": columns, **gap_of(element)}
        return "", {}

    def _items(self, element: Element) -> list[Piece]:
        """The items of a flex or grid container, each of them one piece."""
        found: list[Piece] = []
        self._depth += 1
        for child in element.children:
            if isinstance(child, str):
                found += self._line([child])
            elif not self._is_hidden(child) and child.tag != "br":
                pieces = self.block(child) if child.tag not in _INLINE or self._is_block(child) else self._line(
                    self._inline(child))  # fmt: skip
                one = pieces if len(pieces) < 2 else [Piece("column", (), {}, pieces)]
                grow = child.style.get("flex-grow") or child.style.get("flex", "").split(" ")[0]
                if one and grow[:2].isdecimal() and int(grow[:2]) > 0 and one[0].kind != "spacer":
                    one[0].properties = {**one[0].properties, "stretch": int(grow[:2])}
                found += one
        self._depth -= 1
        return found

    def _heading(self, element: Element) -> list[Piece]:
        inner = self.inside(element)
        for piece in inner:
            if piece.kind == "label":
                piece.properties["style"] = Plain("title" if element.tag == "h1" else "heading")
        return inner

    def _group(self, element: Element) -> list[Piece]:
        legend = next((one.text() for one in element.elements("legend")), "")
        element.children = [one for one in element.children if isinstance(one, str) or one.tag != "legend"]
        return [Piece("group", (legend,) if legend else (), {}, self.inside(element))]

    def _details(self, element: Element) -> list[Piece]:
        summary = next(iter(element.elements("summary")), None)
        text = summary.text() if summary is not None else "Details"
        element.children = [one for one in element.children if one is not summary]
        state = self.page.draft.state(text, "open" in element.attributes)
        switch = Piece("button", (text,), {"run": Plain(f"{state} = not {state}"), "emphasis": Plain("quiet")})
        return [switch, Piece("column", (), {"visible": Plain(state)}, self.inside(element))]

    def _dialog(self, element: Element) -> list[Piece]:
        name = Plain(self.page.draft.names.give(re.sub(r"\W+", "_", element.get("id")) or "dialog_1"))
        self.dialogs.append(Piece("dialog", (name,), {}, self.inside(element)))
        self.page.lose(element, f"<dialog> is opened by the action dialog.open {name}")
        return []

    def _list(self, element: Element) -> list[Piece]:
        items = []
        start = element.get("start")
        first = int(start) if start.isdecimal() and len(start) < 6 else 1
        for number, item in enumerate(element.elements("li"), first):
            inner = self.inside(item)
            if element.tag == "ol" and inner and inner[0].kind == "label" and inner[0].arguments:
                inner[0].arguments = (f"{number}. {inner[0].arguments[0]}",)
            elif inner and inner[0].kind == "label" and inner[0].arguments and not is_bare(element):
                inner[0].arguments = (f"• {inner[0].arguments[0]}",)
            items += self.page.styles.dressed(item, inner if len(inner) < 2 else [Piece("column", (), {}, inner)])
        displays = {one.style.get("display") for one in element.elements("li")}
        is_across = element.style.get("display") in ("flex", "inline-flex") or bool(
            displays & {"inline", "inline-block"}
        )
        return [Piece("row" if is_across else "column", (), {"gap": Plain("tight")}, items)] if items else []

    def _terms(self, element: Element) -> list[Piece]:
        found = []
        for one in element.walk():
            if one.tag == "dt":
                found += [with_properties(piece, style=Plain("heading")) for piece in self.inside(one)]
            elif one.tag == "dd":
                found += self.inside(one)
        return [Piece("column", (), {"gap": Plain("tight")}, found)] if found else []

    def _nav(self, element: Element) -> list[Piece]:
        """Links beside each other; those to other pages are buttons that do nothing yet."""
        links = element.all("a")
        if not links or element.all(*FIELDS):
            return self._container(element)
        found = []
        for link in links:
            inner = [part for part in self._inline(link) if isinstance(part, Piece)]
            if inner:
                found += inner
            elif link.text():
                run = Plain(f"actions:{self.page.draft.function(link.text(), link.text())}")
                found.append(Piece("button", (link.text(),), {"emphasis": Plain("quiet"), "run": run}))
        return [Piece("row" if len(found) < 8 else "column", (), {"gap": Plain("tight")}, found)]

    def _table(self, element: Element) -> list[Piece]:
        if is_data(element):
            return data_table(self.page, element)
        found = [piece for one in element.elements("caption") for piece in self.inside(one)]
        for row in rows_of(element):
            cells: list[str | Piece] = []
            for cell in row.elements("td", "th"):
                inner = self.inside(cell)
                is_text = len(inner) == 1 and inner[0].kind == "label" and len(inner[0].arguments) == 1
                cells += [str(inner[0].arguments[0])] if is_text else inner if len(inner) < 2 else [
                    Piece("column", (), {}, inner)]  # fmt: skip
            pieces = [label_piece(part) if isinstance(part, str) else part for part in named(cells)]
            found += pieces if len(pieces) < 2 else [Piece("row", (), {}, pieces)]
        return found if len(found) < 2 else [Piece("column", (), {}, found)]

    def _rule(self, element: Element) -> list[Piece]:
        return [Piece("separator")]

    def _pre(self, element: Element) -> list[Piece]:
        text = "".join(element._texts(())).strip("\n")
        return [Piece("label", (text,), {})] if text.strip() else []

    def _form(self, element: Element) -> list[Piece]:
        if element.get("action"):
            self.page.lose(element, f"the form's action {element.get('action')[:80]} is not carried")
        return self._container(element)


def _beside(pieces: list[Piece]) -> list[Piece]:
    """Buttons of a line as wide as they need; alone in a column they would be as wide as that."""
    line = pieces[0].children if len(pieces) == 1 and pieces[0].kind == "row" else pieces
    if line and all(piece.kind == "button" for piece in line):
        return [Piece("row", (), {}, [*line, Piece("spacer")])]
    return pieces


Block = Callable[[Flow, Element], list[Piece]]

#: Tag → what becomes of it; others are containers.
_BLOCKS: dict[str, Block] = {
    "h1": Flow._heading, "h2": Flow._heading, "h3": Flow._heading, "h4": Flow._heading, "h5": Flow._heading, "h6":
    Flow._heading, "fieldset": Flow._group, "details": Flow._details, "dialog": Flow._dialog, "ul": Flow._list, "ol":
    Flow._list, "menu": Flow._list, "dl": Flow._terms, "nav": Flow._nav, "table": Flow._table, "hr": Flow._rule, "pre":
    Flow._pre, "form": Flow._form,
}  # fmt: skip
