"""Texts in the cells of a workbook: what XML cannot hold stands as ``_xHHHH_`` (ECMA-376, ST_Xstring)."""

from __future__ import annotations

import re

#: The custom property in which a workbook of ours says how many rows it has.
ROWS = "espalier.rows"
#: What XML 1.0 cannot hold or does not keep, and what would be read as one of these escapes.
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def escaped(text: str) -> str:
    """The text as a cell holds it."""
    return _SPECIAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    """The text that a cell holds; two halves of a character become one again."""
    if "_x" not in text:
        return text
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
