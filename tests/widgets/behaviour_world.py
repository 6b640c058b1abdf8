"""A window over one small table, with a command runner that remembers; for tests of what layouts do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kernel.tables.memory import MemorySource
from kernel.tables.schema import Column, Schema
from layouts.load import load_layout
from layouts.node import Layout
from widgets.build import build_window
from widgets.context import Context
from widgets.handle import TableHandle
from widgets.patch import patch_widget
from widgets.scope import Scope
from widgets.theme import Theme

SCHEMA = Schema("goods", (Column("id", "integer"), Column("name"), Column("is_sold", "boolean")), ("id",))
COMMANDS = ("app.one", "app.two", "app.three")


class Runner:
    """Runs nothing, and remembers what it was asked to run."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.disabled: set[str] = set()

    def run(self, command: str, **arguments: Any) -> None:
        self.ran.append(command)

    act = run

    def title(self, command: str) -> str:
        return f"Title of {command}"

    def icon(self, command: str) -> str:
        return ""

    def key(self, command: str) -> str:
        return ""

    def is_enabled(self, command: str) -> bool:
        return command not in self.disabled

    def watch(self, command: str, listener: Callable[[bool], None]) -> Callable[[], None]:
        listener(self.is_enabled(command))
        return lambda: None


class World:
    """Shows layouts over three rows."""

    def __init__(self) -> None:
        rows = [{"id": number, "name": name, "is_sold": False} for number, name in enumerate(("rake", "hoe", "saw"))]
        self.table = MemorySource([(SCHEMA, rows)]).table("goods")
        self.handle = TableHandle(self.table, "goods")
        self.runner = Runner()
        self.told: list[str] = []
        self.details: list[str] = []
        self.context = Context(
            scope=Scope(), commands=self.runner, reporter=self, theme=Theme("light"), tables={"goods": self.handle},
            open_table=None, read_file=None,
        )  # fmt: skip
        self.window: Any = None

    def report(self, level: str, text: str, detail: str = "") -> None:
        self.told.append(text)
        self.details.append(detail)

    def layout(self, text: str) -> Layout:
        declared = "\n".join(f'command {name} title="T" run="theme.set dark"' for name in COMMANDS)
        whole = f'layout 1\ntable goods source="goods"\n{declared}\nwindow {{\n{text}\n}}\n'
        return load_layout("main.kdl", {"main.kdl": whole.encode()}.get)

    def show(self, text: str) -> None:
        self.window = build_window(self.layout(text), self.context)
        self.window.resize(800, 500)
        self.window.show()

    def patch(self, text: str) -> None:
        assert patch_widget(self.window, self.layout(text).windows[0], self.context)

    def read(self, name: str) -> Any:
        return self.context.scope.read(name)

    def close(self) -> None:
        self.context.disposers()
        if self.window is not None:
            self.window.close()
            self.window.deleteLater()
        self.handle.dispose()
