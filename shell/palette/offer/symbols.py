"""What the layout and the scripts of the app name: widgets by their ids, tables, commands, components, functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from plugins.palette import PaletteAsked as Asked
from plugins.palette import PaletteItem as Item
from plugins.palette import PalettePreview as Preview
from shell.palette.offer.files import files_of
from shell.palette.place import show_table, show_widget

if TYPE_CHECKING:
    from layouts.node import Layout, Node
    from shell.app import OpenedApp
    from shell.window import Window

#: Lines that are shown of a function; bytes of a script that is looked through.
_LINES, _MOST = 24, 1_000_000
_DEFINED = {ast.FunctionDef: "code", ast.AsyncFunctionDef: "code", ast.ClassDef: "app"}


def begin(window: Window):
    """What lists the symbols, on a thread; the layout is that of now."""
    app, layout = window.app, window.layout_tree

    def gather(asked: Asked) -> Iterator[Item]:
        yield from _of_layout(window, layout)
        for path in files_of(app.tree(), asked):
            if path.endswith(".py"):
                yield from _of_script(window, app, path)

    return gather


def _of_layout(window: Window, layout: Layout) -> Iterator[Item]:
    for table in layout.tables:
        source, name = window.tables.source_of(table.name) if table.name in window.tables.handles else ("", table.name)
        yield Item(f"symbol table {table.name}", table.name, partial(show_table, window, source, name), "", "table",
                   detail=f"table {table.source}")  # fmt: skip
    for command in layout.commands:
        yield Item(f"symbol command {command.id}", command.id, partial(window.registry.run, command.id), "", "keyboard",
                   doc=command.doc, detail="command")  # fmt: skip
    waiting = list(layout.windows)
    while waiting:
        node = waiting.pop(0)
        waiting += node.children
        if node.id:
            yield _of_node(window, node)


def _of_node(window: Window, node: Node) -> Item:
    shown = tuple((name, str(getattr(value, "text", value))) for name, value in node.properties.items())
    return Item(f"symbol id {node.id}", node.id, partial(_go, window, node), "", "view", detail=node.kind,
                doc=str(node.where or ""), preview=lambda: Preview(f"{node.kind} {node.id}", shown))  # fmt: skip


def _go(window: Window, node: Node) -> None:
    if not show_widget(window, node.id) and node.where is not None:
        _open(window, node.where.file, node.where.line)


def _of_script(window: Window, app: OpenedApp, path: str) -> Iterator[Item]:
    content = app.read_file(path)
    if content is None or len(content) > _MOST:
        return
    try:
        tree = ast.parse(content, path)
    except (SyntaxError, ValueError):  # what is wrong in a script is told where it is edited and run
        return
    lines = content.decode("utf-8", "replace").splitlines()
    for node, name in _definitions(tree.body, ""):
        yield Item(
            f"symbol {path} {name}", name, partial(_open, window, path, node.lineno), "", _DEFINED[type(node)],
            doc=(ast.get_docstring(node) or "").partition("\n")[0], detail=f"{path}:{node.lineno}",
            preview=partial(_preview, name, lines, node.lineno - 1, node.end_lineno or node.lineno),
        )  # fmt: skip


def _definitions(body: list[ast.stmt], inside: str) -> Iterator[tuple[ast.FunctionDef | ast.ClassDef, str]]:
    for node in body:
        if type(node) in _DEFINED:
            name = f"{inside}{node.name}"
            yield node, name
            if isinstance(node, ast.ClassDef):
                yield from _definitions(node.body, f"{name}.")


def _preview(name: str, lines: list[str], start: int, stop: int) -> Preview:
    return Preview(name, text="\n".join(lines[start : min(stop, start + _LINES)]))


def _open(window: Window, path: str, line: int) -> None:
    window.registry.run("file.edit", path=path, line=line)
