"""What making a widget of a kind takes, looked up once per kind: its class, its setters, whether it needs a name."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Container
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from layouts.kinds.common import COMMON

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from layouts.kinds.kind import Kind, Property

#: Roles that a screen reader reads by their text, or passes by.
_NAMELESS = ("", "StaticText", "Whitespace", "Separator")


class Recipe(NamedTuple):
    """What is known of a kind before any widget of it is made.

    Attributes:
        kind: The row of the kind table.
        make: The widget class, called as ``make(node, context, parent)``.
        records: Name → record of all properties, the common ones too.
        taken: Properties whose literals the class takes from its node by itself (its ``TAKEN``).
        needs_name: Whether a screen reader meets it by a name of its own.
    """

    kind: Kind
    make: type[QWidget]
    records: dict[str, Property]
    taken: frozenset[str]
    needs_name: bool


#: id of a kind → its recipe. NOTE: the recipe keeps the kind, so that its id stays its own.
_RECIPES: dict[int, Recipe] = {}
#: How the module of a class is imported, and what is said of a failing class: (loader, error) → error. The shell has
#: plugins' code imported and blamed by their host.
import_module: Callable[[str], ModuleType] = importlib.import_module
blamed: Callable[[str, Exception], Exception] = lambda _loader, error: error  # noqa: E731
_RECORDS: dict[int, tuple[Kind, dict[str, Property]]] = {}


def recipe_of(kind: Kind) -> Recipe:
    """The recipe of a kind; imports its class on first use."""
    found = _RECIPES.get(id(kind))
    if found is None:
        make = load_class(kind)
        taken = frozenset(getattr(make, "TAKEN", ()))
        found = Recipe(kind, make, properties_of(kind), taken, kind.role not in _NAMELESS)
        _RECIPES[id(kind)] = found
    return found


def properties_of(kind: Kind) -> dict[str, Property]:
    """Name → record of all properties of a kind, the common ones too."""
    found = _RECORDS.get(id(kind))
    if found is None:
        found = (kind, {record.name: record for record in (*COMMON, *kind.properties)})
        _RECORDS[id(kind)] = found
    return found[1]


def load_class(kind: Kind) -> type[QWidget]:
    """The widget class of a kind; imports its module on first use."""
    module, _, name = kind.loader.partition(":")
    return getattr(import_module(module), name)


def forget(kinds: Container[str]) -> None:
    """Look up the classes of these kinds anew at their next use: their code is another now."""
    for key, recipe in list(_RECIPES.items()):
        if recipe.kind.name in kinds:
            del _RECIPES[key]
    own_setter.cache_clear()
    own_teller.cache_clear()


@functools.lru_cache(maxsize=4096)
def own_setter(make: type, name: str) -> Callable[[Any, Any], None] | None:
    """The method of a class that sets a property, or None."""
    return getattr(make, f"set_{name.replace('-', '_')}", None)


@functools.lru_cache(maxsize=4096)
def own_teller(make: type, name: str) -> Callable[[Any], None] | None:
    """The function of a class that sets a text of many widgets (``tell_text``), or None."""
    return getattr(make, f"tell_{name.replace('-', '_')}", None)
