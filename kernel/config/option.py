"""The option table: one record per option, read from ``resources/options.toml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kernel.config.error import ConfigError
from kernel.config.value import TYPES
from kernel.error import Where
from kernel.shipped import read_shipped

#: The table that ships with Espalier.
OPTIONS_PATH = Path(__file__).parent.parent.parent / "resources" / "options.toml"


class Option(NamedTuple):
    """One option.

    Attributes:
        name: Group and name, ``ui.theme``.
        type: A name of :data:`kernel.config.value.TYPES`.
        default: Its value when no layer has one, already of the type's Python type.
        doc: One or two sentences.
        is_restart: Whether a new value counts only after a restart.
        choices: The values that are allowed, for the type ``choice``.
        minimum, maximum: Bounds of numbers, durations (ms) and sizes (bytes).
    """

    name: str
    type: str
    default: Any
    doc: str
    is_restart: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def variable(self) -> str:
        """The environment variable of the option (``ESPALIER_UI_THEME``)."""
        return "ESPALIER_" + self.name.upper().replace(".", "_").replace("-", "_")


Options = dict[str, Option]

_FIELDS = {"type", "default", "doc", "restart", "choices", "minimum", "maximum"}


@functools.cache
def built_in_options() -> Options:
    """The options that ship with Espalier, in the table's order."""
    return _options(read_shipped(OPTIONS_PATH), OPTIONS_PATH.name)


def read_options(text: str, file: str = "options.toml") -> Options:
    """The option table in ``text``.

    Raises:
        ConfigError: a row is not as it should be; this is a mistake in the table, not in a person's settings.
    """
    import tomllib

    return _options(tomllib.loads(text), file)


def _options(table: dict[str, Any], file: str) -> Options:
    options: Options = {}
    for group, rows in table.items():
        for name, row in rows.items():
            option = option_of(f"{group}.{name}", row, file)
            options[option.name] = option
    return options


def option_of(name: str, row: Mapping[str, Any], file: str = "") -> Option:
    """The option of one row.

    Raises:
        ConfigError: the row is not as it should be.
        ValueRefusedError: it cannot have its own default.
    """
    missing = {"type", "default", "doc"} - row.keys()
    unknown = row.keys() - _FIELDS - {"name"}
    if missing or unknown or row["type"] not in TYPES:
        raise ConfigError(f"the option {name} is not described as it should be", where=Where(file))
    option = Option(
        name,
        row["type"],
        None,
        row["doc"],
        is_restart=row.get("restart", False),
        choices=tuple(row.get("choices", ())),
        minimum=row.get("minimum"),
        maximum=row.get("maximum"),
    )
    return option._replace(default=TYPES[option.type].check(row["default"], option))
