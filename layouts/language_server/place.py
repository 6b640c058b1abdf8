"""What is being written at a place of a layout, however unfinished the text around it is.

It reads the text before the cursor alone, by tokens, and never fails: who types has no whole text yet.
"""

from __future__ import annotations

import re

import msgspec

#: Comments, texts, marks and words of a layout; of unfinished ones what is there.
TOKEN = re.compile(
    r"""//[^\r\n]*|/\*(?:.*?\*/|.*)|(?P<raw>(?P<hash>\#+)"(?:.*?"(?P=hash)|.*))"""
    r'''|(?P<long>"""(?:(?:\\.|[^\\])*?"""|.*))'''
    r"""|(?P<text>"(?:\\.|[^"\\\r\n])*"?)|(?P<mark>[{};=]|\r\n|[\r\n])|\\[ \t]*(?://[^\r\n]*)?(?:\r\n|[\r\n])"""
    r"""|/-|\([^)\r\n]*\)|(?P<word>[^\s\\/(){};\[\]"\#=]+|\#[\w-]*)|[^\S\r\n]+|.""",
    re.DOTALL,
)


class OpenNode(msgspec.Struct):
    """A node that was begun before the cursor.

    Attributes:
        name: What is written; empty for the file itself.
        arguments, properties: Its values so far, texts without their quotes.
        before: The name of the last whole node within its braces.
    """

    name: str = ""
    arguments: list[str] = []
    properties: dict[str, str] = {}
    before: str = ""


class Place(msgspec.Struct):
    """What is written at the cursor.

    Attributes:
        around: The nodes whose braces are open, the file itself first.
        node: The node whose line it is; None where a node's name is written.
        what: ``node``, ``entry`` (an argument, or a property's name), ``value`` (of ``property``) or ``nothing``.
        property: The property whose value is written, or empty.
        partial: What stands there already, without an opening quote.
        start: Where ``partial`` begins, in characters from 0.
        quote: The open quote, or empty.
    """

    around: list[OpenNode]
    node: OpenNode | None
    what: str
    property: str = ""
    partial: str = ""
    start: int = 0
    quote: str = ""


def place_at(text: str, offset: int) -> Place:
    """What is written at a character of the text."""
    around = [OpenNode()]
    node: OpenNode | None = None
    waiting = ""  # the property whose value comes next
    is_argument = False  # whether the last token became an argument
    for match in TOKEN.finditer(text, 0, offset):
        token = match.group()
        is_last = match.end() == offset
        mark, written = match["mark"], match["word"] or match["text"] or match["raw"] or match["long"]
        if mark is None and written is None:
            if is_last and _is_in_comment(token):
                return Place(around, node, "nothing", start=offset)
            continue
        if mark == "=":
            if node is not None and is_argument:
                waiting = node.arguments.pop()
            is_argument = False
        elif mark == "{":
            around.append(node or OpenNode())
            node, waiting, is_argument = None, "", False
        elif mark is not None:
            around[-1].before = node.name if node else around[-1].before
            node, waiting, is_argument = None, "", False
            if mark == "}" and len(around) > 1:
                closed = around.pop()
                around[-1].before = closed.name
        elif is_last and (match["word"] or _is_open(written)):
            return _place(around, node, waiting, written, match.start())
        else:
            value = _inner(written)
            is_argument = node is not None and not waiting
            if node is None:
                node = OpenNode(value)
            elif waiting:
                node.properties[waiting] = value
                waiting = ""
            else:
                node.arguments.append(value)
    what = "node" if node is None else "value" if waiting else "entry"
    return Place(around, node, what, waiting, "", offset)


def _place(around: list[OpenNode], node: OpenNode | None, waiting: str, written: str, start: int) -> Place:
    quote = _opening(written)
    what = "node" if node is None else "value" if waiting else "entry"
    return Place(around, node, what, waiting, written[len(quote) :], start + len(quote), quote)


def _opening(written: str) -> str:
    match = re.match(r'#*"""|#*"', written)
    return match[0] if match else ""


def _is_open(written: str) -> bool:
    """Whether a text has no closing quote yet."""
    quote = _opening(written)
    closing = quote.lstrip("#") + "#" * (len(quote) - len(quote.lstrip("#")))
    return len(written) < len(quote) + len(closing) or not written.endswith(closing) or written.endswith('\\"')


def _inner(written: str) -> str:
    quote = _opening(written)
    if not quote:
        return written
    closing = quote.lstrip("#") + "#" * (len(quote) - len(quote.lstrip("#")))
    return written[len(quote) :].removesuffix(closing)


def _is_in_comment(token: str) -> bool:
    return token.startswith("//") or (token.startswith("/*") and not token.endswith("*/"))
