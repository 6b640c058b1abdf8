"""Kinds about what happens: timers, events, menus, toolbars, dialogs."""

from __future__ import annotations

from layouts.kinds.kind import Kind, Property

_RUN = Property("run", "action", "What it does: a command, module:function of a script, or NAME = EXPRESSION.")
_ITEMS = ("item", "separator", "menu")

BEHAVIOURS: tuple[Kind, ...] = (
    Kind(
        "on",
        "What happens when something happened to the widget that it stands in.",
        (
            Property("event", "name", "The event; the kinds name theirs.", argument=1, is_required=True),
            _RUN._replace(argument=2, is_required=True),
        ),
        example='grid orders id=list { on current-changed "seen = list.current.id" }',
    ),
    Kind(
        "watch",
        "What happens when the value of an expression has become another.",
        (
            Property("value", "expression", "The expression.", argument=1, is_required=True),
            _RUN._replace(is_required=True),
        ),
        loader="widgets.structure.watch:Watch",
        is_structure=True,
        example='watch "orders.count" run="orders_seen:note"',
    ),
    Kind(
        "timer",
        "What happens again and again, while the window is open.",
        (
            Property("every", "duration", "The time between: 500 ms, 5 s, 2 min.", argument=1, is_required=True),
            _RUN._replace(is_required=True),
            Property("when", "expression", "Only while this holds."),
        ),
        loader="widgets.structure.timer:Timer",
        is_structure=True,
        example='timer "30 s" run="desk.mail:look"',
    ),
    Kind(
        "menubar",
        "Menus side by side; F10 goes there, and Alt with an underlined letter to one of them.",
        (),
        children=("menu",),
        loader="widgets.menu.bar:MenuBar",
        role="MenuBar",
        keys=(("Arrow keys, Return", "move and choose"), ("Escape", "close")),
        example='menubar { menu "Order" { item command=order.ship; separator; item command=orders.add } }',
    ),
    Kind(
        "menu",
        "A list of commands that opens: in a menu bar, in another menu, or from a button of its own.",
        (
            Property("text", "text", "What it is called; an & stands before the letter that opens it.", argument=1),
            Property("icon", "icon", "An icon before the text."),
        ),
        children=_ITEMS,
        loader="widgets.menu.button:MenuButton",
        named_by=("text",),
        role="ButtonMenu",
        keys=(("Space, Return, Down", "open"), ("Escape", "close")),
        example='menu "More" { item command=orders.delete }',
    ),
    Kind(
        "item",
        "One line of a menu.",
        (
            Property("text", "text", "What it says; the command's title when left out.", "", argument=1),
            Property("command", "command", "What it runs."),
            _RUN,
            Property("icon", "icon", "An icon before the text."),
            Property("checked", "boolean", "Whether it has a mark; an expression as a rule."),
        ),
        parents=("menu", "context-menu"),
    ),
    Kind(
        "context-menu",
        "Lines of the menu that a right click or the menu key opens, before those that the widget has by itself.",
        (),
        children=_ITEMS,
        example='grid orders { context-menu { item command=order.ship } }',
    ),
    Kind(
        "toolbar",
        "Buttons and other small widgets side by side; what has no room stands in a menu at the end.",
        (),
        children=("button", "menu", "search", "input", "label", "separator", "spacer", "if", "match"),
        loader="widgets.menu.toolbar:Toolbar",
        role="ToolBar",
        example="toolbar { button command=orders.add; separator; button command=order.ship }",
    ),
    Kind(
        "dialog",
        "Widgets on a card over the window, opened by the action dialog.open NAME, closed by dialog.close or Escape.",
        (
            Property("id", "name", "Its name.", argument=1, is_required=True),
            Property("title", "text", "Its heading.", ""),
            Property("width", "integer", "Its width in pixels at 100 %.", 520),
        ),
        children=("*",),
        parents=("window",),
        loader="widgets.structure.dialog:Dialog",
        is_structure=True,
        role="Dialog",
        keys=(("Escape", "close"), ("Tab", "stays within it")),
        example='dialog about title="About" { label "Orders 1.0"; button "Close" run="dialog.close" }',
    ),
    Kind(
        "sheet",
        "A dialog that comes in from a side of the window and is as high, or as wide, as the window.",
        (
            Property("id", "name", "Its name.", argument=1, is_required=True),
            Property("title", "text", "Its heading.", ""),
            Property("side", "choice", "The side that it comes from.", "end", choices=("start", "end", "bottom")),
            Property("width", "integer", "Its width, or its height at the bottom, in pixels at 100 %.", 420),
        ),
        children=("*",),
        parents=("window",),
        loader="widgets.structure.sheet:Sheet",
        is_structure=True,
        role="Dialog",
        keys=(("Escape", "close"), ("Tab", "stays within it")),
        example='sheet filters title="Filters" { search id=find; button "Close" run="dialog.close" }',
    ),
    Kind(
        "wizard",
        "A dialog of steps, one after the other: Back, Next and Finish. What is typed in a step stays when it is left.",
        (
            Property("id", "name", "Its name.", argument=1, is_required=True),
            Property("title", "text", "What it is for.", ""),
            Property("width", "integer", "Its width in pixels at 100 %.", 560),
            Property("finish", "action", "What Finish does, before the wizard closes."),
            Property("finish_text", "text", "What the last button says.", "Finish"),
        ),
        children=("step",),
        parents=("window",),
        loader="widgets.structure.wizard:Wizard",
        is_structure=True,
        role="Dialog",
        keys=(
            ("Return", "next, or finish"),
            ("Ctrl+PageDown, Ctrl+PageUp", "next and back"),
            ("Escape", "close"),
            ("Tab", "stays within it"),
        ),
        example='state who ""\nwizard hire title="New colleague" finish="staff.add" {\n'
        '    step "Name" valid="who != \'\'" hint="Type a name" { input who label=Name }\n'
        '    step "Check" { label "{who}" }\n}',
    ),
    Kind(
        "step",
        "One step of a wizard.",
        (
            Property("title", "text", "Its heading.", argument=1, is_required=True),
            Property("when", "expression", "Only while this holds; else it is passed over."),
            Property("valid", "expression", "What must hold before the next step."),
            Property("hint", "text", "What is said while it does not hold.", "Something is missing here"),
        ),
        children=("*",),
        parents=("wizard",),
    ),
)
