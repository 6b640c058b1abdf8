"""The layers of a configuration: what each source of settings says, with the place of every entry."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kernel.config.error import Problem, ValueRefusedError
from kernel.config.option import Option, Options
from kernel.config.table import TABLES
from kernel.config.value import check_value, read_value
from kernel.error import Where
from kernel.nearest import did_you_mean

#: Variables of the environment that are no options.
OTHER_VARIABLES = ("ESPALIER_BASEDIR", "ESPALIER_TRACE_START", "ESPALIER_TRACE_QUIT", "ESPALIER_PROGRAM")


class Layer(NamedTuple):
    """What one layer says.

    Attributes:
        values: Option name → checked value.
        origins: Option name → a function that finds where it was said.
        tables: Table name → its checked entries (``servers``, ``boot``).
        problems: Its wrong entries, in their order.
        refused: Names of options, of tables (``servers``) and of their entries (``servers.home``) that were wrong.
        is_whole: False when nothing could be read at all; the last good layer then stays.
    """

    values: dict[str, Any]
    origins: dict[str, Callable[[], Where]]
    tables: dict[str, dict[str, Any]]
    problems: list[Problem]
    refused: set[str]
    is_whole: bool = True


def empty_layer(*problems: Problem) -> Layer:
    """A layer that says nothing; with problems it counts as unreadable."""
    return Layer({}, {}, {}, list(problems), set(), not problems)


def file_layer(path: Path, options: Options) -> Layer:
    """What the TOML file says; a missing file says nothing."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return empty_layer()
    except OSError as error:
        return empty_layer(Problem(Where(str(path)), f"the configuration cannot be read: {error.strerror or error}"))
    except UnicodeDecodeError as error:
        return empty_layer(Problem(Where(str(path)), f"the configuration is not UTF-8 text: {error.reason}"))
    return text_layer(text, str(path), options)


def text_layer(text: str, file: str, options: Options) -> Layer:
    """What the TOML ``text`` says; ``file`` is what its places are called."""
    import tomllib  # Most people have no file of their own.

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from kernel.config.locator import syntax_message, syntax_where

        return empty_layer(Problem(syntax_where(file, text, error), f"no TOML: {syntax_message(error)}"))
    except RecursionError:
        return empty_layer(Problem(Where(file), "no TOML: values are nested too deeply"))
    place = _places_of(text, file)
    layer = empty_layer()
    for group, rows in document.items():
        if group in TABLES:
            entries, problems = TABLES[group].check(rows)
            layer.tables[group] = entries
            for path, message, hint in problems:
                layer.problems.append(Problem(place((group, *path), is_value=bool(path)), message, hint))
                layer.refused.add(".".join((group, *path[:1])))
            continue
        for name, value, path in _entries(group, rows, options):
            inside = [option for option in options if option.startswith(f"{name}.")]
            if inside:  # a table of options was expected here
                layer.problems.append(Problem(place(path), f"[{name}] must be a table of options", ""))
                layer.refused.update(inside)
                continue
            find = functools.partial(place, path)
            _take(layer, options, name, find, lambda option, value=value: check_value(option, value))
    return layer


def _places_of(text: str, file: str) -> Callable[..., Where]:
    """Finds places in the text; looked for only when there is a problem or somebody asks, as it costs time."""

    @functools.cache
    def places() -> Any:
        from kernel.config.locator import locate

        return locate(text)

    return lambda path, *, is_value=False: places().where(file, path, is_value=is_value)


def environment_layer(environ: Mapping[str, str], options: Options) -> Layer:
    """What the variables ``ESPALIER_…`` say."""
    layer = empty_layer()
    names = {option.variable: option.name for option in options.values()}
    for variable in sorted(environ):
        if not variable.startswith("ESPALIER_") or variable in OTHER_VARIABLES:
            continue
        where = Where(f"environment {variable}")
        text = environ[variable]
        if variable not in names:
            hint = did_you_mean(variable, names)
            layer.problems.append(Problem(where, "no option has this variable", hint))
            continue
        _take(layer, options, names[variable], _always(where), lambda option, text=text: read_value(option, text))
    return layer


def argument_layer(arguments: Iterable[str], options: Options) -> Layer:
    """What ``--set NAME=VALUE`` says; a later one wins."""
    layer = empty_layer()
    for argument in arguments:
        name, equals, text = argument.partition("=")
        where = Where("command line")
        if not equals:
            layer.problems.append(Problem(where, f"--set {argument} lacks a value", "write --set NAME=VALUE"))
            continue
        _take(layer, options, name.strip(), _always(where), lambda option, text=text: read_value(option, text))
    return layer


def _always(where: Where) -> Callable[..., Where]:
    return lambda is_value=False: where


def _entries(group: str, rows: Any, options: Options) -> list[tuple[str, Any, tuple[str, ...]]]:
    """The entries of one group as (option name, value, path); tables inside are flattened to dotted names."""
    if not isinstance(rows, dict):
        return [(group, rows, (group,))]
    found: list[tuple[str, Any, tuple[str, ...]]] = []
    waiting: list[tuple[tuple[str, ...], Any]] = [((group, name), value) for name, value in rows.items()]
    for path, value in waiting:
        if isinstance(value, dict) and ".".join(path) not in options:
            waiting += [((*path, name), inner) for name, inner in value.items()]
        else:
            found.append((".".join(path), value, path))
    return found


def _take(
    layer: Layer, options: Options, name: str, place: Callable[..., Where], read: Callable[[Option], Any]
) -> None:
    """Put one entry into the layer, or its problem."""
    option = options.get(name)
    if option is None:
        hint = did_you_mean(name, [*options, *TABLES])
        layer.problems.append(Problem(place(), f"there is no option {name}", hint))
        return
    try:
        value = read(option)
    except ValueRefusedError as error:
        layer.problems.append(Problem(place(is_value=True), f"{name} {error}", error.hint))
        layer.refused.add(name)
        return
    layer.refused.discard(name)
    layer.values[name] = value
    layer.origins[name] = place
