"""Commands that come with an app: those its layout declares, and add, delete and commit of each of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.tables.schema import title_of
from kernel.words import mark, say
from layouts.node import CommandDeclaration, Layout
from shell.command import Command

if TYPE_CHECKING:
    from shell.window import Window


def app_commands(layout: Layout, window: Window) -> list[Command]:
    """The layout's declared commands, and one to open each of its windows where it has several.

    Args:
        layout: Declares them.
        window: Where they run.
    """
    others = range(len(layout.windows)) if len(layout.windows) > 1 else ()
    declared = [_declared(declaration, window) for declaration in layout.commands]
    return [*declared, *(_opener(layout, window, index) for index in others)]


def _opener(layout: Layout, window: Window, index: int) -> Command:
    title = layout.windows[index].get("title")
    name = title if isinstance(title, str) and title else f"{layout.title or window.app.info.title} {index + 1}"
    text = say("Opens the window “{name}” of this app, or brings it to the front.", name=name)
    return Command(
        f"window.open-{index + 1}",
        say("Open window: {name}", name=name),
        "shell.action.window:open_of_layout",
        text,
        "window",
        section=window.app.info.title,
        arguments={"index": index},
    )


def _declared(declaration: CommandDeclaration, window: Window) -> Command:
    def run() -> None:
        from layouts.action import assignment

        if assignment(declaration.run) is not None:
            from layouts.node import Formula
            from widgets.act import act

            if window.context is not None:
                act(Formula(declaration.run, ()), window.context)
        elif _is_script(declaration.run):
            window.session.run_script(declaration.run, window, command=declaration.id)
        else:
            window.registry.run(declaration.run)

    return Command(
        id=declaration.id,
        title=declaration.title or title_of(declaration.id.replace(".", " ")),
        run=run,
        doc=declaration.doc,
        icon=declaration.icon,
        when=declaration.when.text if declaration.when else "",
        section=window.app.info.title,
        confirm=declaration.confirm,
    )


def _is_script(run: str) -> bool:
    """``desk.shipping:ship`` is a script's function; ``theme.set mode=dark`` an action."""
    return ":" in run.split(" ", 1)[0]


def table_commands(layout: Layout, window: Window) -> list[Command]:
    """``orders.add``, ``orders.delete`` and ``orders.commit`` of every declared table."""
    commands: list[Command] = []
    for table in layout.tables:
        title = title_of(table.name)

        for verb, marked, icon in _VERBS:
            words = say(marked)

            def blocked(name: str = table.name, verb: str = verb) -> str:
                return _read_only(window, name, verb)

            action = f"shell.action.row:{verb}"
            commands.append(
                Command(f"{table.name}.{verb}", f"{title}: {words}", action, "", icon, section=window.app.info.title,
                        arguments={"table": table.name}, blocked=blocked, is_listed=False)
            )  # fmt: skip
    return commands


#: Verb → what people read, and its icon. ``commit`` writes the edits.
_VERBS = (
    ("add", mark("new row"), "add"),
    ("delete", mark("delete the row"), "delete"),
    ("commit", mark("save the row"), "save"),
)


def _read_only(window: Window, name: str, verb: str) -> str:
    handle = window.context.tables.get(name) if window.context else None
    schema = handle.schema if handle is not None else None
    if schema is None:
        return ""
    return "" if verb == "commit" and schema.is_editable else schema.why_not("edit" if verb == "commit" else verb)
