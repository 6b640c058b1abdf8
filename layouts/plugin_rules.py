"""What must hold of a plugin.toml besides its types, and where in the file something is wrong with it.

Imported for manifests that do not ship with the program, and when one is wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from kernel.config.locator import locate, syntax_message, syntax_where
from kernel.error import EspalierError, Where
from kernel.nearest import did_you_mean
from layouts import plugin_manifest
from layouts.app_needs import PERMISSIONS
from layouts.kinds.kind import PROPERTY_TYPES
from layouts.plugin_manifest import Manifest, ManifestError

#: Keys to the place in the file, whether the value is meant, message, hint.
Found = tuple[tuple[str | int, ...], bool, str, str]

#: What a command's argument may be, as ``shell.command.PARSERS``.
ARGUMENT_TYPES = (
    "text", "integer", "number", "boolean", "choice", "date", "color",
    "table", "column", "row", "file", "folder", "app", "option", "value", "command", "plugin", "language",
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_COMMAND = re.compile(r"([a-z][a-z0-9_-]*)\.[a-z][a-z0-9_-]*")
_LOADER = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
_VALUES = re.compile(r"\w+\.\w+")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_PREFIX = re.compile(r"[^\w\s]")
_UNKNOWN = re.compile(r"contains unknown field `([^`]*)`")
_PATH = re.compile(r" - at `\$([^`]*)`")
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")

#: Where records stand → their type, for near misses of entries.
_RECORDS = {
    (): "Manifest",
    ("kinds",): "KindRecord",
    ("kinds", "properties"): "PropertyRecord",
    ("kinds", "events"): "EventRecord",
    ("sources",): "SourceRecord",
    ("versions",): "VersionsRecord",
    ("commands",): "CommandRecord",
    ("commands", "arguments"): "ArgumentRecord",
    ("options",): "OptionRecord",
    ("agents",): "AgentRecord",
    ("modules",): "ModuleRecord",
    ("palette",): "PaletteRecord",
}


def check_manifest(manifest: Manifest, path: Path, *, is_package: bool = False, text: str | None = None) -> None:
    """Refuse what is wrong; the first of :func:`problems`.

    Raises:
        ManifestError: something is; it names line and column.
    """
    for keys, is_value, message, hint in problems(manifest, "" if is_package else path.parent.name):
        raise ManifestError(message, where=place_of(path, keys, is_value=is_value, text=text), hint=hint)


def problems(manifest: Manifest, folder: str) -> Iterator[Found]:
    """What is wrong with a manifest whose types are right.

    Args:
        manifest: The plugin's.
        folder: What its folder is called, which is its id; empty where that may be anything.
    """
    if not _ID.fullmatch(manifest.id):
        yield ("id",), True, f"a plugin cannot be called {manifest.id!r}", "small letters, digits and _"
    elif folder and manifest.id != folder:
        message = f"plugin {manifest.id!r} must stand in a folder of that name, a plain word"
        yield ("id",), True, message, f"its folder is called {folder}"
    for rule in _RULES:
        yield from rule(manifest)


def place_of(path: Path, keys: tuple[str | int, ...], *, is_value: bool = False, text: str | None = None) -> Where:
    """Line and column of an entry of the file, whose text is read when it is not given."""
    try:
        text = path.read_text(encoding="utf-8") if text is None else text
    except (OSError, UnicodeDecodeError):
        return Where(str(path))
    return locate(text).where(str(path), keys, is_value=is_value)


def located(path: Path, error: Exception, text: str | None = None) -> ManifestError:
    """The error of a manifest that is no TOML or whose entries have wrong names or types, with its place."""
    import tomllib

    if isinstance(error, tomllib.TOMLDecodeError):
        text = path.read_text(encoding="utf-8") if text is None else text
        message = f"the plugin's manifest is no TOML: {syntax_message(error)}"
        return ManifestError(message, where=syntax_where(str(path), text, error))
    if not isinstance(error, msgspec.ValidationError):
        return ManifestError(f"the plugin's manifest is wrong: {error}", where=Where(str(path)))
    message, hint = str(error), ""
    match = _PATH.search(message)
    keys = tuple(name or int(number) for name, number in _STEP.findall(match[1])) if match else ()
    said = message[: match.start()] if match else message
    if unknown := _UNKNOWN.search(said):
        record = _RECORDS.get(tuple(key for key in keys if isinstance(key, str)))
        said, fields = f"there is no entry {unknown[1]}", ()
        if record is not None:
            fields = getattr(plugin_manifest, record).__struct_fields__
            hint = did_you_mean(unknown[1], fields) or f"known: {', '.join(fields)}"
        keys = (*keys, unknown[1])
    entry = ".".join(map(str, keys))
    shown = f"the plugin's manifest is wrong: {said}{f' at {entry}' if entry and not unknown else ''}"
    return ManifestError(shown, where=place_of(path, keys, is_value=not unknown, text=text), hint=hint)


def _needs(manifest: Manifest) -> Iterator[Found]:
    for entry in ("requires", "optional"):
        for place, name in enumerate(getattr(manifest, entry)):
            if not _ID.fullmatch(name):
                yield (entry, place), True, f"no plugin can be called {name!r}", "small letters, digits and _"
            elif name == manifest.id:
                yield (entry, place), True, f"plugin {name} cannot need itself", ""
    for place, name in enumerate(manifest.permissions):
        if name not in PERMISSIONS:
            hint = did_you_mean(name, PERMISSIONS) or f"known: {', '.join(PERMISSIONS)}"
            yield ("permissions", place), True, f"there is no permission {name}", hint
    for place, module in enumerate(manifest.modules):
        if not _MODULE.fullmatch(module.name):
            yield ("modules", place, "name"), True, f"{module.name!r} is no name of a module", ""
        if not module.install.strip():
            yield ("modules", place, "install"), True, f"say how {module.name} is installed", ""


def _kinds(manifest: Manifest) -> Iterator[Found]:
    yield from _twice("kinds", [kind.name for kind in manifest.kinds], "the kind")
    for place, kind in enumerate(manifest.kinds):
        at: tuple[str | int, ...] = ("kinds", place)
        if not _NAME.fullmatch(kind.name):
            yield (*at, "name"), True, f"a kind cannot be called {kind.name!r}", "small letters, digits, - and _"
        yield from _loader(at, kind.loader, "Class")
        for number, record in enumerate(kind.properties):
            where = (*at, "properties", number)
            if record.type not in PROPERTY_TYPES:
                message = f"{kind.name}.{record.name} has the unknown type {record.type!r}"
                known = f"known: {', '.join(PROPERTY_TYPES)}"
                yield (*where, "type"), True, message, did_you_mean(record.type, PROPERTY_TYPES) or known
            elif record.type == "choice" and not record.choices:
                yield where, False, f"{kind.name}.{record.name} is a choice without choices", 'choices = ["one", "two"]'
            elif record.choices and record.default not in (None, "", *record.choices):
                hint = did_you_mean(str(record.default), record.choices)
                yield (*where, "default"), True, f"{kind.name}.{record.name} cannot be {record.default!r}", hint
        names = [record.name for record in kind.properties]
        yield from _twice("properties", names, f"the property of {kind.name}", at)


def _sources(manifest: Manifest) -> Iterator[Found]:
    for name, record in manifest.sources.items():
        yield from _loader(("sources", name), record.loader, "callable")


def _versions(manifest: Manifest) -> Iterator[Found]:
    if manifest.versions is None:
        return
    yield from _loader(("versions",), manifest.versions.loader, "callable")
    if not manifest.versions.marker or "/" in manifest.versions.marker:
        yield ("versions", "marker"), True, "the marker is the name of one file or folder", 'marker = ".git"'


def _commands(manifest: Manifest) -> Iterator[Found]:
    rooms = (manifest.id, *(kind.name for kind in manifest.kinds))
    yield from _twice("commands", [command.id for command in manifest.commands], "the command", key="id")
    for place, command in enumerate(manifest.commands):
        at: tuple[str | int, ...] = ("commands", place)
        match = _COMMAND.fullmatch(command.id)
        if not match or match[1] not in rooms:
            hint = f"it begins with {' or '.join(f'{room}.' for room in rooms)}"
            yield (*at, "id"), True, f"a command of plugin {manifest.id} cannot be called {command.id!r}", hint
        yield from _loader(at, command.loader, "callable")
        yield from _condition((*at, "when"), command.when)
        for number, argument in enumerate(command.arguments):
            where = (*at, "arguments", number)
            if not argument.name.isidentifier():
                yield (*where, "name"), True, f"an argument cannot be called {argument.name!r}", "letters, digits and _"
            if argument.type not in ARGUMENT_TYPES:
                hint = did_you_mean(argument.type, ARGUMENT_TYPES) or f"known: {', '.join(ARGUMENT_TYPES)}"
                yield (*where, "type"), True, f"{argument.name} has the unknown type {argument.type!r}", hint
            elif argument.type == "choice" and not argument.choices:
                yield where, False, f"{argument.name} is a choice without choices", 'choices = ["one", "two"]'
            if argument.values and (argument.type != "text" or not _VALUES.fullmatch(argument.values)):
                hint = 'type = "text", values = "branches.name"'
                yield (*where, "values"), True, f"{argument.values!r} names no column of a table", hint
            yield from _condition((*where, "only"), argument.only)


def _condition(place: tuple[str | int, ...], when: str) -> Iterator[Found]:
    if not when:
        return
    from kernel.expression import parse

    try:
        parse(when)
    except EspalierError as error:
        yield place, True, f"“{when}” is no expression: {error.message}", error.hint


def _options(manifest: Manifest) -> Iterator[Found]:
    from kernel.config.error import ConfigError, ValueRefusedError
    from kernel.config.option import option_of
    from kernel.config.value import TYPES

    yield from _twice("options", [option.name for option in manifest.options], "the option")
    for place, record in enumerate(manifest.options):
        at = ("options", place)
        if not _NAME.fullmatch(record.name):
            yield (*at, "name"), True, f"an option cannot be called {record.name!r}", "small letters, digits, - and _"
        if record.type not in TYPES:
            hint = did_you_mean(record.type, TYPES) or f"known: {', '.join(TYPES)}"
            yield (*at, "type"), True, f"{record.name} has the unknown type {record.type!r}", hint
            continue
        try:
            option_of(f"{manifest.id}.{record.name}", msgspec.structs.asdict(record))
        except (ConfigError, ValueRefusedError) as error:
            yield (*at, "default"), True, f"the default of {record.name} {error}", getattr(error, "hint", "")


def _agents(manifest: Manifest) -> Iterator[Found]:
    yield from _twice("agents", [agent.name for agent in manifest.agents], "the agent")
    for place, agent in enumerate(manifest.agents):
        if not _NAME.fullmatch(agent.name):
            yield ("agents", place, "name"), True, f"an agent cannot be called {agent.name!r}", ""
        yield from _loader(("agents", place), agent.loader, "callable")


def _palette(manifest: Manifest) -> Iterator[Found]:
    yield from _twice("palette", [record.name for record in manifest.palette], "the palette's")
    for place, record in enumerate(manifest.palette):
        at = ("palette", place)
        if not _NAME.fullmatch(record.name):
            yield (*at, "name"), True, f"entries cannot be called {record.name!r}", "small letters, digits, - and _"
        if record.prefix and not _PREFIX.fullmatch(record.prefix):
            yield (*at, "prefix"), True, f"{record.prefix!r} is no prefix", "one character, no letter or digit"
        elif not (record.prefix or record.is_general):
            yield at, False, f"the entries of {record.name} are never found", "give it a prefix"
        yield from _loader(at, record.loader, "callable")


def _loader(at: tuple[str | int, ...], loader: str, what: str) -> Iterator[Found]:
    if not _LOADER.fullmatch(loader):
        yield (*at, "loader"), True, f"{loader!r} loads nothing", f"write module:{what}, within the plugin's folder"


def _twice(
    entry: str, names: list[str], what: str, at: tuple[str | int, ...] = (), key: str = "name"
) -> Iterator[Found]:
    for name, count in Counter(names).items():
        if count > 1:
            last = len(names) - 1 - names[::-1].index(name)
            yield (*at, entry, last, key), True, f"{what} {name} is there twice", ""


_RULES: tuple[Callable[[Manifest], Iterator[Found]], ...] = (
    _needs, _kinds, _sources, _versions, _commands, _options, _agents, _palette,
)  # fmt: skip
