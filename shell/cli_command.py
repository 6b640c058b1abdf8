"""What a subcommand of the command line is, and the arguments that several of them take."""

from __future__ import annotations

from typing import Any, NamedTuple


class Argument(NamedTuple):
    """One argument of a subcommand: its names (``("--port",)``), a doc, and what argparse is told besides."""

    names: tuple[str, ...]
    doc: str
    options: dict[str, Any] = {}


class CliCommand(NamedTuple):
    """One subcommand; ``loader`` is the ``module:function`` that runs it."""

    name: str
    doc: str
    arguments: tuple[Argument, ...]
    loader: str
    example: str = ""


JSON = Argument(("--json",), "as JSON, for other programs", {"action": "store_true"})
