"""The looks that a column can have (``as=…``), each with the function that draws a cell.

A renderer is called as ``draw(painter, cell, look)``; it may change pen and brush, and leaves the font and hints as
they were. What a cell cannot be drawn as (a text that is no number, a file that is no image) is drawn as its text.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from PySide6.QtGui import QPainter

from widgets.grid.cell import Cell
from widgets.grid.look import Look

Draw = Callable[[QPainter, Cell, Look], None]


class Renderer(NamedTuple):
    """One look.

    Attributes:
        name: What layouts write.
        doc: One sentence.
        loader: ``module:function`` within this package.
        extra_width: What it takes beside the text, in pixels.
        align: Where it stands unless the layout says; empty = by the column's type.
        width: The width of a column that was not measured by texts, in pixels; 0 = by its texts.
        draws_null: Whether it draws null itself; else a dash stands there.
    """

    name: str
    doc: str
    loader: str
    extra_width: int = 0
    align: str = ""
    width: int = 0
    draws_null: bool = False

    def load(self) -> Draw:
        """The function that draws."""
        module, _, function = self.loader.partition(":")
        return getattr(import_module(f"widgets.grid.renderer.{module}"), function)


RENDERERS: tuple[Renderer, ...] = (
    Renderer("text", "Plain text.", "text:draw_text"),
    Renderer("link", "Text in the colour of links, underlined.", "text:draw_link"),
    Renderer("tag", "Text on a rounded ground whose colour follows the value.", "tag:draw_tag", 14, "start"),
    Renderer("check", "A box: ticked, empty, or with a dash for null.", "check:draw_check", align="center",
             draws_null=True),
    Renderer("progress", "A bar for a number from 0 to 1.", "progress:draw_progress", align="start", width=120),
    Renderer("bar", "A bar behind the number, as long as it is part of the greatest.", "bar:draw_bar"),
    Renderer("scale", "The number on a ground that is the stronger the greater it is.", "bar:draw_scale"),
    Renderer("color", "A swatch before a colour's text (#2f6fed).", "color:draw_color", 24, "start"),
    Renderer("image", "A small picture of a blob, or of a file of the app by its path.", "image:draw_image",
             align="center", width=56),
    Renderer("sparkline", "A line of the numbers in a text (3, 1, 4) or a JSON list.", "sparkline:draw_sparkline",
             align="start", width=120),
    Renderer("lanes", "A row of a graph: lane|lanes above|from-to, from-to …|width, as a git log has it.",
             "lanes:draw_lanes", align="start", width=110),
)  # fmt: skip

_BY_NAME = {renderer.name: renderer for renderer in RENDERERS}
_LOADED: dict[str, Draw] = {}


def renderer(name: str) -> Renderer:
    """The look of that name; plain text when there is none."""
    return _BY_NAME.get(name, _BY_NAME["text"])


def draw_of(name: str) -> Draw:
    """The function that draws a look."""
    if name not in _LOADED:
        _LOADED[name] = renderer(name).load()
    return _LOADED[name]
