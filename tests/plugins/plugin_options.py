"""A configuration of the test's own that plugins read their options from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def options_of_test(home: Path) -> Iterator[Any]:
    """The configuration; ``set(name, text)`` changes an option as a person would."""
    from plugins import registry
    from shell.session import Given, Session

    before = registry.config
    config = Session(Given(str(home))).config
    config.complete()
    registry.config = config
    try:
        yield config
    finally:
        registry.config = before
