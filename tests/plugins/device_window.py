"""A window that shows the tables of a source of devices, for what commands do with them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import spin_until


@contextmanager
def opened_window(folder: Path, kind: str, tables: tuple[str, ...]) -> Iterator[Any]:
    """A window of an app with one source of that kind, and a grid for each of its tables, called as it is."""
    app = folder / "app"
    app.mkdir(parents=True)
    lines = [f'table {name} source="{name}"' for name in tables]
    grids = [f"grid {name} id={name}" for name in tables]
    body = "\n".join(["layout 1", *lines, "window {", "column {", *grids, "}", "}", ""])
    (app / "main.kdl").write_text(body)
    (app / "app.toml").write_text(f'name = "devices"\npermissions = ["devices"]\n[sources.one]\nkind = "{kind}"\n')
    with opened_app(folder, app) as window:
        yield window


@contextmanager
def opened_app(folder: Path, app: Path) -> Iterator[Any]:
    """A window of an app, with a throw-away home below ``folder``."""
    from shell.boot import boot
    from shell.session import Given

    session = boot(str(app), Given(str(folder / "home"), ("ui.restore=false",)))
    (window,) = session.windows
    try:
        yield window
    finally:
        window.close_anyway()
        session.close()


#: The example apps of the plugins.
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def tell(window: Any, line: str, said: str) -> None:
    """Run a command with its argument, confirmed, and wait for what it says; empty: nothing."""
    before = len(window.messages.history)
    window.registry.ask = lambda _question, _command, agree: agree()
    window.registry.run(line)
    if said:
        spin_until(lambda: said in [one.text for one in list(window.messages.history)[before:]])
