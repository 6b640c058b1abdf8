"""Tables of a page: rows of data become a table of the app, the others arrange what is in them."""

from __future__ import annotations

from layouts.importer.grid import grid
from layouts.importer.page.element import Element
from layouts.importer.page.page import FIELDS, Page
from layouts.importer.piece import Piece, Plain

#: What stands in no cell of data.
_RICH = (*FIELDS, "table", "form", "img", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "iframe", "video", "svg")
_WIDEST, _LONGEST = 100, 20_000


def rows_of(table: Element) -> list[Element]:
    """The rows of a table itself, those of its head first."""
    found = []
    for part in table.elements():
        found += [part] if part.tag == "tr" else part.elements("tr") if part.tag in ("thead", "tbody", "tfoot") else []
    return found


def is_data(table: Element) -> bool:
    """Whether a table holds nothing but texts, in more than one column and row."""
    rows = rows_of(table)
    if table.get("role") in ("presentation", "none") or len(rows) < 2 or table.all(*_RICH):
        return False
    return max(len(row.elements("td", "th")) for row in rows) > 1


def data_table(page: Page, table: Element) -> list[Piece]:
    """A grid of the table's rows, under its caption."""
    rows = _texts(page, table)
    heads = [row for row in rows_of(table) if _is_head(table, row)]
    headings = rows[len(heads) - 1] if heads else []
    for above in rows[: max(len(heads) - 1, 0)]:
        page.lose(table, f"a second line of headings is not carried: {', '.join(filter(None, above))[:80]}")
    caption = next((one.text() for one in table.elements("caption")), "")
    made = page.draft.table(table.get("id") or caption or "rows", headings, rows[len(heads) :])
    found = grid(made)
    found.properties = {"editable": False, "height": min(46 + 30 * max(len(made.rows), 2), 420)}
    return [*([Piece("label", (caption,), {"style": Plain("heading")})] if caption else []), found]


def _is_head(table: Element, row: Element) -> bool:
    in_head = any(row is one for part in table.elements("thead") for one in part.elements("tr"))
    return in_head or (row is rows_of(table)[0] and bool(row.elements("th")) and not row.elements("td"))


def _texts(page: Page, table: Element) -> list[list[str]]:
    """The cells' texts; a cell that covers several rows stands in each, in the first of several columns."""
    found: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for row in rows_of(table)[:_LONGEST]:
        texts: list[str] = []
        cells = iter(row.elements("td", "th"))
        while len(texts) < _WIDEST:
            if len(texts) in hanging:
                left, text = hanging.pop(len(texts))
                if left > 1:
                    hanging[len(texts)] = (left - 1, text)
                texts.append(text)
                continue
            cell = next(cells, None)
            if cell is None:
                break
            height, width = _span(cell, "rowspan"), _span(cell, "colspan")
            if height > 1:
                hanging[len(texts)] = (height - 1, cell.text())
            texts += [cell.text(), *[""] * (width - 1)]
            if width > 1:
                page.lose(cell, f"a cell covers {width} columns; here it stands in the first: {cell.text()[:60]}")
        found.append(texts)
    return found


def _span(cell: Element, name: str) -> int:
    text = cell.get(name)
    return min(max(int(text), 1), _WIDEST) if text.isdecimal() and len(text) < 6 else 1
