"""What is wrong with a configuration: values to show (problems), and the error of a refused change."""

from __future__ import annotations

from typing import NamedTuple

from kernel.error import EspalierError, Where


class ConfigError(EspalierError):
    """An option that is not known, or a value that it cannot have; also a file that cannot be written."""


class Problem(NamedTuple):
    """One wrong entry of a layer: where it stands, what is wrong, what may be meant."""

    where: Where
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if str(self.where) else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"


class ValueRefusedError(Exception):
    """A value that a type or an option does not allow; the message completes "NAME …"."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
