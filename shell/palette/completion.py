"""What may be given for an argument, by its type, as providers of the palette: what is at hand and what is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kernel.words import say
from shell.argument_value import AT_HAND, Value
from shell.argument_value import Asked as AskedFor
from shell.command import NAMED, Argument
from shell.palette.contract import Asked, Gather, Provider
from shell.palette.item import Item

if TYPE_CHECKING:
    from shell.window import Window


class Wanted(NamedTuple):
    """An argument that is asked for.

    Attributes:
        window: Where the command runs.
        argument: What is asked for.
        known: The arguments that are known.
        take: Gets the value, and how people read it.
        type: Goes on asking with another text.
        last: What was given the last time, empty when there was none.
    """

    window: Window
    argument: Argument
    known: dict[str, Any]
    take: Callable[[Any, str], None]
    type: Callable[[str], None]
    last: str = ""

    def item(self, value: Any, title: str = "", detail: str = "", icon: str = "", doc: str = "") -> Item:
        """A line that gives a value."""
        shown = title or str(value)
        argument = self.argument
        kind = argument.name if argument.choices or argument.type == "boolean" else argument.type
        # What is so by default stays first, whatever was used.
        name = f"argument {kind} {value}" if argument.default is None else f"choice {value}"
        return Item(name, shown, partial(self.take, value, shown), "", icon, doc=doc, detail=detail)


def completions(wanted: Wanted) -> list[Provider]:
    """The providers of an argument: what is typed itself, where that may be anything, and what is known."""
    kind = wanted.argument.type
    more = COMPLETERS[kind](wanted) if kind in COMPLETERS else _at_hand(wanted)
    return [_typed(wanted), *more, *_listed(wanted)] if kind in FREE else more


def _typed(wanted: Wanted) -> Provider:
    """What is typed, as a value; or why it is none. Without a text the default, or what was given the last time."""
    argument = wanted.argument

    def gather(asked: Asked) -> Iterator[Item]:
        text = asked.text
        detail = say("as you typed it")
        if not text:
            text = str(argument.default) if argument.default not in (None, "") else wanted.last
            detail = say("as it is by default") if text and text != wanted.last else say("as the last time")
        if not text and argument.type not in ("text", "rest") or argument.type == "app" and _is_place(text):
            return
        try:
            value, reason = argument.parse(text), ""
        except ValueError as error:
            value, reason = text, str(error)
        item = wanted.item(value, text or say("Nothing"), detail, "edit")
        yield item._replace(id=f"typed {text}", reason=reason)

    return Provider("typed", "", gather, way="typed", bonus=-1 if argument.type in NAMED else 0)


def _here(name: str, items: Callable[[], Iterable[Item]], bonus: float = 0.0) -> Provider:
    return Provider(name, "", lambda _asked: items(), bonus=bonus)


def _at_hand(wanted: Wanted) -> list[Provider]:
    """What is known of the type without waiting."""
    find = AT_HAND.get(wanted.argument.type)
    if find is None:
        return []
    found = [_item(wanted, value) for value in find(AskedFor(wanted.window, wanted.argument, wanted.known))]
    return [_here(wanted.argument.type, lambda: found)]


def _item(wanted: Wanted, value: Value) -> Item:
    return wanted.item(value.given, value.title, value.detail, value.icon, value.doc)


def _listed(wanted: Wanted) -> list[Provider]:
    """The values of a column that the argument names."""
    if wanted.argument.listed is None:
        return []
    from shell.listed_value import reader

    read = reader(wanted.window, wanted.argument.listed)
    if read is None:
        return []
    name = f"listed {'.'.join(wanted.argument.listed[:2])}"
    return [Provider(name, "", lambda _asked: [_item(wanted, value) for value in read()], way="once")]


def _tables(wanted: Wanted) -> list[Provider]:
    from shell.palette.offer.tables import table_names

    app, window = wanted.window.app, wanted.window

    def gather(asked: Asked) -> Iterator[Item]:
        for source, table in table_names(app):
            asked.check()
            yield wanted.item(f"{source}/{table}" if source else table, icon="table")

    declared = sorted(window.tables.handles.declared) if window.tables is not None else []
    own = _here("own", lambda: [wanted.item(name, detail=say("of this layout"), icon="table") for name in declared])
    return [own, Provider("tables", say("Tables"), _others(gather, declared), way="once")]


def _others(gather: Gather, known: list[str]) -> Gather:
    """Those that are not known already."""
    there = frozenset(known)
    return lambda asked: (item for item in gather(asked) if item.title not in there)


def _columns(wanted: Wanted) -> list[Provider]:
    place = _table_of(wanted)
    if place is None:
        return []
    from shell.palette.offer.tables import schema_of

    app = wanted.window.app

    def gather(_asked: Asked) -> Iterator[Item]:
        for column in schema_of(app, *place).columns:
            yield wanted.item(column.name, detail=column.type, icon="columns", doc=column.doc)

    return [Provider("columns", say("Columns"), gather, way="once")]


def _rows(wanted: Wanted) -> list[Provider]:
    place = _table_of(wanted)
    if place is None:
        return []
    from shell.palette.offer.rows import rows_of

    app = wanted.window.app

    def gather(asked: Asked) -> Iterator[Item]:
        for key, label, detail in rows_of(app, *place, asked.text, 50):
            value = str(key[0]) if len(key) == 1 else json.dumps(key, default=str)
            yield wanted.item(value, value, " · ".join(one for one in (label, detail) if one and one != value), "form")

    return [Provider("first", say("Rows"), lambda _asked: gather(Asked()), way="once"),
            Provider("rows", say("Rows"), gather, way="live")]  # fmt: skip


def _table_of(wanted: Wanted) -> tuple[str, str] | None:
    """Source and name of the table that was given before, or of the list that the person is in."""
    from layouts.source_name import split_source

    window, name = wanted.window, wanted.known.get("table", "")
    if not name:
        name = getattr(getattr(window.active_view(), "handle", None), "name", "")
    if not name or window.tables is None:
        return None
    if name in window.tables.handles:
        return window.tables.source_of(name)
    source, table = split_source(name, window.app.info.sources)
    return "" if len(window.app.info.sources) == 1 else source, table


def _files(wanted: Wanted) -> list[Provider]:
    from shell.palette.offer.files import files_of, icon_of

    app = wanted.window.app

    def gather(asked: Asked) -> Iterator[Item]:
        for path in files_of(app.tree(), asked):
            yield wanted.item(path, icon=icon_of(path))

    return [Provider("files", say("Files of the app"), gather, way="once"), *_paths(wanted)]


def _paths(wanted: Wanted) -> list[Provider]:
    """What a folder of this machine holds, whose path is typed; folders are gone into."""
    from shell.palette.offer.paths import entries_at

    only_folders = wanted.argument.type == "folder"

    def gather(asked: Asked) -> Iterator[Item]:
        for path, is_folder in entries_at(asked.text, asked):
            item = wanted.item(path, icon="folder" if is_folder else "file")
            if is_folder:
                yield item._replace(title=f"{path}/", run=partial(wanted.type, f"{path}/"))
            elif not only_folders:
                yield item

    return [Provider("paths", say("Folders and files"), gather, way="live")]


def _apps(wanted: Wanted) -> list[Provider]:
    """What is at hand, behind the app, database or file whose path is typed."""

    def gather(asked: Asked) -> Iterator[Item]:
        if _is_place(asked.text):
            yield wanted.item(asked.text, detail=say("on this computer"), icon="folder")

    return [*_at_hand(wanted), Provider("places", "", gather, way="typed", bonus=1)]


def _is_place(text: str) -> bool:
    from shell.target import is_path

    return bool(text) and is_path(text)


def _values(wanted: Wanted) -> list[Provider]:
    """The values of the option that was given before."""
    from kernel.config.error import ValueRefusedError
    from kernel.config.value import read_value

    config = wanted.window.session.config
    option = config.option(str(wanted.known.get("option", "")))
    now, words = config.text(option.name), option.choices or (("true", "false") if option.type == "boolean" else ())

    def typed(asked: Asked) -> Iterator[Item]:
        text = asked.text or now
        reason = ""
        try:
            read_value(option, text)
        except ValueRefusedError as error:
            reason = str(error)
        if not words:
            detail = say("as you typed it") if asked.text else say("as it is now")
            yield wanted.item(text, text or say("Nothing"), detail, "edit", say(option.doc))._replace(reason=reason)

    listed = [wanted.item(word, detail=say("as it is now") if word == now else "", icon="row", doc=say(option.doc))
              for word in words]  # fmt: skip
    return [Provider("typed", "", typed, way="typed"), _here("values", lambda: listed)]


#: Argument type → its providers, where more is to be found than what is at hand.
COMPLETERS: dict[str, Callable[[Wanted], list[Provider]]] = {
    "table": _tables, "column": _columns, "row": _rows, "file": _files, "folder": _paths, "value": _values,
    "app": _apps,
}  # fmt: skip
#: Types whose value may be what nothing completes.
FREE = frozenset((
    "text", "rest", "integer", "number", "date", "color", "file", "folder", "app", "row", "column", "language",
    "workspace",
))  # fmt: skip
