"""What may be given for an argument, by its type, as far as it is at hand: for the palette and for the command line.

Nothing here waits. The palette adds what it finds on threads (:mod:`shell.palette.completion`), and values of a table's
column, which a plugin's command names, are in :mod:`shell.listed_value`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.words import say
from shell.command import Argument

if TYPE_CHECKING:
    from shell.window import Window


class Asked(NamedTuple):
    """An argument for which a value is wanted.

    Attributes:
        window: Where the command would run.
        argument: What is wanted.
        known: The arguments before it.
        text: What is typed of it.
        renew: Called once more is known; None where nobody waits.
    """

    window: Window
    argument: Argument
    known: Mapping[str, Any]
    text: str = ""
    renew: Callable[[], Any] | None = None


class Value(NamedTuple):
    """A value.

    Attributes:
        text: As it is typed.
        title: As people read it; empty = the text.
        detail: What stands quietly behind it.
        icon: Icon name.
        doc: A sentence about it.
        value: What the command gets, where that is no text.
    """

    text: str
    title: str = ""
    detail: str = ""
    icon: str = ""
    doc: str = ""
    value: Any = None

    @property
    def given(self) -> Any:
        """What the command gets."""
        return self.text if self.value is None else self.value


def _choices(asked: Asked) -> Iterable[Value]:
    argument = asked.argument
    ordered = sorted(argument.choices, key=lambda choice: choice != argument.default)
    return (Value(str(choice), icon="row", value=choice) for choice in ordered)


def _booleans(asked: Asked) -> Iterable[Value]:
    both = [Value("yes", say("Yes"), icon="check", value=True), Value("no", say("No"), icon="close", value=False)]
    return both[::-1] if asked.argument.default is False else both


def _tables(asked: Asked) -> Iterable[Value]:
    """The tables and views that are shown."""
    from shell.action.table import names_of
    from shell.focus import ROW_KINDS, built, kind_of

    kinds: dict[str, str] = {}
    for view in built(asked.window, ROW_KINDS):
        for name in names_of(view):
            kinds.setdefault(name, kind_of(view))
    return (Value(name, detail=kind, icon="table") for name, kind in kinds.items())


def _columns(asked: Asked) -> Iterable[Value]:
    schema = schema_at_hand(asked)
    columns = schema.columns if schema is not None else ()
    return (Value(one.name, detail=one.label or one.type, icon="columns", doc=one.doc) for one in columns)


def schema_at_hand(asked: Asked) -> Any:
    """The schema of the table that was named before; None when there is none, or it is not known."""
    from kernel.error import EspalierError
    from shell.action.table import list_of

    try:
        return list_of(asked.window, asked.known.get("table", "")).handle.schema
    except EspalierError:
        return None


def _app_files(asked: Asked) -> Iterable[Value]:
    list_files = getattr(asked.window.app, "list_files", None)
    return (Value(path, icon="file") for path in (list_files() if list_files is not None else ()))


def _apps(asked: Asked) -> Iterable[Value]:
    from shell.palette.provider import app_targets

    return (Value(target, title, target, icon, doc) for target, title, icon, doc in app_targets(asked.window))


def _options(asked: Asked) -> Iterable[Value]:
    config = asked.window.session.config
    return (Value(name, detail=config.text(name), icon="settings", doc=say(option.doc))
            for name, option in config.complete().items())  # fmt: skip


def _commands(asked: Asked) -> Iterable[Value]:
    registry = asked.window.registry
    return (Value(one.id, detail=registry.fill(one.title), icon=one.icon, doc=one.doc) for one in registry)


def _plugins(asked: Asked) -> Iterable[Value]:
    from shell.kinds import plugin_set

    found = plugin_set(asked.window.session.config)
    every = [*found.plugins, *found.unused]
    return (Value(one.id, detail=say(one.manifest.title), icon="plugin", doc=say(one.manifest.doc)) for one in every)


def _languages(asked: Asked) -> Iterable[Value]:
    from shell.palette.offer.languages import languages

    return (Value(name, detail=title, icon="globe") for name, title in languages(asked.window))


def _dates(_asked: Asked) -> Iterable[Value]:
    today = datetime.date.today()
    days = ((0, say("today")), (1, say("tomorrow")), (7, say("in a week")), (14, say("in two weeks")),
            (-1, say("yesterday")), (-7, say("a week ago")))  # fmt: skip
    return (Value((today + datetime.timedelta(days=days)).isoformat(), detail=text, icon="calendar")
            for days, text in days)  # fmt: skip


def _colors(_asked: Asked) -> Iterable[Value]:
    names = ("red", "orange", "gold", "green", "teal", "dodgerblue", "blue", "purple", "magenta", "brown", "gray",
             "black", "white")  # fmt: skip
    return (Value(name, icon="palette") for name in names)


def _workspaces(asked: Asked) -> Iterable[Value]:
    from shell.action.workspace import workspaces

    return (Value(name, icon="window") for name in workspaces(asked.window))


def _macros(asked: Asked) -> Iterable[Value]:
    from shell.action.macro import macros

    return (Value(name, detail="; ".join(lines), icon="play") for name, lines in macros(asked.window).items())


#: An argument's type → what may be given for it, as far as it is at hand.
AT_HAND: dict[str, Callable[[Asked], Iterable[Value]]] = {
    "choice": _choices, "boolean": _booleans, "table": _tables, "column": _columns, "file": _app_files, "app": _apps,
    "option": _options, "command": _commands, "plugin": _plugins, "language": _languages, "date": _dates,
    "color": _colors, "workspace": _workspaces, "macro": _macros,
}  # fmt: skip
