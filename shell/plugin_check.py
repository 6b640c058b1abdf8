"""``espalier plugin check``: what is wrong with a plugin, found without importing any of its code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.error import EspalierError, Where
from kernel.nearest import did_you_mean
from layouts.plugin_manifest import FILE, KindRecord, Manifest, read_manifest
from layouts.plugin_rules import place_of
from layouts.problem import Problem

if TYPE_CHECKING:
    from kernel.config import Config

#: Property types for which a class has a setter.
SET = ("text", "integer", "number", "boolean", "choice", "expression")
#: Our own rooms; of these a plugin imports the door alone.
_ROOMS = ("kernel", "layouts", "server", "widgets", "plugins", "shell", "resources", "benchmarks")
DOOR = "plugins.api"


def check_plugin(folder: Path, config: Config) -> Iterator[Problem]:
    """Everything that is wrong with the plugin in a folder.

    Args:
        folder: Holds its plugin.toml.
        config: Says which other plugins there are.
    """
    path = folder / FILE
    try:
        manifest = read_manifest(path)
    except EspalierError as error:
        yield Problem(error.where or Where(str(path)), error.message, error.hint)
        return
    code = {file: _parsed(file) for file in sorted(folder.glob("**/*.py")) if "tests" not in file.parts}
    for file, tree in code.items():
        if isinstance(tree, SyntaxError):
            yield Problem(Where(str(file), tree.lineno or 1, tree.offset or 1), f"no Python: {tree.msg}", "")
        else:
            yield from _imports(file, tree, f"plugins.{folder.name}")
    yield from _loaders(manifest, path, code)
    yield from _keys(manifest, path)
    yield from _catalogues(folder)
    yield from _missing(manifest, path)
    yield from _collisions(folder, config)


def _parsed(file: Path) -> ast.Module | SyntaxError:
    try:
        return ast.parse(file.read_bytes(), str(file))
    except SyntaxError as error:
        return error


def _imports(file: Path, tree: ast.Module, own: str) -> Iterator[Problem]:
    """Imports of Espalier's own modules besides the door, and of other plugins."""
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            is_ours = name.partition(".")[0] in _ROOMS
            if is_ours and name != DOOR and not f"{name}.".startswith(f"{own}."):
                hint = f"a plugin imports {DOOR} alone; its own modules by from .module import name"
                where = Where(str(file), node.lineno, node.col_offset + 1)
                yield Problem(where, f"{name} is Espalier's own and may change", hint)


def _catalogues(folder: Path) -> Iterator[Problem]:
    """Catalogues of texts that cannot be read."""
    from layouts.texts.catalogue import read_catalogue

    for file in sorted((folder / "locale").glob("*.po")):
        try:
            read_catalogue(file.read_bytes(), str(file))
        except EspalierError as error:
            yield Problem(error.where or Where(str(file)), error.message, error.hint)


def _loaders(manifest: Manifest, path: Path, trees: dict[Path, ast.Module | SyntaxError]) -> Iterator[Problem]:
    """Names that the manifest loads and the code has not; setters that a kind's class lacks."""
    rows = [(("kinds", place), kind.loader, kind) for place, kind in enumerate(manifest.kinds)]
    rows += [(("commands", place), command.loader, None) for place, command in enumerate(manifest.commands)]
    rows += [(("sources", name), source.loader, None) for name, source in manifest.sources.items()]
    rows += [(("agents", place), agent.loader, None) for place, agent in enumerate(manifest.agents)]
    rows += [(("palette", place), record.loader, None) for place, record in enumerate(manifest.palette)]
    for keys, loader, kind in rows:
        module, _, name = loader.partition(":")
        where = place_of(path, (*keys, "loader"), is_value=True)
        file = path.parent.joinpath(*module.split(".")).with_suffix(".py")
        file = file if file in trees else file.with_suffix("") / "__init__.py"
        if file not in trees:
            known = [one.stem for one in trees if one.parent == path.parent]
            yield Problem(where, f"there is no module {module}", did_you_mean(module, known))
            continue
        tree = trees[file]
        if isinstance(tree, SyntaxError):  # told already
            continue
        names = _names(tree)
        if name not in names and "*" not in names:
            yield Problem(where, f"{file.name} has no {name}", did_you_mean(name, names))
        elif kind is not None:
            yield from _setters(kind, file, names.get(name), where)


def _names(tree: ast.Module) -> dict[str, ast.AST]:
    """The names at the top of a module → what makes them; ``*`` where it takes all of another one."""
    found: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update((alias.asname or alias.name, node) for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update((target.id, node) for target in targets if isinstance(target, ast.Name))
    return found


def _setters(kind: KindRecord, file: Path, made: ast.AST | None, where: Where) -> Iterator[Problem]:
    """A class of one base of Qt's has all its setters in its own body; of others nobody knows without importing."""
    if not isinstance(made, ast.ClassDef) or any(not _is_qt(base) for base in made.bases):
        return
    there = {node.name for node in made.body if isinstance(node, ast.FunctionDef)}
    for record in kind.properties:
        setter = f"set_{record.name.replace('-', '_')}"
        if record.type in SET and setter not in there:
            hint = did_you_mean(setter, there)
            message = f"{made.name} has no {setter}, which the property {record.name} is told by"
            yield Problem(Where(str(file), made.lineno, made.col_offset + 1), message, hint, "", "warning")


def _is_qt(base: ast.expr) -> bool:
    return isinstance(base, ast.Name) and base.id.startswith("Q")


def _keys(manifest: Manifest, path: Path) -> Iterator[Problem]:
    from shell.key import KeyTextError, parse_keys

    for place, command in enumerate(manifest.commands):
        for number, key in enumerate(command.keys):
            try:
                parse_keys(key)
            except KeyTextError as error:
                where = place_of(path, ("commands", place, "keys", number), is_value=True)
                yield Problem(where, error.message, error.hint)


def _missing(manifest: Manifest, path: Path) -> Iterator[Problem]:
    from plugins.code import has_module

    for place, module in enumerate(manifest.modules):
        if not has_module(module.name):
            message = f"the module {module.name} is missing in {sys.prefix}"
            yield Problem(place_of(path, ("modules", place)), message, module.install, "", "warning")


def _collisions(folder: Path, config: Config) -> Iterator[Problem]:
    """What others have already, of the plugins in force."""
    from plugins.registry import read_plugin, take_plugins
    from shell.builtin import COMMAND_IDS
    from shell.kinds import plugin_set

    others = [one for one in plugin_set(config).plugins if one.directory != folder]
    plugin = read_plugin(folder / FILE, f"plugins.{folder.name}")
    for left in take_plugins([*others, plugin], commands=COMMAND_IDS).left_out:
        if left.plugin.directory == folder:
            yield Problem(place_of(folder / FILE, ("id",)), left.error.message, left.error.hint)
