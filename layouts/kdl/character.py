"""KDL 2's classes of characters, as pieces of regular expressions (specification, "Full Grammar")."""

from __future__ import annotations

import re

#: Line ends of KDL; an editor counts fewer of them as lines (see ``LINE_END``).
NEWLINE = "(?:\r\n|[\n\r\x85\x0b\x0c\u2028\u2029])"
#: Line ends that lines are counted by, as editors do.
LINE_END = re.compile("\r\n|\n|\r")
SPACES = "\t \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
#: Characters that may stand nowhere in a text, not even in a comment.
FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

SPACE = re.compile(f"[{SPACES}]+")
BLANK = re.compile(f"[{SPACES}]*")
WORD = re.compile(r"""[^\s\\/(){};\[\]"#=]+""")
TEXT = re.compile(r'"([^"\\\n\r\x85\x0b\x0c\u2028\u2029]*)"')
LINE_COMMENT = re.compile("//[^\n\r\x85\x0b\x0c\u2028\u2029]*")
BREAK = re.compile(NEWLINE)
LINE_SPACE = re.compile(f"(?:[{SPACES}]|{NEWLINE})+")
#: The name that most nodes have, behind which comes a space or their end.
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?=[ \n;{}])")
#: The plain end of a node, or the beginning of its block.
TAIL = re.compile(r"[ ]*([\n;{])")
#: The entries that layouts are mostly made of, for speed: ``name="text"``, ``4``, ``word``, ``wrap=#true``.
#: Groups: name, text in quotes, text, whole number, keyword, word.
ENTRY = re.compile(
    r"""[ ]+(?:([A-Za-z_][A-Za-z0-9_-]*)=)?"""
    r"""(?:("([^"\\\n\r\x85\x0b\x0c\u2028\u2029]*)")"""
    r"""|(-?[0-9]{1,15})|(\#true|\#false)|([A-Za-z_][A-Za-z0-9_.-]*))(?=[ \n;}])"""
)
