"""``import_page``: a page of HTML with its style sheets → a layout of one window. No network is ever asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from layouts.importer.draft import Draft, ImportFileError, Outcome
from layouts.importer.page.cascade import Cascade, Sheet
from layouts.importer.page.element import Element, build
from layouts.importer.page.flow import Flow
from layouts.importer.page.page import Page, ReadFile
from layouts.importer.page.source import numbered, read_text
from layouts.importer.piece import Piece, flat


def import_page(content: bytes, file: str, read_file: ReadFile = lambda path: None) -> Outcome:
    """The layout of a page.

    Args:
        content: The file's bytes.
        file: What it is called in messages.
        read_file: Answers style sheets and pictures that stand beside the page, by their written paths.

    Raises:
        ImportFileError: the page is no text, too large, or holds nothing that can be shown.
    """
    from selectolax.lexbor import LexborHTMLParser

    draft = Draft(file)
    text = numbered(read_text(content, draft), file)
    parser = LexborHTMLParser(text)
    if parser.root is None:
        raise ImportFileError(f"{file} is empty")
    root, known = build(parser.root)
    cascade = Cascade(draft, parser, known)
    for sheet in _sheets(root, draft, read_file):
        cascade.add(sheet)
    cascade.finish()
    for one in root.all("script"):
        name = one.get("src")
        draft.lose(one.line, f"<script> is not carried{f': {name[:80]}' if name else ''}")
        one.children = []
    page = Page(draft, root, read_file)
    flow = Flow(page)
    body = next((one for one in root.walk() if one.tag == "body"), root)
    pieces = flow.inside(body)
    if not pieces and not flow.dialogs:
        raise ImportFileError(f"{file} shows nothing by itself", hint="what a script makes of a page is not seen here")
    title = next((one.text() for one in root.all("title")), "") or PurePath(file).stem
    # What is left over of the window's height stands below everything.
    inner = Piece("scroll", (), {"stretch": 1}, [*pieces, Piece("spacer", (), {"stretch": 1})])
    window = Piece("window", (), {"title": title}, [inner, *flow.dialogs])
    used = {str(one.properties["class"]) for one in flat(window) if "class" in one.properties}
    remark = f"{title}: taken over from {PurePath(file).name}. It is yours to edit."
    return draft.finish(title, remark, window, page.styles.rules(used))


def _sheets(root: Element, draft: Draft, read_file: ReadFile) -> Iterator[Sheet]:
    """The style sheets of a page in its order; those from elsewhere are told."""
    for one in root.walk():
        if one.get("media").strip().lower() in ("print", "speech"):
            continue
        if one.tag == "style":
            yield Sheet("".join(child for child in one.children if isinstance(child, str)), one.line)
        elif one.tag == "link" and "stylesheet" in one.get("rel").lower().split():
            content = read_file(one.get("href").partition("?")[0]) if one.get("href") else None
            if content is None:
                draft.lose(one.line, f"the style sheet {one.get('href')[:80]} is not beside the page")
            else:
                yield Sheet(content.decode("utf-8", "replace"), 1, one.get("href"))
