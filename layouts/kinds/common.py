"""Properties that every widget has."""

from __future__ import annotations

from layouts.kinds.kind import Property

COMMON: tuple[Property, ...] = (
    Property("id", "name", "What expressions and other nodes call this widget."),
    Property("class", "text", "Words that style rules match it by, with blanks between.", ""),
    Property("visible", "boolean", "Whether it is shown.", default=True),
    Property(
        "requires",
        "text",
        "What it takes to show it: shell 0.2, plugin NAME 1.2, interface 1, permission NAME, with "
        "semicolons between. Where that is missing, its fallback or a note stands there.",
    ),
    Property("enabled", "boolean", "Whether it can be used.", default=True),
    Property("tip", "text", "A sentence shown when the pointer rests on it."),
    Property("name", "text", "What a screen reader calls it; made from its text or label when left out."),
    Property("stretch", "integer", "Its share of the room that is left over in a row or column.", default=0),
    Property("collapse", "integer", "In a row or toolbar without room the highest goes first; 0 stays.", default=0),
    Property("width", "integer", "Preferred width in pixels at 100 %; 0 = its own.", default=0),
    Property("min_width", "integer", "The least width in pixels at 100 %; 0 = its own.", default=0),
    Property("height", "integer", "Preferred height in pixels at 100 %; 0 = its own.", default=0),
    Property("min_height", "integer", "The least height in pixels at 100 %; 0 = its own.", default=0),
)
