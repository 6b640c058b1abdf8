"""The text of a page: its encoding found as browsers find it, its tags numbered by their lines, traps refused."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from kernel.error import Where
from layouts.importer.draft import MOST_BYTES, Draft, ImportFileError

#: The attribute that carries an element's line through the parser.
LINE = "data-espalier-line"
#: How deep elements may stand in each other, as in browsers; the parser's time grows with the square of it.
MOST_DEEP = 512
#: Elements of a page.
MOST_ELEMENTS = 50_000

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
#: Bytes in which a page says its encoding.
_HEAD = 1024
#: Names that mean something else on the web.
_MEANT = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "utf-16": "utf-8",
          "utf-16le": "utf-8", "utf-16be": "utf-8", "iso-8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030",
          "shift_jis": "cp932", "ks_c_5601-1987": "cp949"}  # fmt: skip
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext)\b"
    r"|<(?P<close>/?)(?P<tag>[a-zA-Z][^\s/>]*)",
    re.DOTALL | re.IGNORECASE,
)
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in
         ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")}  # fmt: skip
#: Elements that hold nothing, or that the next of their kind ends.
_SHORT = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
    | {"p", "li", "dt", "dd", "tr", "td", "th", "option", "optgroup", "thead", "tbody", "tfoot", "colgroup"}
)


def read_text(content: bytes, draft: Draft) -> str:
    """The page's text.

    Raises:
        ImportFileError: it is too large, or no text.
    """
    if len(content) > MOST_BYTES:
        raise ImportFileError(f"{draft.file} is larger than {MOST_BYTES // 1_000_000} MB", hint="take a part of it")
    encoding = _encoding(content)
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    if "\x00" in text[:10_000]:
        raise ImportFileError(f"{draft.file} is no text", hint="pages are text: HTML in any usual encoding")
    if "\ufffd" in text:
        draft.lose(text.count("\n", 0, text.index("\ufffd")) + 1, f"some bytes are no text in the encoding {encoding}")
    return text


def _encoding(content: bytes) -> str:
    for mark, name in _BOMS:
        if content.startswith(mark):
            return name
    match = _CHARSET.search(content, 0, _HEAD)
    told = match[1].decode("ascii").lower() if match else ""
    told = _MEANT.get(told, told)
    try:
        if told:
            codecs.lookup(told)
            "".encode(told)
            return told
    except (LookupError, ValueError):
        pass  # A name that nobody knows says nothing; browsers go on the same way.
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def numbered(text: str, file: str) -> str:
    """The text with each start tag's line in an attribute.

    Raises:
        ImportFileError: elements stand deeper in each other, or are more, than a browser would show.
    """
    parts: list[str] = []
    is_open: Counter[str] = Counter()
    position = line = deep = count = 0
    line, counted = 1, 0
    while match := _TAG.search(text, position):
        name = (match["raw"] or match["tag"] or "").lower()
        parts.append(text[position : match.end()])
        position = match.end()
        if not name:
            continue
        if match["close"]:
            if is_open[name]:
                is_open[name] -= 1
                deep -= 1
            continue
        line += text.count("\n", counted, match.start())
        counted = match.start()
        count += 1
        parts.append(f" {LINE}={line}")
        if name not in _SHORT and not match["raw"]:
            is_open[name] += 1
            deep += 1
        if deep > MOST_DEEP or count > MOST_ELEMENTS:
            what = f"elements stand more than {MOST_DEEP} deep in each other" if deep > MOST_DEEP else (
                f"there are more than {MOST_ELEMENTS:,} elements")  # fmt: skip
            raise ImportFileError(what, where=Where(file, line, 1), hint="take over a part of the page")
        if match["raw"]:
            end = _ENDS[name].search(text, position) if name in _ENDS else None
            stop = end.start() if end else len(text)
            parts.append(text[position:stop])
            position = stop
    return "".join([*parts, text[position:]])
