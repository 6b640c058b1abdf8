"""Kinds that show something or start something."""

from __future__ import annotations

from layouts.kinds.kind import Kind, Property

DISPLAYS: tuple[Kind, ...] = (
    Kind(
        "label",
        "A text.",
        (
            Property("text", "text", "What it says.", "", argument=1),
            Property(
                "style",
                "choice",
                "Its place in the type scale.",
                "body",
                choices=("body", "title", "heading", "caption"),
            ),
            Property(
                "tone", "choice", "Its colour.", "normal", choices=("normal", "muted", "success", "warning", "error")
            ),
            Property("icon", "icon", "An icon before the text."),
            Property("wrap", "boolean", "Whether it breaks into lines.", False),
            Property("for", "name", "The id of the widget that it names."),
        ),
        loader="widgets.label:Label",
        grows=(),
        role="StaticText",
        example='label "{orders.count} orders" tone=muted',
    ),
    Kind(
        "button",
        "Runs a command, or does something by itself.",
        (
            Property("text", "text", "What it says; the command's title when left out.", "", argument=1),
            Property("command", "command", "The command that it runs."),
            Property("run", "action", "What it does, in place of a command."),
            Property("icon", "icon", "An icon before the text."),
            Property(
                "emphasis",
                "choice",
                "How much it stands out.",
                "normal",
                choices=("normal", "primary", "quiet", "danger"),
            ),
        ),
        loader="widgets.button:Button",
        grows=(),
        keys=(("Space, Return", "run"),),
        named_by=("text",),
        role="Button",
        example='button "Ship" command=order.ship emphasis=primary',
    ),
    Kind(
        "link",
        "A text that opens an address in the person's browser, or runs a command.",
        (
            Property("text", "text", "What it says.", "", argument=1),
            Property("url", "text", "The address to open (http, https or mailto)."),
            Property("command", "command", "The command to run instead."),
        ),
        loader="widgets.link:Link",
        grows=(),
        keys=(("Return", "follow"),),
        role="Link",
        example='link "Carrier" url="{orders_view.current.tracking_url}"',
    ),
    Kind(
        "image",
        "A picture: a file of the app, or the bytes of a blob column.",
        (
            Property("file", "text", "Path within the app.", "", argument=1),
            Property("value", "expression", "An expression that gives bytes (album_view.current.cover)."),
            Property("fit", "choice", "How it fills its room.", "contain", choices=("contain", "cover", "none")),
            Property("description", "text", "What it shows, for people who do not see it."),
        ),
        loader="widgets.image:Image",
        named_by=("description",),
        role="Graphic",
        example='image "logo.png" description="The shop\'s logo"',
    ),
    Kind(
        "progress",
        "How far something is; without a value it only says that something goes on.",
        (
            Property("value", "number", "From 0 to 1.", argument=1),
            Property("text", "text", "What goes on.", ""),
        ),
        loader="widgets.progress:Progress",
        named_by=("text",),
        role="ProgressBar",
        example='progress 0.4 text="Sending"',
    ),
    Kind(
        "message",
        "A note inside the window, with an icon and a colour for its level.",
        (
            Property("text", "text", "What it says.", "", argument=1),
            Property("level", "choice", "Its level.", "info", choices=("info", "success", "warning", "error")),
            Property("command", "command", "A command offered with it."),
        ),
        loader="widgets.message:Message",
        role="AlertMessage",
        example='message "Stock is low" level=warning visible="stock < 5"',
    ),
    Kind(
        "missing",
        "What stands in the place of a part that cannot be shown here. Espalier puts it there by itself; it says what "
        "is missing.",
        (
            Property("what", "text", "What the part is.", argument=1, is_required=True),
            Property("need", "text", "What it requires and is not here; empty for a newer Espalier.", ""),
        ),
        loader="widgets.missing:Missing",
        role="AlertMessage",
        example='missing "map" need="plugin maps 2"',
    ),
    Kind("separator", "A thin line.", (), loader="widgets.separator:Separator", role="Separator"),
)
