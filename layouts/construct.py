"""The words of the layout language that are no widgets, as records of the same shape as the kinds."""

from __future__ import annotations

from layouts.kinds.kind import Kind, Property
from layouts.style import token
from layouts.style.matching import CONDITIONS

#: The newest version of the language; the first line of a layout names the one it is written in.
LANGUAGE_VERSION = 2

_FILE = "Path from the folder of this file, or library:NAME/FILE for a file of a library that apps share."
_LOOKS = (
    Property("color", "token", "Colour of its texts.", choices=token.COLORS),
    Property("ground", "token", "Colour behind it.", choices=token.COLORS),
    Property("border", "token", "Colour of a line around it.", choices=token.COLORS),
    Property("border_width", "token", "Width of that line.", choices=token.BORDERS),
    Property("radius", "token", "How round its corners are.", choices=token.RADII),
    Property("padding", "token", "Space between its border and what is in it.", choices=token.SPACES),
    Property("gap", "token", "Space between its children.", choices=token.SPACES),
    Property("type", "token", "Step of the type scale of its texts.", choices=token.STEPS),
    Property("weight", "token", "Weight of its texts.", choices=token.WEIGHTS),
    Property("align", "token", "Of a column: where its texts stand.", choices=token.SIDES),
)

CONSTRUCTS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "layout",
            "The first line of a layout: the version of the language, and the app's title.",
            (
                Property("version", "whole", "The version of the language.", argument=1, is_required=True),
                Property("title", "plain", "The title of windows that have none."),
            ),
            example='layout 2 title="Orders"',
        ),
        Kind(
            "use",
            "Takes the tables, commands and components of another file.",
            (Property("file", "plain", _FILE, argument=1, is_required=True),),
            example='use "parts/fields.kdl"',
        ),
        Kind(
            "include",
            "Puts the widgets of another file here, with its tables, commands and components.",
            (Property("file", "plain", _FILE, argument=1, is_required=True),),
            example='include "parts/footer.kdl"',
        ),
        Kind(
            "table",
            "Declares a table that the layout shows.",
            (
                Property("name", "name", "What the layout calls it.", argument=1, is_required=True),
                Property("source", "plain", "The table, or source/table; the name itself when left out."),
                Property("filter", "filter", "Only rows for which this is true."),
                Property("sort", "sort", "Order of its rows."),
            ),
            example='table orders source="orders" sort="-placed"',
        ),
        Kind(
            "command",
            "Declares a command of the app; buttons, keys and the palette run it.",
            (
                Property("id", "name", "Its id: room.verb-noun.", argument=1, is_required=True),
                Property("title", "text", "What people read.", is_required=True),
                Property("doc", "plain", "What it does, in a sentence."),
                Property("icon", "icon", "Its icon."),
                Property("key", "key", "A key or a sequence of keys."),
                Property("when", "expression", "When it may run."),
                Property(
                    "run", "plain", "module:function of the app's scripts, or a built-in action.", is_required=True
                ),
            ),
            children=("confirm",),
            example='command order.ship title="Ship order" key="Ctrl+Return" run="desk.shipping:ship"',
        ),
        Kind(
            "confirm",
            "A question that is asked before the command runs.",
            (Property("text", "text", "The question.", argument=1, is_required=True),),
            parents=("command",),
            example='confirm "Ship order {orders_view.current.id}?"',
        ),
        Kind(
            "component",
            "A named piece of layout, used by writing its name as a node.",
            (Property("name", "name", "Its name.", argument=1, is_required=True),),
            example="component titled { param text; label text style=title; slot }",
        ),
        Kind(
            "param",
            "A parameter of a component; its name stands for the value, in properties and in expressions.",
            (
                Property("name", "name", "Its name.", argument=1, is_required=True),
                Property("default", "any", "Its value when none is given; without it a value must be given."),
            ),
            parents=("component",),
            example="param lines default=1",
        ),
        Kind(
            "slot",
            "Where children given to the component stand; a slot with a name takes those in a node of that name.",
            (Property("name", "name", "Its name; the one without a name takes the rest.", argument=1),),
            example="slot extra",
        ),
        Kind(
            "style",
            "A rule about the looks of widgets, outside of windows, in theme tokens alone. It is for widgets of its "
            "kinds, of its id, and of all its classes. Where several rules say something, an id goes before classes "
            "and states, these before a kind, and the later one before the earlier. What a widget says itself goes "
            "before all rules. Colour, type and weight of a container go on to the texts in it.",
            (
                Property("kinds", "any", "Kinds of widgets; all of them when left out.", argument=-1),
                Property("id", "name", "Only the widget with this id."),
                Property("class", "plain", "Only widgets of this class; of all where there are several."),
                *_LOOKS,
            ),
            children=("when",),
            example="style label class=amount color=accent weight=strong {\n    when dark color=success\n}",
        ),
        Kind(
            "when",
            "What else holds for the widgets of a style while they are in a state (hover, focus, disabled, selected, "
            "invalid), for the headings of rows (heading), in one scheme (light, dark) or at one density (compact, "
            "normal, roomy); of several, all.",
            (
                Property(
                    "conditions", "any", "The states, scheme and density.", argument=-1, choices=CONDITIONS,
                    is_required=True,
                ),
                *_LOOKS,
            ),
            parents=("style",),
            example="when hover dark ground=accent-hover",
        ),
    )
}
