"""Kinds that hold other widgets."""

from __future__ import annotations

from layouts.kinds.kind import Event, Kind, Property

_GAP = Property("gap", "choice", "Space between the children.", "normal", choices=("none", "tight", "normal", "wide"))
_PADDING = Property("padding", "choice", "Space around them.", "none", choices=("none", "tight", "normal", "wide"))
_ALIGN = Property(
    "align", "choice", "Where narrower children stand.", "fill", choices=("fill", "start", "center", "end")
)

CONTAINERS: tuple[Kind, ...] = (
    Kind(
        "window",
        "A window of the app: widgets one below the other, and at most one status line. Expressions read its "
        "window.size_class: compact, medium (from 640 pixels at 100 % on) or wide (from 1040 on).",
        (
            Property("title", "text", "Its title; the layout's title when left out."),
            Property("width", "integer", "Width at first opening, in pixels at 100 %.", 1180),
            Property("height", "integer", "Height at first opening, in pixels at 100 %.", 760),
        ),
        children=("*", "status"),
        parents=("layout",),
        loader="widgets.window:WindowBody",
        role="Client",
        example='window title="Orders" { grid orders }',
    ),
    Kind(
        "row",
        "Widgets side by side, in reading direction.",
        (_GAP, _PADDING, _ALIGN),
        children=("*",),
        loader="widgets.row:Row",
        role="Grouping",
        example='row { label "Name"; search id=find }',
    ),
    Kind(
        "column",
        "Widgets one below the other.",
        (_GAP, _PADDING, _ALIGN),
        children=("*",),
        loader="widgets.column:Column",
        role="Grouping",
        example='column { label "One"; label "Two" }',
    ),
    Kind(
        "cells",
        "Widgets in a grid of equal columns, filled row by row.",
        (Property("columns", "integer", "How many columns.", 2), _GAP, _PADDING),
        children=("*",),
        loader="widgets.cells:Cells",
        role="Grouping",
        example='cells columns=3 { label "a"; label "b"; label "c" }',
    ),
    Kind(
        "split",
        "Widgets beside each other with borders that can be dragged; the sizes are remembered per user. In a narrow "
        "window they stand below each other; what has no room there either is folded away, the last first.",
        (
            Property("direction", "choice", "How they stand.", "row", choices=("row", "column")),
            Property("sizes", "sizes", "Relative sizes at first opening (2,3)."),
        ),
        children=("*",),
        loader="widgets.split:Split",
        keys=(
            ("F8", "to the next border; arrow keys move it, Escape leaves"),
            ("Return, Space on a border", "show what was folded away there for want of room"),
        ),
        role="Splitter",
        example='split sizes="2,3" { grid orders id=list; form of=list.current }',
    ),
    Kind(
        "tabs",
        "Pages of which one is shown; a page is built when it is first shown. Tabs are dragged into another order, "
        "which is remembered. A tab that is dragged away or clicked twice goes into a window of its own, until that is "
        "closed. Pages may come and go by an if, a match or a repeat: a tab for each open order.",
        (
            Property("side", "choice", "Tabs above, or a list at the start side.", "top", choices=("top", "start")),
            Property("filter", "boolean", "With side=start: a search box over the list.", False),
        ),
        children=("tab", "if", "match", "repeat"),
        loader="widgets.tabs:Tabs",
        keys=(
            ("Ctrl+PageDown", "next tab"),
            ("Ctrl+PageUp", "previous tab"),
            ("Ctrl+Shift+PageDown, Ctrl+Shift+PageUp", "the tab one place on, or back (tab.move-on, tab.move-back)"),
            ("Ctrl+F4, Ctrl+Shift+T", "close the tab, open the closed one again (tab.close, tab.reopen)"),
            ("Arrow keys", "move in the list"),
            ("Space, Return on the button of a list in a narrow window", "open the list"),
            ("Return, Escape in that list", "close it"),
        ),
        events=(Event("turned", "current_changed", "Another page is shown."),),
        role="PageTabList",
        example='tabs { tab "Order" { label "x" }; tab "Lines" { label "y" } }',
    ),
    Kind(
        "tab",
        "One page of tabs.",
        (
            Property("title", "text", "Its title.", argument=1, is_required=True),
            Property("icon", "icon", "Its icon."),
            Property("badge", "text", "A short text behind the title, a count for instance."),
        ),
        children=("*",),
        parents=("tabs",),
        loader="widgets.tab:Tab",
    ),
    Kind(
        "docks",
        "A centre with docks around it. A dock is dragged by its title to another side, onto another dock as a tab, or "
        "out into a window of its own; what a person made of them is remembered. In a narrow window they stand behind "
        "each other below the centre.",
        (),
        children=("dock", "*"),
        loader="widgets.docks.docks:Docks",
        role="Grouping",
        keys=(
            ("Tab", "into a dock, to the buttons of its title and on"),
            ("Space, Return on the button of a title", "open the menu of its dock, or close it"),
        ),
        example='docks { dock "Orders" size=320 { grid orders id=list }; form of=list.current }',
    ),
    Kind(
        "dock",
        "One part around the centre of docks.",
        (
            Property("title", "text", "Its title.", argument=1, is_required=True),
            Property("icon", "icon", "Its icon."),
            Property(
                "side",
                "choice",
                "The side that it stands at first.",
                "start",
                choices=("start", "end", "top", "bottom"),
            ),
            Property(
                "size",
                "integer",
                "Its width at start and end, its height at top and bottom, at first, in pixels "
                "at 100 %; 0 = an ordinary one.",
                0,
            ),
            Property("tabbed", "boolean", "Whether it stands as a tab behind the dock before it on its side.", False),
            Property("open", "boolean", "Whether it is shown at first.", True),
            Property("closable", "boolean", "Whether a person may close it.", True),
            Property("floatable", "boolean", "Whether a person may take it out into a window of its own.", True),
        ),
        children=("*",),
        parents=("docks",),
        loader="widgets.docks.dock:Dock",
        role="Grouping",
    ),
    Kind(
        "group",
        "Widgets under a heading.",
        (Property("title", "text", "The heading.", argument=1), _GAP),
        children=("*",),
        loader="widgets.group:Group",
        role="Grouping",
        example='group "Address" { label "…" }',
    ),
    Kind(
        "scroll",
        "Widgets one below the other that scroll when there is no room.",
        (_GAP, _PADDING),
        children=("*",),
        loader="widgets.scroll:Scroll",
        keys=(("PageUp, PageDown", "scroll"),),
        role="Client",
        example='scroll { label "…" }',
    ),
    Kind(
        "status",
        "The window's status line: labels side by side.",
        (),
        children=("label", "progress", "spacer"),
        parents=("window",),
        loader="widgets.row:StatusRow",
        role="StatusBar",
        example='status { label "{orders.count} orders" }',
    ),
    Kind("spacer", "Room that takes what is left over.", (), loader="widgets.spacer:Spacer", role="Whitespace"),
)
